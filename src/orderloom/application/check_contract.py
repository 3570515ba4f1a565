"""Hold a body to its contract: what a payload has too much or too little of, what a target refuses.

Nothing is stored. Of the content names of fields are told, words of a status, and a draft with nobody in it.
"""

from __future__ import annotations

import asyncio
import difflib
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from orderloom.application.contract_sums import (
    ITEMS_MAX,
    TOLD_MAX,
    ContractChecked,
    LackingField,
    Sums,
    UnfitField,
)
from orderloom.application.directory import Directory
from orderloom.application.import_files import name_kept
from orderloom.application.import_shapes import Files
from orderloom.application.not_kept import NotKept
from orderloom.application.ports import Account, Item, Manifest
from orderloom.blueprint.mapping import Mappings
from orderloom.blueprint.mapping.bodies import Unreadable, parse_json
from orderloom.blueprint.mapping.surplus import SurplusField
from orderloom.domain.contract_report import examine
from orderloom.domain.encoding import decode

BYTES_MAX = 32 << 20
"""A payload that is larger is not looked at."""


class CheckingHub(Protocol):
    """What of the hub is needed."""

    @property
    def files(self) -> Files: ...
    @property
    def mappings(self) -> Mappings: ...
    @property
    def manifests(self) -> Mapping[str, Manifest]: ...
    @property
    def now(self) -> Callable[[], datetime]: ...
    async def directory(self) -> Directory: ...


async def check_contract(
    hub: CheckingHub, account_code: str, name: str, body: bytes, topic: str = "", kind: str = "",
    content_type: str = "",
) -> ContractChecked:
    """A payload that came, or with a `kind` of delivery a body that would go out. Raises NotKept: not_found,
    wrong_value."""
    directory = await hub.directory()
    account = directory.account_named(account_code)
    if len(body) > BYTES_MAX:
        raise NotKept("wrong_value", f"最多 {BYTES_MAX >> 20} MiB，请截取一部分",
                      f"at most {BYTES_MAX >> 20} MiB: give a part of it")
    if kind:
        return await asyncio.to_thread(check_outbound, account, _contract(hub.manifests, account, kind), kind, body)
    if account.connector == "files" and not topic:
        with name_kept(hub.files, name, body) as path:
            return await asyncio.to_thread(_check_file, hub, account, path, len(body))
    return await asyncio.to_thread(_check_payload, hub, account, topic, body, content_type)


def _contract(manifests: Mapping[str, Manifest], account: Account, kind: str) -> Manifest:
    manifest = manifests.get(account.connector)
    known = sorted(manifest.outbound) if manifest else []
    if manifest is None or kind not in known:
        near = difflib.get_close_matches(kind, known, n=1) or known
        raise NotKept("wrong_value", f"{account.connector} 不接收“{kind[:40]}”；可用：{'、'.join(near) or '无'}",
                      f"{account.connector} takes no {kind[:40]!r}; it takes: {', '.join(near) or 'nothing'}")
    return manifest


def _check_payload(
    hub: CheckingHub, account: Account, topic: str, body: bytes, content_type: str,
) -> ContractChecked:
    sums = Sums(account, hub.now(), hub.mappings)
    sums.take(Item(topic, body, context=(("content-type", content_type),) if content_type else ()))
    return sums.result(len(body))


def _check_file(hub: CheckingHub, account: Account, path: Path, size: int) -> ContractChecked:
    sums = Sums(account, hub.now(), hub.mappings)
    reader = hub.files.reader(account)
    try:
        for _, portion in reader.read_all([path]):
            for item in portion.items[: ITEMS_MAX - sums.items]:
                sums.take(item)
            if sums.items >= ITEMS_MAX:
                break
    finally:
        reader.close()
    return sums.result(size)


def check_outbound(account: Account, manifest: Manifest, kind: str, body: bytes) -> ContractChecked:
    """A body that would be sent to the account's target. The kind is one of the manifest's `outbound`."""
    lengths = manifest.outbound[kind]
    decoded = decode(body)
    found: list[UnfitField] = []
    data: Any = {}
    try:
        data = parse_json(decoded.text, decoded.raw).data
        if not isinstance(data, dict):
            found.append(UnfitField("wrong_value", "body", "array" if isinstance(data, list) else "text", _NOT_JSON))
            data = {}
    except Unreadable:
        found.append(UnfitField("unreadable_body", "body", "", _NOT_JSON))
    told = examine(data, lengths, manifest.outbound_oversize)
    found += [UnfitField("wrong_value", field, kind_of, _OTHER_KIND) for field, kind_of in told.wrong]
    not_cut = [one for one in told.oversize if one.action == "refuse"]
    return ContractChecked(
        account.code, account.connector, "outbound", kind, "json", decoded.encoding, len(body), 1,
        not (found or not_cut), sum(size for _, _, size in told.surplus),
        [SurplusField(*one) for one in told.surplus[:TOLD_MAX]],
        [LackingField(field, [], _NOT_IN_BODY) for field in told.missing[:TOLD_MAX]], found[:TOLD_MAX],
        told.oversize[:TOLD_MAX], [], [],
    )


_NOT_JSON = "正文不是 JSON；请给出要发送的 JSON 对象 / the body is no JSON: give the JSON object that is to be sent"
_OTHER_KIND = "合同在这里要的是另一种类型；请核对字段 / the contract has another kind of value here: check the field"
_NOT_IN_BODY = "正文中没有这一项；目标可能需要它 / the body does not have it; the target may need it"
