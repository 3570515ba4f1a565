"""Write docs/connectors.md from the folders; the schema for editors and the pages of keys. Usage: connectors_page.py
[--check].

The checks are the contract suite's own: a connector has a tick where the suite runs the check on it, and the reason
from its `quality.yaml` where it does not apply.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from connector_keys import described, pages
from orderloom.adapters.kit.catalogue import QUALITY, ConnectorTold, told
from orderloom.adapters.kit.plan import ConnectorPlan
from orderloom.adapters.kit.schema import ConnectorBlock
from orderloom.adapters.manifests import plans

ROOT = Path(__file__).resolve().parents[1]
PAGE, SCHEMA = ROOT / "docs" / "connectors.md", ROOT / "docs" / "connector.schema.json"
FAMILIES = {"channels": "Channels", "systems": "Systems", "carriers": "Carriers", "messengers": "Messengers",
            "subscribers": "Subscribers"}


class Check(NamedTuple):
    """A column: its title, what says in a plan that it applies, and the words under which a folder excuses itself."""

    title: str
    applies: Any
    reasons: tuple[str, ...] = ()


def _lists(plan: ConnectorPlan) -> bool:
    return plan.said.pull is not None


def _hears(plan: ConnectorPlan) -> bool:
    """Whether it is told of news: by pushes, or in a queue of messages."""
    return plan.said.push is not None or any(one.confirming for one in plan.lists.values())


def _after_sale(plan: ConnectorPlan) -> bool:
    mapping = plan.folder / "mapping.yaml" if plan.folder else None
    return mapping is not None and mapping.is_file() and "after_sale_report" in mapping.read_text("utf-8")


CHECKS = (
    Check("vectors", lambda plan: bool(plan.folder and (plan.folder / "samples" / "vectors.json").is_file()),
          ("signature",)),
    Check("pull", _lists, ("pull",)),
    Check("push", _hears, ("push", "signed_pushes", "lost_pushes")),
    Check("re-read", lambda plan: any(one.one or one.then for one in plan.lists.values()), ("reread",)),
    Check("after-sale", _after_sale, ("after_sale", "returns", "refunds")),
    Check("shipment", lambda plan: "shipment" in plan.said.tell, ("shipment",)),
    Check("stock", lambda plan: "stock" in plan.said.tell, ("stock",)),
    Check("decision", lambda plan: "decision" in plan.said.tell, ("decision",)),
    Check("listings", lambda plan: plan.said.listings is not None, ("listings",)),
    Check("token", lambda plan: plan.said.token is not None, ("token",)),
    Check("OAuth", lambda plan: plan.said.authorise is not None, ("authorise",)),
    Check("work", lambda plan: "work" in plan.said.tell, ("work",)),
    Check("recall", lambda plan: "work_cancel" in plan.said.tell, ("work_cancel",)),
    Check("label", lambda plan: "label" in plan.said.tell, ("label",)),
    Check("give back", lambda plan: "label_cancel" in plan.said.tell, ("label_cancel", "label")),
    Check("pickup", lambda plan: "pickup" in plan.said.tell, ("pickup", "label")),
    Check("call off", lambda plan: "pickup_cancel" in plan.said.tell, ("pickup_cancel", "pickup", "label")),
    Check("price", lambda plan: plan.said.quote is not None, ("quote", "label")),
    Check("manifest", lambda plan: "manifest" in plan.said.tell, ("manifest", "label")),
    Check("watch", lambda plan: "watch" in plan.said.tell or plan.said.query is not None, ("watch", "query")),
    Check("message", lambda plan: "message" in plan.said.tell, ("message",)),
    Check("read back", lambda plan: bool(plan.said.read), ("read",)),
)
OF_FAMILY: Mapping[str, tuple[str, ...]] = {
    "channels": ("vectors", "pull", "push", "re-read", "after-sale", "shipment", "stock", "decision", "listings",
                 "token", "OAuth", "read back"),
    "systems": ("vectors", "pull", "push", "work", "recall", "token", "read back"),
    "carriers": ("vectors", "push", "watch", "label", "give back", "pickup", "call off", "price", "manifest", "token"),
    "messengers": ("vectors", "message", "token"),
    "subscribers": (),
}


def page() -> str:
    """The page as Markdown."""
    return "\n".join(_lines()) + "\n"


def schema() -> str:
    """The JSON schema of `connector.yaml`, for editors."""
    shape = described(msgspec.json.schema(ConnectorBlock))
    return json.dumps(shape, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def _lines() -> Iterator[str]:
    # A folder without `quality.yaml` is still being made: nobody has said yet what is certain of it.
    found = [(plan, told(plan)) for plan in plans().values() if plan.folder and (plan.folder / QUALITY).is_file()]
    free = sum(1 for plan, one in found if one.family == "channels" and not one.python_lines)
    channels = sum(1 for _, one in found if one.family == "channels")
    yield from (
        "# Connectors", "",
        "Generated from the folders by `python tools/connectors_page.py`; do not edit. How one is written: "
        "[connector.md](connector.md).", "",
        "Each tick is run by the contract suite (`tests/contract`) against the connector's own simulator, which checks",
        "signatures by the platform's documentation and shares no code with the client. A number is a reason below;",
        "`read back` names what `orderloom accounts read` may ask for ([accounts.md](accounts.md)).",
        "Clients that others wrote are pointed at the simulators as well: [witnesses.md](witnesses.md).",
        f"{free} of {channels} channels need no Python of their own.",
    )
    for family, title in FAMILIES.items():
        yield from _family(title, OF_FAMILY[family], [(p, one) for p, one in found if one.family == family])


def _family(title: str, columns: Sequence[str], found: Sequence[tuple[ConnectorPlan, ConnectorTold]]) -> Iterator[str]:
    checks = [check for check in CHECKS if check.title in columns]
    yield from ("", f"## {title}", "", f"| connector | {' | '.join(c.title for c in checks)} | Python | not certain |",
                f"|---|{'---|' * len(checks)}---:|---:|")
    reasons: dict[str, list[str]] = {}
    for plan, one in found:
        cells = [_cell(plan, one, check, reasons) for check in checks]
        row = [f"{one.title.zh} `{one.name}`", *cells, str(one.python_lines), str(len(one.quality.unverified))]
        yield f"| {' | '.join(row)} |"
    if reasons:
        yield from ("", *(f"{number}. {', '.join(f'`{name}`' for name in names)}: {why}"
                          for number, (why, names) in enumerate(reasons.items(), 1)))
    yield ""
    for _, one in found:
        if one.quality.unverified:
            yield f"- `{one.name}` not certain: {' '.join(one.quality.unverified)}"
    for _, one in found:
        if one.quality.risks:
            places = {why: [place for place, said in one.quality.risks.items() if said == why]
                      for why in one.quality.risks.values()}
            told = " ".join([f"{', '.join([f'`{place}`' for place in at])}: {why}" for why, at in places.items()])
            yield f"- `{one.name}` is warned of loss: {told}"


def _cell(plan: ConnectorPlan, one: ConnectorTold, check: Check, reasons: dict[str, list[str]]) -> str:
    if check.title == "read back" and plan.said.read:
        return " ".join(sorted(plan.said.read))
    if check.applies(plan):
        return "✓"
    if plan.said.code and check.title in plan.said.can:
        return "code"
    why = next((one.quality.without[name] for name in check.reasons if name in one.quality.without), "")
    if not why:
        return "–"
    if one.name not in (names := reasons.setdefault(why, [])):
        names.append(one.name)
    return str(list(reasons).index(why) + 1)


def main(arguments: list[str]) -> int:
    """Write all files; with --check say whether they are what would be written."""
    wanted = {PAGE: page(), SCHEMA: schema(), **pages()}
    if arguments == ["--check"]:
        stale = [path.name for path, text in wanted.items() if not path.is_file() or path.read_text("utf-8") != text]
        print(f"stale: {', '.join(stale)}" if stale else "up to date")
        return 1 if stale else 0
    for path, text in wanted.items():
        path.write_text(text, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
