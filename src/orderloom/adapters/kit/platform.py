"""Asks a platform one question: at the pace that is allowed, with a token that is good, and hears what it means.

Every call of a declared connector goes through here - pulls, tellings, trials of an account and a folder's own code -
so none can forget the pace, the token or the table of answers.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

import httpx2

from orderloom.adapters.http_times import http_date
from orderloom.adapters.kit.answers import Heard, Judged, judge
from orderloom.adapters.kit.casts import read_time
from orderloom.adapters.kit.cut import as_utf8, parsed
from orderloom.adapters.kit.dropped import folder_of, write_file
from orderloom.adapters.kit.paths import look, text
from orderloom.adapters.kit.plan import ConnectorPlan, Renewal
from orderloom.adapters.kit.requests import Question, build
from orderloom.adapters.kit.scope import CallNames
from orderloom.application.ports import Account, Granted, Lane, Limits, Terminal, Tokens, Transient, Trouble
from orderloom.blueprint.duration import seconds
from orderloom.blueprint.mapping.bodies import Unreadable, parse_body

ANSWER_EXCERPT_MAX = 2_000
UNREADABLE = "unreadable"
HIDDEN, SECRET_MIN = "***", 6
TOKEN_MAX = 20_000
EMPTY = (201, 202, 204)
"""Statuses by which a platform says that it is done, and may say no more."""
OURS = ("token_old", "wrong_key", "not_allowed")
"""Refusals that are of the account and not of the thing: they go by our word, whatever the platform calls them."""


class Commons(NamedTuple):
    """What the processes of the hub share when they call a platform."""

    tokens: Tokens
    limits: Limits


class GoodAnswer(NamedTuple):
    """An answer that is no refusal, and what it means: good, done, or `unreadable` where that was allowed."""

    heard: Heard
    meaning: Judged

    @property
    def data(self) -> Any:
        """What it says."""
        return self.heard.data

    @property
    def excerpt(self) -> bytes:
        """Its beginning, for the record."""
        return self.heard.body[:ANSWER_EXCERPT_MAX]


class Platform:
    """One account's platform, for the calls of one lane."""

    def __init__(
        self, plan: ConnectorPlan, account: Account, http: httpx2.AsyncClient, commons: Commons, lane: Lane,
    ) -> None:
        self.plan, self.account, self.http = plan, account, http
        self._commons, self._lane = commons, lane

    @property
    def commons(self) -> Commons:
        """What the hub's processes share, for a folder's code that speaks by a declaration of its own."""
        return self._commons

    async def ask(
        self, question: Question, names: Mapping[str, Any] | None = None, *, extra: Mapping[str, Any] | None = None,
        is_lenient: bool = False,
    ) -> GoodAnswer:
        """The answer, when it is no refusal. A token that is old is renewed, and the question asked once more.

        `is_lenient`: a 2xx that cannot be read is given back as `unreadable` rather than raised. Raises Transient or
        Terminal, whose code is the platform's own where it tells one.
        """
        credentials = await self._credentials()
        for is_last in (False, True):
            heard = await self._send(question, credentials, names or {}, extra or {})
            meaning = self._judge(question, heard)
            if meaning.means != "token_old" or self.plan.renewal is None or is_last:
                break
            if self.plan.is_entered(credentials):
                meaning = meaning._replace(means="wrong_key")
                break
            credentials = await self._commons.tokens.renew(self.account, credentials, self._grant)
        if meaning.means == "too_fast":
            await self._commons.limits.learn(self.account, question.name, meaning.wait or 1.0)
        if meaning.means in ("good", "done") or (is_lenient and meaning.means == UNREADABLE):
            return GoodAnswer(heard, meaning)
        raise trouble(question, *self._without_secrets(credentials, meaning, heard))

    async def named(self, name: str, **names: Any) -> GoodAnswer:
        """Ask one of the questions under `asks`. Raises as `ask`."""
        return await self.ask(self.plan.asks[name], names)

    def scope(self, names: Mapping[str, Any], credentials: Mapping[str, str] | None = None) -> CallNames:
        """The names of a call: the account's settings and credentials, and the call's own."""
        return scope_of(self.plan, self.account, credentials or self.account.credentials, names)

    async def must_be_authorised(self) -> None:
        """Raises as `ask` does where nobody can be asked in the name of the account."""
        await self._credentials()

    async def grant(self, renewal: Renewal, names: Mapping[str, Any], credentials: Mapping[str, str]) -> Granted:
        """Ask for tokens. Raises Transient or Terminal."""
        heard = await self._send(renewal.question, credentials, names, {})
        meaning = self._judge(renewal.question, heard)
        if meaning.means not in ("good", "done"):
            raise trouble(renewal.question, *self._without_secrets(credentials, meaning, heard))
        return self._granted(renewal, heard)

    async def _credentials(self) -> Mapping[str, str]:
        """The newest tokens; renewed when they are missing or about to end.

        One that is still good is used though it cannot be renewed now. Raises Terminal `to_authorise` while nobody has
        authorised the account.
        """
        tokens = self._commons.tokens
        if self.plan.renewal is None and self.plan.authorise is None:
            return self.account.credentials
        credentials = await tokens.current(self.account)
        if self.plan.is_entered(credentials):
            return credentials
        made = [name for name, one in self.plan.said.credentials.items() if one.made_by]
        if self.plan.authorise is not None and not any(credentials.get(name) for name in made):
            raise Terminal("to_authorise", f"尚未授权，请运行 orderloom accounts authorise {self.account.code} / "
                           f"not authorised yet: orderloom accounts authorise {self.account.code}")
        if self.plan.renewal is None:
            return credentials
        ends, now = await tokens.ends(self.account), datetime.now(UTC)
        names = self.plan.renewal.first_needed
        soon = now + self.plan.renewal.before_end
        if not any(not credentials.get(name) or _ends(ends, name, soon) for name in names):
            return credentials
        try:
            return await tokens.renew(self.account, credentials, self._grant)
        except Trouble:
            if any(not credentials.get(name) or _ends(ends, name, now) for name in names):
                raise
            return credentials

    async def _grant(self, credentials: Mapping[str, str]) -> Granted:
        assert self.plan.renewal is not None
        return await self.grant(self.plan.renewal, {}, credentials)

    def _granted(self, renewal: Renewal, heard: Heard) -> Granted:
        now = datetime.now(UTC)
        values = {name: _plain(look(heard.data, path)) for name, path in renewal.said.keep.items()}
        if renewal.said.cookie:
            values["session"] = _cookie(heard, renewal.said.cookie)
        values = {name: value for name, value in values.items() if value}
        if not values:
            raise Transient("unreadable_answer", f"{renewal.question.name}: no token in the answer")
        expires = {}
        for name in values:
            told = renewal.said.ends.get(name)
            lives = self.plan.said.credentials[name].lives if name in self.plan.said.credentials else ""
            end = _end(look(heard.data, told.at), told.as_, now) if told else None
            if end is None and lives:
                end = now + timedelta(seconds=seconds(lives))
            if end is not None:
                expires[name] = end
        # What renews the others ends the authorisation; where nothing renews them, the last of them does. A token to
        # renew by that is over when it is given is none.
        renewing = {name: end for name, end in expires.items() if name.startswith("refresh")}
        is_renewed = self.plan.renewal is not None and (not renewing or any(end > now for end in renewing.values()))
        return Granted(values, expires, max((renewing if is_renewed else expires).values(), default=None))

    def _judge(self, question: Question, heard: Heard) -> Judged:
        meaning = judge(heard, (*question.rows, *self.plan.rows), says_good=self.plan.says_good)
        if meaning.means == "wrong_key" and _is_clock_off(question, heard):
            # A clock that is off looks like a wrong key; it is mended on the machine, and the message is right.
            return meaning._replace(means="clock")
        is_read = heard.is_readable or meaning.means not in ("good", "unknown")
        return meaning if is_read else Judged(UNREADABLE, "unreadable_answer", "the answer cannot be read")

    def _without_secrets(
        self, credentials: Mapping[str, str], meaning: Judged, heard: Heard,
    ) -> tuple[Judged, Heard]:
        """A refusal is written down: what it repeats of our secrets is not."""
        code, why, body = meaning.code, meaning.why, heard.body[:ANSWER_EXCERPT_MAX]
        for name, one in self.plan.said.credentials.items():
            secret = credentials.get(name) or ""
            if (one.secret or one.made_by) and len(secret) >= SECRET_MIN:
                code, why = code.replace(secret, HIDDEN), why.replace(secret, HIDDEN)
                body = body.replace(secret.encode(), HIDDEN.encode())
        return meaning._replace(code=code, why=why), heard._replace(body=body)

    async def _send(
        self, question: Question, credentials: Mapping[str, str], names: Mapping[str, Any], extra: Mapping[str, Any],
    ) -> Heard:
        await self._commons.limits.wait(self.account, question.name, self._lane)
        scope = self.scope(names, credentials)
        base_url, elsewhere = self.plan.address(scope, self.account)
        try:
            sent = build(question, scope, base_url, elsewhere, extra)
        except (TypeError, ValueError, ArithmeticError) as error:
            raise unwritable(question, error) from None
        folder = folder_of(self.account, question.section.said.folder) if question.section.said.folder else None
        if folder is not None and question.file is not None:
            name = await write_file(folder, text(question.file(scope)), sent.content or b"")
            return Heard(200, {}, b"", {"file": name})
        try:
            answer = await self.http.request(
                sent.method, sent.url, headers=sent.headers, content=sent.content, timeout=question.section.slowest)
        except (httpx2.LocalProtocolError, httpx2.InvalidURL, UnicodeError) as error:
            raise unwritable(question, error) from None
        except httpx2.RequestError as error:
            raise Transient("unreachable", f"{question.name}: {type(error).__name__} {error}") from error
        return _heard(answer, question.section.said.answer)


