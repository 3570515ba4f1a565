"""A quota is a right to the front of the queue: it keeps units for whom they are meant, and never makes one."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from orderloom.domain.inventory.level import Level
from orderloom.domain.inventory.quota import GENERAL, Asker, Draw, Pool, Quota, Rights, rights_of

SKU, HOUSE = 7, 1
EVERYBODY = Asker(1)
BUYER = Asker(1, campaign="11.11")


def quota(id: str, draw_order: int = -1, *, falls: bool = True, **asks: str | int) -> Quota:
    return Quota(id, HOUSE, draw_order, falls, **asks)  # type: ignore[arg-type]


def rights(level: Level, asker: Asker, *quotas: Quota, **kept: int) -> Rights:
    pools = {id: Pool(id, units, 0, True) for id, units in kept.items()}
    return rights_of(asker, {(SKU, HOUSE): level}, {SKU: quotas}, pools)


def test_what_is_set_aside_for_a_campaign_is_not_sold_to_others() -> None:
    level = Level(SKU, HOUSE, on_hand=10, set_aside=6)
    campaign = quota("a", campaign="11.11")
    assert rights(level, EVERYBODY, campaign, a=6).available(SKU, HOUSE) == 4
    assert rights(level, BUYER, campaign, a=6).available(SKU, HOUSE) == 10


def test_a_campaign_draws_its_own_units_first_and_then_everybodys() -> None:
    level = Level(SKU, HOUSE, on_hand=10, set_aside=6)
    own = rights(level, BUYER, quota("a", campaign="11.11"), a=6)
    assert own.draw(SKU, HOUSE, 8) == [Draw("a", 6), Draw(GENERAL, 2)]


def test_a_pool_behind_the_general_one_is_touched_only_when_that_is_empty() -> None:
    level = Level(SKU, HOUSE, on_hand=10, set_aside=6)
    last = rights(level, BUYER, quota("a", 1, campaign="11.11"), a=6)
    assert last.draw(SKU, HOUSE, 3) == [Draw(GENERAL, 3)]
    assert last.draw(SKU, HOUSE, 5) == [Draw(GENERAL, 4), Draw("a", 1)]


def test_a_closed_list_gets_nothing_of_the_general_pool() -> None:
    level = Level(SKU, HOUSE, on_hand=10, set_aside=2)
    assert rights(level, BUYER, quota("a", falls=False, campaign="11.11"), a=2).available(SKU, HOUSE) == 2


def test_quotas_are_drawn_in_their_order_and_a_pool_of_another_shop_is_not_seen() -> None:
    level = Level(SKU, HOUSE, on_hand=10, set_aside=9)
    own, others = (quota("b", -1, campaign="11.11"), quota("a", -5, account_id=1)), quota("c", account_id=2)
    both = rights(level, BUYER, *own, others, a=3, b=3, c=3)
    assert both.draw(SKU, HOUSE, 7) == [Draw("a", 3), Draw("b", 3), Draw(GENERAL, 1)]
    assert both.available(SKU, HOUSE) == 7


def test_a_loss_behind_quotas_is_nobodys_unit() -> None:
    level = Level(SKU, HOUSE, on_hand=4, set_aside=10)
    assert rights(level, EVERYBODY, a=10).available(SKU, HOUSE) == -6
    assert rights(level, BUYER, quota("a", campaign="11.11"), a=10).available(SKU, HOUSE) == 4


units = st.integers(0, 30)
policies = st.lists(st.tuples(units, st.integers(-3, 3), st.booleans(), st.sampled_from(["", "x", "y"]),
                              st.sampled_from([None, 1, 2])), max_size=5)
askers = st.lists(st.tuples(st.sampled_from([1, 2]), st.sampled_from(["", "x", "y"]), st.integers(1, 12)), max_size=30)


@given(st.integers(-5, 40), units, units, policies, askers)
def test_no_policy_sells_a_unit_that_is_not_there(
    on_hand: int, safety: int, frozen: int, wanted: list[tuple[int, int, bool, str, int | None]],
    buyers: list[tuple[int, str, int]],
) -> None:
    quotas = [Quota(str(n), HOUSE, order, falls, account, campaign) for n, (_, order, falls, campaign, account)
              in enumerate(wanted)]
    pools = {str(n): Pool(str(n), row[0], 0, True) for n, row in enumerate(wanted)}
    level = Level(SKU, HOUSE, on_hand=on_hand, safety=safety, frozen=frozen, set_aside=sum(row[0] for row in wanted))
    there = max(level.unbound, 0)
    for account, campaign, asked in buyers:
        found = rights_of(Asker(account, campaign), {(SKU, HOUSE): level}, {SKU: quotas}, pools)
        if found.available(SKU, HOUSE) < asked:
            continue
        drawn = found.draw(SKU, HOUSE, asked)
        assert sum(one.units for one in drawn) == asked and len({one.quota for one in drawn}) == len(drawn)
        for quota_id, taken in drawn:
            level.allocated += taken
            if quota_id:
                assert next(q for q in quotas if q.id == quota_id).is_for(Asker(account, campaign))
                pools[quota_id].kept -= taken
                level.set_aside -= taken
            else:
                assert level.free >= 0, "the general pool gave what is set aside"
    assert level.allocated <= there
    assert all(pool.kept >= 0 for pool in pools.values()) and level.set_aside == sum(p.kept for p in pools.values())
