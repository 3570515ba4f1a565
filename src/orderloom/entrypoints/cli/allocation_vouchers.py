"""Allocation vouchers: `voucher accept | back | show | verify` - proof of who picks a piece of work."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import msgspec
import typer
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from orderloom.adapters.notary import KeyTrouble, Notary, is_signed_by, key_id, key_of, read_public_key
from orderloom.application.commands import Outcome
from orderloom.application.queries.allocation_vouchers import voucher_of
from orderloom.application.work_commands import AcceptWork, GiveWorkBack
from orderloom.domain.allocation_voucher import (
    BYTES_MAX,
    AllocationVoucher,
    BadVoucher,
    Flattened,
    flattened,
    read_voucher,
    statement_of,
)
from orderloom.domain.refusal import Refusal
from orderloom.domain.words import Words
from orderloom.entrypoints.cli.attach import connection, doer, hub, run
from orderloom.entrypoints.cli.decisions import refuse
from orderloom.entrypoints.cli.frame import group
from orderloom.entrypoints.cli.screen import Stop, screen
from orderloom.settings import read_settings

app = group("占用凭证：证明作业单归谁拣货", "allocation vouchers: proof of who picks a piece of work")
WAVE_MAX = 64
WorkNumber = Annotated[str, typer.Argument(metavar="WORK", help="作业单号 / the work's number")]
WHY = {
    "": Words("凭证有效", "the voucher is genuine"),
    "form": Words("不是凭证，或内容残缺", "no voucher, or a part of it is missing"),
    "header": Words("不是占用凭证的签名", "a signature of something else"),
    "claims": Words("凭证内容看不懂，请升级", "claims that this version does not know"),
    "other_key": Words("由别的密钥签发；请核对公钥", "signed with another key: check the public key"),
    "forged": Words("签名不符：内容被改过，或不是本系统签发", "not genuine: changed, or not ours"),
    "over": Words("凭证已过期，请重新索取", "the voucher is over: ask for a new one"),
}


class WorkGivenBack(msgspec.Struct, frozen=True):
    """The work that anybody may have now."""

    work: str


class VoucherVerdict(msgspec.Struct, frozen=True):
    """Whether the voucher holds; `why` it does not: form, header, claims, other_key, forged, over. `voucher` is what it
    says, where it could be read: not to be believed unless `is_genuine`."""

    is_genuine: bool
    why: str
    voucher: AllocationVoucher | None = None


@app.command("accept", help="接单：由我来拣，出具凭证 / answer first that you pick it; prints the voucher")
def accept(work: WorkNumber, wave: Annotated[str, typer.Option(help="自己的波次号 / your wave")] = "") -> None:
    """Have a work, unless somebody else answered before; prints its voucher."""
    _print(run(lambda: _accept(work, wave.strip()[:WAVE_MAX])))


@app.command("back", help="退单：不拣了 / give it back: others may pick it")
def back(
    work: WorkNumber, reason: Annotated[str, typer.Option(help="退别人接的单时要写 / for what others accepted")] = "",
) -> None:
    """Let others have it."""
    given = run(lambda: _back(work, reason.strip()))
    if not screen.answer(given):
        screen.say(f"✓ 作业单 {work} 已退回，可由别人接单", f"✓ Work {work} may be accepted by anybody")


@app.command("show", help="出具凭证（JSON，可存成文件） / the signed voucher of a work, to be kept in a file")
def show(work: WorkNumber) -> None:
    """Print the signed voucher: one line of JSON, as people and programs keep it."""
    _print(run(lambda: _show(work)))


@app.command("verify", help="离线核验，退出码 0 有效、1 无效 / verify offline; exit 0: it holds, 1: it does not")
def verify(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="凭证文件，- 为标准输入 / the voucher; - is the input")],
    public_key: Annotated[Path | None, typer.Option("--public-key", metavar="PEM", help=(
        "公钥文件；默认用本机的 / the key's file; this installation's by default"))] = None,
) -> None:
    """Verify without a database, by the public key alone."""
    verdict = judge(_read(file), _key(public_key), datetime.now(UTC))
    if not screen.answer(verdict):
        _tell(verdict)
    if not verdict.is_genuine:
        raise typer.Exit(1)


def judge(text: bytes, key: Ed25519PublicKey, at: datetime) -> VoucherVerdict:
    """Whether a voucher holds at an instant."""
    try:
        signed = read_voucher(text)
    except BadVoucher as bad:
        return VoucherVerdict(False, str(bad))
    if signed.header.kid != key_id(key):
        return VoucherVerdict(False, "other_key", signed.voucher)
    if not is_signed_by(key, signed.statement, signed.signature):
        return VoucherVerdict(False, "forged", signed.voucher)
    is_over = not signed.voucher.iat - 300 <= at.timestamp() < signed.voucher.exp
    return VoucherVerdict(not is_over, "over" if is_over else "", signed.voucher)


def _print(signed: Flattened) -> None:
    if not screen.answer(signed):
        typer.echo(msgspec.json.encode(signed).decode())


async def _accept(work: str, wave: str) -> Flattened:
    async with hub() as opened:
        (outcome,) = await opened.handler.handle([AcceptWork(actor=doer(), work_no=work.strip(), wave=wave)])
    refuse(outcome)
    return await _show(work)


async def _back(work: str, reason: str) -> WorkGivenBack:
    async with hub() as opened:
        (outcome,) = await opened.handler.handle([GiveWorkBack(actor=doer(), work_no=work.strip(), reason=reason)])
    refuse(outcome)
    return WorkGivenBack(work.strip())


async def _show(work: str) -> Flattened:
    async with connection() as (opened, reading):
        found = await voucher_of(reading, work.strip(), opened.now())
    if isinstance(found, Refusal):
        refuse(Outcome(refusal=found.code, particulars=found.particulars))
        raise AssertionError
    notary = Notary(read_settings().home)
    statement = statement_of(found, key_id(notary.public_key))
    return flattened(statement, notary.sign(statement))


def _read(file: Path) -> bytes:
    try:
        if str(file) == "-":
            return sys.stdin.buffer.read(BYTES_MAX + 1)
        with file.open("rb") as given:
            return given.read(BYTES_MAX + 1)
    except OSError as error:
        raise Stop(f"读不到 {file}：{error.strerror}", f"{file} cannot be read: {error.strerror}", code=2) from error


def _key(file: Path | None) -> Ed25519PublicKey:
    try:
        found = key_of(file) if file else read_public_key(read_settings().home)
    except KeyTrouble as error:
        raise Stop(f"公钥无法读取：{error}", f"the public key cannot be read: {error}", code=2) from error
    if found is None:
        raise Stop("本机没有密钥；请用 --public-key 给出公钥文件",
                   "there is no key here: give the public key's file with --public-key", code=2)
    return found


def _tell(verdict: VoucherVerdict) -> None:
    said, v = WHY[verdict.why], verdict.voucher
    mark = "✓" if verdict.is_genuine else "✗"
    screen.say(f"{mark} {said.zh}", f"{mark} {said.en}")
    if v is not None:
        screen.say(f"作业单 {v.work}（订单 {v.order}）由 {v.by} 在 {v.warehouse} 拣货，波次 {v.wave or '-'}",
                   f"Work {v.work} (order {v.order}): {v.by} picks it at {v.warehouse}, wave {v.wave or '-'}")
        for line in v.lines:
            screen.say(f"  {line.sku} × {line.units}", f"  {line.sku} × {line.units}")
