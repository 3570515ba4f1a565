"""Write docs/route.md from `route.py`, so that the page cannot say anything else than the code.

`python tools/route_page.py` writes the page, `--check` only says whether it is the one that would be written.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path

from orderloom.domain.lifecycle import NOT_DONE
from orderloom.route import ALONE, BESIDE, EFFECTS, LEGS, VERBS, Leg

APPLICATION = Path(__file__).resolve().parents[1] / "src" / "orderloom" / "application"
PAGE = Path(__file__).resolve().parents[1] / "docs" / "route.md"


def page() -> str:
    """The page as Markdown."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield from (
        "# The route of an order", "",
        "Generated from `src/orderloom/route.py`; do not edit. Regenerate: `python tools/route_page.py`.", "",
        "A leg is a verb; the verb names its file and its test. `lifecycle` decides the order of the seller's stages:",
        "a verb says what happened, the lifecycle which stage comes next and which effects are due. The transaction",
        "called `the batch's` is in `application/handle.py`: read and lock, decide in memory, write - all or nothing.",
        "",
        "```mermaid", "flowchart LR",
    )
    yield from (f"  {a.verb} --> {b.verb}" for a, b in pairwise(LEGS))
    yield from ("```", "", "## One order's way", "")
    yield from _table(LEGS)
    yield from ("", "## Beside the way", "")
    yield from _table(BESIDE)
    yield from ("", "## With transactions of their own", "", "| verb | does |", "|---|---|")
    yield from (f"| **{name}** | {_of_file(name)} |" for name in ALONE)
    yield from ("", "## Which verb answers which command", "", "| command | asks for | answered by |", "|---|---|---|")
    for command, verb in VERBS.items():
        yield f"| `{command.__name__}` | {_first(command.__doc__)} | `{_where(verb)}` |"
    yield from ("", "## What the lifecycle's effects do", "",
                "The blueprint chooses among these and can add none (`docs/lifecycle.md`).", "",
                "| effect | does |", "|---|---|")
    for name, effect in EFFECTS.items():
        yield f"| `{name}` | {_effect(name, _first(effect.__doc__))} |"
    yield from _not_done()


def _not_done() -> Iterator[str]:
    yield from ("", "## Named in a lifecycle, and not done", "", "| effect | not when | because |", "|---|---|---|")
    for left in NOT_DONE:
        yield f"| {', '.join(f'`{name}`' for name in left.effects)} | {left.when} | {left.why} |"


def _table(legs: Sequence[Leg]) -> Iterator[str]:
    yield "| leg | takes | gives | file | transaction |"
    yield "|---|---|---|---|---|"
    for s in legs:
        yield f"| **{s.verb}** | {s.takes} | {s.gives} | `{s.module}` | {s.transaction} |"


def _first(docstring: str | None) -> str:
    return (docstring or "").strip().splitlines()[0] if docstring else ""


def _of_file(name: str) -> str:
    file = APPLICATION / f"{name}.py"
    return " ".join((ast.get_docstring(ast.parse(file.read_text("utf-8"))) or "").split("\n\n")[0].split())


def _where(verb: object) -> str:
    module, name = getattr(verb, "__module__", ""), getattr(verb, "__name__", "")
    return f"{module.removeprefix('orderloom.').replace('.', '/')}.py: {name}"


def _effect(name: str, said: str) -> str:
    plain = {
        "open_case": "Open a case of the kind that is named.", "hold": "Place a hold of the type that is named.",
        "notify": "Have those told whom a notification rule names.",
    }
    return plain.get(name) or said


def main(arguments: list[str]) -> int:
    """Write the page, or with `--check` compare it; 1 when it differs."""
    if "--check" in arguments:
        return 0 if PAGE.exists() and PAGE.read_text("utf-8") == page() else 1
    PAGE.write_text(page(), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
