"""A body read beside the route, to tell what a mapping makes of it: every draft with its problems, and what is left."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from orderloom.blueprint.mapping.bodies import Body, Unreadable, parse_body
from orderloom.blueprint.mapping.compiled import CompiledMapping
from orderloom.blueprint.mapping.documents import Document
from orderloom.blueprint.mapping.reads import Reads, reads_of
from orderloom.blueprint.mapping.scope import NOTHING_SET, PROBLEMS_MAX, Scope
from orderloom.blueprint.mapping.surplus import Look, look
from orderloom.domain.draft import Draft, Problem

DRAFTS_MAX = 5_000
"""Elements of one body that are built."""


class Attempt(NamedTuple):
    """One document's reading. `built` holds each draft, perhaps with holes, and its problems (none: it is whole)."""

    document: Document
    built: list[tuple[Draft | None, tuple[Problem, ...]]]
    left: Look
    """What of the body the document reads nowhere."""
    is_entered: bool
    is_mended: bool = False

    @property
    def rank(self) -> tuple[bool, bool, int, int]:
        """The greater, the better it fits: it reads something, it makes something (or its condition says that it is
        about this), few problems, many values."""
        problems = sum(len(told) for _, told in self.built)
        makes = self.document.produces != "nothing" or self.document.when is not None
        return (self.is_entered and bool(self.built), makes and self.left.read > 0, -problems, self.left.read)


class Message(NamedTuple):
    """What a mapping is told of a message."""

    account_code: str
    zone_name: str
    topic: str
    text: str
    headers: Mapping[str, str]
    received_at: datetime
    raw: bytes = b""
    settings: Mapping[str, Any] = NOTHING_SET


def attempts(mapping: CompiledMapping, message: Message, known: dict[int, Reads]) -> Iterator[Attempt]:
    """Readings by the documents that read the topic; without a topic by every document. Of one topic the first that
    fits is the one. Nothing is yielded when the body has none of their formats. `known` keeps what documents read.
    """
    documents = mapping.documents_of(message.topic) if message.topic else mapping.documents
    parsed: dict[str, Body | None] = {}
    zone_name = mapping.zone_of(message.zone_name, message.headers)
    done: set[str] = set()
    for document in documents:
        if done.intersection(document.topics):
            continue
        if document.format not in parsed:
            parsed[document.format] = _parsed(document.format, message)
        body = parsed[document.format]
        if body is None:
            continue
        topic = message.topic or document.topics[0]
        scope = Scope(message.account_code, zone_name, ZoneInfo(zone_name), topic, message.headers,
                      message.received_at, mapping.settings_of(message.settings))
        if id(document) not in known:
            known[id(document)] = reads_of(document)
        found = _attempt(document, body, scope, known[id(document)])
        yield found
        if found.is_entered:
            done.update(document.topics if not message.topic else {topic for one in documents for topic in one.topics})


def _parsed(form: str, message: Message) -> Body | None:
    try:
        return parse_body(form, message.text, message.headers, message.raw)
    except Unreadable:
        return None


def _attempt(document: Document, body: Body, scope: Scope, reads: Reads) -> Attempt:
    scope.body = body.data
    left = Look()
    look(body.data, reads, document.format, left)
    node = document.enter(scope)
    if node is None:
        return Attempt(document, [], left, False)
    scope.start(node)
    if document.when is not None and not document.when(node, scope):
        return Attempt(document, [], left, False)
    built: list[tuple[Draft | None, tuple[Problem, ...]]] = []
    for one in document.each(node, scope)[:DRAFTS_MAX]:
        scope.start(one)
        draft = document.build(one, scope)
        built.append((draft, tuple(scope.problems[:PROBLEMS_MAX])))
    if not built:
        built = [(None, one) if isinstance(one, tuple) else (one, ()) for one in document.draft(node, scope)]
    return Attempt(document, built, left, True, body.is_mended)
