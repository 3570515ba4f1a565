"""Whatever two terminals scan, in whatever order, again or late: units are where the floor says, no scan is lost."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from orderloom.domain.floor.place import FloorPlace, Lot, PlaceKind, PlaceLevel
from orderloom.domain.floor.verdict import (
    ItemScan,
    PackGround,
    PickGround,
    ScanJudged,
    ScanVerdict,
    judge_pack,
    judge_pick,
)
from orderloom.domain.floor.verdict_put import PutGround, judge_put
from orderloom.domain.floor.verdict_undo import judge_undo
from orderloom.domain.floor.wave import Wave, fold, fold_all
from orderloom.domain.floor.wave_event import TaskStated, WavePlanned, WaveReleased, WaveSlot, WorkLeftWave
from orderloom.domain.floor.wave_states import WaveKind

AT, DAY = datetime(2026, 11, 28, tzinfo=UTC), date(2026, 11, 28)
SHELF, OTHER, TOTE, BENCH = (FloorPlace(n, 1, code, kind, n) for n, code, kind in (
    (1, "A-01", PlaceKind.PICK), (2, "A-02", PlaceKind.PICK), (3, "W", PlaceKind.TOTE), (4, "PACK", PlaceKind.PACK)))
LOTS = {7: Lot(7, 5, "L7"), 8: Lot(8, 5, "L8", date(2026, 1, 1))}
TASKS = (TaskStated(1, "a", 1, 1, 5, 0, 1, 3), TaskStated(2, "b", 1, 1, 5, 0, 1, 2),
         TaskStated(3, "b", 1, 2, 6, 0, 2, 1))
UNITS = {"a": 3, "b": 3}


class World:
    """A floor in memory: what a transaction would do with each verdict."""

    def __init__(self) -> None:
        planned = WavePlanned(number="W", warehouse_id=1, kind=WaveKind.CLUSTER, rule="by_hand", maker="x", works=(
            WaveSlot("a", 1, "WA", 1), WaveSlot("b", 1, "WB", 2)))
        self.wave: Wave = fold_all(_begin(planned), [WaveReleased(TASKS)], AT)
        self.levels: dict[tuple[int, int, int], int] = {(1, 5, 0): 6, (1, 5, 7): 2, (2, 6, 0): 1}
        self.nowhere = 0
        self.known: dict[str, ScanJudged] = {}
        self.undone: set[str] = set()

    def lies(self, *places: int) -> list[PlaceLevel]:
        """What lies there; open tasks promise it."""
        promised: dict[tuple[int, int, int], int] = {}
        for task in self.wave.tasks:
            key = task.place_id, task.sku_id, task.lot_id
            promised[key] = promised.get(key, 0) + task.rest
        return [PlaceLevel(*key, units, promised.get(key, 0)) for key, units in self.levels.items() if key[0] in places]

    def scan(self, beep: dict[str, Any]) -> ScanJudged:
        """ScanJudged once; known from then on."""
        if beep["id"] not in self.known:
            judged = self._judge(beep)
            self.known[beep["id"]] = judged
            self.wave = fold_all(self.wave, judged.events, AT)
            for one in judged.moves:
                self._add((one.from_id, one.sku_id, one.lot_id), -one.units)
                self._add((one.to_id, one.sku_id, one.lot_id), one.units)
        return self.known[beep["id"]]

    def _add(self, key: tuple[int, int, int], units: int) -> None:
        if key[0] == 0:
            self.nowhere += units
        else:
            self.levels[key] = self.levels.get(key, 0) + units

    def _judge(self, beep: dict[str, Any]) -> ScanJudged:
        if beep["action"] == "undone":
            return self._undone(beep)
        item = ItemScan(beep["id"], beep["units"], beep["sku"], beep["lot"], "p", beep["is_offline"])
        task = self.wave.task(beep["task"])
        if beep["action"] == "picked":
            place = task.place_id if task else 1
            return judge_pick(PickGround(self.wave, task, beep["stopped"], self.lies(place), LOTS, 3, DAY), item)
        if beep["action"] == "packed":
            key = (beep["work"], 1)
            return judge_pack(PackGround(self.wave, key, UNITS[beep["work"]], "", self.lies(3), LOTS, 3, 4), item)
        return judge_put(PutGround(TOTE, OTHER, self.lies(2, 3), LOTS, 0, self.wave), item)

    def _undone(self, beep: dict[str, Any]) -> ScanJudged:
        """One that fetched or packed and is not taken back; what others scanned since is in between."""
        may = [id for id, judged in self.known.items() if judged.verdict is ScanVerdict.RIGHT and judged.moves
               and judged.moves[0].kind in ("pick", "pack") and id not in self.undone]
        if not may:
            return ScanJudged(ScanVerdict.REFUSED, "nothing_to_undo")
        id = may[beep["task"] % len(may)]
        moved = self.known[id].moves
        judged = judge_undo(self.wave, moved, self.lies(3, 4), beep["stopped"], beep["id"])
        if judged.events:
            self.undone.add(id)
        return judged

    def check(self) -> None:
        """What holds whatever was scanned."""
        assert all(units >= 0 for units in self.levels.values()), "nobody picks from an empty shelf"
        assert sum(self.levels.values()) + self.nowhere == 9, "no unit comes or goes by being scanned"
        for task in self.wave.tasks:
            assert 0 <= task.picked + task.short <= task.quantity
            assert 0 <= task.packed + task.returned <= task.picked + task.extra
            assert task.in_tote == task.to_pack + task.to_put_back
            assert min(task.to_pack, task.to_put_back, task.rest) >= 0
        in_tote = sum([units for key, units in self.levels.items() if key[0] == 3])
        assert in_tote == sum([task.in_tote for task in self.wave.tasks]), "the tote holds what tasks say"
        right = [(s, j) for s, j in self.known.items() if j.verdict in (ScanVerdict.RIGHT, ScanVerdict.LATE)]
        assert all(bool(j.moves) == (s in dict(right)) for s, j in self.known.items())
        for key in (("a", 1), ("b", 1)):
            work = self.wave.work(key)
            packed = sum([task.packed for task in self.wave.tasks_of(key)])
            assert work is not None and work.is_boxed == (packed == UNITS[key[0]]), "the last right scan closes the box"


def _begin(planned: WavePlanned) -> Wave:
    from_nothing = fold(None, planned, AT)
    assert isinstance(from_nothing, Wave)
    return from_nothing


BEEPS = st.fixed_dictionaries({
    "id": st.sampled_from([f"s{n}" for n in range(30)]), 
    "action": st.sampled_from(["picked", "picked", "packed", "back", "undone"]),
    "task": st.integers(0, 4), "work": st.sampled_from(["a", "b"]), "sku": st.sampled_from([0, 5, 5, 5, 6]),
    "units": st.integers(1, 4), "lot": st.sampled_from(["", "", "", "L7", "L8", "L9"]), "is_offline": st.booleans(),
    "stopped": st.sampled_from(["", "", "", "work_cancelled"]), "leaves": st.sampled_from([False] * 9 + [True])})


@settings(max_examples=400, deadline=None)
@given(st.lists(BEEPS, max_size=60))
def test_any_sequence_of_scans_leaves_the_floor_consistent_and_a_repeat_is_told_the_same(
    beeps: list[dict[str, Any]],
) -> None:
    world, told = World(), dict[str, ScanJudged]()
    for beep in beeps:
        if beep["leaves"]:
            world.wave = fold_all(world.wave, [WorkLeftWave("b", 1, "cancelled")], AT)
        judged = world.scan(beep)
        assert told.setdefault(beep["id"], judged) is judged, "a repeat is told what it was told"
        world.check()
    assert set(told) == set(world.known), "no scan is lost"


@given(st.permutations(range(6)))
def test_in_whatever_order_the_scans_of_a_work_come_the_same_is_counted(order: list[int]) -> None:
    world = World()
    beeps = [{"id": f"s{n}", "action": "picked", "task": 1, "work": "a", "sku": 5, "units": 1, "lot": "",
              "is_offline": False, "stopped": ""} for n in range(6)]
    verdicts = [world.scan(beeps[n]).verdict for n in order]
    assert verdicts == [ScanVerdict.RIGHT] * 3 + [ScanVerdict.OVER] * 3
    assert world.wave.tasks[0].picked == 3


def test_a_wrong_item_says_whose_it_is_and_one_of_nobody_says_so() -> None:
    world = World()
    base = {"action": "picked", "task": 1, "work": "a", "units": 1, "lot": "", "is_offline": False, "stopped": ""}
    wrong = world.scan(base | {"id": "1", "sku": 6})
    assert (wrong.verdict, wrong.reason) == (ScanVerdict.WRONG, "of_another")
    assert wrong.particulars == {"work": "WB", "slot": "2"}
    assert world.scan(base | {"id": "2", "sku": 9}).reason == "of_nobody"
    assert world.scan(base | {"id": "3", "sku": 0}).verdict is ScanVerdict.UNKNOWN
    assert world.scan(base | {"id": "4", "sku": 5, "lot": "L8"}).reason == "lot_expired"
    assert world.scan(base | {"id": "5", "sku": 5, "lot": "L7"}).reason == "lot_swapped"
    late = world.scan(base | {"id": "6", "sku": 5, "stopped": "work_cancelled", "is_offline": True})
    assert (late.verdict, late.particulars) == (ScanVerdict.LATE, {"put_back": "1"})
    assert world.wave.tasks[0].to_put_back == 1