def scope_of(
    plan: ConnectorPlan, account: Account, credentials: Mapping[str, str], names: Mapping[str, Any],
) -> CallNames:
    """What the names of a value stand for."""
    known = {**plan.defaults, **account.settings, **credentials, **names}
    found = CallNames(known, datetime.now(UTC), plan.zone, plan.tables)
    return found.beside({name: value(found) for name, value in plan.names.items()}) if plan.names else found


def unwritable(question: Question, error: Exception) -> Terminal:
    """A value that no request can hold; what it is is not said, for it may be a secret."""
    return Terminal("unwritable_request", f"{question.name}: 请求里有无法写出的值 / a value in the request cannot be "
                    f"written ({type(error).__name__})")


def trouble(question: Question, meaning: Judged, heard: Heard) -> Trouble:
    """What a refusal is: worth another try, or a person's to mend.

    Of a refused signature the answer is not kept: platforms repeat in it what was signed, people and texts included."""
    words = f"{question.name}: {meaning.why}".rstrip(": ")
    answer = b"" if meaning.means == "wrong_key" else heard.body[:ANSWER_EXCERPT_MAX]
    code = meaning.code or meaning.means
    if meaning.means == "too_fast":
        return Transient("rate_limited", f"{words} ({code})", retry_after=meaning.wait, answer=answer)
    if meaning.means == "clock":
        return Transient("clock_skew", f"{words} ({code})", retry_after=meaning.wait, answer=answer)
    if meaning.means == UNREADABLE:
        return Transient("unreadable_answer", words, answer=answer)
    if meaning.means == "unknown":
        return Transient("unknown_answer", f"{words}: 应答含义不明 / nobody knows what it means", answer=answer)
    if meaning.means == "again":
        return Transient(code, words, retry_after=meaning.wait, answer=answer)
    if meaning.means == "missing":
        return Terminal("not_found", words, answer=answer)
    if meaning.means in OURS:
        return Terminal(meaning.means, f"{words} ({code})", answer=answer)
    return Terminal(code, words, answer=answer)


