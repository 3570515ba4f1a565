"""Mappings of an account over HTTP: its samples as trees, drafts, trials on the last messages, versions, words."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from orderloom.adapters.vault import Damaged
from orderloom.application.edit_mapping import (
    DraftKept,
    MappingPublished,
    check_topic,
    drop_draft,
    map_status,
    publish_mapping,
    roll_back_mapping,
    save_draft,
)
from orderloom.application.fetch_sample import SampleFetched, fetch_sample
from orderloom.application.identity.access import Caller
from orderloom.application.import_files import import_upload
from orderloom.application.keep_account import NoAccount, find_account
from orderloom.application.look_at_sample import SampleLooked, known_names_of, look_at_file, look_at_message
from orderloom.application.ports import Account, Trouble
from orderloom.application.prepare import SAMPLE_BYTES_MAX
from orderloom.application.queries.mappings import (
    MappingVersionView,
    SampleView,
    SealedSample,
    list_samples,
    list_versions,
    read_bodies,
    read_content,
)
from orderloom.application.try_mapping import MappingTried, TrialMessage, preview_messages, try_mapping
from orderloom.blueprint.mapping.documents import Document
from orderloom.blueprint.mapping.function_words import FunctionTold, functions_told
from orderloom.blueprint.mapping.order_schema import Target, targets_of
from orderloom.blueprint.mapping.override import Edited, keys_of, read_edited
from orderloom.blueprint.mapping.suggest import names_known
from orderloom.domain.override import WORDS
from orderloom.entrypoints.http.kit.guard import Desk, DeskHere, needs
from orderloom.entrypoints.http.kit.problem import Problem, not_found
from orderloom.entrypoints.http.kit.upload import file_in, takes_file
from orderloom.entrypoints.http.kit.wire import body_of, reply, spoken

router = APIRouter(prefix="/api/v1/accounts/{code}", tags=["mappings"])
Reader = Annotated[Caller, Depends(needs("accounts:read"))]
Writer = Annotated[Caller, Depends(needs("accounts:write"))]
Topic = Annotated[str, Query(min_length=1, max_length=200, description="a topic of the account's mapping")]
UPLOAD = "upload"


class MappingTopic(msgspec.Struct, frozen=True):
    """A document of the account's mapping. `version` 0: the connector's own holds; `draft` is the number of one."""

    topic: str
    topics: list[str]
    format: str
    produces: str
    version: int
    draft: int | None


class MappingTopics(msgspec.Struct, frozen=True):
    """What an account's messages are read by."""

    account: str
    connector: str
    topics: list[MappingTopic]


class MappingDraft(msgspec.Struct, frozen=True):
    """A draft, and the digest by which it is saved again and published."""

    version: int
    digest: str
    author: str
    content: Edited


class TopicMapping(msgspec.Struct, frozen=True):
    """One topic's mapping: the connector's own `document`, what is edited in force, the draft, and what it may say."""

    account: str
    connector: str
    topic: str
    topics: list[str]
    format: str
    produces: str
    document: dict[str, Any]
    in_force: Edited | None
    draft: MappingDraft | None
    versions: list[MappingVersionView]
    targets: list[Target]
    functions: list[FunctionTold]
    dictionaries: dict[str, dict[str, Any]]
    samples: list[SampleView]
    upload: str
    """Name of the sample that somebody uploaded."""


class MappingDraftRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What it says, and the digest of the draft that it was made from (empty: of none)."""

    content: Edited
    known: Annotated[str, msgspec.Meta(max_length=80)] = ""


class PublishRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The draft by its digest, and why; `is_forced` though messages that are read now would not be any more."""

    digest: Annotated[str, msgspec.Meta(min_length=1, max_length=80)]
    reason: Annotated[str, msgspec.Meta(max_length=500)]
    is_forced: bool = False


class RollBackRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """To which version, 0 being the connector's own, and why."""

    version: Annotated[int, msgspec.Meta(ge=0)]
    reason: Annotated[str, msgspec.Meta(max_length=500)]


class StatusRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a word of the platform means: keys as in a `statuses.yaml`."""

    dictionary: Annotated[str, msgspec.Meta(min_length=1, max_length=100)]
    word: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
    meaning: dict[str, Any]
    reason: Annotated[str, msgspec.Meta(max_length=500)]


class SampleImported(msgspec.Struct, frozen=True):
    """How many orders the file held, and how many of them had landed before."""

    orders: int
    duplicates: int


class DraftDropped(msgspec.Struct, frozen=True):
    """It is forgotten."""

    topic: str


@router.get("/mappings", **spoken(MappingTopics, problems=(404,)), summary="映射主题 | An account's mappings")
async def topics(desk: DeskHere, who: Reader, code: str) -> Response:
    """Every document that reads the account's messages, which version of it holds, and whether there is a draft."""
    account = (await desk.directory()).account_named(code.upper())
    async with desk.connect() as connection:
        versions = await list_versions(connection, account.id, states=("draft", "in_force"))
    held = {one.topic: one.version for one in versions if one.state == "in_force"}
    drafts = {one.topic: one.version for one in versions if one.state == "draft"}
    base = desk.hub.mappings.of(account.connector)
    documents = base.documents if base else ()
    found = [MappingTopic(key, list(one.topics), one.format, one.produces, held.get(key, 0), drafts.get(key))
             for key, one in zip(keys_of([one.said for one in documents]), documents, strict=True)]
    if base and base.dictionaries:
        found.append(MappingTopic(WORDS, [], "", WORDS, held.get(WORDS, 0), drafts.get(WORDS)))
    return reply(MappingTopics(account.code, account.connector, found))


@router.get("/mapping", **spoken(TopicMapping, problems=(404,)), summary="一个主题的映射 | The mapping of a topic")
async def show(desk: DeskHere, who: Reader, code: str, topic: Topic) -> Response:
    """The connector's own, what is edited, what it may say, and the last messages to try it on."""
    account, document = await _document(desk, code, topic)
    async with desk.connect() as connection:
        versions = await list_versions(connection, account.id, topic)
        samples = await list_samples(connection, account.id, document.topics if document else (topic,))
        draft = next((one for one in versions if one.state == "draft"), None)
        said = await read_content(connection, account.id, topic, draft.version) if draft else None
    async with desk.ports.preparations() as prepared:
        upload = await prepared.sample(account.id, topic)
    held = next((one for one in account.overrides if one.topic == topic), None)
    base = desk.hub.mappings.of(account.connector)
    words = {name: {word: msgspec.to_builtins(one) for word, one in entries.items()}
             for name, entries in (base.dictionaries if base else {}).items()}
    return reply(TopicMapping(
        account.code, account.connector, topic, list(document.topics) if document else [],
        document.format if document else "", document.produces if document else "",
        _plain(document.said) if document else {}, read_edited(held.content) if held else None,
        MappingDraft(draft.version, draft.digest, draft.author, read_edited(said)) if draft and said else None,
        versions, _targets(document) if document else [], functions_told(), words, samples,
        upload.name if upload else ""))


@router.put("/mapping/sample", **takes_file(SampleLooked, problems=(404,)), summary="上传样本 | Upload a sample")
async def keep_sample(
    request: Request, desk: DeskHere, who: Writer, code: str, topic: Topic,
    name: Annotated[str, Query(max_length=200)] = "",
) -> Response:
    """Keep a payload or a file to make a mapping with; no order comes of it. The one of before is replaced."""
    account, document = await _document(desk, code, topic)
    name, body = await file_in(request, name, SAMPLE_BYTES_MAX)
    if not body:
        raise Problem("unreadable_file", "文件是空的，请附上文件 | the file is empty: attach one")
    name = desk.hub.files.shown(name or "sample")
    async with desk.ports.preparations() as prepared:
        await prepared.keep_sample(account.id, topic, name, body, who.actor)
    return reply(await _looked(desk, account, topic, document, UPLOAD))


@router.get("/mapping/sample", **spoken(SampleLooked, problems=(404,)), summary="样本 | A sample as a tree")
async def show_sample(
    desk: DeskHere, who: Reader, code: str, topic: Topic,
    sample: Annotated[str, Query(max_length=60, description="a message's id, or `upload`")] = UPLOAD,
) -> Response:
    """The places of a payload with kinds, bytes and masked examples, and what each target may be, with reasons."""
    account, document = await _document(desk, code, topic)
    return reply(await _looked(desk, account, topic, document, sample))


