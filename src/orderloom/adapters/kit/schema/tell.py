"""What the platform is told and asked, one thing at a time."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from msgspec import Meta

from orderloom.adapters.kit.schema.block import Count, DeclaredBlock, Word
from orderloom.adapters.kit.schema.call import AnswerBlock, AskBlock


class DoubtBlock(AskBlock, frozen=True, kw_only=True):
    """Asked when it is not known whether something was done: on a repetition, and after a refusal."""

    cut: str | list[str] = ""
    """Where its records stand; of several places, in each."""
    where: dict[str, Any] = {}
    """Fields of a record and the value that they must have, or one of a list; what is nothing asks nothing."""
    take: dict[str, str] = {}
    """What is kept of the record that is found, {name: path}: waybill, booking."""


class PartsBlock(DeclaredBlock, frozen=True, kw_only=True):
    """Where an answer says what became of each item."""

    good: str = ""
    """Path of the list of those that were taken; what is neither there nor refused is told again."""
    bad: str = ""
    """Path of the list of those that were refused."""
    id: str | list[str] = ""
    """Path of the item's id in each."""
    why: str | list[str] = ""
    """Path of the platform's words in each that was refused."""
    of: Any = None
    """The value of ours that the id is compared with; seen from one item."""
    unless: dict[str, list[Any]] = {}
    """A record of `bad` with one of these values is good after all."""


class FirstBlock(AskBlock, frozen=True, kw_only=True):
    """A question before the telling, whose answer is needed for it; known by its name from then on."""

    take: str | list[str]
    """Path of what is wanted in the answer; of several the first that is there."""
    needed: bool = True
    """Without it nothing goes on; false: it goes on without the name."""
    when: Any = None
    """It is asked only where this value is there and neither false nor 0."""
    parts: PartsBlock | None = None
    """Where the answer says what became of each item: one that is refused is told, and nothing goes on."""


class OpenBlock(DeclaredBlock, frozen=True, kw_only=True):
    """Records of a platform that hold lines of the order, with so many units of each."""

    over: Any
    """The records: `$name` of a question asked `first`."""
    lines: str = "."
    """Path of the lines in each record; "." when it is itself the list."""
    line: str
    """Path of the order's line in each of them, written as we know it by `as`."""
    as_: str = ""
    """A way of `casts.py`; empty: as it stands."""
    quantity: str
    """Path of the number of units in each line."""


class ToldBlock(OpenBlock, frozen=True, kw_only=True):
    """What is told already: records that have all of `where`, and none of the words of `unless`."""

    where: dict[str, Any]
    """Paths of a record and the value that each must have, such as the waybill."""
    unless: dict[str, list[Any]] = {}
    """Paths of a record and words, one of which says that it does not count."""


class SpreadBlock(OpenBlock, frozen=True, kw_only=True):
    """The platform's own parts of an order, over which the lines told are spread: `$spread` are those of one call."""

    id: str = "id"
    """Path of a part's id, by which a person finds it."""
    by: str = ""
    """Only parts with the same value here go in one call."""
    open: dict[str, list[Any]]
    """Words of parts from which something may leave."""
    held: dict[str, list[Any]] = {}
    """Words of those that a person must release."""
    told: ToldBlock | None = None
    """What is told already and taken off first; without it nothing is."""


class DoneBlock(DeclaredBlock, frozen=True, kw_only=True):
    """What a success says of itself: {at: path, is: value}, {at: path, in: [...]} or {at: path, present: true}."""

    at: Word | list[Word]
    """Path in the answer; where nothing stands nobody knows whether it was done."""
    is_: Any = None
    """The value that says that it was done."""
    in_: Annotated[list[Any], Meta(min_length=1)] | None = None
    """Values, one of which says so."""
    present: bool = False
    """Whatever stands there says so."""


class GroupBlock(DeclaredBlock, frozen=True, kw_only=True):
    """Figures that one call takes together; `whole`: all of them or none, and then they are told in halves until what
    is refused stands alone."""

    by: str = ""
    """Path of a figure: only such as have the same there."""
    at_most: Count = 50
    """So many figures at most."""
    whole: bool = False
    """All of them are taken or none."""


class WayBlock(AskBlock, frozen=True, kw_only=True):
    """Another way to tell a part."""

    needs: list[str] = []
    """Settings and fields without which it is not told so."""
    done: DoneBlock | None = None
    """What a success says of itself; without it a good answer is one."""


