"""Every carrier against its own simulator in trouble: a label paid for twice, a parcel lost sight of, a forged push."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from orderloom.adapters.alone import WAIT_SECONDS_MAX
from orderloom.adapters.simulated.pushes import Push
from orderloom.application.deliver import Leased, send_all
from orderloom.application.ports import Inbound, Item, Terminal, Transient
from orderloom.blueprint.duration import seconds
from tests.support.connector_folders import Folder, folders, now
from tests.support.road import LABEL, TO, Road, opened

CARRIERS = folders("carriers")
PASSING = ["dropped", "half_body", "busy", "rate_limited", "status_500"]
NUMBER = "W1000000007"


def _those(*needs: str) -> list[Any]:
    """Folders whose declaration says all of these: label, query, push, time (in a signature), limit."""
    chosen = []
    for folder in CARRIERS:
        said = folder.plan.said
        has = {"label": "label" in said.tell, "query": said.query is not None, "push": said.push is not None,
               "time": any("$now" in str(one) and one.sign is not None for one in said.calls.values()),
               "limit": any(one.means == "too_fast" for one in said.answers)}
        if all(has[need] for need in needs):
            chosen.append(pytest.param(folder, id=folder.name))
    return chosen


def _carrier(folder: Folder) -> str:
    return (folder.manifest.carriers or ["yuantong"])[0]


async def _ask(road: Road) -> Item:
    """One parcel's history, as the hub asks for it."""
    connector: Any = road.folder.connector
    item: Item = await connector.query(_carrier(road.folder), NUMBER, "8000", road.account, road.http)
    return item


@pytest.mark.parametrize("folder", _those("label"))
@pytest.mark.parametrize("fault", ["busy", "rate_limited", "dropped"])
async def test_a_carrier_that_says_later_sells_one_label_later(folder: Folder, fault: str) -> None:
    async with opened(folder) as road:
        if fault in ("busy", "rate_limited") and not _says(road, fault):
            pytest.skip("the carrier has no words for it")
        road.simulator.fault(fault)
        tried = await road.send("label", LABEL)
        assert tried.state == "due" and not road.simulator.labels.sold, tried
        assert (await road.send("label", LABEL, 2)).label is not None, road.simulator.rejected
        assert len(road.simulator.labels.sold) == 1


def _says(road: Road, word: str) -> bool:
    return word in road.simulator.NOES


@pytest.mark.parametrize("folder", _those("label", "limit"))
async def test_a_carrier_that_says_too_fast_is_left_alone_as_long_as_it_says(folder: Folder) -> None:
    async with opened(folder) as road:
        connector = folder.connector
        road.simulator.fault("rate_limited")
        wait = min(seconds(one.wait) for one in folder.plan.said.answers
                   if one.means == "too_fast" and isinstance(one.wait, str) and one.wait)
        tried, at = await _sell(road, connector), now()
        assert tried.state == "due" and tried.due_at >= at + timedelta(seconds=wait - 5), tried
        if wait > WAIT_SECONDS_MAX:  # a shorter one is waited for in the call itself
            again = await _sell(road, connector)
            assert (again.state, again.is_counted) == ("due", False), "it costs no try"
        assert not road.simulator.labels.sold


async def _sell(road: Road, connector: Any) -> Any:
    leased = Leased("d", road.account.id, "label", "o", "k", LABEL, 1, TO)
    [tried] = await send_all([leased], road.account, connector, road.folder.manifest, road.http, now())
    return tried


@pytest.mark.parametrize("folder", _those("label", "time"))
async def test_a_clock_that_is_off_is_told_as_such_and_buys_nothing(folder: Folder) -> None:
    async with opened(folder) as road:
        road.simulator.skew(5 * 86_400)
        tried = await road.send("label", LABEL)
        assert tried.error == "clock_skew" and not road.simulator.labels.sold, tried


