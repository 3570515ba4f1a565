"""Typed bodies in and out of FastAPI by msgspec, and their schemas for the OpenAPI document."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import msgspec
from fastapi import FastAPI, Request
from fastapi.openapi.utils import get_openapi
from starlette.responses import Response

from orderloom.application.identity.sight import SIGHT
from orderloom.application.redaction import group_of, redacted
from orderloom.domain.words import Words
from orderloom.entrypoints.http.kit.instants import out_of_reach
from orderloom.entrypoints.http.kit.misfit import of_body
from orderloom.entrypoints.http.kit.problem import MEDIA_TYPE, Problem, ProblemDetails

T = TypeVar("T")
BODY_BYTES_MAX = 1 << 20
_spoken: set[type] = {ProblemDetails}
_encode = msgspec.json.Encoder(enc_hook=str).encode
TOLD: Mapping[int, str] = {
    401: "No token, or not a valid one", 403: "The token lacks the scope", 404: "There is no such thing",
    409: "Refused: not possible now, nothing was changed", 413: "The body is too large", 422: "A value cannot be used",
    429: "Too many tries", 503: "The database is away or the hub is not ready",
}


def encoded(value: object) -> bytes:
    """JSON of a value without the fields that whoever is answered may not see; all that leaves as JSON goes by here."""
    hides = SIGHT.get().hides
    return _encode(redacted(value, hides) if hides else value)


def as_seen(found: T) -> T:
    """The value in its own shape without what the caller may not see: for answers in other forms than JSON."""
    hides = SIGHT.get().hides
    return msgspec.convert(redacted(found, hides), type(found)) if hides else found


def reply(value: object, status: int = 200) -> Response:
    """A JSON answer."""
    return Response(encoded(value), status, media_type="application/json")


async def read_bytes(request: Request, bytes_max: int, told: Callable[[int], None] | None = None) -> bytes:
    """The request's body. Raises Problem `too_large` before more than `bytes_max` bytes are kept.

    `told` hears of the size of each part before it is kept, and may raise.
    """
    declared = request.headers.get("content-length", "")
    parts: list[bytes] = []
    size = 0
    if not (declared.isdigit() and int(declared) > bytes_max):
        async for part in request.stream():
            size += len(part)
            if size > bytes_max:
                break
            if told is not None:
                told(len(part))
            parts.append(part)
        else:
            return b"".join(parts)
    raise Problem("too_large", f"最多 {bytes_max} 字节 | at most {bytes_max} bytes")


async def body_of(request: Request, kind: type[T]) -> T:
    """The JSON body as a struct. Raises Problem with the place of what is wrong."""
    raw = await read_bytes(request, BODY_BYTES_MAX)
    try:
        body = msgspec.json.decode(raw, type=kind)
    except msgspec.ValidationError as error:
        raise _misfit(str(error)) from error
    except RecursionError as error:
        raise Problem("unreadable_body", "嵌套过深 | it is nested too deep") from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Problem("unreadable_body", f"{error} | 请发送 UTF-8 的 JSON | send JSON in UTF-8") from error
    if place := out_of_reach(body):
        raise Problem("wrong_value", f"{place}：年份超出范围 | {place}: the year is out of range")
    return body


def _misfit(said: str) -> Problem:
    """What of a body does not fit, with its place among the particulars. Words of ours say both languages already."""
    place, words = of_body(said)
    particulars = {place: words.zh if " | " in words.zh else f"{words.zh} | {words.en}"} if place else {}
    if " | " in words.zh:
        return Problem("wrong_value", f"{place}: {words.zh}" if place else words.zh, particulars=particulars)
    at_zh, at_en = (f"{place}：", f"{place}: ") if place else ("", "")
    detail = f"{at_zh}{words.zh}，请改正后重发 | {at_en}{words.en}; correct it and send again"
    return Problem("wrong_value", detail, particulars=particulars)


def spoken(
    answer: type, *, takes: type | None = None, status: int = 200, problems: tuple[int, ...] = (), is_open: bool = False
) -> dict[str, Any]:
    """Arguments of a route decorator that document the answer, the body and the problems of an operation."""
    _speak(answer)
    extra: dict[str, Any] = {} if is_open else {"security": [{"token": []}]}
    if takes is not None:
        _speak(takes)
        extra["requestBody"] = {"required": True, "content": {"application/json": {"schema": reference(takes)}}}
        problems = (*problems, 413)
    codes = sorted({*problems, 422, 503, *(() if is_open else (401, 403))})
    responses: dict[int, Any] = {status: {"description": "Done", "content": {"application/json": {
        "schema": reference(answer)}}}}
    responses |= {code: problem_response(code) for code in codes}
    return {"responses": responses, "status_code": status, "openapi_extra": extra, "response_class": Response,
            "response_model": None}


def downloaded(*, problems: tuple[int, ...]) -> dict[str, Any]:
    """As `spoken`, of an answer that is a file."""
    told = spoken(ProblemDetails, problems=problems)
    told["responses"][200]["content"] = {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}
    return told


def _speak(kind: type) -> None:
    """Note a struct whose schema is told. Raises ValueError for a second one of the same name."""
    if any(one.__name__ == kind.__name__ and one is not kind for one in _spoken):
        raise ValueError(f"{kind.__module__}.{kind.__name__}: the API has another struct of this name: choose another")
    _spoken.add(kind)


def problem_response(code: int) -> dict[str, Any]:
    """How a problem of this status is documented."""
    return {"description": TOLD[code], "content": {MEDIA_TYPE: {"schema": reference(ProblemDetails)}}}


def reference(kind: type) -> dict[str, str]:
    """A pointer to the schema of a struct."""
    return {"$ref": f"#/components/schemas/{kind.__name__}"}


def worded(words: Words) -> str:
    """A text in both languages, as the document's titles are."""
    return f"{words.zh} | {words.en}"


def document(app: FastAPI, variants: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """The OpenAPI 3.1 document: FastAPI's, with our structs' schemas and without its own error shapes.

    `variants`: the forms that a struct's value may have, by name, for each struct that has several.
    """
    if app.openapi_schema is None:
        found = get_openapi(title=app.title, version=app.version, summary=app.summary, routes=app.routes)
        _, schemas = msgspec.json.schema_components(
            sorted(_spoken, key=lambda kind: kind.__name__), ref_template="#/components/schemas/{name}")
        components = found.setdefault("components", {})
        components["schemas"] = schemas
        for kind, forms in variants.items():
            schemas[kind]["anyOf"] = [{"$ref": f"#/components/schemas/{name}"} for name in forms]
            schemas |= forms
        bearer = {"type": "http", "scheme": "bearer", "bearerFormat": "olt_<id>_<secret>"}
        components["securitySchemes"] = {"token": bearer}
        _tell_hidden(schemas)
        for path in found["paths"].values():
            for operation in path.values():
                if "422" in operation["responses"]:
                    operation["responses"]["422"] = problem_response(422)
        app.openapi_schema = found
    return app.openapi_schema


def _tell_hidden(schemas: dict[str, Any]) -> None:
    """Say of every field that can be hidden that it may be null, and of which group it is."""
    for kind, schema in schemas.items():
        if kind.endswith("Request"):
            continue
        for name, field in schema.get("properties", {}).items():
            if (group := group_of(name, kind)) and "$ref" not in field and field.get("type") != "array":
                bare = {key: field.pop(key) for key in list(field) if key not in ("default", "description")}
                field["anyOf"] = [bare, {"type": "null"}] if "anyOf" not in bare else [*bare["anyOf"], {"type": "null"}]
                field["description"] = f"null where `{group}` is hidden from the caller (docs/rights.md)"
