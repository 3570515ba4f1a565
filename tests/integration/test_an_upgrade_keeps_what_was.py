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
from orderloom.adapters.db.refold import refold_all
from orderloom.application.publish_blueprint import publish_blueprint
from orderloom.blueprint.load import BadBlueprint, digest, load_folder
from orderloom.blueprint.schema import Blueprint
from orderloom.bootstrap.installation import open_ports
from orderloom.carried import BLUEPRINT
from orderloom.domain.event import OrderRecorded
from orderloom.domain.log import chain, decode, encode, told
from orderloom.entrypoints.cli.first_run import FIRST, OWN, ensure_blueprint
from orderloom.entrypoints.cli.screen import screen
from orderloom.settings import Settings
from tests.support.api_hub import a_world

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


async def _published(settings: Settings, dsn: str, author: str, reason: str) -> Blueprint:
    older = _older(load_folder(BLUEPRINT))
    async with open_ports(settings, dsn) as ports:
        assert await publish_blueprint(ports.blueprints, older, author, reason) == 1
    return older


async def _active(settings: Settings, dsn: str) -> tuple[int, str]:
    async with open_ports(settings, dsn) as ports, ports.blueprints() as versions:
        found = await versions.active()
        assert found is not None
        return found[0], digest(found[1])


@pytest.mark.parametrize("author, reason, reaches", [
    (OWN, FIRST, True), (OWN, "we ship by hand", False), ("li", FIRST, False),
])
def test_a_newer_default_reaches_who_never_chose_rules_and_leaves_who_did(
    database: str, home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, author: str,
    reason: str, reaches: bool,
) -> None:
    monkeypatch.setattr(screen, "is_json", False)
    settings = Settings(home=home)
    older = asyncio.run(_published(settings, database, author, reason))
    ensure_blueprint(settings, database, is_upgraded=True)
    told = capsys.readouterr().out
    if reaches:
        assert asyncio.run(_active(settings, database)) == (2, digest(load_folder(BLUEPRINT))) and "2" in told
        ensure_blueprint(settings, database, is_upgraded=True)
        assert asyncio.run(_active(settings, database))[0] == 2 and capsys.readouterr().out == ""
    else:
        assert asyncio.run(_active(settings, database)) == (1, digest(older)) and "blueprint diff" in told
        ensure_blueprint(settings, database)
        assert capsys.readouterr().out == ""


def test_who_chose_the_default_is_not_told_to_compare_it_because_its_files_are_others_now(
    database: str, home: Path, capsys: pytest.CaptureFixture[str],
) -> None:
    settings, shipped = Settings(home=home), load_folder(BLUEPRINT)

    async def published() -> None:
        async with open_ports(settings, database) as ports:
            await publish_blueprint(ports.blueprints, replace(shipped, cases=shipped.cases[::-1]), "li", "ours")

    asyncio.run(published())
    ensure_blueprint(settings, database, is_upgraded=True)
    assert capsys.readouterr().out == "" and asyncio.run(_active(settings, database))[0] == 1


async def test_rules_of_before_that_name_a_fact_that_is_gone_stop_no_hub(database: str, home: Path) -> None:
    shipped = load_folder(BLUEPRINT)
    ruled = [i for i, one in enumerate(shipped.lifecycle.transitions) if one.when]
    transitions = tuple([replace(one, when=f"{one.when} and not is_test") if one.when else one
                         for one in shipped.lifecycle.transitions])
    formulas = tuple([replace(one, when="not is_test") for one in shipped.formulas])
    older = replace(shipped, lifecycle=replace(shipped.lifecycle, transitions=transitions), formulas=formulas)
    async with open_ports(Settings(home=home), database) as ports:
        async with ports.blueprints() as versions:
            await versions.add(1, older, "li", "no test orders")  # as the build of then published it
        kept = (await ports.directory()).blueprints[1]
        with pytest.raises(BadBlueprint) as refused:
            await publish_blueprint(ports.blueprints, older, "li", "again")
    assert ruled and kept.source == older
    assert len(refused.value.findings) == len(ruled) + len(formulas)