class TellBlock(AskBlock, frozen=True, kw_only=True):
    """One kind of thing that the platform is told."""

    ways: dict[str, WayBlock] = {}
    """Of a `decision`: how each answer is told, by its word; an answer that is not here the platform is not told."""
    code: str = ""
    """The module, with `send(outgoing, platform)`; empty: this block says it."""
    fields: dict[str, Count | None] = {}
    """What may leave, by field and greatest length: docs/deliveries.md."""
    oversize: dict[str, Literal["cut", "refuse"]] = {}
    """What becomes of a longer one, by field: `refuse`, a person shortens it; not named here, it is cut."""
    needs: list[str] = []
    """Fields without which it is not asked at all."""
    once: bool = False
    """The platform neither knows it again nor can be asked for it: it is told once, and a lost answer is a person's."""
    ends_with: Literal["", "label_cancel"] = ""
    """What undoes it too: a `pickup` that is part of its label's order ends when the label is given back."""
    first: dict[str, FirstBlock] = {}
    """Questions before it whose answers it needs, by the name that they have then."""
    when: Any = None
    """Which parts are told so; the others are told `otherwise`."""
    otherwise: WayBlock | None = None
    """How those are told for which `when` does not hold."""
    done: DoneBlock | None = None
    """What a success says of itself; without it a good answer is one."""
    said: dict[str, str] = {}
    """What is kept of the answer, {name: path}: waybill, print_data, booking, system_no."""
    in_doubt: DoubtBlock | None = None
    """How the platform is asked whether it was done already; without it what is repeated is told again."""
    per: Literal["delivery", "figure", "line", "group", "spread"] = "delivery"
    """What one call is about."""
    spread: SpreadBlock | None = None
    """How the lines are spread over the platform's parts; with `per: spread`."""
    group: GroupBlock = GroupBlock()
    """Which figures one call takes; with `per: group`."""
    at_once: Count = 1
    """So many deliveries in one call, where the platform takes several orders."""
    parts: PartsBlock | None = None
    """Where the answer tells items apart; without it the answer is for all of them."""


class ProbeBlock(AskBlock, frozen=True, kw_only=True):
    """How an account is tried; without it the first list is asked for a minute."""

    code: str = ""
    """The module, with `probe(platform)`; empty: this question is asked."""
    says: str | list[str] = ""
    """Path of a name that a person recognises."""
    zone: str = ""
    """Path of the platform's own zone, compared with the account's."""


class ListingsBlock(AskBlock, frozen=True, kw_only=True):
    """Finds the platform's own ids by the seller's codes: `$code`, or `$codes` where it takes several at once."""

    code: str = ""
    """The module, with `find_listings(codes, platform)`; empty: this question is asked."""
    at_once: Count = 1
    """So many codes in one question."""
    loop: dict[str, Annotated[list[Any], Meta(min_length=1)] | str] = {}
    """Values that the question takes one after the other for what was not found yet: the names of lists."""
    cut: str | list[str] = ""
    """Where the records stand in the answer; empty: all of it is one."""
    sku: str | list[str] = ""
    """Where a record names the seller's code; not needed where one is asked for at a time."""
    inner: str = ""
    """The list within each record that the codes stand in, a product's variants; `^.` of a path leads out again."""
    keep: dict[str, Any] = {}
    """Paths in the record, or values with `$record` in them."""
    needs: list[str] = []
    """Names of `keep` without which it is no listing."""
    without: str = ""
    """Records in which this stands are not meant."""
    otherwise: ListingsBlock | None = None
    """Asked when nothing was found."""


class QuoteBlock(AskBlock, frozen=True, kw_only=True):
    """Asks what a parcel would cost. `$parcel`: carrier, product, weight_g, weight_kg, and of sender and receiver
    only country, province, city and district: nothing of a person leaves for a price."""

    needs: list[str] = []
    """Fields without which it is not asked at all."""
    cut: str | list[str] = ""
    """Where the offers stand; one answer may name several services."""
    amount: str | list[str]
    """Path of the price in the currency's main unit; an offer without one is none."""
    product: str = ""
    """Path of the carrier's own code for the service, as a label is asked for by it."""
    title: str = ""
    """Path of what the service is called."""
    arrives: str = ""
    """Path of the day that the carrier promises, in its own words."""
    currency: str = "CNY"
    """The currency of the prices, ISO 4217."""


class QueryBlock(AskBlock, frozen=True, kw_only=True):
    """Asks for one parcel."""

    code: str = ""
    """The module, with `query(carrier, waybill, phone_last4, platform)`; empty: this question is asked."""
    topic: str = "query"
    """The topic under which the answer is landed."""
    empty: list[AnswerBlock] = []
    """Rows before all others: answers that say that there is no news yet (`means: good`)."""
