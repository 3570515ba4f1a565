"""A storm of inputs: whatever is sent, the good orders go through at their usual cost, every bad one is told in words.

The test prints its seed; ORDERLOOM_TEST_SEED=n repeats one, ORDERLOOM_TEST_FULL=1 sends twenty thousand messages.
"""

from __future__ import annotations

import json
import os
import random
import re
import resource
import sys
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
from structlog.testing import capture_logs

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "route"))

from stage import Stage, open_stage, plain, spare, tid

from orderloom.application.ports import Item
from orderloom.testing.builders import a_purchase
from orderloom.testing.mutations import mutated
from orderloom.testing.proof import prove

SEED = int(os.environ.get("ORDERLOOM_TEST_SEED", "1701"))
MESSAGES = 20_000 if os.environ.get("ORDERLOOM_TEST_FULL") else 1_000
GOOD_SHARE = 0.25
HUGE_ONES = 6
HUGE_CPU_SECONDS = 0.15
"""What reading 3 MB may cost: it is paid for by whoever sends them, and bounded by the door's limit on a body."""
SLACK_CPU_SECONDS = 1.0
GROUP = 50
RSS_MAX_MB = 500
"""How much the process may grow: a few bodies of 3 MB in flight, and nothing that stays."""
CANARY = "金丝雀"
PHONE = "19911112222"
FILE = (
    "订单编号,商家编码,商品标题,数量,单价,实付金额,收货人,手机,省,市,区,详细地址,下单时间,订单状态\n"
    f"F700001,M-001,马克杯,1,100.00,100.00,{CANARY},{PHONE},浙江省,杭州市,余杭区,{CANARY}路9号,"
    "2026-03-07 08:00:00,已付款\n"
)


class Letter(NamedTuple):
    """A message as it was landed, to be sent again with changes. `order` is its order's id, empty for a report."""

    account: str
    topic: str
    body: bytes
    context: tuple[tuple[str, str], ...]
    order: str


async def letters(stage: Stage) -> list[Letter]:
    """One true message of every account of the stage, by the real platforms."""
    who = a_purchase("x")["receiver"] | {"name": CANARY, "phone": PHONE, "detail": f"{CANARY}路9号"}
    ids = {"taobao": tid(1), "shopify": "5600000000001", "amazon": "111-7000001-7000001"}
    for channel, key in ids.items():
        getattr(stage, channel).place(a_purchase(key, **plain(spare("M-001", 1)), receiver=who))
    await stage.account("FL01", "channels", "files", "Asia/Shanghai", "", {}, credentials={}, is_pulled=False)
    await stage.hub.import_file("FL01", "orders.csv", FILE.encode())
    await stage.flow()
    await stage.wait(1_800, step=300)
    rows = await stage.rows(
        "select a.code, m.topic, m.body_cipher, m.headers from message m join account a on a.id = m.account_id"
        " join intake i on i.message_id = m.id where i.outcome = 'normalised' order by m.id")
    known = (*ids.values(), "F700001")
    found: dict[object, Letter] = {}
    for code, topic, cipher, headers in rows:
        body = stage.hub.vault.decrypt(bytes(cipher))
        order = next((key for key in known if key.encode() in body and code not in ("WD01", "KD01")), "")
        context = tuple((k, v) for k, v in json.loads(headers).items() if k not in ("content-type", "file"))
        # An order as it was first told, not yet shipped; reports as many as there are.
        found.setdefault((code, order) if order else body, Letter(code, topic, body, context, order))
    assert {letter.account for letter in found.values()} == {"TB01", "SH01", "AM01", "FL01", "WD01", "KD01"}
    return list(found.values())


def another(letter: Letter, number: int) -> Letter:
    """The same order under an id of its own."""
    key = re.sub(r"\d{7}$", f"{number:07d}", letter.order) if letter.order[-7:].isdigit() else f"F{number:06d}"
    return letter._replace(body=letter.body.replace(letter.order.encode(), key.encode()), order=key)


class Done(NamedTuple):
    """What carrying messages through cost."""

    cpu_seconds: float
    transactions: int


