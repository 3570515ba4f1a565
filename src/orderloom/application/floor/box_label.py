"""A box that closes wants its label: one that was bought waits at the bench's printer from this moment on, one that is
on its way is printed there when it comes, and where there is none it is asked for. Once, whoever closes it and when.
"""

from __future__ import annotations

import msgspec

from orderloom.application import commands as c
from orderloom.application.batch import BatchView
from orderloom.application.box_commands import AskLabel
from orderloom.application.buy_label import WEIGHT_MAX, LabelWish, meant
from orderloom.application.change import Change
from orderloom.application.decide import decide
from orderloom.application.floor.scan_ground import ScanAt, StandingLabel, in_parcel, work_of
from orderloom.domain.floor.wave import Wave
from orderloom.domain.order import Order
from orderloom.domain.refusal import Refusal

WEIGHT_UNKNOWN_G = 1_000
TO_ASK = ("", "refused", "given_up")


class BoxClosing(msgspec.Struct, frozen=True):
    """The transaction's change when a box closes, the request of its label when there is one, and what is told."""

    change: Change
    asked: AskLabel | None
    told: dict[str, str]


async def close_box(
    g: ScanAt, loaded: tuple[BatchView, c.ConfirmWork], order: Order, seq: int, wave: Wave,
) -> BoxClosing | Refusal:
    """Report the work packed, and have its label printed or asked for; what nobody sells is told by its code. A parcel
    of several works waits for the last of them."""
    world, packed = loaded
    boxed = {one.key for one in wave.works if one.is_boxed}
    if left := [w.number for one, w in in_parcel(world, order, seq) if (one.id, w.seq) not in boxed]:
        done = g.confirmed(loaded)
        return done if isinstance(done, Refusal) else BoxClosing(done, None, {
            "label": "parcel_open", "works": " ".join(left)[:500]})
    label = await g.work.scans.box_label(packed.report.work_no)
    asked = await _asked(g, order, seq, label) if label.state in TO_ASK else None
    commands: list[c.AnyCommand] = [packed, asked] if isinstance(asked, AskLabel) else [packed]
    change, decided = decide(world, commands, g.route, g.ids)
    first, *rest = [one for one in decided if isinstance(one, c.Outcome)]
    if first.refusal:
        return Refusal(first.refusal, first.particulars)
    if isinstance(asked, Refusal):
        return BoxClosing(change, None, {"label": asked.code})
    if asked is None:
        return BoxClosing(change, None, await _stands(g, label))
    no = rest[0].refusal
    return BoxClosing(change, None if no else asked, {"label": no or "asked"})


async def ask_now(g: ScanAt, closing: BoxClosing, order_id: str) -> None:
    """Write the request down, in the transaction that sends it."""
    if closing.asked is not None:
        stands = await g.work.book_label(closing.asked, order_id, g.doer.name, g.at)
        assert stands is None, "its row is locked, and there was none"


async def _stands(g: ScanAt, label: StandingLabel) -> dict[str, str]:
    if label.state == "bought":
        printer = await g.work.scans.print_label(label.number, g.wish.station, g.doer.name, g.at)
        told = "printing" if printer else "printed_before" if label.station else "no_printer"
        return {"label": told, "printer": printer, "waybill": label.waybill}
    await g.work.scans.send_label_to(label.number, g.wish.station)
    return {"label": label.state}


async def _asked(g: ScanAt, order: Order, seq: int, label: StandingLabel) -> AskLabel | Refusal:
    work = work_of(order, seq)
    grams = await g.work.scans.grams_of(work.number)
    wish = LabelWish("", work.carrier, "", 1, "out", min(grams or WEIGHT_UNKNOWN_G, WEIGHT_MAX), label.round,
                     g.wish.station)
    return meant(wish, work.number, g.house_doer, g.directory.accounts.values(), g.manifests)
