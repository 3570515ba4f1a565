"""Builds a request as a call's declaration says: values, body, signature, in the exact bytes that are sent."""

from __future__ import annotations

import gzip
import re
import uuid
from collections.abc import Collection, Mapping
from decimal import Decimal
from typing import Any, NamedTuple
from urllib.parse import quote, unquote, urlencode, urlsplit

from orderloom.adapters.kit.answers import Row, compile_rows
from orderloom.adapters.kit.casts import CASTS, to_json, written_time
from orderloom.adapters.kit.notes import DeclarationNotes, Place
from orderloom.adapters.kit.paths import text
from orderloom.adapters.kit.schema import AskBlock, CallBlock, WrapBlock, WriteBlock
from orderloom.adapters.kit.scope import CallNames
from orderloom.adapters.kit.signing import Signer, compile_signer
from orderloom.adapters.kit.values import Compiler, Value, to_xml
from orderloom.blueprint.duration import seconds

BUILT_IN = frozenset({"now", "nonce", "api", "path", "method", "raw_body"})
"""Names that every request gives."""
VERBS = ("get", "post", "put", "patch", "delete")
CONTENT_TYPES = {"form": "application/x-www-form-urlencoded", "json": "application/json", "xml": "text/xml"}
XML = '<?xml version="1.0" encoding="utf-8"?>'
_HOLE = re.compile(r"\{(\w+)\}")
_STEPS = re.compile(r"[/\\]")


class Section(NamedTuple):
    """What all calls of a kind have in common, compiled."""

    said: CallBlock
    query: Value
    send: Value
    headers: Value
    signer: Signer | None
    slowest: float


class Question(NamedTuple):
    """A request of the file, compiled. `name` says in an error and for the pace which one it is."""

    name: str
    method: str
    path: str
    api: str
    section: Section
    holes: Value
    query: Value
    send: Value
    headers: Value
    root: Mapping[str, Any]
    rows: tuple[Row, ...]
    file: Value | None = None


def is_bodiless(method: str, section: Section) -> bool:
    """Whether what stands in `send` would leave in the body of a GET, where hardly a platform looks."""
    wrap = section.said.wrap
    return method == "GET" and (wrap is None or wrap.into != "query")


class HttpRequest(NamedTuple):
    """A request as it leaves."""

    method: str
    url: str
    headers: dict[str, str]
    content: bytes | None


def compile_section(
    said: CallBlock, place: Place, known: Collection[str], compiler: Compiler, notes: DeclarationNotes,
) -> Section:
    """The common part of calls. Notes what is wrong."""
    names = {*known, *BUILT_IN, "delivery"}  # what a telling is called may be signed: its id stands in a header
    if said.now.as_ not in CASTS:
        notes.unknown((*place, "now", "as"), said.now.as_, CASTS)
    signer = compile_signer(said.sign, (*place, "sign"), names, notes) if said.sign is not None else None
    return Section(
        said, compiler.block(said.query, (*place, "query"), names), compiler.block(said.send, (*place, "send"), names),
        compiler.block(said.headers, (*place, "headers"), names), signer, float(seconds(said.slowest)),
    )