async def carry(stage: Stage, sent: Iterable[Letter], chance: random.Random) -> Done:
    """Land the messages in small groups and take them through the route."""
    directory = await stage.hub.directory()
    waiting = list(sent)
    chance.shuffle(waiting)
    begun = Counted(stage.hub.handler._begin)
    stage.hub.handler._begin = begun  # type: ignore[method-assign]
    started = time.process_time()
    for start in range(0, len(waiting), GROUP):
        for code in {letter.account for letter in waiting[start : start + GROUP]}:
            account = directory.account_by_code(code)
            assert account is not None
            items = [Item(x.topic, x.body, "", x.context) for x in waiting[start : start + GROUP] if x.account == code]
            await stage.hub.lander.land(account, items, {"content-type": "application/json"}, stage.clock())
    while await stage.hub.handler.handle_messages():
        pass
    stage.hub.handler._begin = begun.begin  # type: ignore[method-assign]
    return Done(time.process_time() - started, begun.count)


class Counted:
    """Counts the transactions of a handler."""

    def __init__(self, begin: Any) -> None:
        self.begin, self.count = begin, 0

    def __call__(self) -> Any:
        self.count += 1
        return self.begin()


def storm(true: list[Letter], count: int, chance: random.Random) -> list[Letter]:
    """Bad copies of true messages: one to three things wrong with each, a few of them of three megabytes."""
    found = []
    for number in range(count):
        letter = chance.choice(true)
        letter = another(letter, 2_000_000 + number) if letter.order and chance.random() < 0.5 else letter
        body = letter.body
        for _ in range(chance.randint(1, 3)):
            body = mutated(body, chance.randrange, huge=number < HUGE_ONES)
        found.append(letter._replace(body=body))
    return found


async def test_no_input_stops_or_slows_the_good_orders_and_every_bad_one_is_a_case(database: str, home: Path) -> None:
    print(f"seed {SEED}")
    chance = random.Random(SEED)
    good = int(MESSAGES * GOOD_SHARE)
    async with open_stage(database, home, on_hand=1_000_000) as stage:
        true = await letters(stage)
        orders = [letter for letter in true if letter.order]
        clean = [another(chance.choice(orders), 8_000_000 + n) for n in range(good)]
        stormy = [another(chance.choice(orders), 9_000_000 + n) for n in range(good)]
        calm = await carry(stage, clean, chance)
        size = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        bad = storm(true, MESSAGES - good, chance)
        with capture_logs() as logs:
            rough = await carry(stage, stormy + bad, chance)
        grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - size) / 1_024
        print(f"calm {calm}, rough {rough}, grown {grown:.0f} MB, {await stage.intake()}")
        await the_good_went_through(stage, clean + stormy)
        await the_bad_are_told(stage)
        assert await stage.value("select count(*) from intake where outcome = 'pending'") == 0
        assert [line for line in logs if line["event"] == "poison"] == []
        assert await stage.value("select count(*) from intake where reason = 'poison_message'") == 0
        assert await prove(stage.hub) == []
        assert rough.transactions <= 2 * (MESSAGES // good) * calm.transactions, "bad messages were halved"
        share = calm.cpu_seconds / good * MESSAGES
        assert rough.cpu_seconds <= 2 * share + HUGE_ONES * HUGE_CPU_SECONDS + SLACK_CPU_SECONDS
        assert grown < RSS_MAX_MB
        assert CANARY not in str(logs) and PHONE not in str(logs)


async def the_good_went_through(stage: Stage, sent: list[Letter]) -> None:
    """Every good order is recorded once, has its stock and its work, and no case."""
    rows = await stage.rows("select external_id, fulfilment from orders where external_id = any (%s)",
                            [letter.order for letter in sent])
    assert {key for key, _ in rows} == {letter.order for letter in sent} and len(rows) == len(sent)
    assert {state for _, state in rows} <= {"allocated", "released"}


async def the_bad_are_told(stage: Stage) -> None:
    """Every parked message has problems with a mend in two languages and an open case, and quotes nobody."""
    told = await stage.rows("select reason, detail, park_key, message_id::text from intake where outcome = 'parked'")
    kinds = set(await stage.kinds())
    assert len(told) > 10
    for reason, detail, _, _ in told:
        assert reason in kinds, reason
        for problem in msgspec.json.decode(detail):
            assert re.search("[\u4e00-\u9fff]", problem["mend"]) and re.search("[a-z]{3}", problem["mend"]), problem
            assert len(problem["value"]) <= 82 and len(problem["mend"]) <= 600
        assert CANARY not in detail and PHONE not in detail
    evidence = str(await stage.rows("select evidence::text from case_file"))
    assert CANARY not in evidence and PHONE not in evidence


