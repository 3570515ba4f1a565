"""Judges what a platform sends by itself: who sent it, what it is, what is landed or read again, what is answered.

The sender is proven on the raw bytes before anything is parsed that the proof does not need. What is not proven is kept
in quarantine with the reason; a secret that is not set proves nothing.
"""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any, NamedTuple
from urllib.parse import parse_qsl

import msgspec

from orderloom.adapters.halving import NotTheAnswer
from orderloom.adapters.kit.casts import read_time, to_json
from orderloom.adapters.kit.cut import as_utf8, parsed, records
from orderloom.adapters.kit.envelopes import CannotOpen, open_envelope, seal_wechat, signature_of
from orderloom.adapters.kit.paths import INNER, look, text
from orderloom.adapters.kit.plan import ConnectorPlan, PushPlan, VerifyPlan
from orderloom.adapters.kit.platform import scope_of
from orderloom.adapters.kit.schema import ReplyBlock, StandsBlock, TopicBlock
from orderloom.adapters.kit.scope import CallNames
from orderloom.adapters.kit.signing import UnreadableKey
from orderloom.application.ports import HINT, Account, Inbound, Item, Reread, Verdict
from orderloom.blueprint.duration import seconds
from orderloom.blueprint.mapping.bodies import Unreadable, parse_body

FIELDS_MAX = 200
MESSAGES_MAX = 1_000
UNTOLD = "untold"
NO_SECRET = "no_secret"


class PushedMessage(NamedTuple):
    """One of the things that a push says: its bytes, and its data."""

    body: bytes
    data: Any


class Knock:
    """A request at the door, with the names that its proof may need; each is worked out when it is asked for."""

    def __init__(self, plan: ConnectorPlan, push: PushPlan, request: Inbound, account: Account) -> None:
        self.plan, self.push, self.request, self.account = plan, push, request, account
        self._read: tuple[bytes, Any] | None = None

    def parsed(self, body: bytes) -> Any:
        """A text's data; of the same text that was asked about before, without reading it again."""
        if self._read is None or self._read[0] is not body:
            self._read = body, parsed(body)
        return self._read[1]

    @cached_property
    def form(self) -> dict[str, str]:
        """The fields of a form body."""
        try:
            return dict(parse_qsl(self.request.body.decode(), keep_blank_values=True, max_num_fields=FIELDS_MAX))
        except ValueError:
            return {}

    @cached_property
    def data(self) -> Any:
        """The body's data, None when it cannot be read."""
        if self.push.said.body == "form":
            return self.form
        return _xml(self.request.body) if self.push.said.body == "xml" else self.parsed(self.request.body)

    @cached_property
    def scope(self) -> CallNames:
        """The names."""
        request = self.request
        names = {
            "raw_body": request.body, "path": request.path, "query": dict(request.query), "header": request.headers,
            "public_url": text(self.account.settings.get("public_url")), "method": request.method,
        }
        base = scope_of(self.plan, self.account, self.account.credentials, names)
        if not self.push.needs_data:
            return base
        return base.also(form=self.form, data=self.data)


def hear(plan: ConnectorPlan, push: PushPlan, request: Inbound, account: Account, at: datetime) -> Verdict:
    """What is made of a request."""
    knock, said = Knock(plan, push, request, account), push.said
    if push.challenge is not None and said.challenge is not None and said.challenge.query in request.query:
        return _challenged(knock)
    if request.method not in said.method:
        return Verdict((Item("unexpected", request.body),), "not_a_push", 404, b"")
    if fault := _fault(knock, push.verify, at):
        return _refused(knock, fault)
    try:
        plain = _opened(knock)
    except CannotOpen:
        return _refused(knock, "sealed")
    if said.test and text(look(knock.parsed(plain), said.test.at)) in {text(one) for one in said.test.in_}:
        return _accepted(knock, (), ())
    if said.own and text(_stands(knock, said.own, knock.parsed(plain))).lower() not in _own(knock):
        # One app's secret signs for every shop that installed it: the shop must be ours too.
        return Verdict((Item(UNTOLD, request.body),), "other_shop", said.reply.status, _body(knock, said.reply))
    return _told(knock, plain)