def compile_question(
    said: AskBlock, place: Place, known: Collection[str], sections: Mapping[str, Section], compiler: Compiler,
    notes: DeclarationNotes,
) -> Question:
    """A request. Notes what is wrong."""
    given = [verb for verb in VERBS if getattr(said, verb)]
    if len(given) > 1 or not (given or said.api):
        notes.wrong(place, f"写 {'、'.join(VERBS)} 之一或 api / one of {', '.join(VERBS)} or api is needed")
    path = getattr(said, given[0]) if given else ""
    name = said.as_ or next(iter(sections), "")
    if name not in sections:
        notes.unknown((*place, "as"), name, sections)
    section = sections.get(name) or next(iter(sections.values()))
    names = {*known, *BUILT_IN}
    if "$" in path or (path and path[0] != "/" and "://" not in path):
        notes.wrong((*place, given[0]), "路径以 / 开头，值写成 {名称} / a path begins with /, and a value in it is "
                                        "{name} with path: {name: $value}")
    holes = set(_HOLE.findall(path))
    for hole in sorted(holes ^ said.path.keys()):
        notes.wrong((*place, "path"), f"{{{hole}}} 在路径与 path 中须成对 / must stand in the path and in path")
    method = given[0].upper() if given else section.said.method
    if said.send and is_bodiless(method, section):
        notes.wrong((*place, "send"), "GET 没有正文，请写 query / a GET has no body: write query")
    return Question(
        said.api or f"{method} {path}", method, path, said.api, section,
        compiler.block(said.path, (*place, "path"), names), compiler.block(said.query, (*place, "query"), names),
        compiler.value(said.send, (*place, "send"), names), compiler.block(said.headers, (*place, "headers"), names),
        said.root, compile_rows(said.answers, (*place, "answers"), notes),
        compiler.value(said.file, (*place, "file"), names) if said.file is not None else None,
    )


class _Leaving(NamedTuple):
    """What is about to leave: the query as texts, the body's values with its bytes, and what stands wrapped in it."""

    query: dict[str, str]
    headers: dict[str, Any]
    send: Any
    content: bytes | None
    wrapped: Mapping[str, str]


def build(
    question: Question, scope: CallNames, base_url: str, elsewhere: str, extra: Mapping[str, Any],
) -> HttpRequest:
    """The request with its signature. `extra` are values of the walk (page, window) by `query` and `send`.

    An address that the file names in full is moved `elsewhere` where that is said: a sandbox never calls the platform.
    """
    said = question.section.said
    path = _filled(question, scope)
    scope = scope.also(
        now=written_time(scope.at, said.now.as_, scope.zone, said.now.minus), nonce=uuid.uuid4().hex,
        api=question.api or None, path=_path_alone(path), method=question.method,
    )
    leaving = _signed(question, scope, _leaving(question, scope, extra))
    return _finished(question, _address(path, said.base_url, base_url, elsewhere), leaving)


def _filled(question: Question, scope: CallNames) -> str:
    """The path with its holes filled; a list stands as steps.

    Raises ValueError where a value is nothing, or a step up however it is written: it would lead to another address.
    """
    if "{" not in question.path:
        return question.path
    found = question.holes(scope)
    holes = {name: [text(one) for one in (value if isinstance(value, list) else [value])]
             for name, value in found.items()}  # fmt: skip
    steps = {name: "/".join(quote(one, safe="") for one in parts) for name, parts in holes.items() if all(parts)}
    filled = _HOLE.sub(lambda hole: steps.get(hole[1]) or _no_step(), question.path)
    if not {".", ".."}.isdisjoint(_STEPS.split(_plain(_path_alone(filled).partition("?")[0]))):
        _no_step()
    return filled


def _plain(written_path: str) -> str:
    """What a path says after whoever decodes it on its way."""
    while (decoded := unquote(written_path)) != written_path:
        written_path = decoded
    return written_path


def _no_step() -> str:
    raise ValueError("no step of a path")


def _leaving(question: Question, scope: CallNames, extra: Mapping[str, Any]) -> _Leaving:
    """The values of a call, those that all calls have in common and those of the walk, each where it stands."""
    said, section = question.section.said, question.section
    query = {**section.query(scope), **question.query(scope), **extra.get("query", {})}
    common, own = section.send(scope), question.send(scope)
    if isinstance(own, dict):
        own = within(own, extra.get("send", {}))
    headers = {**section.headers(scope), **question.headers(scope)}
    wrapped: dict[str, str] = {}
    raw: bytes | None = None
    if said.wrap is not None and (own or said.wrap.into == "body"):
        as_text = _wrapped(own, said.wrap)
        wrapped, own = {said.wrap.name: as_text}, {}
        if said.wrap.into == "query":
            query |= wrapped
        elif said.wrap.into == "send":
            common = {**common, said.wrap.name: [as_text] if said.wrap.listed else as_text}
        else:
            raw = as_text.encode()
    send = own if isinstance(own, list) else {**common, **own}
    is_empty = said.body == "none" or (question.method == "GET" and not send)
    content = raw if raw is not None else None if is_empty else _body(send, question)
    as_texts = {name: written(value, said.write) for name, value in query.items()}
    return _Leaving(as_texts, headers, send, content, wrapped)


