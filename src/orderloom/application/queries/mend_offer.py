"""Which ways are offered for a case, the right one first: those that its kind names, where there is something to do."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import msgspec

from orderloom.application.mends.shapes import Evidence, Mend, MendChoice
from orderloom.application.queries.cases import CaseView
from orderloom.application.queries.mend_evidence import problem_of, spelling_of
from orderloom.application.queries.mends import FoundSku, HoldStanding
from orderloom.domain.likeness import SURE, RankedSku, Sought, ranked
from orderloom.domain.mending import MENDERS
from orderloom.domain.words import Words

CHOICES_MAX = 8
OWN_PREVIEW = ("discard", "give_up")
"""What changes nothing but the state of what waits: its count is all there is to see."""


class MendFacts(NamedTuple):
    """What there is to choose from, as far as the case has it."""

    messages: int = 0
    deliveries: int = 0
    skus: Sequence[MendChoice] = ()
    dictionaries: Sequence[str] = ()
    warehouses: Sequence[MendChoice] = ()
    holds: Sequence[HoldStanding] = ()
    actions: Sequence[str] = ()
    hold_words: Callable[[str], Words] = lambda name: Words(name, name)
    account: str = ""
    topic: str = ""
    sku: str = ""


def offered_mends(
    case: CaseView, named: Sequence[str], known: MendFacts, evidence: Evidence, may: Callable[[str], bool],
) -> list[Mend]:
    """The ways that there is something to do by."""
    found = [made for name in named if (made := _mend(name, case, known, evidence, may)) is not None]
    first = next((one.mend for one in found if not one.scope), "")
    return [msgspec.structs.replace(one, is_best=one.mend == first) for one in found]


def _mend(
    name: str, case: CaseView, known: MendFacts, evidence: Evidence, may: Callable[[str], bool],
) -> Mend | None:
    way = MENDERS[name]
    if not _is_there(name, way.on, case, known):
        return None
    lacking = "" if not way.scope or may(way.scope) else way.scope
    page, ref = _page(name, case, known, evidence)
    return Mend(
        name, way.on, False, lacking, way.on in ("messages", "deliveries", "order"),
        _told(name, case, known, evidence), _choices(name, known),
        (case.order or "") if way.on == "order" else "", VERBS.get(name, ""), page, ref)


VERBS = {"release": "release", "cancel": "cancel", "reship": "reship", "receiver": "receiver",
         "address": "accept-address", "action": "actions", "decide": "after-sales"}
"""The command of the order that does it."""


def _is_there(name: str, on: str, case: CaseView, known: MendFacts) -> bool:
    if on == "messages":
        return known.messages > 0
    if on == "deliveries":
        return known.deliveries > 0
    if on == "order" or name == "order":
        has = {"release": known.holds, "action": _plain(known), "cancel": "cancel" in known.actions,
               "reship": "reship" in known.actions}.get(name, True)
        return bool(case.order and has)
    if name in ("account", "mapping"):
        return bool(known.account)
    return bool(known.sku) if name == "hs_code" else True


def _plain(known: MendFacts) -> list[str]:
    return [action for action in known.actions if action not in ("cancel", "reship")]


def _choices(name: str, known: MendFacts) -> list[MendChoice]:
    if name == "alias":
        return list(known.skus)
    if name == "status":
        return [MendChoice(one, one) for one in known.dictionaries]
    if name == "warehouse":
        return list(known.warehouses)
    if name == "release":
        return [MendChoice(str(hold.no), hold.reason, known.hold_words(hold.type)) for hold in known.holds]
    return [MendChoice(action, action) for action in _plain(known)] if name == "action" else []


def _told(name: str, case: CaseView, known: MendFacts, evidence: Evidence) -> dict[str, str | int]:
    problem = problem_of(case)
    told: dict[str, str | int] = {"account": known.account, "connector": evidence.connector, "messages": known.messages,
                                  "deliveries": known.deliveries}
    if name in ("alias", "sku"):
        told["spelling"] = spelling_of(case)
    if name == "correct":
        told |= {"field": problem.get("field", ""), "value": problem.get("value", ""),
                 "path": evidence.payload.path if evidence.payload else "", "mend": problem.get("mend", "")}
    if name == "status":
        told["word"] = word_of(case)
    if name == "hs_code":
        told["sku"] = known.sku
    return {key: value for key, value in told.items() if value not in ("", 0)}


def word_of(case: CaseView) -> str:
    """The status word that a case is about."""
    _, _, word = case.subject.partition(":")
    return word.partition(":")[2] if case.kind == "unknown_status" else ""


def _page(name: str, case: CaseView, known: MendFacts, evidence: Evidence) -> tuple[str, str]:
    """Where it is mended, and what there."""
    if name == "account":
        return "connection", known.account
    if name == "mapping":
        return "mapping", f"{known.account}/{known.topic}/{evidence.message}"
    if name == "order":
        return "order", case.order or ""
    return ("stock", known.sku) if name == "stock" else ("", "")


def sku_choices(wanted: Sought, found: Sequence[FoundSku], *, is_asked: bool = False) -> list[MendChoice]:
    """SKUs to choose from with their reasons; the first is proposed when it is sure enough, and clearly before the
    next. `is_asked`: by a person, who gets all that were found."""
    free = {one.sku.code: one.available for one in found}
    best = ranked(wanted, [one.sku for one in found])
    shown = best if is_asked else [one for one in best if one.reasons]
    choices = [_choice(one, free[one.sku.code]) for one in shown[:CHOICES_MAX]]
    is_sure = bool(choices) and choices[0].score >= SURE and (
        len(choices) == 1 or choices[1].score < choices[0].score)
    return [msgspec.structs.replace(choices[0], is_best=is_sure), *choices[1:]] if choices else []


def _choice(one: RankedSku, available: int) -> MendChoice:
    return MendChoice(one.sku.code, one.sku.name, None, False, one.score, one.reasons, available, one.sku.price,
                      one.sku.currency)
