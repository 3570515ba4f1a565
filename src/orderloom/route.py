"""The map of the product: one order's journey, leg by leg, top to bottom. Read this file first.

    bytes ─land─▶ message, waiting in intake ─sort─▶ ─translate─▶ draft ─record─▶ order ─check─▶
          ─lifecycle─▶ stage, effects ─reserve─▶ stock bound ─assign─▶ work ─dispatch─▶ delivery
          ─deliver─▶ WMS ─confirm─▶ parcel ─track─▶ delivered ─publish─▶ channel, bus

Each leg is a verb, and the verb names its file and its test. `land`, `deliver`, `wake` and `publish` are loops with
transactions of their own; everything between is decided in memory for a whole batch (`application/decide.py`) and
written in one transaction (`application/handle.py`). A verb does not call the next one: it says what happened, the
lifecycle says which stage comes next and which effects are due, and the effects are verbs again. Platforms, at both
ends, are spoken to by `adapters/kit/` as the folder of their connector declares.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from orderloom.application import (
    accept_work,
    act,
    adjust,
    ask_label,
    ask_pickup,
    assign,
    box_commands,
    call_off_pickup,
    cancel,
    change_lines,
    commands,
    compensate_leak,
    confirm,
    credit,
    decide_after_sale,
    dispatch,
    erase,
    fall_back,
    give_label_back,
    hear_after_sale,
    hold,
    meet_stop,
    merge_by_rule,
    merge_works,
    record,
    reserve,
    split_work,
    state_stock,
    track,
    wake,
    work_commands,
)
from orderloom.application.decide import Route
from orderloom.application.journey import Journey


class Leg(NamedTuple):
    """A leg of the journey: its verb, where it is written, what goes in and what comes out."""

    verb: str
    module: str
    takes: str
    gives: str
    transaction: str


LEGS = (
    Leg("land", "application/land.py", "bytes at the door",
        "message, durable and acknowledged; its row in `intake` says that it waits", "its own, grouped"),
    Leg("sort", "application/sort.py", "intake rows that wait", "commands; what cannot become one is parked",
        "the batch's"),
    Leg("translate", "application/translate.py", "message", "drafts, or problems that park it", "the batch's"),
    Leg("record", "application/record.py", "draft, as `RecordOrder`", "order with its facts and claims", "the batch's"),
    Leg("check", "application/check.py", "order as it is stated", "holds and cases for what is wrong", "the batch's"),
    Leg("lifecycle", "domain/lifecycle.py", "what happened, and the order's traits",
        "the stage that comes next and the effects to do, as the blueprint's `lifecycle/` says", "the batch's"),
    Leg("reserve", "application/reserve.py", "order", "stock bound, by warehouse", "the batch's"),
    Leg("assign", "application/assign.py", "allocated stock", "fulfilment work", "the batch's"),
    Leg("dispatch", "application/dispatch.py", "work", "delivery in the outbox", "the batch's"),
    Leg("deliver", "application/deliver.py", "delivery", "the target's answer", "one to lease, one to finish"),
    Leg("confirm", "application/confirm.py", "warehouse's report", "work moved on, parcel", "the batch's"),
    Leg("track", "application/track.py", "carrier's report", "parcel moved on", "the batch's"),
    Leg("publish", "application/publish.py", "new facts and movements", "shown stock, webhooks, read models", "own"),
)
"""In the order in which an order passes them first; `lifecycle` is asked again whenever something has happened."""

BESIDE = (
    Leg("give_gifts", "application/give_gifts.py", "order whose goods are allocated", "gifts as lines of ours, by rule",
        "the batch's"),
    Leg("choose_service", "application/choose_service.py", "warehouses, and works",
        "the carriers' services that could take the goods; a service and a promise for each work", "the batch's"),
    Leg("learn_outcome", "application/learn_outcome.py", "parcels that have ended",
        "what became of the routing decision", "the batch's"),
    Leg("meet_stop", "application/meet_stop.py", "a carrier's region that is stopped",
        "promises moved, the channel told, a case for each work", "the batch's"),
    Leg("wake", "application/wake.py", "deadline that came due", "the condition asked again", "the batch's"),
    Leg("hold", "application/hold.py", "a person's or channel's no", "verbs blocked", "the batch's"),
    Leg("release", "application/hold.py", "a hold lifted", "the order goes on", "the batch's"),
    Leg("cancel", "application/cancel.py", "a cancellation", "stock back, work recalled", "the batch's"),
    Leg("act", "application/act.py", "a button of the lifecycle", "the order's next stage", "the batch's"),
    Leg("state_stock", "application/state_stock.py", "a system's stock figures", "claims, compared", "the batch's"),
    Leg("hear_credit", "application/credit.py", "a return told among orders", "its case at the order it names",
        "the batch's"),
    Leg("accept_work", "application/accept_work.py", "the first answer of who picks a work", "the work is theirs alone",
        "the batch's"),
    Leg("give_work_back", "application/accept_work.py", "work they do not pick after all", "the work is anybody's",
        "the batch's"),
    Leg("fall_back", "application/fall_back.py", "label that its carrier does not sell",
        "the next service of the warehouse, and its promise", "the batch's"),
    Leg("merge_works", "application/merge_works.py", "works for one receiver", "one number: they leave in one parcel",
        "the batch's"),
    Leg("merge_by_rule", "application/merge_by_rule.py", "works that wait for one receiver",
        "one parcel, by the rules at the place `merge`", "the batch's"),
    Leg("part_work", "application/merge_works.py", "work of a merge", "it goes by itself", "the batch's"),
    Leg("split_by_rule", "application/split_by_rule.py", "units for a warehouse",
        "those of each parcel, by the rules at the place `split`", "the batch's"),
    Leg("split_work", "application/split_work.py", "work that is more than one parcel", "two works of the same stock",
        "the batch's"),
    Leg("ask_label", "application/ask_label.py", "box that people pack", "request of its label in the outbox",
        "the batch's"),
    Leg("give_label_back", "application/give_label_back.py", "label that is not needed",
        "its cancellation in the outbox", "the batch's"),
    Leg("ask_pickup", "application/ask_pickup.py", "box that is to be fetched", "booking of a courier in the outbox",
        "the batch's"),
    Leg("call_off_pickup", "application/call_off_pickup.py", "courier that is not needed",
        "its cancellation in the outbox", "the batch's"),
    Leg("hear_after_sale", "application/hear_after_sale.py", "an application of a channel's after-sale list",
        "its goods held or free, money back counted once, its case", "the batch's"),
    Leg("decide_after_sale", "application/decide_after_sale.py", "the seller's answer to an application",
        "the answer in the outbox, for the channel", "the batch's"),
    Leg("adjust", "application/adjust.py", "a correction", "receiver or stock level changed", "the batch's"),
    Leg("erase", "application/erase.py", "a person's wish to be forgotten", "receiver of which the region is left",
        "the batch's"),
    Leg("change_lines", "application/change_lines.py", "a person's word on the lines",
        "lines and money anew, stock and works after them", "the batch's"),
    Leg("compensate_leak", "application/compensate_leak.py", "a person's word on units that nobody needs",
        "those units free again", "the batch's; its own where no order holds them"),
    Leg("refold", "application/refold.py", "an order's events", "the order, as it must be stored", "none"),
)
"""What happens beside the way."""

ALONE = (
    "enter_order", "keep_account", "switch_account", "read_back", "authorise", "watch_tokens", "subscribe",
    "change_subscriber", "verify_audit", "note_backup",
    "keep_skus", "keep_warehouse", "teach_alias", "publish_blueprint", "save_formula", "try_version", "set_masters",
    "import_files", "preview_import", "import_errors", "check_contract", "draining", "move_stock", "move_lines",
    "receive_stock", "keep_quotas", "take_snapshot", "presell", "tend_snapshots", "stock_figures",
    "draft_document", "act_on_document", "age_transfers",
    "keep_suppliers", "draft_purchase", "act_on_purchase", "watch_purchases",
    "find_leaks", "restock", "correct_receiver", "accept_address", "tell_decision", "buy_label", "void_label",
    "book_pickup", "unbook_pickup", "rescue", "print_papers", "miss_labels", "find_unreported", "attest_label",
    "compare_prices", "box_wishes", "keep_cases", "replay", "foresee", "preview",
    "replay_chosen", "try_rules", "bulk_orders", "tag_orders", "write_fields", "keep_views", "discard",
    "replay_many", "replay_orders", "let_in",
    "sending", "resend", "give_up", "quarantine", "doubt", "left_out", "rotate_keys", "notify", "acknowledge",
    "keep_recipients", "try_messenger", "checkpoint", "verify", "verify_state", "keep_groups", "show_picture",
    "offer", "stop_carrier", "meet_stops", "meet_refusals", "recommend_delivery", "explain_order", "still_due",
    "edit_mapping", "try_mapping", "override_account", "fetch_sample", "look_at_sample", "prepare", "examine_account",
    "watch_account", "redaction", "merge_waiting", "keep_standing", "write_note",
)
"""Verbs of files in `application/` that bear their names, with transactions of their own or none: what people and loops
do beside the route. Each file's first line says what."""