def within(own: Mapping[str, Any], more: Mapping[str, Any]) -> dict[str, Any]:
    """A block with values of the walk in it: a name with a dot, or a block, stands inside a block (`range.start`)."""
    found = dict(own)
    for name, value in more.items():
        outer, dot, inner = name.partition(".")
        value = {inner: value} if dot else value
        here = found.get(outer)
        found[outer] = within(here if isinstance(here, dict) else {}, value) if isinstance(value, dict) else value
    return found


def _wrapped(own: Any, how: WrapBlock) -> str:
    """A call's own values as the one text that the platform wants them in."""
    return to_json([own] if how.as_list and isinstance(own, dict) else own, is_sorted=how.json == "sorted")


def _signed(question: Question, scope: CallNames, leaving: _Leaving) -> _Leaving:
    """With the signature where the recipe puts it."""
    said, signer = question.section.said, question.section.signer
    if signer is None:
        return leaving
    send = leaving.send
    texts = {name: written(value, said.write) for name, value in send.items()} if isinstance(send, dict) else {}
    signing = scope.also(
        raw_body=leaving.content or b"", params_said={**leaving.query, **texts, **leaving.wrapped},
        query_said=leaving.query, send_said={**texts, **leaving.wrapped}, headers_said=leaving.headers,
    )
    recipe = signer(signing.get)
    signature = recipe.sign(signing.get)
    if "query" in recipe.into:
        return leaving._replace(query={**leaving.query, recipe.into["query"]: signature})
    if "header" in recipe.into:
        return leaving._replace(headers={**leaving.headers, recipe.into["header"]: signature})
    if "send" in recipe.into and isinstance(send, dict):
        send = {**send, recipe.into["send"]: signature}
        return leaving._replace(send=send, content=_body(send, question))
    return leaving


def _finished(question: Question, url: str, leaving: _Leaving) -> HttpRequest:
    said, content = question.section.said, leaving.content
    told = {name.lower(): text(value) for name, value in leaving.headers.items()}
    if content is not None:
        told.setdefault("content-type", CONTENT_TYPES.get(said.body, "application/json"))
        if said.gzip:
            told["content-encoding"], content = "gzip", gzip.compress(content, mtime=0)
    if leaving.query:
        url += ("&" if "?" in url else "?") + urlencode(leaving.query, quote_via=quote, safe="-_.~")
    return HttpRequest(question.method, url, told, content)


def _address(path: str, section_base: str, base_url: str, elsewhere: str) -> str:
    full = path if "://" in path else (section_base.rstrip("/") + path) if section_base else ""
    if not full:
        return base_url.rstrip("/") + path
    if not elsewhere:
        return full
    parts = urlsplit(full)
    return elsewhere + parts.path + (f"?{parts.query}" if parts.query else "")


def _path_alone(path: str) -> str:
    return urlsplit(path).path if "://" in path else path


def _body(send: Any, question: Question) -> bytes | None:
    said = question.section.said
    if said.body == "form":
        return urlencode({name: written(value, said.write) for name, value in send.items()}).encode()
    if said.body == "xml":
        root = next(iter(question.root), "request")
        return (XML + to_xml({root: {**question.root.get(root, {}), **send}})).encode()
    return to_json(send, is_sorted=said.write.json == "sorted").encode()


def written(value: Any, how: WriteBlock) -> str:
    """A value as the text that a form or a query holds."""
    if isinstance(value, bool):
        return str(int(value)) if how.bool == "digit" else text(value)
    if isinstance(value, dict | list):
        return to_json(value, is_sorted=how.json == "sorted")
    if isinstance(value, Decimal):
        return format(value, "f")
    return text(value)