def _told(knock: Knock, plain: bytes) -> Verdict:
    push, items, again = knock.push.said, [], []
    messages = _messages(knock, plain)
    if len(messages) > MESSAGES_MAX:
        return _refused(knock, "too_many_messages")
    context = tuple((name, knock.request.headers[name]) for name in push.keep if name in knock.request.headers)
    for message in messages:
        kind = text(_find(knock, push.kind, message.data)) or UNTOLD
        topic = push.topics.get(kind, push.other)
        event = text(_find(knock, push.event_id, message.data))
        body = message.body if push.items or push.decrypt else knock.request.body
        reread = reread_of(topic, message.data)
        again += reread
        landed = HINT if reread or topic.ignore else topic.topic or kind
        items.append(Item(landed, body, event, context))
    if push.decrypt:
        # The envelope is the voucher; what it held is landed beside it only where it is to be read.
        items = [Item(HINT, knock.request.body, "", context), *(one for one in items if one.topic != HINT)]
    return _accepted(knock, tuple(items), tuple(again))


def reread_of(topic: TopicBlock, data: Any) -> list[Reread]:
    """What a message of this kind says is to be read again."""
    if not topic.reread:
        return []
    found = look(data, topic.id)
    return [Reread(topic.reread, text(one)) for one in (found if isinstance(found, list) else [found]) if text(one)]


def _messages(knock: Knock, plain: bytes) -> list[PushedMessage]:
    said = knock.push.said
    if said.body == "xml" and not said.decrypt:
        return [PushedMessage(plain, knock.data)]
    if said.form:
        plain = knock.form.get(said.form, "").encode()
    elif said.body == "form":
        return [PushedMessage(plain, knock.form)]
    try:
        bodies = records(plain, said.items) if said.items else (plain,)
    except NotTheAnswer:
        bodies = (plain,)
    return [PushedMessage(body, with_content(_any(body) if said.decrypt else knock.parsed(body), said.content))
            for body in bodies]


def _any(body: bytes) -> Any:
    """What an envelope held: JSON, else XML."""
    data = parsed(body)
    return _xml(body) if data is None else data


def _xml(body: bytes) -> Any:
    """What stands within the outermost element; None when it is no XML."""
    try:
        data = parse_body("xml", as_utf8(body).decode(), {}).data
    except (Unreadable, UnicodeError):
        return None
    return next(iter(data.values())) if isinstance(data, dict) and len(data) == 1 else data


def with_content(data: Any, path: str) -> Any:
    """The message with the JSON text that it holds read: its fields stand under `content`."""
    if not path or not isinstance(data, dict):
        return data
    return {**data, "content": look(data, path.rstrip(INNER) + INNER)}


def _opened(knock: Knock) -> bytes:
    said = knock.push.said
    if not said.decrypt:
        return knock.request.body
    keys = {name: text(value(knock.scope)) for name, value in knock.push.keys.items()}
    sealed = text(look(knock.data, ("encrypt", "Encrypt"))) or knock.form.get("encrypt", "")
    if not sealed or not all(keys.get(name) for name in keys if name != "receiver"):
        raise CannotOpen("no envelope, or nothing to open it with")
    return open_envelope(said.decrypt, sealed, keys)


def _fault(knock: Knock, proofs: Sequence[VerifyPlan], at: datetime) -> str:
    """Why a push is not to be believed; "" when one of the ways of proof holds."""
    first = ""
    for proof in proofs:
        if not (fault := _disproved(knock, proof, at)):
            return ""
        first = first or fault
    return first or "unsigned"


