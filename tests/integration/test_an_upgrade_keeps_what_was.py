"""An upgrade of a hub that is in use: orders that 0.1 recorded stay proven, and the right rules are in force."""

from __future__ import annotations

import asyncio
from pathlib import Path

import msgspec
import psycopg
import pytest
from msgspec.structs import replace

from orderloom.adapters.db.audit_deep import verify_deep
from orderloom.adapters.db.audit_walk import verify_log
from orderloom.adapters.db.publish_blueprint import active, publish
from orderloom.adapters.db.refold import refold_all
from orderloom.blueprint.load import digest, load_folder
from orderloom.blueprint.schema import Blueprint
from orderloom.carried import BLUEPRINT
from orderloom.domain.event import OrderRecorded
from orderloom.domain.log import chain, decode, encode, told
from orderloom.entrypoints.cli.first_run import FIRST, OWN, ensure_blueprint
from orderloom.entrypoints.cli.screen import screen
from tests.support.api_hub import a_world

DEFAULT = BLUEPRINT
EVENTS = """select seq, kind, at, actor, message_id::text, blueprint, facts from order_event 
    where order_id = %s order by seq"""


def _as_recorded_by_0_1(dsn: str, order_id: str) -> None:
    """Its first fact names no city and every fact spells its defaults, as facts did then; the chain is made anew."""
    head = order_id.encode()
    with psycopg.connect(dsn) as connection:
        connection.execute("alter table order_event disable trigger all")
        for seq, kind, at, actor, message_id, blueprint, facts in connection.execute(EVENTS, (order_id,)).fetchall():
            event = decode(facts)
            if isinstance(event, OrderRecorded):
                assert event.city
                facts = encode(replace(event, city=""))
            facts = msgspec.json.encode(told(facts)).decode()
            head = chain(head, order_id, seq, kind, at, actor, message_id, blueprint, facts)
            connection.execute("update order_event set facts = %s, hash = %s where order_id = %s and seq = %s",
                               (facts, head, order_id, seq))
        connection.execute("update orders set event_head = %s where id = %s", (head, order_id))
        connection.execute("alter table order_event enable trigger all")


async def test_orders_from_before_an_upgrade_are_not_told_to_be_tampered_with(database: str, home: Path) -> None:
    async with a_world(home, database, orders=2) as world:
        for order_id in world.order_ids:
            _as_recorded_by_0_1(database, order_id)
        async with world.hub.pool.connection() as connection:
            await connection.set_autocommit(True)
            assert (await refold_all(connection, lambda done, of: None)).differing == []
            report = await verify_log(database, home, lambda done, of: None)
            await verify_deep(connection, world.hub.vault, report, lambda done, of: None)
            assert report.is_whole, report.faults
            await connection.execute("update orders set receiver_city = '温州市' where id = %s", (world.order_ids[1],))
            await verify_deep(connection, world.hub.vault, report, lambda done, of: None)
            assert [(f.order_id, f.field) for f in report.faults] == [(world.order_ids[1], "receiver.city")]


def _older(blueprint: Blueprint) -> Blueprint:
    return replace(blueprint, cases=tuple(case for case in blueprint.cases if case.kind != "addition_unpaid"))


async def _published(dsn: str, author: str, reason: str) -> Blueprint:
    older = _older(load_folder(DEFAULT))
    async with await psycopg.AsyncConnection.connect(dsn, autocommit=True) as connection:
        assert await publish(connection, older, author, reason) == 1
    return older


async def _active(dsn: str) -> tuple[int, str]:
    async with await psycopg.AsyncConnection.connect(dsn, autocommit=True) as connection:
        found = await active(connection)
        assert found is not None
        return found[0], digest(found[1])


@pytest.mark.parametrize("author, reason, reaches", [
    (OWN, FIRST, True), (OWN, "we ship by hand", False), ("li", FIRST, False),
])
def test_a_newer_default_reaches_who_never_chose_rules_and_leaves_who_did(
    database: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, author: str, reason: str,
    reaches: bool,
) -> None:
    monkeypatch.setattr(screen, "is_json", False)
    older = asyncio.run(_published(database, author, reason))
    ensure_blueprint(database, is_upgraded=True)
    told = capsys.readouterr().out
    if reaches:
        assert asyncio.run(_active(database)) == (2, digest(load_folder(DEFAULT))) and "2" in told
        ensure_blueprint(database, is_upgraded=True)
        assert asyncio.run(_active(database))[0] == 2 and capsys.readouterr().out == ""
    else:
        assert asyncio.run(_active(database)) == (1, digest(older)) and "blueprint diff" in told
        ensure_blueprint(database)
        assert capsys.readouterr().out == ""
