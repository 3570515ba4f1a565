"""Give an order the gifts that rules state for it, once what is paid has its goods: lines of ours, at no price.

They come out of the warehouses that the order's goods come from, and are left out with a note where they are not there;
only a row that says so lets the order wait. The rules are asked again whenever goods go to a warehouse anew: a gift
whose cause is gone is withdrawn as long as it is in no work.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from msgspec.structs import replace

from orderloom.application.batch import Buyer, GiftHad
from orderloom.application.change import GiftOnce
from orderloom.application.journey import Journey
from orderloom.application.reserve import allocate, bind_beside, bound_by_work, give_back, plan_beside
from orderloom.domain import event as e
from orderloom.domain.assign import Demand
from orderloom.domain.gift import gift_id, is_gift, may_be_left_out
from orderloom.domain.gift_event import GiftLeftOut
from orderloom.domain.lifecycle import GuardFailed
from orderloom.domain.order import Line, StockBinding
from orderloom.domain.rule import RowDecided, RuleDecision
from orderloom.domain.rule_places import GIFT, KEEP, ONCE, UNITS, WAITS
from orderloom.domain.rule_traits import SeenByRules, traits_for_rules
from orderloom.domain.states import BindingKind

NOBODY = Buyer(None, None)


class GiftWish(NamedTuple):
    """A gift that a row states: the rule, the row, and the id of the line that it is to be."""

    rule: str
    stated: RowDecided
    id: str

    @property
    def once(self) -> str:
        """What a buyer gets once: by rule and row, whatever it gives."""
        return f"{self.rule}/{self.stated.row}"

    def left_out(self, why: str) -> GiftLeftOut:
        """It is not given."""
        outcome = self.stated.outcome
        return GiftLeftOut(self.rule, self.stated.row, str(outcome[GIFT]), int(outcome[UNITS]), why)


def give_gifts(j: Journey) -> bool:
    """Decide the order's gifts; False when it waits for one now. Nothing is done while no goods of it are to go."""
    free = _free(j)
    if not free or j.order.is_short:
        return not _waits(j)
    decisions, refused = decide_gifts(j)
    wishes = {wish.id: wish for decision in decisions for wish in _wishes(decision)}
    houses = {b.warehouse_id for b in free if b.line_no not in _numbers(j)} or {b.warehouse_id for b in free}
    gone = _gone(j, wishes)
    if gone:
        _withdraw(j, gone, "cause_gone")
    _give(j, decisions, [wish for wish in wishes.values() if wish.id not in _standing(j)], refused, houses)
    return not _waits(j)


def _waits(j: Journey) -> bool:
    """Whether a gift without which the order is not to go has no stock."""
    bound = {b.line_no for b in j.order.active_stock(BindingKind.ALLOCATION)}
    return any(line.needed and not (may_be_left_out(line) or line.no in bound or line.fulfilled or line.shipped)
               for line in _standing(j).values())


def decide_gifts(j: Journey) -> tuple[list[RuleDecision], list[GiftLeftOut]]:
    """What the rules of the order's blueprint state for it, as it is now, and those that cannot be asked: paid goods go
    on without them."""
    seen, found, refused = seen_of(j), list[RuleDecision](), list[GiftLeftOut]()
    for rule in j.blueprint.reviews:
        try:
            decision = rule.decide(traits_for_rules(seen, rule.reads), j.order.blueprint)
        except GuardFailed:
            refused.append(GiftLeftOut(rule.name, "", "", 0, "beyond"))
            continue
        if decision is not None:
            found.append(decision)
    return found, refused


def seen_of(j: Journey) -> SeenByRules:
    """What rules see of the order."""
    account = j.world.directory.accounts[j.order.account_id]
    return SeenByRules(j.order, account.connector, account.code, j.world.goods.skus, _buyer(j).orders_before)


def _wishes(decision: RuleDecision) -> Iterator[GiftWish]:
    for stated in decision.rows:
        yield GiftWish(decision.rule, stated, gift_id(decision.rule, stated.row, waits=bool(stated.outcome[WAITS])))


def _free(j: Journey) -> list[StockBinding]:
    """Allocated stock that no work covers."""
    in_work = {b.no for own in bound_by_work(j.order).values() for b in own}
    return [b for b in j.order.active_stock(BindingKind.ALLOCATION) if b.no not in in_work]


def _standing(j: Journey) -> dict[str, Line]:
    return {line.external_id: line for line in j.order.lines if is_gift(line) and not line.is_closed}


def _numbers(j: Journey) -> set[int]:
    return {line.no for line in _standing(j).values()}


def _gone(j: Journey, wishes: dict[str, GiftWish]) -> list[Line]:
    """Gifts that no row states any more, or that came as a line of the channel's since, and that are in no work."""
    return [line for line in _standing(j).values()
            if (line.external_id not in wishes or _is_there(j, line.sku_id)) and not (line.fulfilled or line.shipped)]


