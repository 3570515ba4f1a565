"""A file in a request: as the field of a form, or as the bare body."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from typing import Any

from fastapi import Request
from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser

from orderloom.entrypoints.http.kit.problem import Problem
from orderloom.entrypoints.http.kit.wire import problem_response, read_bytes, spoken

FILE_BYTES_MAX = 50 << 20
BODIES = {"required": True, "content": {
    "multipart/form-data": {"schema": {"type": "object", "required": ["file"], "properties": {
        "file": {"type": "string", "format": "binary"}}}},
    "application/octet-stream": {"schema": {"type": "string", "format": "binary"}},
}}
"""How a request that brings a file is described in the OpenAPI document."""


def takes_file(answer: type, *, status: int = 200, problems: tuple[int, ...] = ()) -> dict[str, Any]:
    """As `spoken`, of an operation that takes a file."""
    told = spoken(answer, status=status, problems=problems)
    told["openapi_extra"] |= {"requestBody": BODIES}
    told["responses"] |= {413: problem_response(413)}
    return told


async def file_in(request: Request, name: str = "", most: int = FILE_BYTES_MAX) -> tuple[str, bytes]:
    """The file of a request: that of its form, else its body under the name that is given. Raises Problem."""
    raw = await read_bytes(request, most)
    return await _from_form(request, raw) if is_form(request) else (name, raw)


def is_form(request: Request) -> bool:
    """Whether the file stands in a form."""
    return request.headers.get("content-type", "").lower().startswith("multipart/form-data")


async def _from_form(request: Request, raw: bytes) -> tuple[str, bytes]:
    """Name and bytes of the form's field `file`. The body was read, and measured, before."""

    async def once() -> AsyncGenerator[bytes, None]:
        yield raw

    try:
        form = await MultiPartParser(request.headers, once(), max_files=1, max_fields=10).parse()
    except (MultiPartException, KeyError, UnicodeDecodeError) as error:
        raise Problem("unreadable_file", f"表单读不出来 | the form cannot be read: {error}") from error
    try:
        part = form.get("file")
        if not isinstance(part, UploadFile):
            raise Problem("unreadable_file", "file: 表单里没有文件 | the form has no file")
        return part.filename or "upload", await part.read()
    finally:
        await form.close()
