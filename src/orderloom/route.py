"""The map of the product: one order's journey, stage by stage, top to bottom. Read this file first.

    bytes ─land─▶ message ─translate─▶ draft ─check─▶ order ─record─▶ ─reserve─▶ stock held ─assign─▶ work
          ─dispatch─▶ delivery ─deliver─▶ WMS ─confirm─▶ parcel ─track─▶ delivered ─publish─▶ channel, bus

Each stage is a verb, and the verb names its file, its metric, its log field and its test. `land`, `deliver`, `wake` and
`publish` are loops with transactions of their own; everything between is decided in memory for a whole batch and
written in one transaction (`application/handle.py`).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from orderloom.application import (
    act,
    adjust,
    assign,
    cancel,
    commands,
    confirm,
    credit,
    dispatch,
    hold,
    record,
    reserve,
    state_stock,
    track,
    wake,
)
from orderloom.application.decide import Route
from orderloom.application.journey import Journey


class Stage(NamedTuple):
    """A step of the journey: its verb, where it is written, what goes in and what comes out."""

    verb: str
    module: str
    takes: str
    gives: str
    transaction: str


STAGES = (
    Stage("land", "application/land.py", "bytes at the door", "message, durable and acknowledged", "its own, grouped"),
    Stage("translate", "application/translate.py", "message", "draft, or problems that park it", "the batch's"),
    Stage("check", "application/check.py", "draft", "formulas that do not hold", "the batch's"),
    Stage("record", "application/record.py", "draft", "order with its facts and claims", "the batch's"),
    Stage("reserve", "application/reserve.py", "order", "stock held, by warehouse", "the batch's"),
    Stage("assign", "application/assign.py", "allocated stock", "fulfilment work", "the batch's"),
    Stage("dispatch", "application/dispatch.py", "work", "delivery in the outbox", "the batch's"),
    Stage("deliver", "application/deliver.py", "delivery", "the target's answer", "one to lease, one to finish"),
    Stage("confirm", "application/confirm.py", "warehouse's report", "work moved on, parcel", "the batch's"),
    Stage("track", "application/track.py", "carrier's report", "parcel moved on", "the batch's"),
    Stage("publish", "application/publish.py", "new facts and movements", "shown stock, webhooks, read models", "own"),
)
"""In the order in which an order passes them."""

BESIDE = (
    Stage("wake", "application/wake.py", "deadline that came due", "the condition asked again", "the batch's"),
    Stage("hold", "application/hold.py", "a person's or channel's no", "verbs blocked", "the batch's"),
    Stage("release", "application/hold.py", "a hold lifted", "the order goes on", "the batch's"),
    Stage("cancel", "application/cancel.py", "a cancellation", "stock back, work recalled", "the batch's"),
    Stage("act", "application/act.py", "a button of the lifecycle", "the order's next stage", "the batch's"),
    Stage("state_stock", "application/state_stock.py", "a system's stock figures", "claims, compared", "the batch's"),
    Stage("hear_credit", "application/credit.py", "a return told among orders", "its case at the order it names",
          "the batch's"),
    Stage("adjust", "application/adjust.py", "a correction", "receiver or stock level changed", "the batch's"),
    Stage("refold", "application/refold.py", "an order's events", "the order, as it must be stored", "none"),
)
"""What happens beside the way."""

VERBS: dict[type, Callable[..., object]] = {
    commands.RecordOrder: record.record,
    commands.HearCredit: credit.hear_credit,
    commands.StateStock: state_stock.state_stock,
    commands.ConfirmWork: confirm.confirm,
    commands.TrackParcel: track.track,
    commands.HearAnswer: confirm.hear_answer,
    commands.FireDeadline: wake.wake,
    commands.PlaceHold: hold.hold,
    commands.ReleaseHold: hold.release,
    commands.CancelOrder: cancel.cancel,
    commands.TakeAction: act.act,
    commands.ReshipParcel: act.reship,
    commands.AdjustReceiver: adjust.adjust_receiver,
    commands.FindStock: reserve.find_stock,
}
"""Which verb answers which command. What a command is about stands with the command (`commands.py`)."""

EFFECTS: dict[str, Callable[[Journey, str], None]] = {
    "reserve": reserve.reserve,
    "allocate": reserve.allocate,
    "release": reserve.release,
    "assign": assign.assign,
    "dispatch": dispatch.dispatch,
    "recall": dispatch.recall,
    "report_shipment": dispatch.report_shipment,
    "watch_parcel": dispatch.watch_parcel,
    "open_case": lambda journey, kind: journey.open_case(kind, cause=reserve.cause_of_case(journey, kind)),
    "hold": lambda journey, type: journey.hold(type, "by the lifecycle"),
    "notify": lambda journey, _: None,  # notifiers follow the stage's own event: there is nothing more to write
}
"""What the lifecycle's effects do. The blueprint chooses among them; it can add none."""

ROUTE = Route(VERBS, EFFECTS)
