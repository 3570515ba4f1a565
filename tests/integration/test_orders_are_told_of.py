"""Orders that the lifecycle tells of, tokens that end, and a worker that dies in the middle of telling."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from orderloom.adapters.db import notices
from orderloom.application import commands as c
from orderloom.application.notify import Notifier
from orderloom.application.sending import Deliverer
from orderloom.blueprint.load import read_folder
from orderloom.carried import BLUEPRINT
from orderloom.domain.actor import person
from tests.support.api_hub import World, a_world
from tests.support.ears import EarAccount, an_ear
from tests.support.notified import Notified, publish

RULES = """
rules:
  - name: cancelled
    title: {zh: 取消, en: cancelled}
    when: {lifecycle: [cancelled]}
    who: [owner, sales]
    template: order
recipients:
  - {name: sales, title: {zh: 销售, en: Sales}, language: en, members: [amy]}
  - {name: amy, title: {zh: 小王, en: Amy}, language: en}
templates:
  - name: order
    title: {zh: "{stage}：{order}", en: "{stage}: {order}"}
    text: {zh: "{customer} {account}", en: "{customer} {account}"}
  - name: digest
    title: {zh: "{count} 条", en: "{count} of them"}
    text: {zh: "{lines}", en: "{lines}"}
"""


@pytest.fixture
async def world(home: Path, database: str) -> AsyncIterator[World]:
    async with a_world(home, database, orders=3) as world:
        yield world


def people(world: World) -> Notified:
    return Notified(world.hub, world.hub.now)  # type: ignore[arg-type]


async def robot(world: World, at: EarAccount, **settings: Any) -> None:
    await people(world).messenger("WC01", "wecom", at.base_url, at.credentials, **settings)


async def turn(world: World) -> None:
    """One round of a worker."""
    await Notifier(world.hub).step()
    deliverer = Deliverer(world.hub)
    await deliverer.step()
    await deliverer.drain()


async def cancel(world: World, *orders: str) -> None:
    done = await world.hub.handle([
        c.CancelOrder(actor=person("li", "administrator"), order_id=o, reason="x") for o in orders])
    assert not any(one.refusal for one in done), done


async def test_an_order_that_is_cancelled_is_told_in_the_words_of_its_stage(world: World) -> None:
    async with an_ear("wecom", world.hub.now) as at:
        await publish(world.hub, notifications=RULES)
        await robot(world, at)
        await cancel(world, world.order_ids[0])
        await turn(world)
        [(number,)] = await people(world).ask("select number from orders where id = %s::uuid", world.order_ids[0])
        assert [heard["text"].partition("\n")[0] for heard in at.ear.heard] == [f"已取消：{number}"]
        [told] = await people(world).told(order_id=world.order_ids[0])
        assert (told.rule, told.recipient, told.state, told.order) == ("cancelled", "*", "sent", number)


async def test_a_person_is_told_in_their_own_language_and_a_room_in_its_own(world: World) -> None:
    async with an_ear("wecom", world.hub.now) as at, an_ear("hook", world.hub.now) as hook:
        await publish(world.hub, notifications=RULES)
        await robot(world, at, language="en")
        await people(world).messenger("HK01", "hook", hook.base_url, hook.credentials)
        await cancel(world, world.order_ids[0])
        await turn(world)
        assert at.ear.heard[0]["text"].startswith("Cancelled: ")
        assert hook.ear.heard[0]["data"]["title"].startswith("已取消：")


async def test_a_name_behind_notify_is_heard_by_the_rule_of_that_name_wherever_it_stands(world: World) -> None:
    lifecycle = read_folder(BLUEPRINT)["lifecycle/cancelled"]
    named = lifecycle.replace("do: [recall, release, notify]", 'do: [recall, release, "notify:money_back"]')
    async with an_ear("wecom", world.hub.now) as at:
        await publish(world.hub, **{"lifecycle/cancelled": named, "notifications": RULES.replace(
            "lifecycle: [cancelled]", "lifecycle: [money_back]")})
        await robot(world, at)
        [order] = await world.record(1)
        await cancel(world, world.order_ids[0], order)
        await turn(world)
        assert len(at.ear.heard) == 1, "orders of before keep the lifecycle that they began with"


async def test_without_a_rule_or_a_messenger_an_order_leaves_nothing_to_be_told(world: World) -> None:
    await cancel(world, world.order_ids[0])
    await publish(world.hub, notifications=RULES)
    await cancel(world, world.order_ids[1])
    assert await people(world).ask("select from notice") == []


async def test_an_authorisation_that_ends_is_told_in_time_and_no_more_when_it_was_renewed(world: World) -> None:
    async with an_ear("wecom", world.hub.now) as at:
        await robot(world, at)
        ends = world.hub.now() + timedelta(days=2)
        await people(world).ask(
            "insert into account_token (account_id, of_index, tokens_cipher, authorised_until) "
            "select id, '', '', %s from account where code = 'SH01' returning 1", ends)
        await turn(world)
        await turn(world)
        told = [(n.rule, n.ended_why) for n in await people(world).told(rule="token_ends")]
        assert told == [("token_ends", "")]
        later = ends + timedelta(days=300)
        await people(world).ask("update account_token set authorised_until = %s returning 1", later)
        await turn(world)
        assert [n.ended_why for n in await people(world).told(rule="token_ends")] == ["no longer so"]


@pytest.mark.parametrize("name", ["tell", "step", "queue", "handed_over", "open", "untold_cases"])
async def test_a_worker_that_dies_at_any_statement_leaves_nothing_untold_and_nothing_told_twice(
    world: World, monkeypatch: pytest.MonkeyPatch, name: str,
) -> None:
    real = notices.statement
    hits = []

    def dying(file: str, wanted: str) -> Any:
        if file == "notices" and wanted == name and not hits:
            hits.append(wanted)
            return "select 1/0"
        return real(file, wanted)

    async with an_ear("wecom", world.hub.now) as at:
        await robot(world, at)
        await people(world).cases("oversold", ["sku-1", "sku-2", "sku-3"])
        monkeypatch.setattr(notices, "statement", dying)
        with pytest.raises(Exception, match=r"22012|division|refused"):
            await Notifier(world.hub).step()
        assert hits == [name]
        await turn(world)
        assert len(at.ear.heard) == 3 and len(await people(world).ask("select from delivery")) == 3
