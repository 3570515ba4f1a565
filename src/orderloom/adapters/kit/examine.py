"""Looks at one connector's folder whole: every mistake of its files, its signatures, and each sample's order."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from orderloom.adapters.kit.catalogue import QUALITY, Quality, quality_of
from orderloom.adapters.kit.load import FILE, OLD, load_folder
from orderloom.adapters.kit.losses import losses
from orderloom.adapters.kit.manifest import capabilities
from orderloom.adapters.kit.notes import BadConnector, DeclarationMistake, DeclarationNotes
from orderloom.adapters.kit.plan import ConnectorPlan
from orderloom.adapters.kit.samples import (
    differences,
    expect,
    made_of,
    problems_of,
    read_json,
    read_sample,
    samples_of,
    wanted_of,
)
from orderloom.adapters.kit.vectors import FILE as VECTORS
from orderloom.adapters.kit.vectors import read_vectors
from orderloom.application.ports import Account
from orderloom.blueprint.mapping import CompiledMapping
from orderloom.blueprint.mapping import load_folder as load_mapping
from orderloom.blueprint.plain import BadFile, read

ABILITIES = {
    "channels": ("pull", "push", "shipment", "stock", "listings", "authorise", "after_sale", "decision",
                 "promise", "read"),
    "systems": ("pull", "push", "work", "work_cancel", "stock_report", "authorise", "read"),
    "carriers": ("push", "watch", "query", "label", "label_cancel", "pickup", "pickup_cancel", "quote", "manifest"),
    "messengers": ("message",),
    "subscribers": ("event", "purge"),
}
"""What a connector of a family may do; what it goes without may have its reason in `quality.yaml`."""
MAPPED = ("channels", "systems", "carriers")
"""Families whose bytes become orders, reports or scans: they bring a mapping and samples."""
DIFFERENCES_MAX = 20


class SampleExamined(msgspec.Struct, frozen=True):
    """A sample: `is_good` when the mapping makes exactly what is expected of it, else what differs."""

    name: str
    is_good: bool
    differences: list[str]


class RiskExamined(msgspec.Struct, frozen=True):
    """Something in a sound folder by which others have lost orders; `why` is what `quality.yaml` says to it."""

    file: str
    line: int
    place: str
    reason: str
    why: str


class ConnectorExamined(msgspec.Struct, frozen=True):
    """What a folder is: `is_fit` without a mistake. `cannot` says why, where the folder does."""

    name: str
    family: str
    is_fit: bool
    mistakes: list[DeclarationMistake]
    can: list[str]
    cannot: dict[str, str]
    signatures: int
    samples: list[SampleExamined]
    risks: list[RiskExamined] = []


def expect_of(folder: Path) -> list[Path]:
    """Write what the folder's mapping makes of samples without an expected order. Raises ValueError, LookupError."""
    mapping = load_mapping(folder)
    if not isinstance(mapping, CompiledMapping):
        raise ValueError("\n".join(map(str, mapping)))
    return expect(samples_of(folder), mapping, _account(folder, load_folder(folder)))


def examine(folder: Path) -> ConnectorExamined:
    """Everything about the folder of a connector."""
    mistakes: list[DeclarationMistake] = []
    plan, mapping, quality, samples = None, None, Quality(), list[SampleExamined]()
    try:
        plan = load_folder(folder)
    except BadConnector as bad:
        mistakes += bad.mistakes
    try:
        quality = quality_of(folder)
    except BadConnector as bad:
        mistakes += bad.mistakes
    family = plan.said.family if plan is not None else folder.parent.name
    if family in MAPPED:
        mapping = _mapping(folder, mistakes)
    if mapping is not None:
        samples = [_sample(path, mapping, _account(folder, plan), mistakes) for path in samples_of(folder)]
    risks = list(_risks(folder, plan, quality)) if plan is not None else []
    for place in quality.risks.keys() - {one.place for one in risks} if plan is not None else ():
        mistakes.append(DeclarationMistake(f"{folder.name}/{QUALITY}", 1, f"risks.{place}",
                                           "没有这个风险，请删去 / there is no such risk: take it out"))
    can, without = _can(plan, mapping) if plan is not None else [], quality.without
    lacking = [one for one in ABILITIES.get(family, ()) if one not in can] if plan is not None else []
    return ConnectorExamined(
        folder.name, family, not mistakes, mistakes, can,
        {one: without.get(one, "") for one in lacking},
        len(read_vectors(folder / "samples" / VECTORS, DeclarationNotes("", {}))), samples, risks)


