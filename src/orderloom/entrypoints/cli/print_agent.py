"""The print agent: `print-agent --printer NAME --to …`, on the computer beside the printer."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import httpx2
import typer

from orderloom.adapters.print_agent import AgentRefused, NoOutlet, PrintAgent, outlet_at
from orderloom.entrypoints.cli.frame import must_be_file, single
from orderloom.entrypoints.cli.screen import Stop, screen

app = single()
WAYS = "tcp://192.168.1.50:9100, cups:QUEUE, folder:/path"


@app.command(help="打印代理：领取任务交给打印机 / takes print jobs and hands them to a printer")
def print_agent(
    printer: Annotated[str, typer.Option(help="打印机名称 / the printer's name in the hub")],
    to: Annotated[str, typer.Option(help=f"交给谁 / where to: {WAYS}")],
    token_file: Annotated[Path, typer.Option(help="令牌文件 / file with a token of scope labels:print")],
    hub: Annotated[str, typer.Option(help="织单的地址 / the hub's address")] = "http://127.0.0.1:8000",
    once: Annotated[bool, typer.Option("--once", help="打完排队的就结束 / end when none waits")] = False,
) -> None:
    """Take jobs until told to stop."""
    must_be_file(token_file)
    token = token_file.read_text("utf-8").strip()
    try:
        outlet = outlet_at(to)
    except NoOutlet:
        raise Stop(f"--to“{to}”不能用；写法：{WAYS}（文件夹要先建好）",
                   f'--to "{to}" cannot be used; write {WAYS} (the folder has to be there)', code=2) from None
    with httpx2.Client(base_url=hub, headers={"Authorization": f"Bearer {token}"}) as http:
        agent = PrintAgent(http, printer, outlet)
        screen.say(f"打印机 {printer} → {to}，按 Ctrl-C 结束。", f"Printer {printer} → {to}; Ctrl-C ends it.")
        try:
            while agent.step(0 if once else 20) is not None or not once:
                pass
        except AgentRefused as error:
            raise Stop(f"织单不接受这个代理：{error}", f"The hub does not serve this agent: {error}") from None
        except KeyboardInterrupt:
            screen.say("已结束。", "Ended.")
