"""A case's evidence in one line: a code and facts, of which each language makes its sentence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

FACTS_MAX, FACT_LENGTH_MAX = 8, 200
SHAPES: tuple[tuple[str, frozenset[str]], ...] = (
    ("amounts", frozenset({"expected", "stated", "difference"})),
    ("answer", frozenset({"to", "error"})),
    ("waybill", frozenset({"known", "told"})),
    ("stock", frozenset({"sku", "warehouse", "on_hand"})),
    ("stage", frozenset({"stage", "due_at"})),
    ("refused", frozenset({"work", "error"})),
    ("work", frozenset({"work"})),
    ("told", frozenset({"zh", "en"})),
)
"""What evidence looks like, by the facts that it has; the first that fits."""


class CaseLine(msgspec.Struct, frozen=True):
    """`code` names the sentence, empty when there is nothing to say; `facts` are what stands in it."""

    code: str
    facts: dict[str, str | int] = {}


def line_of(kind: str, evidence: Mapping[str, Any]) -> CaseLine:
    """The line of masked evidence. A group tells of what it has in common."""
    if problems := evidence.get("problems"):
        first = problems[0]
        facts = {"account": str(evidence.get("account", "")), "topic": str(evidence.get("topic", "")),
                 **{name: str(first.get(name, ""))[:FACT_LENGTH_MAX] for name in ("code", "field", "value", "mend")}}
        return CaseLine("problem", {**facts, **({"problems": len(problems)} if len(problems) > 1 else {})})
    if isinstance(first := evidence.get("first"), dict) and "cause" in evidence:
        return CaseLine("group", {"cause": str(evidence["cause"]), **line_of(kind, first).facts})
    plain = {name: value if isinstance(value, int) else str(value)[:FACT_LENGTH_MAX]
                for name, value in evidence.items() if isinstance(value, str | int) and value != ""}
    code = next((code for code, needed in SHAPES if needed <= plain.keys()), "facts" if plain else "")
    return CaseLine(code, dict(list(plain.items())[:FACTS_MAX]) if code == "facts" else plain)
