"""What every simulated platform has: a door that reads, checks, answers and refuses, and trouble and limits at it.

A platform's simulator derives from this (or from `ShopSimulator`, `WarehouseSimulator`, …), declares its `CALLS`
and how it says no (`NOES`), checks signatures by itself in `verify`, and writes its shapes.
"""

from __future__ import annotations

import hmac
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, ClassVar
from urllib.parse import urlencode

import orjson
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from orderloom.adapters.simulated import refused as why
from orderloom.adapters.simulated.asked import Asked, Call, Looked, Whole, read
from orderloom.adapters.simulated.clock import Now
from orderloom.adapters.simulated.limits import Limits
from orderloom.adapters.simulated.refused import No, Refused, refuse
from orderloom.adapters.simulated.tokens import Tokens
from orderloom.adapters.simulated.trouble import AFTER, BEFORE, OF_LISTS, OF_WRITES, Cut, Trouble, spoil, wait

FRAGMENT = b'{"response":{"list":[{"id":44'
SAID = (why.RATE_LIMITED, why.EXPIRED_TOKEN, why.BUSY)
"""Trouble that the platform says in its own words."""
VERBS = ["GET", "POST", "PUT", "PATCH", "DELETE"]


def same(one: str, other: str) -> bool:
    """Compare secrets in a time that tells nothing of them."""
    return hmac.compare_digest(one.encode(), other.encode())


