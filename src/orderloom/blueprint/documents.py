"""The shape of `documents.yaml`: which stock documents wait for approval, what counts and transfers are asked."""

from __future__ import annotations

from collections.abc import Collection, Iterator

import msgspec

from orderloom.blueprint.duration import seconds
from orderloom.blueprint.shape import Shape
from orderloom.domain.finding import Finding, unknown
from orderloom.domain.inventory.document_limits import DocumentLimits
from orderloom.domain.inventory.document_states import DocumentKind
from orderloom.domain.money import CURRENCIES
from orderloom.domain.words import Words

FILE = "documents.yaml"
MOST = 1_000_000_000_000


class ApprovalRule(Shape, frozen=True):
    """Documents of these kinds are held above the limits until one of the roles approves them."""

    kinds: tuple[str, ...] = ("count", "adjustment", "transfer", "scrap")
    above_units: int = 500
    above_amount: int = 500_000
    currency: str = "CNY"
    roles: tuple[str, ...] = ("operations", "administrator")


class DocumentsFile(Shape, frozen=True):
    """`documents.yaml`."""

    approval: ApprovalRule = msgspec.field(default_factory=ApprovalRule)
    slip_factor: int = 5
    in_transit_max: str = "3d"


def check_documents(documents: DocumentsFile, roles: Collection[str]) -> Iterator[Finding]:
    """What is wrong with it."""
    rule = documents.approval
    for place, what, values, known in (
        ("approval.kinds", Words("单据类型", "kind of document"), rule.kinds, [str(kind) for kind in DocumentKind]),
        ("approval.roles", Words("角色", "role"), rule.roles, roles),
        ("approval.currency", Words("币种", "currency"), (rule.currency,), CURRENCIES),
    ):
        for value in values:
            if value not in known:
                yield unknown(FILE, place, what, value, known)
    if not rule.roles:
        yield _finding("approval.roles", "没有人能审批", "nobody could approve", "写上至少一个角色",
                       "name at least one role")
    for place, number, least in (("approval.above_units", rule.above_units, 0),
                                 ("approval.above_amount", rule.above_amount, 0),
                                 ("slip_factor", documents.slip_factor, 2)):
        if not least <= number <= MOST:
            yield _finding(place, f"{number} 不能用", f"{number} cannot be", f"{least} 到 {MOST}", f"{least} to {MOST}")
    try:
        seconds(documents.in_transit_max)
    except ValueError:
        yield _finding("in_transit_max", f"“{documents.in_transit_max}”不是时长",
                       f'"{documents.in_transit_max}" is not a duration', "写成 48h 或 3d", "write 48h or 3d")


def compile_documents(documents: DocumentsFile) -> DocumentLimits:
    """What the domain decides by."""
    rule = documents.approval
    return DocumentLimits(
        frozenset(DocumentKind(kind) for kind in rule.kinds), rule.above_units, rule.above_amount, rule.currency,
        rule.roles, documents.slip_factor, seconds(documents.in_transit_max))


def _finding(place: str, zh: str, en: str, mend_zh: str, mend_en: str) -> Finding:
    return Finding(FILE, place, Words(zh, en), Words(mend_zh, mend_en))
