"""Hold a file to an account's contract before anything is sent or landed: `contract-check`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from orderloom.adapters.spreadsheets.names import shown
from orderloom.application.check_contract import BYTES_MAX, check_contract
from orderloom.application.contract_sums import ContractChecked
from orderloom.application.not_kept import NotKept
from orderloom.entrypoints.cli.attach import hub, run
from orderloom.entrypoints.cli.frame import must_be_file, single
from orderloom.entrypoints.cli.screen import Stop, screen

app = single()
ACTIONS = {"cut": ("发送时截短", "would be cut"), "refuse": ("不收", "would be refused")}


@app.command(help="报文体检：按账号的合同检查一份来文或去文，不入库；不合用时退出码 1 / "
                  "hold a payload, or with --kind an outbound body, to the account's contract; nothing is stored")
def check(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="报文文件 / the file with the payload")],
    account: Annotated[str, typer.Option(help="账号代码 / account")],
    topic: Annotated[str, typer.Option(help="映射的主题，空为最合适的 / topic, empty for what fits")] = "",
    kind: Annotated[str, typer.Option(help="检查去文：种类，如 work / check what would be sent")] = "",
    content_type: Annotated[str, typer.Option("--content-type", help="声明的类型 / the declared type")] = "",
) -> None:
    """Tell what is too much, lacks, is wrong or too long. Exit 1 when it cannot be used as it is."""
    body = _read(file)
    done = run(lambda: _check(account, file.name, body, topic, kind, content_type))
    if not screen.answer(done):
        _tell(done)
    if not done.is_fit:
        raise typer.Exit(1)


def _read(file: Path) -> bytes:
    must_be_file(file)
    try:
        if file.stat().st_size > BYTES_MAX:
            raise Stop(f"{shown(file)} 超过 {BYTES_MAX >> 20} MiB，请截取一部分。",
                       f"{shown(file)} is over {BYTES_MAX >> 20} MiB: give a part of it.", code=2)
        return file.read_bytes()
    except OSError as error:
        raise Stop(f"读不了 {shown(file)}：{error.strerror}。", f"{shown(file)} cannot be read: {error.strerror}.",
                   code=2) from error


async def _check(account: str, name: str, body: bytes, topic: str, kind: str, content_type: str) -> ContractChecked:
    async with hub() as opened:
        try:
            return await check_contract(opened, account.upper(), name, body, topic, kind, content_type)
        except NotKept as error:  # 1 says that the payload is not fit: this says that nobody looked
            raise Stop(f"{error.zh}。", f"{error.en}.", code=2) from error


def _tell(done: ContractChecked) -> None:
    screen.pairs([("账号", "Account", f"{done.account} ({done.connector})"),
                  ("主题", "Topic", done.topic), ("格式", "Format", f"{done.format} {done.encoding}".strip()),
                  ("字节", "Bytes", done.bytes), ("份数", "Looked at", done.items)])
    rows = [(screen.words("缺少", "missing", between=" "), m.field, m.count, ", ".join(m.looked_at),
             screen.one_of(m.mend)) for m in done.missing]
    rows += [(screen.words("类型不对", "wrong", between=" "), w.field, w.count, w.found, screen.one_of(w.mend))
             for w in done.wrong]
    rows += [(screen.words("词未登记", "unmapped", between=" "), u.field, u.count, u.word, screen.one_of(u.mend))
             for u in done.unmapped]
    rows += [(screen.words("过长", "too long", between=" "), o.field, o.length, f"≤ {o.length_max}",
              screen.words(*ACTIONS[o.action], between=" ")) for o in done.oversize]
    if rows:
        screen.table({"问题": "What", "字段": "Field", "数": "Count", "所见": "Found", "怎样处理": "How to mend"}, rows)
    if done.surplus:
        screen.say(f"多余字段共 {done.surplus_bytes} 字节，没有人读：",
                   f"Fields that nothing reads, {done.surplus_bytes} bytes:")
        screen.table({"字段": "Field", "次数": "Count", "字节": "Bytes"},
                     [(one.field, one.count, one.bytes) for one in done.surplus])
    for draft in done.drafts:
        told = ", ".join(f"{name}={value}" for name, value in draft.items() if isinstance(value, (str, int)))
        screen.say(f"会得到：{told}", f"It would become: {told}")
    if done.is_fit:
        screen.say("可以使用。", "It can be used as it is.", style="green")
    else:
        screen.say("不能直接使用：请按上表处理。", "It cannot be used as it is: mend what is told above.", style="red")
