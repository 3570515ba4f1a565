"""The files connector: uploads, a watched folder in, shipment files out."""

from __future__ import annotations

import asyncio
import hmac
import os
import tempfile
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path

import httpx2

from orderloom.adapters.channels.files.inbox import inbox_of, watch
from orderloom.adapters.channels.files.outbox import write_shipment
from orderloom.adapters.channels.files.vouchers import voucher
from orderloom.adapters.spreadsheets.columns import wrong_targets
from orderloom.adapters.spreadsheets.names import shown, storable
from orderloom.adapters.spreadsheets.reader import Reader
from orderloom.adapters.spreadsheets.split import SplitFile, split
from orderloom.application.ports import (
    UNREADABLE,
    Account,
    Answer,
    Cursor,
    Inbound,
    Item,
    Outgoing,
    Page,
    Probed,
    Terminal,
    Trouble,
    Verdict,
)

__all__ = ["CONNECTOR", "SplitFile", "split"]
UPLOAD_NAME = "upload.csv"


class Files:
    """Satisfies `ports.Connector`."""

    name = "files"
    is_slow = True
    """`receive` has the file read by a process of its own: to be called in a thread."""

    def receive(self, request: Inbound, account: Account, at: datetime) -> Verdict:
        """A file sent by a program: the body is the file, `?name=` its name, `x-upload-token` the proof.

        Without the account's token the file is kept in quarantine and not split. People's uploads come by the import
        verb, which knows who they are and calls `split` itself.
        """
        name = shown(request.query.get("name") or UPLOAD_NAME)
        file = voucher(name, request.body)
        expected = account.credentials.get("upload_token", "")
        given = request.headers.get("x-upload-token", "")
        if not expected or not hmac.compare_digest(given.encode(), expected.encode()):
            return Verdict((file,), "token", 401, b'{"error":"token"}')
        items = _read(name, request.body, account)
        unread = sum(item.topic == UNREADABLE for item in items)
        reply = f'{{"items":{len(items)},"unreadable":{unread}}}'.encode()
        return Verdict((file, *items), reply=reply)

    def pull(self, account: Account, cursor: Cursor, at: datetime, http: httpx2.AsyncClient) -> AsyncIterator[Page]:
        """The files that lie complete in the watched folder, see `inbox.watch`. The cursor does not matter."""
        return watch(account, at)

    async def send(self, outgoing: Outgoing, account: Account, http: httpx2.AsyncClient) -> Answer:
        """Write a `shipment` into the outbox; there is nothing else to tell, so any other kind is `Terminal`."""
        if outgoing.kind != "shipment":
            raise Terminal("unknown_kind", f"files take shipment, not {outgoing.kind}")
        return await asyncio.to_thread(write_shipment, outgoing, account)

    async def probe(self, account: Account, http: httpx2.AsyncClient) -> Probed:
        """Are the folders there, and may they be written?"""
        try:
            inbox = await asyncio.to_thread(inbox_of, account)
        except Trouble as trouble:
            return Probed(False, trouble.message)
        outbox = str(account.settings.get("outbox") or "")
        columns = account.settings.get("columns") or {}
        if wrong := wrong_targets(columns):
            return Probed(False, f"columns: “{wrong[0]}”不是系统列名，例如 订单号、商品编码、数量、单价 / "
                          "is no column name of the hub's, such as 订单号、商品编码、数量、单价")
        real = [await asyncio.to_thread(os.path.realpath, str(folder)) for folder in (inbox or "", outbox or "-")]
        if outbox and real[0] == real[1]:
            return Probed(False, f"{outbox}: 收发文件夹不能相同 / the inbox and the outbox must differ")
        for folder in [inbox] if inbox else []:
            if not os.access(folder, os.W_OK):
                return Probed(False, f"{folder}: 不可写，处理完的文件移不走 / not writable: done files cannot be moved")
        if outbox and not os.access(Path(outbox).parent, os.W_OK):
            return Probed(False, f"{outbox}: 不可写 / not writable")
        return Probed(True, f"监听 {inbox} / watching {inbox}" if inbox else "仅接受上传 / uploads only")


def _read(name: str, body: bytes, account: Account) -> list[Item]:
    """The items of an uploaded file, read outside this process."""
    with tempfile.TemporaryDirectory(prefix="orderloom-upload-") as folder:
        path = Path(folder) / storable(name)
        path.write_bytes(body)
        reader = Reader(account)
        try:
            return [item for portion in reader.read([path]) for item in portion.items]
        finally:
            reader.close()


CONNECTOR = Files()
