"""A purchase order of either standard as one plain block that the mapping reads; the message's exact text beside it."""

from __future__ import annotations

from typing import Any

from orderloom.adapters.systems.edi.interchange import Interchange, Message, Segment, text

SKU_QUALIFIERS = ("VP", "SA", "SK", "UP", "EN", "BP", "IN")
"""Whose number of an article is asked for first: the seller's own, then the trade's, then the buyer's."""
NUMBERS = ("QTY", "PRI", "MOA")
"""Segments of EDIFACT that hold numbers."""
X12_PURPOSES = {"00": "new", "01": "cancel", "04": "change", "05": "replace"}
PIECES = ("", "EA", "PCE", "PC", "C62", "H87", "UN", "NAR", "NMB")
"""Units of either standard that are one piece."""
PLACES, BUYERS = ("ST", "DP", "UC"), ("BY", "BT", "IV")
"""Parties that goods are sent to; and those that they go to where nobody else is named."""
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
    segments = message.segments
    if interchange.standard == "edifact":
        segments = [_pointed(one, interchange) if text(one, 0) in NUMBERS else one for one in segments]
    reader(segments, found)
    if not found.get("number") or not found["lines"]:
        raise NoOrder("no order number, or no lines")
    for line in found["lines"]:
        qualifier = next((one for one in SKU_QUALIFIERS if line["ids"].get(one)), "")
        line["sku"] = line["ids"].get(qualifier, "")
        line["id"] = f"{line['no']}|{qualifier}|{line['sku']}"
        if line["unit"] not in PIECES:  # how many pieces a case has, the hub's own goods say
            line |= {"pack": line["unit"], "id": f"{line['no']}|{qualifier}.{line['unit']}|{line['sku']}"}
    found["receiver"] = _receiver(found)
    return found


def _receiver(found: dict[str, Any]) -> dict[str, Any]:
    """Whom all of it goes to. Raises NoOrder where lines go to different places: an order is for one."""
    parties = found["parties"]
    places = [parties[one] for one in PLACES if one in parties][:1]
    for line in found["lines"]:
        own = line.pop("parties", {})
        places += [own[one] for one in PLACES if one in own and not any(_is_same(own[one], other) for other in places)]
    if len(places) > 1:
        raise NoOrder("lines for different places")
    return next(iter(places), None) or next((parties[one] for one in BUYERS if one in parties), {})


def _is_same(one: dict[str, Any], other: dict[str, Any]) -> bool:
    if one["id"] or other["id"]:
        return bool(one["id"] == other["id"])
    return all(one.get(key) == other.get(key) for key in ("name", "address", "postcode"))


def _party(found: dict[str, Any], code: str, party: dict[str, Any]) -> dict[str, Any]:
    """Keep a party of the order, or of the line that it stands in; the first of a kind counts."""
    whose = found["lines"][-1].setdefault("parties", {}) if found["lines"] else found["parties"]
    whose.setdefault(code, party)
    return party


def _pointed(segment: Segment, interchange: Interchange) -> Segment:
    """Numbers with a point. Raises NoOrder for a comma that the interchange does not announce."""
    if not interchange.has_decimal_comma and any("," in part for element in segment for part in element):
        raise NoOrder("a comma in a number")
    return [[part.replace(",", ".") for part in element] for element in segment]


def _parts(segment: Segment, element: int) -> list[str]:
    """An element's components that say something."""
    return [part.strip() for part in (segment[element] if element < len(segment) else []) if part.strip()]


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
            party = _party(found, text(s, 1), {"name": text(s, 2), "id": text(s, 4), "address": []})
        elif tag in ("N2", "N3"):
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
            notes.append(" ".join(_parts(s, 4)))
        elif tag == "NAD":
            names = _parts(s, 4) or _parts(s, 3)
            party = _party(found, text(s, 1), {
                "id": text(s, 2), "name": " ".join(names), "address": _parts(s, 5),
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
