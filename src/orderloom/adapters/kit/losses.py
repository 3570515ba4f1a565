"""What of a sound `connector.yaml` leads to loss or doubling on platforms in general: said so to whoever wrote it.

A platform may be kinder; then the folder's `quality.yaml` says why nothing is lost there (`risks`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import msgspec

from orderloom.adapters.kit.notes import Place
from orderloom.adapters.kit.plan import ConnectorPlan, ListPlan, TellPlan
from orderloom.adapters.kit.proving import leaves_body_out, proofs_of
from orderloom.adapters.kit.schema import AnswerBlock
from orderloom.domain.words import Words

SAME_AGAIN = ("put", "delete")
"""Methods by which the same once more changes nothing."""
OURS = {"work": "work_no", "label": "label_no", "pickup": "pickup_no"}
"""Kinds of which a second one is sent, paid or fetched beside the first, and our number by which it is known again."""
TOLD_ONCE = (*OURS, "shipment")
SURE = ("done", "good", "missing")
"""Meanings after which nobody looks again."""
OPEN = (".*", ".+", ".{0,}", ".{1,}")
WORDS: Mapping[str, Words] = {
    "word": Words(
        "只凭话里的一个词或只凭 HTTP 状态，就当作已做、成功或没有：拒绝的话里也有这个词。"
        "写平台的代码（in），或整句（like）",
        "a word within what is said, or an HTTP status alone, makes it done, good or missing, and a refusal may say it "
        "too: the platform's code (in), or all that is said (like)"),
    "twice": Words(
        "回答丢失后会再说一次，平台无从认出：写 in_doubt、自己的编号（如 $delivery.id）或 once: true",
        "when an answer is lost it is told again, and nothing shows that it is the same: in_doubt, a number of ours "
        "($delivery.id) or once: true"),
    "push": Words(
        "只有推送：离线时推来而平台不再推的，永远不会去问，要另写 pull",
        "pushes alone: what comes while nobody hears and is not sent again is never asked for: add a pull"),
    "unsigned_body": Words(
        "签名里没有正文：截下一次推送的人可以换掉内容再发",
        "the body is not in what is signed: who sees one push may send another with its signature"),
    "history": Words(
        "没有写明平台能看多久以前（history）：停机更久时漏了也没人知道",
        "how far back the platform shows its past is not said (history): of an outage that was longer nobody is told"),
    "confirm": Words(
        "确认时没有指明 $ids：还没存下的消息也会被确认",
        "the confirmation does not name $ids: messages that are not kept yet are confirmed with the others"),
    "skip": Words(
        "列表里有而详情读不到的记录会被略过；missing: again 会再问",
        "a record that is listed and cannot be read is left out without a word; missing: again asks again"),
    "sure": Words(
        "页号和偏移是计数：读的时候有记录离开，后面的就漏读",
        "a page number or offset is a count and no place: what leaves the list meanwhile shifts others out of sight"),
    "overlap": Words(
        "窗口之间没有重叠：平台晚显示的记录会漏", "windows that do not overlap lose what the platform shows late"),
    "past": Words(
        "二次扫描和补拉都不读：晚出现的记录再也找不到",
        "neither a second sweep nor a backfill reads it: what appears late is never found"),
    "cut": Words(
        "只读一页，也没有总数：平台截断了也看不出来",
        "one page and no total: an answer that the platform cuts off looks whole"),
    "shift": Words(
        "翻页时列表会变，又没有总数：漏了也看不出来；写 total、count 或 walk: last_to_first，记号是位置的写 sure",
        "pages shift while they are walked, and no total shows who was missed: total, count or walk: last_to_first, or "
        "sure where a token is a place"),
}


class Loss(NamedTuple):
    """A place, and what is lost there when the platform is as most are."""

    place: Place
    reason: Words


def losses(plan: ConnectorPlan) -> Iterator[Loss]:
    """All of a connector."""
    said = plan.said
    for name, one in plan.lists.items():
        for place, what in _of_list(one):
            yield Loss(("pull", "lists", name, *place), WORDS[what])
    if said.pull and not said.pull.history and any(one.said.window is not None for one in plan.lists.values()):
        yield Loss(("pull", "history"), WORDS["history"])
    for kind, told in plan.tells.items():
        if kind in TOLD_ONCE and not _is_known_again(plan, told):
            yield Loss(("tell", kind), WORDS["twice"])
    for place, row in _rows(said, ()):
        if row.means in SURE and _is_loose(row):
            yield Loss(place, WORDS["word"])
    if said.push is not None and said.pull is None and said.query is None:
        yield Loss(("push",), WORDS["push"])
    if said.push is not None and not said.push.code:
        for place, proof in proofs_of(said.push):
            if leaves_body_out(proof):
                yield Loss(place, WORDS["unsigned_body"])


def _rows(block: Any, place: Place) -> Iterator[tuple[Place, AnswerBlock]]:
    """Every row of a table of answers, wherever it stands."""
    if isinstance(block, AnswerBlock):
        yield place, block
    elif isinstance(block, msgspec.Struct):
        for field in msgspec.structs.fields(block):
            yield from _rows(getattr(block, field.name), (*place, field.encode_name))
    elif isinstance(block, dict | list):
        for name, one in block.items() if isinstance(block, dict) else enumerate(block):
            yield from _rows(one, (*place, name))


def _is_loose(row: AnswerBlock) -> bool:
    """Whether what is said may go on before or behind the words that decide."""
    if row.in_ is not None or row.not_ is not None or row.present is not None:
        return any(str(one).startswith("*") for one in row.in_ or ())
    return row.like is None or any(one.startswith(OPEN) or one.endswith(OPEN) for one in row.like)


def _of_list(one: ListPlan) -> Iterator[tuple[Place, str]]:
    said, window, pages = one.said, one.said.window, one.said.pages
    if said.hints is not None and "$ids" not in _values(said.hints.confirm):
        yield ("hints", "confirm"), "confirm"
    if said.then is not None and said.then.missing == "skip":
        yield ("then", "missing"), "skip"
    if pages.sure and pages.by in ("number", "offset"):
        yield ("pages", "sure"), "sure"
    if window is None:
        return
    if not window.overlap:
        yield ("window", "overlap"), "overlap"
    if not said.past:
        yield ("past",), "past"
    if pages.by == "one" and not pages.total and said.count is None:
        yield ("pages",), "cut"
    elif pages.by != "one" and not _is_counted(one):
        yield ("pages",), "shift"


def _is_counted(one: ListPlan) -> bool:
    """Whether nobody is skipped by what shifts, or it is noticed by what the platform counts."""
    pages = one.said.pages
    return bool(pages.sure or pages.walk == "last_to_first" or pages.total or pages.count or one.said.count)


def _is_known_again(plan: ConnectorPlan, told: TellPlan) -> bool:
    """Whether the platform can be asked, knows the same again, or is told once alone."""
    said = told.said
    if said.code or plan.said.code or told.question is None or said.in_doubt or said.once or said.ends_with:
        return True
    if said.file is not None or any(getattr(said, method) for method in SAME_AGAIN):
        return True
    if any(row.means == "done" for row in (*said.answers, *plan.said.answers)):
        return True
    if told.spread is not None and told.spread.told is not None:
        return True
    call = plan.said.calls.get(said.as_) or next(iter(plan.said.calls.values()), None)
    sent = _values(said) | (_values(call) if call is not None else set())
    return bool(sent & {"$delivery.id", "$delivery.key", f"${told.kind}.{OURS.get(told.kind, '')}"})


def _values(block: msgspec.Struct) -> set[str]:
    """Every text that stands as a value somewhere in a block."""
    found, waiting = set[str](), list[Any]([msgspec.to_builtins(block)])
    while waiting:
        one = waiting.pop()
        if isinstance(one, str):
            found.add(one)
        elif isinstance(one, dict):
            waiting += one.values()
        elif isinstance(one, list | tuple):
            waiting += one
    return found
