"""Put what is to be told into words: the fields in a recipient's language and zone, a message alone, or a digest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from orderloom.application.notices import WaitingMessage
from orderloom.blueprint.compile import CompiledBlueprint
from orderloom.blueprint.notifications import TemplateEntry
from orderloom.domain.notify.template import Value, fields_of, render
from orderloom.domain.words import SEVERITIES, SEVERITY_WORDS, Words

NAMED_MAX = 3
"""Orders named on a line of a digest."""
FIELD_LENGTH_MAX = 200
MORE = Words("… 另有 {count} 行，见 orderloom notifications", "… and {count} more lines: see orderloom notifications")
TOKENS = {"authorisation": Words("授权", "authorisation")}
TIMES = ("at", "due_at", "ends_at")
Limits = Mapping[str, int | None]
"""The greatest lengths that a messenger takes, by field of the body."""


class Speaker:
    """Words messages for one recipient: in a language, by the clock of a zone, within a messenger's lengths."""

    def __init__(
        self, blueprint: CompiledBlueprint, language: str, zone: str, limits: Limits, at: datetime,
        names: Mapping[str, str],
    ) -> None:
        """`names`: what the messenger's own templates call the fields; none: as we do, and all of them."""
        self._blueprint, self._language, self._zone, self._limits = blueprint, language, ZoneInfo(zone), limits
        self._at, self._names = at, names

    def single(self, message: WaitingMessage, to: str) -> dict[str, Any]:
        """The body of a message alone."""
        notifications = self._blueprint.notifications
        template = notifications.templates[notifications.rules[message.rule].template]
        return self._body(template, self._values(message), to, message.severity, 1)

    def digest(self, messages: Sequence[WaitingMessage], to: str) -> dict[str, Any]:
        """The body of many messages as one: a line for each title, the gravest first."""
        notifications = self._blueprint.notifications
        gravest = max((m.severity for m in messages), key=_gravity)
        rule = notifications.rules[max(messages, key=lambda m: _gravity(m.severity)).rule]
        values: dict[str, Value] = {
            "count": str(len(messages)), "lines": self._lines(messages), "severity": self._severity(gravest),
            "at": self._time(self._at),
        }
        return self._body(notifications.templates[rule.digest], values, to, gravest, len(messages))

    def _lines(self, messages: Sequence[WaitingMessage]) -> list[str]:
        grouped: dict[str, list[WaitingMessage]] = {}
        for one in messages:
            grouped.setdefault(self._title(one), []).append(one)
        ordered = sorted(grouped.items(), key=lambda item: (-_gravity(item[1][0].severity), -len(item[1])))
        return [self._line(title, some) for title, some in ordered]

    def _line(self, title: str, some: Sequence[WaitingMessage]) -> str:
        named = list(dict.fromkeys(name for m in some if (name := m.told.get("order") or m.told.get("account"))))
        shown = ", ".join(named[:NAMED_MAX]) + (" …" if len(named) > NAMED_MAX else "")
        return f"{title}{f' ×{len(some)}' if len(some) > 1 else ''}{f': {shown}' if shown else ''}"

    def _title(self, message: WaitingMessage) -> str:
        notifications = self._blueprint.notifications
        template = notifications.templates[notifications.rules[message.rule].template]
        return render(self._word(template.title), self._values(message), FIELD_LENGTH_MAX, template.cut, "")

    def _body(
        self, template: TemplateEntry, values: Mapping[str, Value], to: str, severity: str, count: int,
    ) -> dict[str, Any]:
        more = self._word(MORE)
        used = {field for words in (template.title, template.text) for field in fields_of(self._word(words))}
        return {
            "to": to, "at": self._at.isoformat(), "template": template.name,
            "language": self._language, "severity": severity, "count": count,
            "title": render(self._word(template.title), values, self._limits.get("title"), template.cut, more),
            "text": render(self._word(template.text), values, self._limits.get("text"), template.cut, more),
            "fields": {theirs: self._field(ours, values) for ours, theirs in self._named(used) if ours in values},
        }

    def _named(self, used: set[str]) -> list[tuple[str, str]]:
        """(our field, what the messenger's template calls it)"""
        return sorted(self._names.items()) if self._names else [(name, name) for name in sorted(used)]

    def _field(self, name: str, values: Mapping[str, Value]) -> str:
        """A field by itself, for messengers that keep the words of their templates themselves."""
        most = self._limits.get("field") or FIELD_LENGTH_MAX
        return render(f"{{{name}}}", values, most, (), self._word(MORE)).replace("\n", " ") or "-"

    def _values(self, message: WaitingMessage) -> dict[str, Value]:
        told = message.told
        values: dict[str, Value] = {
            name: self._time(datetime.fromisoformat(text)) if name in TIMES and text else text
            for name, text in told.items()
        }
        rule = self._blueprint.notifications.rules[message.rule]
        values |= {"rule": self._word(rule.title), "severity": self._severity(message.severity),
                   "at": self._time(message.opened_at)}
        if kind := told.get("kind"):
            case = self._blueprint.case(kind)
            values |= {"kind": self._word(case.title), "mend": self._word(case.mend)}
        if token := told.get("token"):
            values["token"] = self._word(TOKENS.get(token) or Words(token, token))
        if owner := told.get("owner"):
            values["owner"] = self._word(self._blueprint.words.roles.get(owner) or Words(owner, owner))
        if name := told.get("stage"):
            stage = self._blueprint.lifecycle.stages.get(name)
            values |= {"stage": self._word(stage.title if stage else Words(name, name)),
                       "customer": self._word(stage.customer if stage else Words(name, name))}
        return values

    def _severity(self, severity: str) -> str:
        return self._word(SEVERITY_WORDS.get(severity) or Words(severity, severity))

    def _time(self, at: datetime) -> str:
        return f"{at.astimezone(self._zone):%m-%d %H:%M}"

    def _word(self, words: Words) -> str:
        return words.en if self._language == "en" else words.zh


def _gravity(severity: str) -> int:
    return SEVERITIES.index(severity) if severity in SEVERITIES else len(SEVERITIES)