@router.post("/fetch-sample", **spoken(SampleFetched, problems=(404, 409)), summary="取样本 | Fetch a sample")
async def fetch(desk: DeskHere, who: Writer, code: str) -> Response:
    """Ask the platform for its newest records and keep one of each topic as a sample; nothing is landed."""
    account = await _raw(desk, code.upper())
    return reply(await fetch_sample(desk.hub, desk.ports.preparations, account, who.actor))


@router.put("/mapping/draft", **spoken(DraftKept, takes=MappingDraftRequest, problems=(404, 409)),
            summary="存草稿 | Keep a draft")
async def draft(request: Request, desk: DeskHere, who: Writer, code: str, topic: Topic) -> Response:
    """Keep the draft, mistakes and all; they are told with their place."""
    body = await body_of(request, MappingDraftRequest)
    return reply(await save_draft(desk.hub, code.upper(), topic, body.content, who.actor, body.known))


@router.delete("/mapping/draft", **spoken(DraftDropped, problems=(404,)), summary="丢弃草稿 | Drop a draft")
async def drop(desk: DeskHere, who: Writer, code: str, topic: Topic) -> Response:
    """Forget the draft; what is in force stays."""
    await drop_draft(desk.hub, code.upper(), topic)
    return reply(DraftDropped(topic))


@router.post("/mapping/trial", **spoken(MappingTried, problems=(404,)), summary="试跑 | Try a draft")
async def trial(desk: DeskHere, who: Writer, code: str, topic: Topic) -> Response:
    """Read the last 50 messages, and the uploaded sample, by the draft: what each becomes, beside what it becomes now.

    Nothing is written but that the draft was tried, and how it went.
    """
    account, document = await _document(desk, code, topic)
    raw = await _raw(desk, account.code)
    messages, sample = await _to_try(desk, raw, topic, document)
    return reply(await try_mapping(desk.hub, raw, topic, messages, sample))


@router.get("/mapping/preview", **spoken(MappingTried, problems=(404,)), summary="预览 | What messages are read as")
async def preview(desk: DeskHere, who: Reader, code: str, topic: Topic) -> Response:
    """What the last 50 messages and the sample are read as by the mapping in force. Nothing is written."""
    account, document = await _document(desk, code, topic)
    messages, sample = await _to_try(desk, account, topic, document)
    return reply(await preview_messages(desk.hub, account, topic, messages, sample))


@router.post("/import-sample", **spoken(SampleImported, problems=(404, 409)),
             summary="导入样本文件 | Import the sample")
async def import_sample(desk: DeskHere, who: Annotated[Caller, Depends(needs("orders:write"))], code: str,
                        topic: Topic) -> Response:
    """Take the file that the mapping was made with in for real: its orders land as those of any uploaded file."""
    account, _ = await _document(desk, code, topic)
    async with desk.ports.preparations() as prepared:
        kept = await prepared.sample(account.id, topic)
    if kept is None:
        raise not_found("样本", "sample", topic)
    try:
        found = await import_upload(desk.hub, account.code, kept.name, kept.body, by=who.actor)
    except Trouble as error:
        raise Problem("unreadable_file", error.message) from error
    if found.unfit:
        raise Problem("unreadable_file", found.unfit)
    return reply(SampleImported(found.items, found.duplicates))


@router.post("/mapping/publish", **spoken(MappingPublished, takes=PublishRequest, problems=(404, 409)),
             summary="发布 | Publish a draft")
async def publish(request: Request, desk: DeskHere, who: Writer, code: str, topic: Topic) -> Response:
    """The draft holds from now on, in every process; what could not be read before goes through again."""
    body = await body_of(request, PublishRequest)
    return reply(await publish_mapping(desk.hub, code.upper(), topic, body.digest, who.actor, body.reason,
                                       is_forced=body.is_forced))


@router.post("/mapping/roll-back", **spoken(MappingPublished, takes=RollBackRequest, problems=(404, 409)),
             summary="回退 | Go back to a version")
async def roll_back(request: Request, desk: DeskHere, who: Writer, code: str, topic: Topic) -> Response:
    """An earlier version holds again, as a new one; 0 is the connector's own."""
    body = await body_of(request, RollBackRequest)
    return reply(await roll_back_mapping(desk.hub, code.upper(), topic, body.version, who.actor, body.reason))


