"""A file in a request: as the field of a form, or as the bare body."""

from __future__ import annotations

from collections.abc import AsyncGenerator

from fastapi import Request
from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser

from orderloom.entrypoints.http.kit.problem import Problem

FILE_BYTES_MAX = 50 << 20
BODIES = {"required": True, "content": {
    "multipart/form-data": {"schema": {"type": "object", "required": ["file"], "properties": {
        "file": {"type": "string", "format": "binary"}}}},
    "application/octet-stream": {"schema": {"type": "string", "format": "binary"}},
}}
"""How a request that brings a file is described in the OpenAPI document."""


async def from_form(request: Request, raw: bytes) -> tuple[str, bytes]:
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