class Platform:
    """One account at one platform. `requests` counts calls by name, `rejected` tells why calls were refused.

    `wall` is the clock of signatures and may differ from `now`, the clock of the trade. Settings that the kit reads:
    `slow_seconds`, `rates` ({call or "*": [per second, burst]}), `access_seconds`, `refresh_seconds`, `masked`.
    """

    NOES: ClassVar[Mapping[str, No]] = {}
    """How the platform says each of `refused.WORDS`."""
    COMMON: ClassVar[frozenset[str]] = frozenset()
    """Parameters that every call may carry (method, key, time, signature …)."""
    RATES: ClassVar[Mapping[str, Any]] = {}
    OWN_TROUBLE: ClassVar[tuple[str, ...]] = ()
    UNFIT_TROUBLE: ClassVar[tuple[str, ...]] = ()
    """What cannot happen to it: whoever reads the status alone takes a broken answer for a yes."""

    def __init__(self, credentials: dict[str, str], now: Now, settings: dict[str, Any]) -> None:
        self.credentials, self.now, self.settings = credentials, now, settings
        self.wall: Now = lambda: datetime.now(UTC)
        self.trouble = Trouble(self.OWN_TROUBLE)
        self.limits = Limits({**self.RATES, **(settings.get("rates") or {})})
        self.tokens: Tokens | None = None
        self.requests: Counter[str] = Counter()
        self.rejected: list[str] = []
        self.refusals: dict[str, str] = {}
        self.is_strict = False
        """Whether a parameter of a question that is known by name and that nobody looks at is refused."""
        self.reads_later = False
        """Whether a local time that its clock shows twice is read as the later of the two."""
        self._refused_next: list[str] = []
        self.refused: dict[str, datetime] = {}
        """What was refused by its key, and when for the first time."""
        self.poisoned: set[str] = set()
        self.done: dict[str, Any] = {}
        """Answers of writes by the caller's own key of idempotency."""
        self.calls = self.declare()
        self.app = Starlette(routes=self._routes())

    # What a platform says of itself

    def declare(self) -> dict[str, Call]:
        """Its calls by name."""
        raise NotImplementedError

    def name_of(self, asked: Asked) -> str:
        """Where one address serves all: which call is asked for."""
        return asked.text("method")

    async def before(self, asked: Asked) -> None:
        """What slows a call down before anybody looks at it."""

    def verify(self, asked: Asked) -> None:
        """Check key, time, token and signature, in the platform's order. Raises Refused (`raise self.no(…)`)."""

    def read_args(self, asked: Asked) -> dict[str, Any]:
        """The business parameters, for platforms that pack them; those of COMMON are left out of the check anyway."""
        return asked.args

    def write(self, content: Any, asked: Asked) -> Response:
        """A good answer."""
        return self.respond(orjson.dumps(content))

    def write_no(self, refused: Refused, asked: Asked) -> Response:
        """A refusal."""
        content = {"code": refused.code, "message": refused.message, "sub_code": refused.sub_code}
        return self.respond(orjson.dumps(content), refused.status, refused.headers)

    def respond(self, body: bytes, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
        """Bytes as the platform sends them: encoding and content type."""
        return Response(body, status, dict(headers or {}), "application/json")

    # What tests and the rehearsed world do with it

    def can_meet(self, kind: str) -> bool:
        """Whether this platform knows trouble of the kind: words for it, and answers that it could spoil."""
        return not (kind in SAID and kind not in self.NOES) and kind not in self.UNFIT_TROUBLE

    def fault(self, kind: str, count: int = 1, on: str = "") -> None:
        """The next `count` calls meet trouble (`trouble.py` names the kinds); `on`: only calls with it in the name."""
        if not self.can_meet(kind):
            raise ValueError(f"{kind}: this platform has no words for it")
        self.trouble.add(kind, count, on)

    def refuse(self, key: str, words: str = "拒绝 / refused") -> None:
        """Every write that names this key (an order's id, a SKU) is refused with these words; "" lifts it."""
        self.refusals[key] = words

    def skew(self, seconds: float) -> None:
        """Let the platform's clock go wrong against the caller's by so much."""
        self.wall = lambda: datetime.now(UTC) + timedelta(seconds=seconds)

    def expire_tokens(self) -> None:
        """Every access token ends now."""
        assert self.tokens is not None, "this platform has no tokens that end"
        self.tokens.expire_all()

    # What a platform's simulator uses

    def no(self, word: str, about: str = "") -> Refused:
        """The platform's own no for one of the kit's words."""
        return refuse(self.NOES[word], about)

    def need(self, asked: Asked, *names: str) -> list[str]:
        """These arguments, which must be there and not empty."""
        for name in names:
            if not asked.text(name):
                raise self.no(why.MISSING, name)
        return [asked.text(name) for name in names]

    def need_number(self, asked: Asked, name: str, default: int | None = None, low: int = 0, high: int = 10**12) -> int:
        """A whole number between `low` and `high`."""
        if default is None and not asked.text(name):
            raise self.no(why.MISSING, name)
        try:
            value = asked.number(name, default or 0)
        except ValueError as error:
            raise self.no(why.WRONG_VALUE, name) from error
        if not low <= value <= high:
            raise self.no(why.WRONG_VALUE, name)
        return value

    def one_of(self, asked: Asked, name: str, known: Mapping[str, Any] | frozenset[str], default: str = "") -> str:
        """A word out of a closed set."""
        value = asked.text(name) or default
        if value not in known:
            raise self.no(why.WRONG_VALUE, name)
        return value

    def instant(self, asked: Asked, name: str, read: Callable[[str], datetime]) -> datetime:
        """A time that must be there, in the platform's form."""
        (text,) = self.need(asked, name)
        try:
            return read(text).replace(fold=int(self.reads_later))
        except ValueError as error:
            raise self.no(why.WRONG_VALUE, name) from error

    def refuse_next(self, words: str = "拒绝 / refused") -> None:
        """The next write that names a key is refused, and that key from then on; `refusals` tells which it was."""
        self._refused_next.append(words)

    def check_refusal(self, *keys: str) -> str:
        """The words with which one of these keys is to be refused; "" when none is."""
        if self._refused_next and (key := next((key for key in keys if key), "")):
            self.refusals.setdefault(key, self._refused_next.pop())
        found = next((key for key in keys if self.refusals.get(key)), "")
        if found:
            self.refused.setdefault(found, datetime.now(UTC))
        return self.refusals[found] if found else ""

    def once(self, key: str, do: Callable[[], Any]) -> Any:
        """Do something once for each key of idempotency; a repeated call gets the answer of the first."""
        if not key or key not in self.done:
            answer = do()
            self.done[key] = answer
            return answer
        return self.done[key]

    def agree(self, asked: Asked, subject: str = "", **more: str) -> Response:
        """The page on which the seller agrees, and did at once: back to `redirect_uri` with a code and the state."""
        assert self.tokens is not None, "this platform asks nobody to agree"
        back, state = self.need(asked, "redirect_uri")[0], asked.text("state")
        query = urlencode({"code": self.tokens.consent(subject), "state": state, **more})
        return RedirectResponse(back + ("&" if "?" in back else "?") + query, 302)

    # The door

    def _routes(self) -> list[Route]:
        routes = []
        for name, call in self.calls.items():
            if call.at:
                verb, _, path = call.at.partition(" ")
                routes.append(Route(path, self._handler(name), methods=[verb]))
        return [*routes, Route("/{path:path}", self._handler(""), methods=VERBS)]

    def _handler(self, name: str) -> Callable[[Request], Awaitable[Response]]:
        return partial(self._answer, name)

    async def _answer(self, name: str, request: Request) -> Response:
        asked = await read(request, name)
        asked.name = name or self.name_of(asked)
        self.requests[asked.name] += 1
        await self.before(asked)
        call = self.calls.get(asked.name)
        is_write = call is not None and call.is_write
        kind = self.trouble.take(*BEFORE, *AFTER, *(OF_WRITES if is_write else OF_LISTS), name=asked.name,
                                 is_spared=call is not None and call.is_spared)
        if kind == "slow":
            await wait(float(self.settings.get("slow_seconds", 2)))
        if kind == "status_500":
            return Response("Internal Server Error", 500)
        if kind == "dropped":
            return Cut()
        if kind == "broken_body" and is_write:
            return self.respond(FRAGMENT)
        response = self._judge(asked, call, kind)
        if kind in ("half_body", "lost_answer"):
            return Cut(bytes(response.body)[: len(response.body) // 2] if kind == "half_body" else b"")
        if kind == "done_then_500":
            return Response("Internal Server Error", 500)
        if kind == "broken_body" or any(key.encode() in response.body for key in self.poisoned):
            return self.respond(bytes(response.body)[: max(1, len(response.body) * 2 // 3)])
        return response

    def _judge(self, asked: Asked, call: Call | None, kind: str) -> Response:
        try:
            if kind in SAID:
                raise self.no(kind)
            if call is None or not call.is_open:
                self.verify(asked)
            if call is None:
                raise self.no(why.UNKNOWN_CALL, asked.name or asked.path)
            if seconds := self.limits.wait(asked.name, asked.text("access_token")):
                raise self._too_fast(seconds)
            asked.args = args = Looked(self.read_args(asked))
            asked.query = Whole(asked.query, args.looked)
            self._refuse_unknown(asked, call)
            content = call.answer(asked)
            if self.is_strict and not (call.is_write or call.is_open):
                self._refuse_ignored(args)
        except Refused as refused:
            self.rejected.append(f"{asked.name}: {refused}")
            return self.write_no(refused, asked)
        if isinstance(content, Response):
            return content
        if kind in OF_LISTS and not spoil(kind, content):
            self.trouble.give_back(kind)
        return self.write(content, asked)

    def _too_fast(self, seconds: float) -> Refused:
        refused = self.no(why.RATE_LIMITED, f"{seconds:.0f}")
        if refused.status == 429:
            refused.headers.setdefault("Retry-After", str(max(1, round(seconds + 0.5))))
        return refused

    def _refuse_ignored(self, args: Looked) -> None:
        """A parameter of a question that nobody looked at is one that this simulator does not know."""
        for name in sorted({one for one, value in args.items() if value not in (None, "", [], {})} - args.looked):
            if name not in self.COMMON:
                raise self.no(why.UNKNOWN_PARAMETER, name)

    def _refuse_unknown(self, asked: Asked, call: Call) -> None:
        known = self.COMMON | set(call.known.split())
        for name in asked.args:
            if name not in known:
                raise self.no(why.UNKNOWN_PARAMETER, name)