def _heard(answer: httpx2.Response, form: str) -> Heard:
    headers = {name.lower(): value for name, value in answer.headers.items()}
    body = answer.content
    if form in ("text", "none"):
        return Heard(answer.status_code, headers, body, body.decode("utf-8", "replace")[:ANSWER_EXCERPT_MAX])
    if answer.status_code in EMPTY and not body.strip():
        return Heard(answer.status_code, headers, body, {})
    data = _xml(body) if form == "xml" else parsed(body)
    return Heard(answer.status_code, headers, body, data, data is not None)


def _xml(body: bytes) -> Any:
    try:
        return parse_body("xml", as_utf8(body).decode(), {}).data
    except (Unreadable, UnicodeError):
        return None


def _is_clock_off(question: Question, heard: Heard) -> bool:
    """Whether our clock is further from the platform's, which every answer tells, than it allows."""
    theirs = http_date(heard.headers.get("date", ""))
    allowed = seconds(question.section.said.now.clock)
    return theirs is not None and abs((datetime.now(UTC) - theirs).total_seconds()) > allowed


def _plain(value: Any) -> str:
    """What can be kept of an answer as a token; "" where it is none: it must not take the place of one that is."""
    found = text(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""
    return found if found.isprintable() and len(found) <= TOKEN_MAX else ""


def _ends(ends: Mapping[str, datetime], name: str, by: datetime) -> bool:
    return name in ends and ends[name] <= by


def _cookie(heard: Heard, name: str) -> str:
    for part in heard.headers.get("set-cookie", "").replace(",", ";").split(";"):
        key, _, value = part.strip().partition("=")
        if key == name:
            return value
    return ""


def _end(told: Any, cast: str, now: datetime) -> datetime | None:
    if cast == "seconds":
        digits = text(told)
        return now + timedelta(seconds=int(digits)) if digits.isdecimal() and len(digits) < 10 else None
    return read_time(told, cast, UTC)
