"""The evidence of a case that is about messages: what of the payload matters, and what its line says of the goods."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, Protocol

import msgspec

from orderloom.application.directory import Directory
from orderloom.application.mends.shapes import Evidence
from orderloom.application.ports import Account
from orderloom.application.queries.cases import CaseView
from orderloom.application.queries.messages import MessageFile, StoredBody
from orderloom.application.translate import Readers, translate
from orderloom.blueprint.mapping.bodies import Unreadable, parse_body
from orderloom.blueprint.mapping.compiled import CompiledMapping
from orderloom.blueprint.mapping.fragment import Fragment, find, fragment_of, names_beside, value_at
from orderloom.domain.draft import DraftLine, OrderDraft
from orderloom.domain.encoding import charset_of, decode
from orderloom.domain.likeness import Sought
from orderloom.domain.shown import shown

FORMATS = ("json", "xml", "rows", "form")
_BARCODE = re.compile(r"bar_?code|^ean|gtin|^upc|条码|条形码", re.IGNORECASE)
_SPELLING = re.compile(r"^sku:[^:]*:(.*)$", re.DOTALL)


class KnownMappings(Readers, Protocol):
    """The connectors' mappings, and how their documents are written."""

    def of(self, connector: str) -> CompiledMapping | None: ...


class ReadMessage(NamedTuple):
    """A message that waits, read as far as it can be."""

    view: MessageFile
    account: Account
    data: Any
    drafts: Sequence[OrderDraft]


def read_stored(
    view: MessageFile, stored: StoredBody, body: bytes, directory: Directory, mappings: KnownMappings,
) -> ReadMessage:
    """The parsed body and the drafts of a stored message; `data` is None where the body cannot be parsed."""
    account = directory.account_named(view.account)
    headers: dict[str, str] = msgspec.json.decode(stored.headers)
    decoded = decode(body, charset_of(headers.get("content-type", "")))
    results = translate(account, view.topic, body, headers, view.received_at, mappings)
    drafts = [one for one in results if isinstance(one, OrderDraft)]
    return ReadMessage(view, account, _parsed(account, view.topic, decoded.text, headers, mappings), drafts)


def _parsed(
    account: Account, topic: str, text: str, headers: Mapping[str, str], mappings: KnownMappings,
) -> Any:
    mapping = mappings.of(account.connector)
    said = [document.format for document in mapping.documents_of(topic)] if mapping else []
    for form in dict.fromkeys((*said, *FORMATS)):
        try:
            return parse_body(form, text, headers).data
        except Unreadable:
            continue
    return None


def evidence_of(case: CaseView, message: ReadMessage, count: int) -> Evidence:
    """What of the message matters for the case."""
    problem = problem_of(case)
    told = spelling_of(case) or problem.get("value", "")
    payload: Fragment | None = None if message.data is None else fragment_of(
        message.data, shown(told), problem.get("code", ""))
    named = message.drafts[0].external_id if message.drafts else ""
    return Evidence(count, message.view.id, message.account.code, message.account.connector, message.view.topic,
                    message.view.received_at, named, payload)


def problem_of(case: CaseView) -> Mapping[str, str]:
    """The first problem that the case's evidence tells of."""
    first = case.evidence.get("first")
    evidence = first if isinstance(first, dict) else case.evidence
    problems = evidence.get("problems") or [{}]
    return dict(problems[0])


def spelling_of(case: CaseView) -> str:
    """The spelling that a case `unknown_sku` is about, whole where its key has it whole."""
    if case.kind != "unknown_sku":
        return ""
    found = _SPELLING.match(case.subject)
    told = str(problem_of(case).get("value", ""))
    return found[1] if found and "…" not in found[1] else told


def wanted_of(spelling: str, message: ReadMessage | None) -> Sought:
    """What the line with this spelling says of its goods."""
    if message is None:
        return Sought(spelling)
    line, currency = _line(spelling, message.drafts)
    steps = find(message.data, shown(spelling)) if message.data is not None else ()
    beside = names_beside(message.data, steps) if steps else {}
    barcode = next((str(value) for name, value in beside.items() if value and _BARCODE.search(name)), "")
    return Sought(spelling, line.title if line else "", barcode, line.price if line else None, currency)


def _line(spelling: str, drafts: Sequence[OrderDraft]) -> tuple[DraftLine | None, str]:
    for draft in drafts:
        for line in draft.lines:
            if line.sku_external == spelling:
                return line, draft.currency
    return None, ""


def value_in(message: ReadMessage, steps: tuple[str | int, ...]) -> Any:
    """What stands at a place of the message's body."""
    return value_at(message.data, steps)
