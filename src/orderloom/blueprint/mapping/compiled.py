"""A compiled mapping: the documents of a connector, and how a message is read by them."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Mapping
from datetime import datetime, tzinfo
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from orderloom.blueprint.mapping.bodies import Body, Unreadable, parse_body
from orderloom.blueprint.mapping.corrections import with_corrections
from orderloom.blueprint.mapping.documents import Document
from orderloom.blueprint.mapping.scope import NOTHING_SET, Scope
from orderloom.blueprint.mapping.statuses import Dictionary
from orderloom.blueprint.mapping.written import Code
from orderloom.blueprint.zone import zone_of
from orderloom.domain.draft import Draft, Problem

Results = list[Draft | tuple[Problem, ...]]

_UNREADABLE = (
    "正文无法解析，已原样保存；请让来源重发 / the body cannot be parsed; it is kept as it came: have it sent again"
)
_NO_MAPPING = "没有读取此主题的映射文档，请补充 / no mapping document reads this topic: add one"
_NO_ROOT = "正文中没有映射文档所指的根节点 / the body has nothing at the root that the document names"


class CompiledMapping:
    """The compiled mapping of one connector. `zone_name` is empty when times are read in the account's zone."""

    def __init__(
        self, documents: tuple[Document, ...], zone_name: str, dictionaries: Mapping[str, Dictionary],
        connector: str = "", code: tuple[Code, ...] = (), *, is_minor: bool = False,
    ) -> None:
        self.documents = documents
        self.zone_name = zone_name
        self.dictionaries = dictionaries
        self.connector = connector
        self.code = code
        self.is_minor = is_minor
        self.defaults: Mapping[str, Any] = NOTHING_SET
        """What the settings of an account are that says nothing of them."""
        self._by_topic: dict[str, tuple[Document, ...]] = {}

    def zone_of(self, account_zone: str, headers: Mapping[str, str]) -> str:
        """The zone of times that name none: the mapping's, else what was said of the file, else the account's."""
        told = headers.get("file_zone", "")
        return self.zone_name or (told if told and is_zone(told) else account_zone)

    def settings_of(self, own: Mapping[str, Any]) -> Mapping[str, Any]:
        """An account's settings: its own, else the defaults."""
        return ChainMap(own, self.defaults) if self.defaults else own  # type: ignore[arg-type]

    def documents_of(self, topic: str) -> tuple[Document, ...]:
        """The documents whose topic fits, in the file's order."""
        found = self._by_topic.get(topic)
        if found is None:
            found = tuple(document for document in self.documents if document.reads(topic))
            if len(self._by_topic) < 1000:
                self._by_topic[topic] = found
        return found

    def read(
        self, account_code: str, zone_name: str, topic: str, text: str, headers: Mapping[str, str],
        received_at: datetime, raw: bytes = b"", settings: Mapping[str, Any] = NOTHING_SET,
    ) -> Results:
        """Drafts, or tuples of problems, of a message's text. `headers` are lower-case and hold the item's context.

        `raw` is the text in UTF-8, where somebody has it; `settings` are the account's.
        """
        zone_name = self.zone_of(zone_name, headers)
        own = self.settings_of(settings)
        scope = Scope(account_code, zone_name, _zone(zone_name), topic, headers, received_at, own)
        parsed: dict[str, Body] = {}
        problem = None
        for document in self.documents_of(topic):
            try:
                body = parsed.get(document.format) or parse_body(document.format, text, headers, raw)
            except Unreadable as error:
                problem = Problem("unreadable_body", "body", str(error), _UNREADABLE)
                continue
            if told := headers.get("corrections"):
                body = body._replace(data=with_corrections(body.data, told))
            parsed[document.format] = body
            scope.body = body.data
            node = document.enter(scope)
            if node is None:
                problem = Problem("missing_field", "root", str(document.said.get("root", "")), _NO_ROOT)
                continue
            scope.start(node)
            if document.when is None or document.when(node, scope):
                if body.is_mended:
                    scope.flag("broken_bytes")
                return document.draft(node, scope)
        unread = Problem("no_mapping", "topic", topic, _NO_MAPPING, f"mapping:{self.connector}:{topic}")
        return [(problem or unread,)]


@lru_cache(maxsize=256)
def is_zone(name: str) -> bool:
    """Whether this is the name of an IANA zone."""
    return zone_of(name) is not None


@lru_cache(maxsize=256)
def _zone(name: str) -> tzinfo:
    return ZoneInfo(name)
