"""A rehearsed trading partner: it takes ship notices over HTTP and counts their segments by itself."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any, ClassVar

from orderloom.adapters.simulated import refused as why
from orderloom.adapters.simulated.asked import Asked, Call
from orderloom.adapters.simulated.platform import Platform, same
from orderloom.adapters.simulated.refused import No, Refused

UNESCAPED = re.compile(r"(?<!\?)(?:\?\?)*'")


class Simulator(Platform):
    """One partner. `notices` by its own control number: the same one twice is one."""

    NOES: ClassVar[dict[str, No]] = {
        why.WRONG_TOKEN: No(401, "unauthorized", status=401), why.BUSY: No(503, "busy", status=503),
        why.RATE_LIMITED: No(429, "slow down", status=429), why.UNKNOWN_CALL: No(404, "nothing here", status=404),
        why.WRONG_VALUE: No(422, "{}", status=422), why.UNKNOWN_PARAMETER: No(422, "{}", status=422),
    }  # fmt: skip

    def __init__(self, credentials: dict[str, str], now: Callable[[], datetime], settings: dict[str, Any]) -> None:
        super().__init__(credentials, now, settings)
        self.notices: dict[str, str] = {}

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
