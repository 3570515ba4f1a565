"""A formula's price tag is honest: no history oversells more than the bound says."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from orderloom.domain.inventory.oversell import Lag, OnOffer, Sale, bound, busiest, replay, stop_of
from orderloom.domain.inventory.shown import ShownFormula

maybe = st.none() | st.integers(0, 12)
formulas = st.builds(ShownFormula, st.sampled_from((0, 1, 30, 50, 80, 100)), st.integers(0, 12), maybe, maybe,
                     st.sampled_from((0, 30, 100)), st.sampled_from((0, 0, 30, 100)))
offers = st.builds(OnOffer, formulas, st.integers(1, 3), st.integers(1, 4), st.sampled_from((0, 0, 30)))


@given(offers, st.integers(0, 40))
def test_the_stop_is_where_a_shop_begins_to_show_nothing(offer: OnOffer, unpaid: int) -> None:
    stop = stop_of(offer, unpaid)
    if stop is None:
        assert offer.units(10**9, unpaid) == 0
    else:
        assert offer.units(stop, unpaid) == 0 < offer.units(stop + 1, unpaid)


@settings(max_examples=400)
@given(st.data())
def test_a_replay_never_passes_the_bound(data: st.DataObject) -> None:
    places = range(1, data.draw(st.integers(1, 3)) + 1)
    on_sale = {place: [data.draw(offers)] for place in places}
    lags = {place: Lag(data.draw(st.integers(0, 40)), data.draw(st.integers(1, 20))) for place in places}
    pays = data.draw(st.sampled_from((0, 30)))
    sale = st.builds(Sale, st.integers(0, 600), st.sampled_from(places), st.just(0), st.integers(1, 3), st.just(pays))
    sales = sorted(data.draw(st.lists(sale, max_size=120)))
    supply = data.draw(st.lists(st.tuples(st.integers(0, 600), st.integers(1, 40)), max_size=2))
    start = data.draw(st.integers(0, 60))
    own = {place: [(one.at, one.units) for one in sales if one.place == place] for place in places}
    asked = {place: busiest(some, lags[place].heard + lags[place].told) for place, some in own.items()}
    unpaid = sum(busiest(some, pays + lags[place].heard) for place, some in own.items()) if pays else 0
    assert replay(start, supply, sales, on_sale, lags).units <= bound(asked, on_sale, unpaid)
