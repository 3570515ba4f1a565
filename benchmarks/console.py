"""What people at the console wait for: every list, filter, search and page over HTTP with many orders stored, as those
ask who see everything and those who see some rows alone, and the two pages on screen.

A `narrow_time` instead of a page counts as a broken promise, unless the question is one of `MAY_NARROW`.
"""

from __future__ import annotations

import asyncio
import shutil
import time
from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from statistics import median
from typing import Any, NamedTuple

import httpx2

from benchmarks import stored
from benchmarks.console_asked import MAY_NARROW, QUICK, Question, of_everybody, of_limited, samples
from benchmarks.cpu import Cpu, process_seconds
from benchmarks.hands import Hand, hands
from benchmarks.place import Place
from benchmarks.processes import free_port
from benchmarks.result import Report, measured, percentile
from orderloom.bootstrap import Hub, open_hub

P95_MILLISECONDS_MOST, SCREEN_SECONDS_MOST = 150, 1.0
REPEATS, REPEATS_QUICK = 20, 5
READ_SECONDS_MAX = 40.0
PEOPLE: dict[str, tuple[str, dict[str, tuple[str, ...]]]] = {
    "everything": ("administrator", {}),
    "a busy warehouse": ("warehouse", {"warehouse": ("HZ01",)}),
    "a warehouse of few": ("warehouse", {"warehouse": ("WH-OLD",)}),
    "a warehouse of none": ("warehouse", {"warehouse": ("WH-NEW",)}),
    "a large province": ("regional_manager", {"region": ("广东省",)}),
    "a small province": ("regional_manager", {"region": ("西藏自治区",)}),
    "a small shop": ("operations", {"shop": ("TB10",)}),
}
"""Who asks: role and limits."""


class Person(NamedTuple):
    """Somebody who is asked for: what they see, the name and the password that they sign in with."""

    sees: str
    name: str
    password: str


class Asked(NamedTuple):
    """What came of a question: seconds of each time, those of the processor in the mean (API and database, whoever else
    uses the machine), and what was wrong with the answer, empty when nothing was."""

    seconds: list[float]
    busy: float
    wrong: str


class Watch:
    """Adds up what the API process and the database's server compute."""

    def __init__(self, place: Place, api: Hand) -> None:
        self._server, self._api, self._before = Cpu(place.home), api, 0.0

    def start(self) -> None:
        """Begin to count."""
        self._server.start()
        self._before = process_seconds(self._api.pid)

    def seconds(self) -> float:
        """Of the processor, since then."""
        return self._server.spent().postgres + process_seconds(self._api.pid) - self._before


def measure(place: Place, *, is_quick: bool, orders: int) -> Report:
    """p95 over the repeats of each question; what counts is the worst of them. Screens only where there is Chromium."""
    stored.grow(place, orders)
    people, given = asyncio.run(_prepare(place, orders))
    port = free_port()
    api = Hand("benchmarks.processes", role="api", home=str(place.home), dsn=place.dsn(stored.GROWN), port=port)
    found: dict[str, dict[str, Any]] = {}
    watch = Watch(place, api)
    with hands([api]):
        for person in people:
            found[person.sees] = _ask(port, person, given, watch, is_quick)
        screens = on_screen(port, people[0], given["number"], REPEATS_QUICK if is_quick else REPEATS)
    return _report(found, screens, orders)


async def _prepare(place: Place, orders: int) -> tuple[list[Person], dict[str, list[str]]]:
    """People with passwords of their own, and what there is to ask for."""
    async with open_hub(place.settings(stored.GROWN), place.dsn(stored.GROWN)) as hub:
        people = [await _person(hub, sees, *of) for sees, of in PEOPLE.items()]
        return people, await samples(hub, orders)


async def _person(hub: Hub, sees: str, role: str, limits: dict[str, tuple[str, ...]]) -> Person:
    """Somebody of this role, new with each run: databases that are kept have those of the runs before."""
    access, name = hub.ports.access, f"bench-{time.time_ns()}"
    first = await access.add_user(name, role)
    assert first is not None
    login = await access.login(name, first, "127.0.0.1")
    await access.change_password(await access.caller(login.token), first, f"{first}-of-mine", "127.0.0.1", "")
    await hub.ports.identity.limit(name, {kind: list(values) for kind, values in limits.items()})
    return Person(sees, name, f"{first}-of-mine")


