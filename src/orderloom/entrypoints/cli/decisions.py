"""A person's decisions about an order: `hold`, `release`, `cancel`, `reship`, `act`, `receiver`, `accept-address`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

import msgspec
import typer

from orderloom.application.accept_address import accept_address
from orderloom.application.act import PLAIN
from orderloom.application.commands import (
    AdjustReceiver,
    AnyCommand,
    CancelOrder,
    DecideAfterSale,
    Outcome,
    PlaceHold,
    ReleaseHold,
    ReshipParcel,
    TakeAction,
)
from orderloom.application.correct_receiver import correct_receiver
from orderloom.application.decide_after_sale import takers
from orderloom.application.tell_decision import tell_decision
from orderloom.bootstrap import Hub
from orderloom.domain.after_sale import DECLINED, GRANTED
from orderloom.domain.money import parse
from orderloom.domain.refusal import Refusal
from orderloom.domain.words import Words
from orderloom.entrypoints.cli import names
from orderloom.entrypoints.cli.attach import doer, hub, run
from orderloom.entrypoints.cli.frame import single, written
from orderloom.entrypoints.cli.orders import Reference, find
from orderloom.entrypoints.cli.screen import Stop, screen
from orderloom.entrypoints.cli.sku_file import pairs
from orderloom.entrypoints.refusals import words_of

hold, release, cancel, accept, receiver, reship, act, decide = [single() for _ in range(8)]
Reason = Annotated[str, typer.Option("--reason", callback=written, help="原因，写入审计 / why, for the audit")]


class Decided(msgspec.Struct, frozen=True):
    """A decision on an application; `is_known`: it had been decided so before."""

    order_id: str
    application: str
    decision: str
    is_known: bool


class Placed(msgspec.Struct, frozen=True):
    """Where an order goes after its address was corrected."""

    order_id: str
    province: str
    city: str
    district: str


@hold.command(help="挂起订单 / place a hold on an order")
def hold_command(
    number: Reference, reason: Reason, type: Annotated[str, typer.Option("--type", help="挂起类型 / type")] = "manual",
) -> None:
    """Place a hold."""
    _do(number, lambda order_id: PlaceHold(actor=doer(), order_id=order_id, type=type, reason=reason),
        "已挂起", "held")


@release.command(help="解除挂起 / release a hold")
def release_command(
    number: Reference, reason: Reason, no: Annotated[int, typer.Option("--hold", help="第几个 / its number")] = 1,
    out: Annotated[str, typer.Option("--out", help="已发出的，如 A-1=2;B-1=1 / out already: the rest goes")] = "",
) -> None:
    """Release a hold."""
    units = pairs("--out", out)
    _do(number, lambda order_id: ReleaseHold(actor=doer(), order_id=order_id, hold_no=no, reason=reason, out=units),
        "已解除", "released")


@cancel.command(help="取消订单 / cancel an order")
def cancel_command(number: Reference, reason: Reason) -> None:
    """Cancel an order."""
    _do(number, lambda order_id: CancelOrder(actor=doer(), order_id=order_id, reason=reason), "已取消", "cancelled")


@reship.command(help="补发丢失、拒收或退回的包裹 / send goods again whose parcel does not arrive")
def reship_command(
    number: Reference, reason: Reason,
    parcel: Annotated[int | None, typer.Option("--parcel", min=1, max=32767, help="第几个包裹 / its number")] = None,
) -> None:
    """Send goods again."""
    _do(number, lambda order_id: ReshipParcel(actor=doer(), order_id=order_id, reason=reason, parcel_no=parcel),
        "已补发", "is sent again")


@act.command(help=f"执行动作：{'、'.join(PLAIN)} / take an action of the lifecycle")
def act_command(
    number: Reference, action: Annotated[str, typer.Argument(metavar="ACTION", help=" | ".join(PLAIN))], reason: Reason,
) -> None:
    """Take an action."""
    _do(number, lambda order_id: TakeAction(actor=doer(), order_id=order_id, action=action, reason=reason),
        f"已执行 {action}", f"{action} is done")


@decide.command(help="回复售后申请：同意或拒绝，告知渠道 / answer an application after the sale: its channel is told")
def decide_command(
    number: Reference,
    application: Annotated[str, typer.Argument(metavar="APPLICATION", help="售后单号，见 show / its id, see show")],
    reason: Annotated[str, typer.Option(
        "--reason", callback=written,
        help="原因，写入审计并告知渠道，买家可能看到 / why: kept, and told; a buyer may see it")],
    granted: Annotated[bool | None, typer.Option("--grant/--decline", help="同意或拒绝 / yes or no")] = None,
    amount: Annotated[str, typer.Option("--amount", help="同意退多少，如 12.50 / the sum granted")] = "",
) -> None:
    """Answer an application after the sale."""
    if granted is None:
        raise Stop("写明 --grant（同意）或 --decline（拒绝）。", "Say --grant or --decline.", code=2)
    decision = GRANTED if granted else DECLINED
    outcome = run(lambda: _decide(number, application, decision, reason, amount))
    refuse(outcome)
    known = bool(outcome.particulars.get("moot"))
    if not screen.answer(Decided(str(outcome.order_id), application, decision, known)):
        word, before = names.DECISIONS[decision], Words("（此前已定）", " (decided before)") if known else Words("", "")
        screen.say(f"{application}：{word.zh}{before.zh}", f"{application}: {word.en}{before.en}")


@accept.command(help="接受建议的地址：省、市、区按异常单里的建议更正 / set the address that its case proposes")
def accept_command(
    number: Reference,
    reason: Reason = "proposal accepted",
) -> None:
    """Accept the proposed address of an order."""
    outcome, place = run(lambda: _accept(number, reason))
    if outcome.refusal == "no_proposal":
        raise Stop(f"订单“{number}”没有可接受的地址建议：地址已确定，或无从推断。请更正收件人。",
                   f'Order "{number}" has no proposed address: it is sure, or nothing speaks for one place. '
                   "Correct the receiver instead.")
    _tell_place(number, outcome, place)


@receiver.command(help="更正收件人：没写的保持原样 / correct the receiver; what is not given stays")
def receiver_command(
    number: Reference, reason: Reason, name: Annotated[str, typer.Option("--name", help="姓名 / name")] = "",
    phone: Annotated[str, typer.Option("--phone", help="电话 / phone")] = "",
    address: Annotated[str, typer.Option("--address", help="整个地址，省市区在前 / all of it, place first")] = "",
    country: Annotated[str, typer.Option("--country", help="两个字母，如 CN / two letters")] = "",
    postcode: Annotated[str, typer.Option("--postcode", help="邮编 / postcode")] = "",
) -> None:
    """Correct the receiver of an order."""
    said = {"name": name, "phone": phone, "address": address, "country": country.upper(), "postcode": postcode}
    if not any(map(str.strip, said.values())):
        raise Stop("请至少给出一项：--name、--phone、--address、--country 或 --postcode。",
                   "Give at least one of --name, --phone, --address, --country and --postcode.", code=2)
    if country and not (len(country) == 2 and country.isascii() and country.isalpha()):
        raise Stop("--country 是两个字母的代码，如 CN。", "--country is a code of two letters, such as CN.", code=2)
    _tell_place(number, *run(lambda: _correct(number, reason, said)))


def _tell_place(number: str, outcome: Outcome, place: dict[str, str]) -> None:
    refuse(outcome)
    if not screen.answer(Placed(str(outcome.order_id), **place)):
        region = "".join(place.values())
        screen.say(f"已更正：{number} {region} ***", f"{number} now goes to {region} ***.")


def refuse(outcome: Outcome) -> None:
    """Stop with what the route answered, when it said no."""
    if outcome.refusal:
        words = words_of(outcome.refusal, outcome.particulars)
        particulars = " ".join(f"{name}={value}" for name, value in outcome.particulars.items())
        raise Stop(f"没有执行（{outcome.refusal}）：{words.zh if words else particulars}",
                   f"Not done ({outcome.refusal}): {words.en if words else particulars}")


def _do(number: str, command: Callable[[str], AnyCommand], zh: str, en: str) -> None:
    outcome = run(lambda: _handle(number, command))
    refuse(outcome)
    if not screen.answer(outcome):
        screen.say(f"{zh}：{number}", f"{number} {en}.")


async def _handle(number: str, command: Callable[[str], AnyCommand]) -> Outcome:
    async with hub() as opened:
        async with opened.ports.reading() as one:
            order_id = await find(one, number)
        return (await opened.handle([command(order_id)]))[0]


async def _decide(number: str, application: str, decision: str, reason: str, amount: str) -> Outcome:
    async with hub() as opened:
        async with opened.ports.reading() as one:
            order_id = await find(one, number)
        order = await opened.ports.order(order_id)
        minor = _minor(amount, order.currency if order else "CNY") if amount else None
        command = DecideAfterSale(
            actor=doer(), order_id=order_id, application=application, decision=decision, reason=reason, amount=minor,
            takes=takers(opened.manifests))
        return await tell_decision(opened.handler.handle, command, opened.now())


def _minor(text: str, currency: str) -> int:
    """An amount as people write it, in minor units."""
    found = parse(text.strip(), currency)
    if isinstance(found, int):
        return found
    raise Stop(f"--amount：看不懂“{text[:40]}”，写成 12.50。", f'--amount: "{text[:40]}" is no sum, write 12.50.',
               code=2)


async def _accept(number: str, reason: str) -> tuple[Outcome, dict[str, str]]:
    async with hub() as opened:
        async with opened.ports.reading() as one:
            order_id = await find(one, number)
        vault, stored = opened.vault, opened.ports.stored_receiver
        command = await accept_address(stored, order_id, vault.show_receiver, vault.seal, doer(), reason)
        return await _place(opened, order_id, command)


async def _correct(number: str, reason: str, said: dict[str, str]) -> tuple[Outcome, dict[str, str]]:
    async with hub() as opened:
        async with opened.ports.reading() as one:
            order_id = await find(one, number)
        vault, stored = opened.vault, opened.ports.stored_receiver
        command = await correct_receiver(stored, order_id, vault.show_receiver, vault.seal, doer(), reason, said)
        return await _place(opened, order_id, command)


async def _place(opened: Hub, order_id: str, command: AdjustReceiver | Refusal) -> tuple[Outcome, dict[str, str]]:
    if isinstance(command, Refusal):
        return Outcome(order_id, command.code, command.particulars), {}
    to = command.receiver
    return (await opened.handle([command]))[0], {"province": to.province, "city": to.city, "district": to.district}
