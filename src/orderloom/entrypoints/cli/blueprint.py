"""The business blueprint: `blueprint check | diff | publish | list`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import msgspec
import typer

from orderloom.application.publish_blueprint import publish_blueprint
from orderloom.application.queries.blueprints import PublishedBlueprint, list_blueprints
from orderloom.blueprint.check import check_folder
from orderloom.blueprint.diff import Difference, diff, removed_stages
from orderloom.blueprint.load import load_folder
from orderloom.blueprint.schema import Blueprint
from orderloom.domain.finding import Finding
from orderloom.entrypoints.cli.attach import actor, connection, hub, run
from orderloom.entrypoints.cli.frame import group, written
from orderloom.entrypoints.cli.screen import Stop, screen

app = group("业务蓝图：检查、比较、发布", "the business blueprint: check, diff, publish")
Folder = Annotated[Path, typer.Argument(help="蓝图文件夹 / folder of YAML files")]


class Published(msgspec.Struct, frozen=True):
    """The version that was made; null when nothing differs from the one in force."""

    version: int | None


@app.command("check", help="检查，指出文件与行 / check; names file and line")
def check(folder: Folder) -> None:
    """Exit 1 when it may not run."""
    findings = _findings(folder)
    if not screen.answer(findings):
        _print(findings)
        if not findings:
            screen.say("✓ 可以发布。", "✓ It may be published.", style="green")
    if findings:
        raise typer.Exit(1)


@app.command("diff", help="与正在使用的版本比较 / compare with the active version")
def diff_command(folder: Folder) -> None:
    """Show what publishing would change."""
    changes = run(lambda: _diff(_checked(folder)))
    if not screen.answer(changes):
        for change in changes:
            screen.out.print(str(change), markup=False)
        if not changes:
            screen.say("没有差别。", "No difference.")


@app.command("publish", help="发布为新版本；进行中的订单沿用原版本 / publish; running orders keep their version")
def publish_command(
    folder: Folder, reason: Annotated[str, typer.Option(callback=written, help="为什么 / why")],
) -> None:
    """Publish a version."""
    version = run(lambda: _publish(_checked(folder), reason))
    if screen.answer(Published(version)):
        return
    if version is None:
        screen.say("与正在使用的版本相同，没有发布。", "The same as the active version: nothing was published.")
    else:
        screen.say(f"已发布第 {version} 版。", f"Published as version {version}.", style="green")


@app.command("list", help="已发布的版本 / published versions")
def list_command() -> None:
    """List versions."""
    found = run(_list)
    if not screen.answer(found):
        screen.table({"版本": "Version", "作者": "Author", "原因": "Reason", "发布": "Published", "摘要": "Digest"},
                     [(v.version, v.author, v.reason, v.published_at, v.digest[:12]) for v in found])


def _findings(folder: Path) -> tuple[Finding, ...]:
    if not folder.is_dir():
        raise Stop(f"没有文件夹 {folder}。", f"There is no folder {folder}.", code=2)
    return check_folder(folder)


def _checked(folder: Path) -> Blueprint:
    findings = _findings(folder)
    if findings:
        _print(findings)
        raise Stop(f"蓝图有 {len(findings)} 处错误，没有继续。",
                   f"The blueprint has {len(findings)} mistakes: not done.")
    return load_folder(folder)


def _print(findings: tuple[Finding, ...]) -> None:
    for finding in findings:
        screen.note(str(finding), str(finding), style="red")


async def _diff(blueprint: Blueprint) -> tuple[Difference, ...]:
    async with hub() as opened, opened.ports.blueprints() as versions:
        before = await versions.active()
    if before is None:
        raise Stop("还没有发布过蓝图。", "No blueprint was published yet.")
    return diff(before[1], blueprint)


async def _publish(blueprint: Blueprint, reason: str) -> int | None:
    """Orders keep their version, so a removed stage strands nobody; who publishes is told of them all the same."""
    async with hub() as opened:
        async with opened.ports.blueprints() as versions:
            before = await versions.active()
            gone = removed_stages(before[1], blueprint) if before else ()
            standing = await versions.standing(gone)
        for stage, count in standing.items():
            screen.note(f"注意：{count} 张订单仍在被去掉的环节“{stage}”，它们沿用原版本。",
                        f'Note: {count} orders stand in the removed stage "{stage}"; they keep their version.')
        return await publish_blueprint(opened.ports.blueprints, blueprint, actor(), reason)


async def _list() -> list[PublishedBlueprint]:
    async with connection() as (_, one):
        return await list_blueprints(one)