@pytest.mark.parametrize("folder", _those("query"))
@pytest.mark.parametrize("kind", PASSING)
async def test_trouble_that_passes_costs_no_scan(folder: Folder, kind: str) -> None:
    async with opened(folder, stall_share=0.0, return_share=0.0) as road:
        road.simulator.hand_over(_carrier(folder), NUMBER, road.at, "浙江省", "8000")
        road.drive()
        if kind in ("busy", "rate_limited") and not _says(road, kind):
            pytest.skip("the carrier has no words for it")
        road.simulator.fault(kind)
        with pytest.raises(Transient):
            await _ask(road)
        [report] = road.reports([await _ask(road)])
        assert len(report.entries) >= 5 and report.waybill == NUMBER


@pytest.mark.parametrize("folder", _those("query"))
@pytest.mark.parametrize("kind", ["bad_record", "null_object", "empty_page"])
async def test_a_spoilt_history_is_no_other_parcels_and_is_asked_for_again(folder: Folder, kind: str) -> None:
    async with opened(folder, stall_share=0.0, return_share=0.0) as road:
        road.simulator.hand_over(_carrier(folder), NUMBER, road.at, "浙江省", "8000")
        road.drive()
        road.simulator.fault(kind)
        try:
            found = road.reports([await _ask(road)])
        except (Transient, Terminal):
            found = []
        assert {one.waybill for one in found} <= {NUMBER, ""}
        [report] = road.reports([await _ask(road)])
        assert len(report.entries) >= 5


@pytest.mark.parametrize("folder", _those("push"))
async def test_a_push_that_was_changed_on_its_way_or_proves_nothing_is_kept_apart(folder: Folder) -> None:
    own = _carrier(folder)
    async with opened(folder, **({"callback_url": "http://127.0.0.1:9/in"} if folder.name == "kuaidi100" else {})
                      ) as road:
        push = _pushed(road, own)
        headers = {name.lower(): value for name, value in push.headers.items()}
        word = road.account.credentials.get("push_token")
        query = {"token": word} if word and "push_token" in folder.manifest.settings | {
            one["name"]: one for one in folder.manifest.credentials} else {}
        good = folder.connector.receive(Inbound("POST", "/in", query, headers, push.body), road.account, _today())
        assert not good.quarantine and good.items, good
        if folder.plan.said.push and "token" in str(folder.plan.said.push.verify) and query:
            changed = Inbound("POST", "/in", {"token": "another"}, headers, push.body)
        else:
            changed = Inbound("POST", "/in", query, headers, push.body.replace(NUMBER.encode(), b"W1000000008"))
            assert changed.body != push.body
        bad = folder.connector.receive(changed, road.account, _today())
        assert bad.quarantine and bad.status == 401, bad
        nothing = folder.connector.receive(Inbound("POST", "/in", {}, {}, b""), road.account, _today())
        assert nothing.quarantine and nothing.status >= 400


def _pushed(road: Road, carrier: str) -> Push:
    """A push of the parcel's first scan, as it would be posted."""
    simulator = road.simulator
    if road.folder.name == "cainiao":
        simulator.push_url = "http://127.0.0.1:9/in"
    simulator.watch(carrier, NUMBER, "http://127.0.0.1:9/in", **simulator.usual())
    simulator.hand_over(carrier, NUMBER, road.at, "浙江省", "8000")
    road.drive(6)
    push: Push = simulator.sending(simulator.queue[0])
    return push


def _today() -> datetime:
    return datetime.now(UTC)


def test_every_carrier_that_sells_labels_is_asked_whether_it_sold_one_before_it_sells_another() -> None:
    """A lost answer: by a question, or by the carrier's own key of idempotency that its quality.yaml answers for."""
    for folder in CARRIERS:
        label = folder.plan.said.tell.get("label")
        if label is None:
            continue
        sent = str(label.send)
        assert "$label.label_no" in sent, f"{folder.name}: the label's own number is its key"
        assert label.in_doubt is not None or any(
            "same" in line for line in (folder.path / "quality.yaml").read_text("utf-8").splitlines()), folder.name