def _ask(
    port: int, person: Person, given: Mapping[str, Sequence[str]], watch: Watch, is_quick: bool,
) -> dict[str, Any]:
    """All the questions of one person, signed in as a browser is."""
    base, repeats = f"http://127.0.0.1:{port}", REPEATS_QUICK if is_quick else REPEATS
    with httpx2.Client(base_url=base, headers={"Origin": base}, timeout=READ_SECONDS_MAX) as client:
        client.post("/api/v1/session", json={"name": person.name, "password": person.password}).raise_for_status()
        if person.sees == "everything":
            questions = of_everybody(given)
        else:
            theirs = client.get("/api/v1/orders?limit=20").raise_for_status().json()["orders"]
            questions = of_limited([one["number"] for one in theirs], sees_price=PEOPLE[person.sees][0] != "warehouse")
        return {question.name: _told(question, _answers(client, question, watch, repeats)) for question in questions
                if not is_quick or question.name in QUICK}


def _answers(client: httpx2.Client, question: Question, watch: Watch, repeats: int) -> Asked:
    """The question so many times, each time about the next of what it may be about."""
    seconds, wrong = [], ""
    watch.start()
    for number in range(repeats):
        path = question.paths[number % len(question.paths)]
        began = time.perf_counter()
        answer = client.get(path)
        seconds.append(time.perf_counter() - began)
        if answer.status_code != 200 and number:
            wrong = f"{answer.status_code} {answer.json().get('code', '')}"
        elif question.has_rows and not number and answer.json().get("orders") == []:
            wrong = "no rows"
    return Asked(seconds, watch.seconds() / repeats, wrong)


def on_screen(port: int, person: Person, numbers: Sequence[str], repeats: int) -> dict[str, list[float]] | None:
    """Seconds of each page on screen; None where there is no Chromium, or nothing to drive it."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None or find_spec("playwright") is None:
        return None
    with hands([Hand("benchmarks.console_screens", base=f"http://127.0.0.1:{port}", name=person.name,
                     password=person.password, chromium=chromium, numbers=list(numbers), repeats=repeats)]) as (eyes,):
        return eyes.result()


def _told(question: Question, asked: Asked) -> dict[str, Any]:
    p95 = percentile(asked.seconds, 0.95) * 1e3
    is_right = not asked.wrong or (question.name in MAY_NARROW and "narrow_time" in asked.wrong)
    return {"p50_ms": round(median(asked.seconds) * 1e3, 1), "p95_ms": round(p95, 1),
            "cpu_ms": round(asked.busy * 1e3, 1), "wrong": asked.wrong,
            "met": is_right and p95 < P95_MILLISECONDS_MOST}


def _report(found: dict[str, dict[str, Any]], screens: dict[str, list[float]] | None, orders: int) -> Report:
    budgets = [
        measured(f"console_{sees.replace(' ', '_')}", max(told["p95_ms"] for told in by_name.values()), "ms",
                 floor=None, most=P95_MILLISECONDS_MOST, is_right=all(told["met"] for told in by_name.values()))
        for sees, by_name in found.items()
    ]
    for name, seconds in (screens or {}).items():
        budgets.append(measured(f"console_screen_{name}", percentile(seconds, 0.95), "s", floor=None,
                                most=SCREEN_SECONDS_MOST))
    lines = [_line(sees, name, told) for sees, by_name in found.items()
             for name, told in sorted(by_name.items(), key=lambda named: -named[1]["p95_ms"])]
    lines += [f"  on screen: {name:45}{median(seconds):8.2f} s p50 {percentile(seconds, 0.95):8.2f} s p95"
              for name, seconds in (screens or {}).items()]
    if screens is None:
        lines.append("  on screen: not measured, there is no Chromium here (make browser)")
    return Report(tuple(budgets), {"console": {
        "orders": orders, "questions": found,
        "screens_s": {name: [round(s, 3) for s in seconds] for name, seconds in (screens or {}).items()},
    }}, "\n".join(lines))


def _line(sees: str, name: str, told: dict[str, Any]) -> str:
    verdict = "" if told["met"] else f"  NO {told['wrong']}"
    figures = f"{told['p50_ms']:8.1f} ms p50 {told['p95_ms']:8.1f} ms p95 {told['cpu_ms']:7.1f} ms cpu"
    return f"  {sees:20}{name:36}{figures}{verdict}"