def _disproved(knock: Knock, proof: VerifyPlan, at: datetime) -> str:
    said = proof.said
    if said.code:
        return str(knock.plan.module(said.code).disproved(knock.request, knock.account, at))
    if proof.token is not None and said.token is not None:
        wanted, given = text(proof.token(knock.scope)), text(_stands(knock, said.token.found, None))
        if not wanted or not hmac.compare_digest(wanted.encode(), given.encode("utf-8", "replace")):
            return "token"
    for signer in proof.signers:
        scope = knock.scope
        if proof.params is not None:
            scope = scope.also(params_said={**knock.request.query, **proof.params(scope)})
        else:
            scope = scope.also(params_said=dict(knock.request.query), query_said=dict(knock.request.query))
        recipe = signer(scope.get)
        for name in recipe.names:
            behind = proof.secrets.get(name.partition(".")[0])
            if behind and not (text(scope.get(name)) and any(text(scope.get(one)) for one in behind)):
                return NO_SECRET  # anyone could have sent this
        try:
            if recipe.fits(scope.get, text(_stands(knock, said.found, None)).strip()):
                return _stale(knock, proof, at)
        except UnreadableKey:
            return NO_SECRET  # entered wrongly: it proves nothing
    if proof.signers:
        return "signature"
    return "" if said.unsigned or proof.token is not None else "unsigned"


def _stale(knock: Knock, proof: VerifyPlan, at: datetime) -> str:
    said = proof.said
    if not said.within or said.stamp is None:
        return ""
    sent = read_time(_stands(knock, said.stamp, None), said.stamp.as_, UTC)
    if sent is None or abs(at - sent) > timedelta(seconds=seconds(said.within)):
        return "stale"
    return ""


def _stands(knock: Knock, where: StandsBlock | None, data: Any) -> Any:
    """What stands at {header|query|form|at: name}."""
    if where is None:
        return None
    if where.header:
        return knock.request.headers.get(where.header.lower())
    if where.query:
        return knock.request.query.get(where.query)
    if where.form:
        return knock.form.get(where.form)
    return look(data if data is not None else knock.data, where.at)


def _find(knock: Knock, where: str | list[str] | StandsBlock, data: Any) -> Any:
    return _stands(knock, where, data) if isinstance(where, StandsBlock) else look(data, where)


def _own(knock: Knock) -> frozenset[str]:
    """What our shop is called there; "" where nobody said, and then every shop is ours."""
    value = text(knock.push.own(knock.scope)).lower() if knock.push.own else ""
    if not value:
        return _Everything()
    return frozenset({value})


class _Everything(frozenset[str]):
    """Every shop."""

    def __contains__(self, _: object) -> bool:
        return True


def _challenged(knock: Knock) -> Verdict:
    push, said = knock.push, knock.push.said.challenge
    assert said is not None and push.challenge is not None
    if push.challenge.verify is not None and (fault := _disproved(knock, push.challenge.verify, datetime.now(UTC))):
        return _refused(knock, fault)
    given = knock.request.query[said.query]
    if said.opened:
        keys = {name: text(value(knock.scope)) for name, value in push.keys.items()}
        try:
            given = open_envelope(push.said.decrypt, given, keys).decode("utf-8", "replace")
        except (CannotOpen, KeyError):
            return _refused(knock, "sealed")
    value = push.challenge.body(knock.scope.also(challenge=given))
    reply = value if isinstance(value, str) else to_json(value)
    return Verdict((), "", 200, reply.encode(), said.type_)


def _refused(knock: Knock, fault: str) -> Verdict:
    refuse = knock.push.said.refuse
    topic = text(_find(knock, knock.push.said.kind, None)) if isinstance(knock.push.said.kind, StandsBlock) else ""
    topic = topic or knock.push.said.other.topic or UNTOLD
    return Verdict((Item(topic, knock.request.body),), fault, refuse.status, _body(knock, refuse),
                   refuse.type_)


def _accepted(knock: Knock, items: tuple[Item, ...], again: tuple[Reread, ...]) -> Verdict:
    reply = knock.push.said.reply
    return Verdict(items, "", reply.status, _body(knock, reply), reply.type_, again)


def _body(knock: Knock, reply: ReplyBlock) -> bytes:
    plain = reply.body if isinstance(reply.body, str) else to_json(reply.body)
    if not reply.encrypt:
        return plain.encode()
    keys = {name: text(value(knock.scope)) for name, value in knock.push.keys.items()}
    sealed = seal_wechat(plain.encode(), keys)
    stamp, nonce = knock.request.query.get("timestamp", ""), knock.request.query.get("nonce", "")
    signed = signature_of(keys.get("token", ""), stamp, nonce, sealed)
    return msgspec.json.encode({"msg_signature": signed, "timeStamp": stamp, "nonce": nonce, "encrypt": sealed})