def _risks(folder: Path, plan: ConnectorPlan, quality: Quality) -> Iterator[RiskExamined]:
    file = folder / FILE
    _, lines = read(file.read_text("utf-8"))
    for place, reason in losses(plan):
        at, dotted = place, ".".join(map(str, place))
        while at not in lines and at:
            at = at[:-1]
        yield RiskExamined(f"{folder.name}/{FILE}", lines.get(at, 1), dotted, f"{reason.zh} / {reason.en}",
                           quality.risks.get(dotted, ""))


def is_folder(folder: Path) -> bool:
    """Whether it is the folder of a connector, by its file's name of today or before."""
    return any((folder / name).is_file() for name in (FILE, OLD))


def _mapping(folder: Path, mistakes: list[DeclarationMistake]) -> CompiledMapping | None:
    for name in ("mapping.yaml", "statuses.yaml"):
        if not (folder / name).is_file():
            mistakes.append(_missing(folder, name, "docs/mapping.md"))
    if not samples_of(folder):
        mistakes.append(_missing(folder, "samples/NAME.in.json", "docs/connector.md"))
    for body in samples_of(folder):
        if not wanted_of(body).is_file():
            mistakes.append(_missing(folder, f"samples/{wanted_of(body).name}", "orderloom connectors check --expect"))
    if not (folder / "mapping.yaml").is_file():
        return None
    found = load_mapping(folder)
    if isinstance(found, CompiledMapping):
        return found
    mistakes += [DeclarationMistake(one.file, one.line, " ".join(part for part in (one.document, one.field) if part),
                                    one.reason) for one in found]
    return None


def _missing(folder: Path, name: str, where: str) -> DeclarationMistake:
    return DeclarationMistake(f"{folder.name}/{name}", 1, "", f"没有这个文件，见 {where} / is missing: {where}")


def _account(folder: Path, plan: ConnectorPlan | None) -> Account:
    """An account with nothing but the defaults, or with nothing at all while its declaration cannot be read."""
    defaults, zone = (plan.defaults, plan.said.zone) if plan is not None else ({}, "Asia/Shanghai")
    return Account(1, "T1", folder.parent.name, folder.name, zone, "", {}, dict(defaults))


def _sample(body: Path, mapping: CompiledMapping, account: Account,
            mistakes: list[DeclarationMistake]) -> SampleExamined:
    place, found = f"{body.parent.parent.name}/samples/{body.name}", list[tuple[str, str]]()
    is_told = wanted_of(body).is_file()
    try:
        sample = read_sample(body)
        made = made_of(sample, mapping, account)
        differing = list(_differing(made, read_json(sample.wanted))) if is_told else []
        if differing or not is_told:
            found += [*problems_of(sample, made)] or differing
    except (LookupError, ValueError, BadFile) as error:
        found.append(("", str(error)))
    mistakes += [DeclarationMistake(place, 1, *one) for one in found[:DIFFERENCES_MAX]]
    is_good = is_told and not found
    return SampleExamined(body.name.split(".in.")[0], is_good, [": ".join(one) for one in found[:DIFFERENCES_MAX]])


def _differing(made: list[Any], wanted: Any) -> Iterator[tuple[str, str]]:
    return differences(made[0] if len(made) == 1 and isinstance(wanted, dict) else made, wanted)


def _can(plan: ConnectorPlan, mapping: CompiledMapping | None) -> list[str]:
    told = [*capabilities(plan.said), *(["read"] if plan.said.read else [])]
    if mapping is not None and any(one.produces == "after_sale_report" for one in mapping.documents):
        told.append("after_sale")
    return list(dict.fromkeys(told))

