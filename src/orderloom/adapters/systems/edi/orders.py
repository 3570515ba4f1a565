"""A purchase order of either standard as one plain block that the mapping reads; the message's exact text beside it."""

from __future__ import annotations

from typing import Any

from orderloom.adapters.systems.edi.interchange import Interchange, Message, Segment, text

SKU_QUALIFIERS = ("VP", "SA", "SK", "UP", "EN", "BP", "IN")
"""Whose number of an article is asked for first: the seller's own, then the trade's, then the buyer's."""
X12_PURPOSES = {"00": "new", "01": "cancel", "04": "change", "05": "replace"}
EDIFACT_PURPOSES = {"9": "new", "1": "cancel", "4": "change", "5": "replace"}


class NoOrder(ValueError):
    """A message that is well formed and no order that could be read; the text names what is missing."""


def order_of(interchange: Interchange, message: Message, currency: str) -> dict[str, Any]:
    """The block. Raises NoOrder."""
    found: dict[str, Any] = {
        "standard": interchange.standard, "sent": interchange.sent, "is_test": interchange.is_test,
        "control": f"{interchange.number}/{message.group}/{message.number}", "currency": currency, "purpose": "new",
        "references": {}, "dates": {}, "parties": {}, "lines": [], "totals": {}, "note": "", "raw": message.text,
    }
    reader = _x12 if interchange.standard == "x12" else _edifact
    reader(message.segments, found)
    if not found.get("number") or not found["lines"]:
        raise NoOrder("no order number, or no lines")
    for line in found["lines"]:
        qualifier = next((one for one in SKU_QUALIFIERS if line["ids"].get(one)), "")
        line["sku"] = line["ids"].get(qualifier, "")
        line["id"] = f"{line['no']}|{qualifier}|{line['sku']}"
    found["receiver"] = next((found["parties"][one] for one in ("ST", "DP", "UC", "BY", "BT", "IV")
                              if one in found["parties"]), {})  # fmt: skip
    return found


def _x12(segments: list[Segment], found: dict[str, Any]) -> None:
    party: dict[str, Any] = {}
    notes: list[str] = []
    for s in segments:
        tag = text(s, 0)
        if tag == "BEG":
            found |= {"purpose": X12_PURPOSES.get(text(s, 1), "new"), "number": text(s, 3), "date": text(s, 5)}
        elif tag == "CUR":
            found["currency"] = text(s, 2)
        elif tag == "REF":
            found["references"][text(s, 1)] = text(s, 2)
        elif tag == "DTM":
            found["dates"][text(s, 1)] = text(s, 2)
        elif tag == "N1":
            party = found["parties"].setdefault(text(s, 1), {"name": text(s, 2), "id": text(s, 4), "address": []})
        elif tag == "N3":
            party.setdefault("address", []).extend([part for part in (text(s, 1), text(s, 2)) if part])
        elif tag == "N4":
            party |= {"city": text(s, 1), "state": text(s, 2), "postcode": text(s, 3), "country": text(s, 4) or "US"}
        elif tag == "PER":
            party |= {name: text(s, n + 1) for n in (3, 5, 7) for code, name in (("TE", "phone"), ("EM", "email"))
                      if text(s, n) == code}  # fmt: skip
        elif tag == "PO1":
            found["lines"].append({
                "no": text(s, 1) or str(len(found["lines"]) + 1), "quantity": text(s, 2), "unit": text(s, 3),
                "price": text(s, 4) or "0", "title": "",
                "ids": {text(s, n): text(s, n + 1) for n in range(6, len(s) - 1, 2) if text(s, n)}})
        elif tag == "PID" and found["lines"]:
            found["lines"][-1]["title"] = text(s, 5)
        elif tag == "AMT":
            found["totals"][text(s, 1)] = text(s, 2)
        elif tag in ("MSG", "NTE"):
            notes.append(text(s, 1 if tag == "MSG" else 2))
    found["note"] = " ".join(notes)


def _edifact(segments: list[Segment], found: dict[str, Any]) -> None:
    party: dict[str, Any] = {}
    notes: list[str] = []
    for s in segments:
        tag, lines = text(s, 0), found["lines"]
        if tag == "BGM":
            found |= {"number": text(s, 2), "purpose": EDIFACT_PURPOSES.get(text(s, 3) or "9", "new")}
        elif tag == "DTM":
            found["dates"][text(s, 1)] = text(s, 1, 1)
            if text(s, 1) == "137":
                found["date"] = text(s, 1, 1)
        elif tag == "RFF":
            found["references"][text(s, 1)] = text(s, 1, 1)
        elif tag == "FTX":
            notes.append(" ".join(part.strip() for part in (s[4] if len(s) > 4 else []) if part.strip()))
        elif tag == "NAD":
            party = found["parties"].setdefault(text(s, 1), {
                "id": text(s, 2), "name": text(s, 4) or text(s, 3),
                "address": [part.strip() for part in (s[5] if len(s) > 5 else []) if part.strip()],
                "city": text(s, 6), "state": text(s, 7), "postcode": text(s, 8), "country": text(s, 9)})
        elif tag == "COM":
            kind = {"TE": "phone", "EM": "email"}.get(text(s, 1, 1), "")
            party |= {kind: text(s, 1)} if kind else {}
        elif tag == "CUX":
            found["currency"] = text(s, 1, 1)
        elif tag == "LIN":
            ids = {text(s, 3, 1): text(s, 3)} if text(s, 3) else {}
            number = text(s, 1) or str(len(lines) + 1)
            lines.append({"no": number, "quantity": "", "unit": "", "price": "0", "title": "", "ids": ids})
        elif tag == "PIA" and lines:
            lines[-1]["ids"] |= {text(s, n, 1): text(s, n) for n in range(2, len(s)) if text(s, n)}
        elif tag == "IMD" and lines:
            lines[-1]["title"] = text(s, 3, 3)
        elif tag == "QTY" and lines and text(s, 1) == "21":
            lines[-1] |= {"quantity": text(s, 1, 1), "unit": text(s, 1, 2)}
        elif tag == "PRI" and lines and text(s, 1) in ("AAA", "AAB"):
            lines[-1]["price"] = text(s, 1, 1)
        elif tag == "MOA" and text(s, 1) in ("79", "86", "9"):
            found["totals"]["TT"] = text(s, 1, 1)
    found["note"] = " ".join(note for note in notes if note)