def _withdraw(j: Journey, lines: list[Line], why: str) -> None:
    numbers = {line.no for line in lines}
    give_back(j, tuple([b for b in _free(j) if b.line_no in numbers]), "gift_withdrawn")
    j.emit(e.GiftsReviewed(withdrawn=tuple(sorted(numbers)), why=why))
    void = {line.external_id.partition(":")[2] for line in lines}
    j.world.gifts.update({(buyer, gift): had._replace(stands=False) for (buyer, gift), had in j.world.gifts.items()
                          if had.order_id == j.order.id and gift in void})


def _give(
    j: Journey, decisions: list[RuleDecision], wishes: list[GiftWish], left_out: list[GiftLeftOut], houses: set[int],
) -> None:
    """Give what can be given, with one fact for all of it; and bind anew what was given before and is bound no more."""
    demand = list[tuple[int, int, int]]()
    again = _bind_again(j, demand, houses)
    given = list[Line]()
    for wish in wishes:
        line = _line(j, wish, len(given))
        why = "unknown_sku" if line is None else _why_not(j, wish, line, demand, houses)
        if line is None or why:
            left_out.append(wish.left_out(why))
            continue
        given.append(line)
        if may_be_left_out(line):
            demand += _demand(j, line)
        _note_once(j, wish)
    if again:
        _withdraw(j, again, "short")
    if given or left_out:
        j.emit(e.GiftsReviewed(tuple(decisions), tuple(given), tuple(left_out)))
    if demand:
        bind_beside(j, *plan_beside(j, tuple(demand), houses))
    if any(not may_be_left_out(line) for line in given):
        allocate(j)


def _bind_again(j: Journey, demand: list[tuple[int, int, int]], houses: set[int]) -> list[Line]:
    """Put into the demand what of earlier gifts lost its stock with a work; what is not there is returned."""
    bound = {b.line_no for b in j.order.active_stock(BindingKind.ALLOCATION)}
    lost = list[Line]()
    for line in _standing(j).values():
        if line.no in bound or line.fulfilled or line.shipped or not may_be_left_out(line):
            continue
        own = _demand(j, line)
        if own and not plan_beside(j, (*demand, *own), houses)[0].picks:
            lost.append(line)
        else:
            demand += own
    return lost


def _line(j: Journey, wish: GiftWish, more: int) -> Line | None:
    """The line that a gift is to be, the one of before where it was given once and withdrawn; None: no such SKU."""
    sku_id = j.world.goods.sku_id(str(wish.stated.outcome[GIFT]))
    if sku_id is None:
        return None
    sku, units = j.world.goods.skus[sku_id], int(wish.stated.outcome[UNITS])
    past = next((line for line in j.order.lines if line.external_id == wish.id), None)
    if past is not None:
        return replace(past, sku_id=sku_id, sku_external=sku.code, title=sku.code, ordered=units, is_closed=False,
                       kind=sku.kind, parts=sku.parts)
    return Line(len(j.order.lines) + more + 1, wish.id, sku_id, sku.code, sku.code, units, 0, 0, 0, kind=sku.kind,
                parts=sku.parts)


def _why_not(j: Journey, wish: GiftWish, line: Line, demand: Sequence[tuple[int, int, int]], houses: set[int]) -> str:
    """Why a gift is not given; empty: it is."""
    if _is_there(j, line.sku_id):
        return "already_there"
    if wish.stated.outcome[ONCE]:
        buyer = _buyer(j).key
        if buyer is None:
            return "buyer_unknown"
        had = j.world.gifts.get((buyer, wish.once))
        if had is not None and had.stands and had.order_id != j.order.id:
            return "had_before"
    own = _demand(j, line)
    if not own or not may_be_left_out(line):
        return ""
    found, rights = plan_beside(j, (*demand, *own), houses)
    if not found.picks:
        return "short"
    left = [sum([max(rights.available(sku_id, house.id), 0) for house in j.world.directory.warehouses]) - units
            for _, sku_id, units in own]
    return "kept_back" if min(left) < int(wish.stated.outcome[KEEP]) else ""


def _is_there(j: Journey, sku_id: int) -> bool:
    """Whether the channel's order has the same goods as a gift already: some channels send theirs as lines."""
    return any(line.sku_id == sku_id and not line.price and not line.amount and not line.is_closed
               for line in j.order.lines if not is_gift(line))


def _demand(j: Journey, line: Line) -> Demand:
    """Units of each SKU that the gift is made of; none of what is not sent."""
    parts = line.parts or j.world.goods.skus[line.sku_id].components
    return tuple([(line.no, sku_id, units * line.needed) for sku_id, units in parts]) if line.needed else ()


def _note_once(j: Journey, wish: GiftWish) -> None:
    """Let nobody else of the same buyer's orders have it: this batch by the world, other workers by the table's key."""
    buyer = _buyer(j).key
    if not wish.stated.outcome[ONCE] or buyer is None:
        return
    had = j.world.gifts.get((buyer, wish.once))
    if had is None or had.order_id != j.order.id:
        j.change.gifts.append(GiftOnce(buyer, wish.once, j.order.id, had.order_id if had else ""))
    j.world.gifts[buyer, wish.once] = GiftHad(j.order.id, True)


def _buyer(j: Journey) -> Buyer:
    return j.world.buyers.get((j.order.account_id, j.order.external_id), NOBODY)


