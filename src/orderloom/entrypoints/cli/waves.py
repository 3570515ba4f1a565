"""Waves: `wave create | show` - works that are picked together in a house that is run here."""

from __future__ import annotations

from typing import Annotated, NoReturn

import msgspec
import typer

from orderloom.adapters.ids import new_id
from orderloom.application.floor.plan_wave import WaveCall, WaveWish, plan_wave
from orderloom.application.queries.waves import WaveView
from orderloom.application.queries.waves import show_wave as read_wave
from orderloom.domain.floor.wave_states import WaveState
from orderloom.domain.refusal import Refusal
from orderloom.domain.words import Words
from orderloom.entrypoints.cli.attach import doer, hub, run
from orderloom.entrypoints.cli.frame import group
from orderloom.entrypoints.cli.screen import Stop, screen
from orderloom.entrypoints.refusals import words_of

app = group("波次：自管仓库里一起拣的作业单", "waves: works that are picked together in a warehouse that is run here")
STATES = {WaveState.PLANNED: Words("待放行", "planned"), WaveState.RELEASED: Words("拣货中", "released"),
          WaveState.CLOSED: Words("已完成", "closed"), WaveState.CANCELLED: Words("已取消", "cancelled")}


@app.command("create", help="建波次：点名作业单，或按规则选 / plan a wave of these works, or by rule")
def create_command(
    warehouse: Annotated[str, typer.Argument(metavar="WAREHOUSE", help="仓库 / the warehouse")],
    works: Annotated[list[str] | None, typer.Argument(metavar="[WORK]...", help=(
        "作业单号；不写则按规则选 / works; chosen by rule without any"))] = None,
    kind: Annotated[str, typer.Option(help="discrete | single_item | same_sku | cluster | batch_sort")] = "discrete",
    orders: Annotated[int, typer.Option("--orders", min=1, max=500, help="最多几单 / works at most")] = 30,
    slots: Annotated[int, typer.Option("--slots", min=1, max=200, help="几个格口 / slots to sort into")] = 12,
    carrier: Annotated[str, typer.Option(help="只要这个承运商 / of this carrier alone")] = "",
    is_planned: Annotated[bool, typer.Option("--plan", help="只建不放行 / release it later")] = False,
) -> None:
    """Plan a wave, and release it unless told otherwise."""
    rule = {"kind": kind, "orders_max": orders, "slots_max": slots, "carrier": carrier}
    try:
        wish = msgspec.convert({"warehouse": warehouse, "works": works or [], "rule": rule,
                                "is_released": not is_planned}, WaveWish)
    except msgspec.ValidationError as error:
        raise Stop(f"参数不对：{error}。", f"Not so: {error}.", code=2) from error
    _tell(run(lambda: _create(wish)))


@app.command("show", help="一个波次：作业单、拣货任务 / one wave with its works and tasks")
def show_command(number: Annotated[str, typer.Argument(metavar="NO", help="波次号 / the wave's number")]) -> None:
    """Show a wave."""
    _tell(run(lambda: _show(number)))


async def _create(wish: WaveWish) -> WaveView:
    async with hub() as opened:
        key = new_id()
        made = await plan_wave(opened.planning, WaveCall(new_id(), wish, doer(), key, key.encode()), opened.now)
        if isinstance(made, Refusal):
            _refuse(made)
        async with opened.ports.reading() as one:
            found = await read_wave(one, made)
    assert found is not None, "it was just made"
    return found


async def _show(number: str) -> WaveView:
    async with hub() as opened, opened.ports.reading() as one:
        found = await read_wave(one, number)
    if found is None:
        _refuse(Refusal("no_such_wave", {"wave": number}))
    return found


def _refuse(refusal: Refusal) -> NoReturn:
    words = words_of(refusal.code, refusal.particulars) or Words(refusal.code, refusal.code)
    raise Stop(f"没有改动：{words.zh}", f"Nothing was changed: {words.en}")


def _tell(wave: WaveView) -> None:
    if screen.answer(wave):
        return
    state = STATES[wave.state]
    screen.say(f"{wave.number} · {wave.warehouse} · {state.zh} · {len(wave.works)} 单",
               f"{wave.number} · {wave.warehouse} · {state.en} · {len(wave.works)} works")
    screen.table(
        {"任务": "Task", "库位": "Place", "SKU": "SKU", "批号": "Lot", "要": "Units", "已拣": "Picked", "缺": "Short",
         "格口": "Slot", "作业单": "Work", "拣货人": "Picker"},
        [(t.task, t.place, t.sku, t.lot, t.quantity, t.picked, t.short, t.slot or "", t.work, t.picker)
         for t in wave.tasks])
