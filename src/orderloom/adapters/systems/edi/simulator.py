"""A rehearsed trading partner: it drops orders as X12 850 into a folder, takes ship notices over HTTP and counts their
segments by itself."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any, ClassVar

from orderloom.adapters.simulated import refused as why
from orderloom.adapters.simulated.asked import Asked, Call
from orderloom.adapters.simulated.platform import Platform, same
from orderloom.adapters.simulated.refused import No, Refused

DELIMITERS = str.maketrans("*~>", "   ")
UNESCAPED = re.compile(r"(?<!\?)(?:\?\?)*'")


def external_id(n: int) -> str:
    """The n-th valid number of an order here."""
    return f"PO-{100_000 + n}"


class Simulator(Platform):
    """One partner. `notices` by its own control number: the same one twice is one. Settings of one that orders: own_id
    and partner_id as the hub has them, and `orders_to`, the folder that its interchanges are dropped into."""

    UNFIT_TROUBLE = ("broken_body", "half_body")
    NOES: ClassVar[dict[str, No]] = {
        why.WRONG_TOKEN: No(401, "unauthorized", status=401), why.BUSY: No(503, "busy", status=503),
        why.RATE_LIMITED: No(429, "slow down", status=429), why.UNKNOWN_CALL: No(404, "nothing here", status=404),
        why.WRONG_VALUE: No(422, "{}", status=422), why.UNKNOWN_PARAMETER: No(422, "{}", status=422),
    }  # fmt: skip

    def __init__(self, credentials: dict[str, str], now: Callable[[], datetime], settings: dict[str, Any]) -> None:
        super().__init__(credentials, now, settings)
        self.notices: dict[str, str] = {}
        self.orders: dict[str, dict[str, Any]] = {}
        self.stock: dict[str, int] = {}

    def place(self, purchase: dict[str, Any]) -> None:
        """Order: one interchange with one 850, whole before it has its name. Partners are asked for no freight."""
        key, at = str(purchase["external_id"]), purchase["placed_at"]
        self.orders[key] = purchase
        folder, name = Path(self.settings["orders_to"]), f"{key}.edi"
        half = folder / f".{name}.new"
        half.write_text(self._order(key, purchase, at), "utf-8")
        half.replace(folder / name)

    def list_sku(self, sku: str) -> None:
        """Partners know the seller's own codes."""

    @property
    def shipments(self) -> dict[str, list[dict[str, Any]]]:
        """Parcels told, by order: what stands in the notices."""
        told: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for plain in self.notices.values():
            rows = [row.split(plain[3]) for row in plain.split(plain[105]) if row]
            orders = [row[1] for row in rows if row[0] == "PRF"]
            waybills = [row[2] for row in rows if row[0] == "MAN"]
            for key in orders:
                told[key] += [{"waybill": waybill, "lines": []} for waybill in waybills]
        return told

    def _order(self, key: str, purchase: dict[str, Any], at: datetime) -> str:
        number = int("".join(c for c in key if c.isdigit()))  # of the interchange: never used for another order
        who, lines = purchase["receiver"], purchase["lines"]
        total = sum(line["price"] * line["quantity"] for line in lines)
        body = [f"ST*850*{number}", f"BEG*00*DS*{key}**{at:%Y%m%d}", f"CUR*BY*{purchase['currency']}",
                f"N1*ST*{_plain(who['name'])}*92*C1", f"PER*IC*{_plain(who['name'])}*TE*{_plain(who['phone'])}",
                f"N3*{_plain(who['detail'])}",
                f"N4*{_plain(who['city'])}*{_plain(who['province'])}*{_plain(who['postcode'])}*{who['country']}"]
        for place, line in enumerate(lines, 1):
            body += [f"PO1*{place}*{line['quantity']}*EA*{_money(line['price'])}**VP*{_plain(line['sku'])}",
                     f"PID*F****{_plain(line['title'])}"]
        body += [f"CTT*{len(lines)}", f"AMT*TT*{_money(total)}"]
        own, partner = self.settings["own_id"], self.settings["partner_id"]
        head = (f"ISA*00*          *00*          *ZZ*{partner:<15}*ZZ*{own:<15}*{at:%y%m%d*%H%M}*U*00401*{number:09d}"
                f"*0*P*>~GS*PO*{partner}*{own}*{at:%Y%m%d*%H%M}*{number}*X*004010~")
        return head + "".join(f"{row}~" for row in [*body, f"SE*{len(body) + 1}*{number}"]) + (
            f"GE*1*{number}~IEA*1*{number:09d}~")

    def declare(self) -> dict[str, Call]:
        """One address."""
        return {"notice": Call(self._notice, at="POST /", is_write=True)}

    def verify(self, asked: Asked) -> None:
        """The token that was agreed."""
        word = self.credentials.get("partner_token", "")
        if not word or not same(asked.headers.get("authorization", ""), f"Bearer {word}"):
            raise self.no(why.WRONG_TOKEN)

    def write(self, content: Any, asked: Asked) -> Any:
        """Taken."""
        return self.respond(b"", 200)

    def write_no(self, refused: Refused, asked: Asked) -> Any:
        """Refused."""
        return self.respond(refused.message.encode(), refused.status, refused.headers)

    def _notice(self, asked: Asked) -> None:
        plain = asked.body.decode("latin-1")
        number = self._x12(plain) if plain.startswith("ISA") else self._edifact(plain)
        self.notices[number] = plain

    def _x12(self, plain: str) -> str:
        rows = [row.split(plain[3]) for row in plain.split(plain[105]) if row]
        tags = [row[0] for row in rows]
        if tags[:3] != ["ISA", "GS", "ST"] or tags[-3:] != ["SE", "GE", "IEA"] or rows[2][1] != "856":
            raise self.no(why.WRONG_VALUE, "envelope of 856")
        if int(rows[-3][1]) != len(rows) - 4 or rows[-1][2] != rows[0][13] or rows[-2][2] != rows[1][6]:
            raise self.no(why.WRONG_VALUE, "counts or control numbers")
        if int(next(row for row in rows if row[0] == "CTT")[1]) != tags.count("HL"):
            raise self.no(why.WRONG_VALUE, "CTT is not the number of HL")
        return rows[0][13]

    def _edifact(self, plain: str) -> str:
        body = plain.removeprefix("UNA:+.? '")
        rows, start = [], 0
        for end in UNESCAPED.finditer(body):
            rows.append(body[start : end.end() - 1].split("+"))
            start = end.end()
        tags = [row[0] for row in rows]
        if tags[:2] != ["UNB", "UNH"] or tags[-2:] != ["UNT", "UNZ"] or not rows[1][2].startswith("DESADV"):
            raise self.no(why.WRONG_VALUE, "envelope of DESADV")
        if int(rows[-2][1]) != len(rows) - 2 or rows[-1][2] != rows[0][5]:
            raise self.no(why.WRONG_VALUE, "counts or references")
        return rows[0][5]


def _plain(words: str) -> str:
    """A value without the delimiters of the interchange."""
    return words.translate(DELIMITERS)


def _money(minor: int) -> str:
    return f"{minor // 100}.{minor % 100:02d}"
