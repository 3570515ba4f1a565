"""Say which connectors there are and what each can do: `connectors`; look at one folder whole: `connectors check`."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from orderloom.adapters.kit.catalogue import ConnectorTold, told
from orderloom.adapters.kit.examine import ConnectorExamined, examine, expect_of, is_folder
from orderloom.adapters.kit.notes import BadConnector
from orderloom.adapters.manifests import folders, mistakes, plans
from orderloom.adapters.spreadsheets.names import shown
from orderloom.entrypoints.cli.frame import group, unknown
from orderloom.entrypoints.cli.screen import Stop, screen

app = group("连接器：全部清单；检查一个文件夹", "connectors: all of them; check one folder", is_alone=True)


@app.callback(invoke_without_command=True)
def connectors(context: typer.Context) -> None:
    """Without a verb: all connectors, by family and name."""
    if context.invoked_subcommand is not None:
        return
    for mistake in mistakes():
        screen.note(f"不可用：{mistake}", f"Cannot be used: {mistake}", style="red")
    found = sorted(_told(), key=lambda one: (one.family, one.name))
    if not screen.answer(found):
        screen.table({"名称": "name", "类别": "family", "称呼": "title", "能做": "can", "代码行": "lines",
                      "未核实": "uncertain"}, map(_row, found))


def _told() -> Iterator[ConnectorTold]:
    """What can be told of each; a `quality.yaml` that cannot be read is told, and hides no other."""
    for plan in plans().values():
        try:
            yield told(plan)
        except BadConnector as bad:
            screen.note(f"不能展示：{bad}", f"Cannot be told of: {bad}", style="red")


@app.command("check", help="检查一个连接器的文件夹：声明、签名、样例；有错时退出码 1 / "
                           "look at one folder: declaration, signatures, samples; exit 1 for a mistake")
def check(
    connector: Annotated[str, typer.Argument(metavar="NAME|FOLDER", help="名称或文件夹 / its name, or a folder")],
    expect: Annotated[bool, typer.Option(
        "--expect", help="先为没有期望结果的样例写出结果，请人工核对 / "
                         "first write what is expected of samples that lack it, to be read")] = False,
) -> None:
    """Every mistake with file, line and reason, and what the connector can and cannot."""
    folder = _folder(connector)
    if expect:
        _expect(folder)
    found = examine(folder)
    if not screen.answer(found):
        _tell(found)
    if not found.is_fit:
        raise typer.Exit(1)


def _folder(said: str) -> Path:
    """The folder of that name, or the one at that path. Raises Stop."""
    known = {folder.name: folder for folder in folders()}
    if said in known:
        return known[said]
    path = Path(said).resolve()
    if is_folder(path):
        return path
    if path.is_dir():
        raise Stop(f"{shown(path)} 里没有 connector.yaml。", f"There is no connector.yaml in {shown(path)}.", code=2)
    missing = unknown("连接器", "connector", said, difflib.get_close_matches(said, known, n=3))
    raise Stop(missing.zh, missing.en, code=2)


def _expect(folder: Path) -> None:
    try:
        for file in expect_of(folder):
            screen.note(f"已写出 {shown(file)}，请核对。", f"Wrote {shown(file)}: read it.")
    except (ValueError, LookupError, OSError) as error:
        screen.note(f"没有写出：{error}", f"Nothing was written: {error}", style="red")


def _tell(found: ConnectorExamined) -> None:
    for mistake in found.mistakes:
        screen.out.print(str(mistake), markup=False, style="red", soft_wrap=True)
    for risk in found.risks:
        told = f"{risk.file}:{risk.line}: {risk.place}: {risk.reason}"
        screen.out.print(told if not risk.why else f"{told} – {risk.why}", markup=False, soft_wrap=True,
                         style="dim" if risk.why else "yellow")
    good = sum(1 for one in found.samples if one.is_good)
    screen.pairs([
        ("连接器", "Connector", f"{found.family}/{found.name}"),
        ("能做", "Can", " ".join(found.can) or "–"),
        ("不能", "Cannot", "; ".join(f"{what} ({why})" if why else what for what, why in found.cannot.items()) or "–"),
        ("签名", "Signatures", found.signatures), ("样例", "Samples", f"{good}/{len(found.samples)}"),
    ])
    if unsaid := sum(1 for risk in found.risks if not risk.why):
        screen.say(f"{unsaid} 处可能丢单或重复，见上：改掉，或在 quality.yaml 的 risks 里写明为什么不会。",
                   f"May lose or double, told above: {unsaid}. Change it, or say under risks of quality.yaml why not.",
                   style="yellow")
    if found.is_fit:
        screen.say("没有错误。", "No mistake.", style="green")
    else:
        count = len(found.mistakes)
        screen.say(f"{count} 处错误，见上。", f"Mistakes: {count}, told above.", style="red")


def _row(one: ConnectorTold) -> tuple[str, ...]:
    return (one.name, one.family, screen.called(one.title), " ".join(one.capabilities), str(one.python_lines),
            str(len(one.quality.unverified)))