VERBS: dict[type, Callable[..., object]] = {
    commands.RecordOrder: record.record,
    commands.HearCredit: credit.hear_credit,
    commands.HearAfterSale: hear_after_sale.hear_after_sale,
    commands.DecideAfterSale: decide_after_sale.decide_after_sale,
    commands.StateStock: state_stock.state_stock,
    commands.ConfirmWork: confirm.confirm,
    box_commands.AskLabel: ask_label.ask,
    box_commands.GiveLabelBack: give_label_back.give_label_back,
    box_commands.AskPickup: ask_pickup.ask_pickup,
    box_commands.CallOffPickup: call_off_pickup.call_off_pickup,
    work_commands.AcceptWork: accept_work.accept_work,
    work_commands.GiveWorkBack: accept_work.give_work_back,
    work_commands.FallBack: fall_back.fall_back,
    work_commands.MergeWorks: merge_works.merge_works,
    work_commands.MergeByRule: merge_by_rule.merge_by_rule,
    work_commands.SplitWork: split_work.split_work,
    work_commands.PartWork: merge_works.part_work,
    commands.TrackParcel: track.track,
    commands.HearAnswer: confirm.hear_answer,
    commands.FireDeadline: wake.wake,
    commands.PlaceHold: hold.hold,
    commands.ReleaseHold: hold.release,
    commands.CancelOrder: cancel.cancel,
    commands.TakeAction: act.act,
    commands.ReshipParcel: act.reship,
    commands.AdjustReceiver: adjust.adjust_receiver,
    commands.ErasePerson: erase.erase,
    commands.ChangeLines: change_lines.change_lines,
    commands.FindStock: reserve.find_stock,
    commands.MeetStop: meet_stop.meet_stop,
    commands.TellShipments: dispatch.tell_shipments,
    commands.CompensateLeak: compensate_leak.compensate_leak,
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
    "notify": lambda journey, name: journey.notify(name),
}
"""What the lifecycle's effects do. The blueprint chooses among them; it can add none. What is named there and sometimes
not done is told with its reason in `domain/lifecycle.py`: NOT_DONE."""

ROUTE = Route(VERBS, EFFECTS)
