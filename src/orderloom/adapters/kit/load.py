"""Reads a folder's `connector.yaml` and compiles it whole; every mistake is told at once, with file, line and reason.

The platform's own signature vectors (`samples/vectors.json`) are run: a folder whose recipe gives another signature is
not loaded.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from orderloom.adapters.carrier_words import BrokenWords, CarrierWords, words_of
from orderloom.adapters.kit.answers import compile_rows
from orderloom.adapters.kit.bodies import check_parcel, check_told
from orderloom.adapters.kit.casts import CASTS
from orderloom.adapters.kit.envelopes import KEYS
from orderloom.adapters.kit.incomplete import check_complete
from orderloom.adapters.kit.notes import BadConnector, DeclarationMistake, DeclarationNotes, Place
from orderloom.adapters.kit.plan import (
    AuthorisePlan,
    BesidePlan,
    ChallengePlan,
    ConnectorPlan,
    DetailsPlan,
    FirstPlan,
    ListPlan,
    PushPlan,
    Renewal,
    SpreadPlan,
    TellPlan,
    VerifyPlan,
)
from orderloom.adapters.kit.proving import check_recipes, check_word, secrets_of
from orderloom.adapters.kit.requests import BUILT_IN, Question, compile_question, compile_section, is_bodiless
from orderloom.adapters.kit.schema import (
    AskBlock,
    CallBlock,
    ConnectorBlock,
    DetailsBlock,
    FirstBlock,
    HintsBlock,
    ListedBlock,
    ListingsBlock,
    PushBlock,
    ReadBlock,
    TellBlock,
    TokenBlock,
    TopicBlock,
    VerifyBlock,
)
from orderloom.adapters.kit.shape import check_shape
from orderloom.adapters.kit.shared import ADAPTERS, SHARED, with_shared
from orderloom.adapters.kit.signing import compile_signer
from orderloom.adapters.kit.values import Compiler, Value
from orderloom.adapters.kit.vectors import FILE as VECTORS
from orderloom.adapters.kit.vectors import read_vectors, run_vectors, try_vectors
from orderloom.adapters.kit.versions import check_versions
from orderloom.blueprint.duration import seconds
from orderloom.blueprint.plain import BadFile, read
from orderloom.blueprint.zone import zone_of
from orderloom.domain.carriers import CODES, name

FILE, OLD = "connector.yaml", "manifest.yaml"
AT_DOOR = ("raw_body", "path", "query", "header", "public_url", "method", "form", "data")
BODIES_NAMES = ("delivery", "figure", "line", "group", "batch", "spread")
RECORD_NAMES = ("id", "ids", "record", "records")


def load_folder(folder: Path) -> ConnectorPlan:
    """The compiled connector of a folder. Raises BadConnector with every mistake."""
    file = folder / FILE
    if (folder / OLD).exists():
        raise BadConnector([DeclarationMistake(
            f"{folder.name}/{OLD}", 1, "", f"请改为 {FILE}，写法见 docs/connector.md / "
            f"write {FILE} instead: docs/connector.md says how")])
    return load_text(file.read_text("utf-8", "surrogateescape"), f"{folder.name}/{FILE}", folder)


def load_text(text: str, place: str, folder: Path | None = None) -> ConnectorPlan:
    """The compiled connector of a text. Raises BadConnector with every mistake."""
    try:
        data, lines = read(text)
    except BadFile as error:
        raise BadConnector([DeclarationMistake(place, error.line, "", str(error))]) from error
    notes = DeclarationNotes(place, lines)
    own = frozenset(data) if isinstance(data, dict) else frozenset()
    data = with_shared(data, notes)
    check_shape(data, notes)
    try:
        said = msgspec.convert(data, ConnectorBlock, strict=False)
    except msgspec.ValidationError:
        notes.raise_any()  # told above, with its place
        raise
    plan = _Loading(said, notes, folder).plan()
    if folder is not None:
        is_at_home = folder.parent.parent == ADAPTERS  # one that is looked at elsewhere is of no family yet
        if folder.name != said.name or (is_at_home and folder.parent.name != said.family):
            notes.wrong(("name",), f"名称须与文件夹一致 / must be the folder's: {folder.parent.name}/{folder.name}")
        run_vectors(folder, notes)
        if said.shares:  # what proves the other folder's recipes proves them here too
            try_vectors([one for one in read_vectors(ADAPTERS / said.shares / "samples" / VECTORS, notes)
                         if one.recipe.partition(".")[0] in SHARED and one.recipe.partition(".")[0] not in own], notes)
    notes.raise_any()
    return plan


class _Loading:
    """One file on its way to a plan."""

    def __init__(self, said: ConnectorBlock, notes: DeclarationNotes, folder: Path | None) -> None:
        self._said, self._notes, self._folder = said, notes, folder
        for n, code in enumerate(said.carriers):
            if code not in CODES:
                notes.unknown(("carriers", n), code, CODES)
        self._compiler = Compiler(notes, said.tables)
        own = {*said.credentials, *said.settings}
        self._names = {key: self._compiler.value(one, ("names", key), own) for key, one in said.names.items()}
        self._base, self._secrets = {*own, *said.names}, secrets_of(said)
        for both in said.credentials.keys() & said.settings.keys():
            notes.wrong(("settings", both), "凭证与设置重名 / a credential has this name too")
        calls = said.calls or {"": CallBlock()}
        self._sections = {key: compile_section(one, ("calls", key), self._base, self._compiler, notes)
                          for key, one in calls.items()}

    def plan(self) -> ConnectorPlan:
        said = self._said
        for key, one in said.recipes.items():
            compile_signer(one.recipe, ("recipes", key, "recipe"), {*self._base, *BUILT_IN, *one.gives}, self._notes)
        check_versions(said, self._notes)
        check_complete(said, self._folder, self._notes)
        names = {code: {"zh": name(code, "zh") or code, "en": name(code, "en") or code} for code in CODES}
        words = self._words()
        carriers = {**words.words, **({"*": words.other} if words.other else {})}
        tables = {**said.tables, "carriers": carriers, "carrier_words": carriers,
                  "carrier_names_zh": {code: one["zh"] for code, one in names.items()},
                  "carrier_names_en": {code: one["en"] for code, one in names.items()}}
        return ConnectorPlan(
            said=said, folder=self._folder, zone=self._zone(), tables=tables,
            defaults={key: one.default for key, one in said.settings.items()}, names=self._names,
            sections=self._sections,
            rows=compile_rows(said.answers, ("answers",), self._notes),
            says_good=any(one.means == "good" for one in said.answers),
            renewal=self._renewal(said.token, ("token",), self._base) if said.token else None,
            exchange=self._renewal(said.authorise.exchange, ("authorise", "exchange"),
                                   {*self._base, "code", "redirect", "params"}) if said.authorise else None,
            authorise=self._authorise(),
            lists={key: self._list(key, one, ("pull", "lists", key))
                   for key, one in (said.pull.lists if said.pull else {}).items()},
            reads={key: self._list(key, one, ("read", key)) for key, one in said.read.items() if not one.code},
            tells={kind: self._tell(kind, one) for kind, one in said.tell.items()},
            probe=self._ask(said.probe, ("probe",), self._base) if said.probe and not said.probe.code else None,
            listings=self._listings(), query=self._query(), quote=self._quote(),
            push=self._push(said.push) if said.push else None, base_url=self._base_url(),
            asks={key: self._ask(one, ("asks", key), {*self._base, *one.gives}) for key, one in said.asks.items()},
        )

    def _words(self) -> CarrierWords:
        try:
            return words_of(self._folder) if self._folder else CarrierWords()
        except BrokenWords as broken:
            self._notes.mistakes += broken.mistakes
            return CarrierWords()

    def _base_url(self) -> Value:
        """One address, or one that is chosen among several: `{choose: $region, of: {…}}`."""
        said = self._said.base_url
        if isinstance(said, dict) and not (isinstance(said.get("of"), dict) and str(said.get("choose"))[0] == "$"):
            self._notes.wrong(("base_url",), "多个地址须写 choose: $名称 与 of / several addresses: choose: $name, of")
        return self._value(said, ("base_url",), self._base)

    def _zone(self) -> ZoneInfo:
        if (zone := zone_of(self._said.zone)) is None:
            self._notes.wrong(("zone",), "不是时区名，例如 Asia/Shanghai / no IANA zone, such as Asia/Shanghai")
        return zone or ZoneInfo("UTC")

    def _ask(self, said: AskBlock, place: Place, known: Collection[str]) -> Question:
        return compile_question(said, place, known, self._sections, self._compiler, self._notes)

    def _value(self, said: Any, place: Place, known: Collection[str]) -> Value:
        return self._compiler.value(said, place, known)

    def _maybe(self, said: Any, place: Place, known: Collection[str]) -> Value | None:
        return None if said is None else self._value(said, place, known)

    def _values(self, said: Mapping[str, Any], place: Place, known: Collection[str]) -> dict[str, Value]:
        return {key: self._value(one, (*place, key), known) for key, one in said.items()}

    def _renewal(self, said: TokenBlock, place: Place, known: Collection[str]) -> Renewal:
        for token in said.keep.keys() - self._said.credentials.keys():
            self._notes.unknown((*place, "keep", token), token, self._said.credentials)
        made = [key for key, one in self._said.credentials.items() if one.made_by == "token" and not one.single_use]
        kept = [key for key in made if key in said.keep or (said.cookie and key == "session")]
        # What nothing can be asked without is the token that ends first, not the one that renews it.
        needed = tuple(key for key in kept if not key.startswith("refresh")) or tuple(kept)
        return Renewal(said, self._ask(said, place, known), timedelta(seconds=seconds(said.before_end)), needed)

    def _authorise(self) -> AuthorisePlan | None:
        said = self._said.authorise
        if said is None:
            return None
        known = {*self._base, "state", "redirect", "now"}
        if said.sign_as and said.sign_as not in self._sections:
            self._notes.unknown(("authorise", "sign_as"), said.sign_as, self._sections)
        if said.unless and said.unless not in self._said.credentials:
            self._notes.unknown(("authorise", "unless"), said.unless, self._said.credentials)
        proof = compile_signer(said.proof.recipe, ("authorise", "proof", "recipe"), self._base, self._notes) \
            if said.proof else None
        check_recipes(("authorise", "proof"), self._secrets, self._notes)
        return AuthorisePlan(self._value(said.url, ("authorise", "url"), self._base),
                             self._compiler.block(said.query, ("authorise", "query"), known),
                             self._sections.get(said.sign_as), proof)

    def _list(self, key: str, said: ListedBlock, place: Place) -> ListPlan:
        for what, cast in (("each", said.each.as_), ("window", said.window.as_ if said.window else "")):
            if cast and cast not in CASTS:
                self._notes.unknown((*place, what, "as"), cast, CASTS)
        known = {*self._base, *said.loop, *(["codes"] if isinstance(said, ReadBlock) and said.codes_at_once else [])}
        if said.window is not None and said.window.into == "names":
            known |= {said.window.from_, said.window.to}
        known |= said.first.keys()
        details = {*known, *RECORD_NAMES}
        pages = {**said.pages.size}
        for word in said.again:
            own = said.send if isinstance(said.send, dict) else ()
            if word not in (others := {"from", "to", *(said.window.one if said.window else ()), *said.query, *own}):
                self._notes.unknown((*place, "again", word), word, others)
        if said.also and not said.each.id:
            self._notes.wrong((*place, "each", "id"), "also 需要 each.id / also needs each.id")
        count = (said.count, self._ask(said.count, (*place, "count"), known)) if said.count else None
        is_filter = said.open is not None and "at" not in said.open
        question = self._ask(said, place, known)
        for what, block in (("window", said.window), ("pages", said.pages if said.pages.by != "one" else None)):
            if block is not None and block.into == "send" and is_bodiless(question.method, question.section):
                self._notes.wrong((*place, what),
                                  "GET 没有正文，请写 into: query / a GET has no body: write into: query")
        return ListPlan(
            name=key, said=said, question=question,
            pages_values=self._values(pages, (*place, "pages", "size"), known),
            then=self._details(said.then, (*place, "then"), details),
            one=self._details(said.one, (*place, "one"), details),
            also={one: BesidePlan(beside, self._ask(beside, (*place, "also", one), details))
                  for one, beside in said.also.items()},
            counting=count, when=self._maybe(said.when, (*place, "when"), known),
            open_values=self._compiler.block(said.open or {}, (*place, "open"), known) if is_filter else None,
            first=self._first(said.first, place, known), confirming=self._confirming(said.hints, place, known),
            filed=(said.files, self._ask(said.files, (*place, "files"), details)) if said.files else None,
        )

    def _confirming(self, said: HintsBlock | None, place: Place, known: Collection[str]) -> Question | None:
        if said is None:
            return None
        self._check_rereads(said.topics, (*place, "hints", "topics"))
        return self._ask(said.confirm, (*place, "hints", "confirm"), {*known, "ids"})

    def _check_rereads(self, topics: Mapping[str, TopicBlock], place: Place) -> None:
        lists = self._said.pull.lists if self._said.pull else {}
        for kind, topic in topics.items():
            if topic.reread and topic.reread not in lists:
                self._notes.unknown((*place, kind, "reread"), topic.reread, lists)

    def _first(
        self, said: Mapping[str, FirstBlock], place: Place, known: Collection[str],
    ) -> dict[str, FirstPlan]:
        return {key: FirstPlan(one, self._ask(one, (*place, "first", key), known),
                               self._maybe(one.when, (*place, "first", key, "when"), known))
                for key, one in said.items()}

    def _details(self, said: DetailsBlock | None, place: Place, known: Collection[str]) -> DetailsPlan | None:
        return None if said is None else DetailsPlan(said, self._ask(said, place, known))

    def _tell(self, kind: str, said: TellBlock) -> TellPlan:
        place: Place = ("tell", kind)
        check_told(kind, msgspec.to_builtins(said), place, self._notes)
        if said.ends_with and said.ends_with not in self._said.tell:
            self._notes.unknown((*place, "ends_with"), said.ends_with, self._said.tell)
        if said.code or self._said.code:
            return TellPlan(kind, said, None, {}, None, None, None, None)
        known = {*self._base, kind, *BODIES_NAMES, *said.first}
        first = self._first(said.first, place, known)
        doubt = None
        if said.in_doubt is not None:
            doubt = (said.in_doubt, self._ask(said.in_doubt, (*place, "in_doubt"), known),
                     self._values(said.in_doubt.where, (*place, "in_doubt", "where"), known))
        parts = said.parts
        of_part = self._maybe(parts.of if parts else None, (*place, "parts", "of"), known)
        if said.at_once > 1 and of_part is None:
            self._notes.wrong((*place, "at_once"), "一次多条时需要 parts.of / needs parts.of to tell them apart")
        way = said.otherwise
        otherwise = (way, self._ask(way, (*place, "otherwise"), known)) if way is not None else None
        when = self._maybe(said.when, (*place, "when"), known)
        ways = {key: (one, self._ask(one, (*place, "ways", key), known),
                      self._values({name: f"${name}" for name in one.needs}, (*place, "ways", key, "needs"), known))
                for key, one in said.ways.items()}
        question = next(iter(ways.values()))[1] if ways else self._ask(said, place, known)
        return TellPlan(kind, said, question, first, when, otherwise, doubt, of_part,
                        self._spread(said, (*place, "spread"), known), ways)

    def _spread(self, said: TellBlock, place: Place, known: Collection[str]) -> SpreadPlan | None:
        block = said.spread
        if (block is None) is (said.per == "spread"):
            self._notes.wrong((*place[:-1], "per") if block is None else place,
                              "per: spread 与 spread 须成对 / per: spread and spread belong together")
        if block is None:
            return None
        for one in filter(None, (block, block.told)):
            if one.as_ and one.as_ not in CASTS:
                self._notes.unknown((*place, "as"), one.as_, CASTS)
        told = block.told
        inner = (*place, "told")
        return SpreadPlan(block, self._value(block.over, (*place, "over"), known), None if told is None else (
            told, self._value(told.over, (*inner, "over"), known), self._values(told.where, (*inner, "where"), known)))

    def _listings(self) -> tuple[tuple[ListingsBlock, Question, Mapping[str, Value]], ...]:
        said, ways = self._said.listings, []
        place: Place = ("listings",)
        while said is not None and not said.code:
            known = {*self._base, "codes", "code", *said.loop}
            values = {name: one for name, one in said.keep.items() if isinstance(one, dict)}
            ways.append((said, self._ask(said, place, known),
                         self._values(values, (*place, "keep"), {*known, "record"})))
            said, place = said.otherwise, (*place, "otherwise")
        return tuple(ways)

    def _query(self) -> Any:
        said = self._said.query
        if said is None or said.code:
            return None
        known = {*self._base, "carrier", "waybill", "phone_last4"}
        return self._ask(said, ("query",), known), compile_rows(said.empty, ("query", "empty"), self._notes)

    def _quote(self) -> Question | None:
        said = self._said.quote
        if said is None:
            return None
        check_parcel(msgspec.to_builtins(said), ("quote",), self._notes)
        return self._ask(said, ("quote",), {*self._base, "parcel"})

    def _push(self, said: PushBlock) -> PushPlan | None:
        if said.code:
            return None
        known = {*self._base, *AT_DOOR}
        many = said.verify if isinstance(said.verify, list) else [said.verify]
        verify = tuple(self._verify(one, ("push", "verify", n), known) for n, one in enumerate(many))
        if said.decrypt:
            if said.decrypt not in KEYS:
                self._notes.unknown(("push", "decrypt"), said.decrypt, KEYS)
            for lacking in set(KEYS.get(said.decrypt, ())) - said.keys.keys():
                self._notes.wrong(("push", "keys"), f"缺少 {lacking} / {lacking} is missing")
        challenge = None
        if said.challenge is not None:
            own = self._verify(said.challenge.verify, ("push", "challenge", "verify"), known) \
                if said.challenge.verify else None
            challenge = ChallengePlan(own, self._value(said.challenge.body, ("push", "challenge", "body"),
                                                       {*known, "challenge"}))
        self._check_rereads(said.topics, ("push", "topics"))
        used = {name.partition(".")[0] for one in verify for name in _names(one)}
        return PushPlan(
            said, verify, challenge, self._values(said.keys, ("push", "keys"), known),
            self._value(said.own.is_, ("push", "own", "is"), known) if said.own else None,
            bool(used & {"form", "data", "at"}),
        )

    def _verify(self, said: VerifyBlock, place: Place, known: Collection[str]) -> VerifyPlan:
        recipes = said.recipe if isinstance(said.recipe, list) else [] if said.recipe is None else [said.recipe]
        at: Place = (*place, "recipe")
        signers = tuple(compile_signer(one, (*at, n) if isinstance(said.recipe, list) else at, known, self._notes)
                        for n, one in enumerate(recipes))
        check_recipes(at, self._secrets, self._notes)
        if said.token is not None:
            check_word(said.token.is_, (*place, "token", "is"), self._secrets, self._notes)
        if not (recipes or said.token or said.unsigned or said.code):
            self._notes.wrong(place, "推送须有 recipe、token 或 unsigned: true / a push is proven by a recipe or a "
                                     "token, or says unsigned: true")
        return VerifyPlan(
            said, signers, self._compiler.block(said.params, (*place, "params"), known) if said.params else None,
            self._value(said.token.is_, (*place, "token", "is"), known) if said.token else None, self._secrets)


def _names(one: VerifyPlan) -> Collection[str]:
    """The names that a proof stands on, and where in the body its signature is."""
    return {name for signer in one.signers for name in signer(lambda _: None).names} | \
        {where for where in ("at", "form") if one.said.found is not None and getattr(one.said.found, where)}