@router.post("/statuses", **spoken(MappingPublished, takes=StatusRequest, problems=(404, 409)),
             summary="解释平台状态词 | Say what a platform's word means")
async def status(request: Request, desk: DeskHere, who: Writer, code: str) -> Response:
    """Add a word to a status dictionary, for this account; what waited for it goes on."""
    body = await body_of(request, StatusRequest)
    return reply(await map_status(desk.hub, code.upper(), body.dictionary, body.word, body.meaning, who.actor,
                                  body.reason))


async def _document(desk: Desk, code: str, topic: str) -> tuple[Account, Document | None]:
    """The account, and the document of the topic as it holds now; None for words. Raises NotKept."""
    account = (await desk.directory()).account_named(code.upper())
    check_topic(desk.hub, account, topic)
    base = desk.hub.mappings.of(account.connector)
    documents = base.documents if base else ()
    keys = keys_of([one.said for one in documents])
    return account, documents[keys.index(topic)] if topic in keys else None


async def _to_try(
    desk: Desk, account: Account, topic: str, document: Document | None,
) -> tuple[list[TrialMessage], tuple[str, bytes] | None]:
    """The account's last messages of the topic, opened, and the sample where it is a file."""
    async with desk.connect() as connection:
        listed = await list_samples(connection, account.id, document.topics if document else ("*",))
        sealed = await read_bodies(connection, account.id, [one.id for one in listed])
    async with desk.ports.preparations() as prepared:
        kept = await prepared.sample(account.id, topic)
    messages = [one for one in (_opened(desk, found) for found in sealed) if one is not None]
    if kept is None:
        return messages, None
    if document is not None and document.format == "rows":
        return messages, (kept.name, kept.body)
    first = document.topics[0] if document else topic
    return [*messages, TrialMessage(UPLOAD, kept.name, first, kept.body, {}, kept.at, True)], None


async def _raw(desk: Desk, code: str) -> Account:
    """The account as it is kept, without what was edited."""
    try:
        return (await find_account(desk.ports.accounts, code)).account
    except NoAccount as error:
        raise not_found("账号", "account", code) from error


def _opened(desk: Desk, sealed: SealedSample) -> TrialMessage | None:
    """A message that can be tried; one that no key opens is left out."""
    try:
        body = desk.hub.vault.decrypt_voucher(sealed.cipher)
    except Damaged:
        return None
    headers = msgspec.json.decode(sealed.headers)
    return TrialMessage(sealed.id, sealed.topic, sealed.topic, body, headers, sealed.received_at)


async def _looked(desk: Desk, account: Account, topic: str, document: Document | None, sample: str) -> SampleLooked:
    is_file = document is not None and document.format == "rows"
    targets = targets_of(document.produces, is_rows=is_file) if document else []
    known = await asyncio.to_thread(known_names_of, desk.hub.mappings)
    form = document.format if document else "json"
    if sample != UPLOAD:
        async with desk.connect() as connection:
            found = await read_bodies(connection, account.id, [sample])
        opened = _opened(desk, found[0]) if found else None
        if opened is None:
            raise not_found("消息", "message", sample)
        return await asyncio.to_thread(look_at_message, sample, opened.body, opened.headers, form, targets, known)
    async with desk.ports.preparations() as prepared:
        kept = await prepared.sample(account.id, topic)
    if kept is None:  # nobody has uploaded one: nothing is wrong
        return SampleLooked(UPLOAD, "", form, "", 0, [], [], [])
    if is_file:
        return await asyncio.to_thread(look_at_file, desk.hub.files, account, kept.name, kept.body, targets, known)
    found_one = await asyncio.to_thread(look_at_message, UPLOAD, kept.body, {}, form, targets, known)
    return msgspec.structs.replace(found_one, name=kept.name)


def _targets(document: Document) -> list[Target]:
    """The targets of a document; of a file with the names that its columns may have."""
    if document.format != "rows":
        return targets_of(document.produces)
    names = names_known([document])
    return [msgspec.structs.replace(one, names=sorted(names.get(one.key, frozenset())))
            for one in targets_of(document.produces, is_rows=True)]


def _plain(value: Any) -> Any:
    """Blocks that know their lines as plain data."""
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    return [_plain(one) for one in value] if isinstance(value, list) else value
