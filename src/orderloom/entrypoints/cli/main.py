"""The command `orderloom`: finds the command's module, runs it, and turns whatever goes wrong into clear words.

Each command is a Typer application in a module of its own, imported only when it is asked for, so that the command
line starts quickly. `--json` and `--lang zh|en` are understood everywhere, by every command.
"""

from __future__ import annotations

import difflib
import os
import sys
from datetime import UTC, datetime
from importlib import import_module
from typing import NamedTuple
from uuid import uuid4

import typer

from orderloom import __version__
from orderloom.domain.fault import kind_of, where
from orderloom.domain.words import Words
from orderloom.entrypoints.cli.misuse import said
from orderloom.entrypoints.cli.screen import LANGUAGES, Failed, Stop, screen
from orderloom.settings import BadSetting, read_settings

FLAGS = "  --json  机器可读 / for programs    --lang zh|en  语言 / language"
PACKAGE = "orderloom.entrypoints.cli"
PROCESSES = "orderloom.entrypoints.processes"
"""Beside the command line: they run the API and the worker, of which no other command knows."""


class Listed(NamedTuple):
    """Where a command lives and what it does."""

    module: str
    zh: str
    en: str
    app: str = "app"

    @property
    def place(self) -> str:
        """Its module, from the root on."""
        return self.module if self.module == PROCESSES else f"{PACKAGE}.{self.module}"


COMMANDS: dict[str, Listed] = {
    "up": Listed("up", "启动全部：数据库、接口、后台、演示世界", "start everything: database, API, worker, rehearsal"),
    "status": Listed("status", "总览：消息账、订单、异常单、积压", "accounting, orders, cases, backlog"),
    "doctor": Listed("diagnosis", "检查安装并说明如何修复", "look at the installation, say how to mend it"),
    "migrate": Listed("migrating", "升级数据库结构", "bring the database up to this build", "migrate"),
    "api": Listed(PROCESSES, "只运行接口进程", "run the API process alone", "api"),
    "worker": Listed(PROCESSES, "只运行后台进程", "run the worker process alone", "worker"),
    "print-agent": Listed("print_agent", "打印代理：把打印任务交给打印机", "hand print jobs to a printer"),
    "simulate": Listed(PROCESSES, "运行演示世界", "run the rehearsed world", "simulate"),
    "bench": Listed(PROCESSES, "性能测量", "measure the budgets", "bench"),
    "orders": Listed("orders", "订单列表", "list orders", "orders"),
    "show": Listed("orders", "一张订单的全部", "everything about an order", "show"),
    "trace": Listed("orders", "一张订单的来龙去脉", "an order's story, step by step", "trace"),
    "cases": Listed("orders", "异常单列表", "list cases", "cases"),
    "case": Listed("cases", "一张异常单：查看、接手、转给、关闭、重新打开",
                   "one case: show, take, assign, resolve, reopen"),
    "hold": Listed("decisions", "挂起订单", "place a hold on an order", "hold"),
    "release": Listed("decisions", "解除挂起", "release a hold", "release"),
    "accept-address": Listed("decisions", "接受建议的地址", "accept the proposed address", "accept"),
    "receiver": Listed("decisions", "更正收件人", "correct the receiver", "receiver"),
    "cancel": Listed("decisions", "取消订单", "cancel an order", "cancel"),
    "reship": Listed("decisions", "补发包裹", "send a parcel's goods again", "reship"),
    "rescue": Listed("rescues", "抢发漏发订单：找货、拣货、面单", "send a missed order at once"),
    "act": Listed("decisions", "执行动作：确认、重试、退回入账、结束", "confirm, retry, accept a return, close", "act"),
    "decide": Listed("decisions", "回复售后申请：同意或拒绝", "answer an application after the sale", "decide"),
    "work": Listed("merges", "手工发货：作业单、合单、拣货、打包、出库", "ship by hand: list, merge, pick, pack, out"),
    "voucher": Listed("allocation_vouchers", "占用凭证：出具、离线核验", "allocation vouchers: show, verify offline"),
    "import": Listed("imports", "导入订单文件，可先预览", "import a file of orders, or look first", "import_file"),
    "imports": Listed("imports", "导入记录与错误文件", "imports and their files of errors", "imports"),
    "replay": Listed("replay", "重放已存的原始消息，可先预演", "replay stored messages, or look ahead"),
    "messages": Listed("intake", "原始消息", "stored messages", "messages"),
    "deliveries": Listed("deliveries", "推送：发往各系统", "deliveries to other systems"),
    "notifications": Listed("notifications", "通知记录：谁收到了什么", "who was told what, with its outcome", "log"),
    "notification": Listed("notifications", "一条通知：知道了、试发", "one notification: acknowledge, test"),
    "recipients": Listed("notifications", "通知接收人的地址", "where recipients are reached", "recipients"),
    "connect": Listed("accounts", "接入渠道、仓储、物流账号", "connect an account", "connect"),
    "accounts": Listed("accounts", "账号：列表、测试、换密、停用", "accounts: list, test, rotate, disable", "accounts"),
    "sku": Listed("catalogue", "商品：新增、导入", "SKUs: add, import", "sku"),
    "hs": Listed("tariff", "海关编码：查询、核对", "HS codes: search, check"),
    "alias": Listed("catalogue", "渠道商品别名", "channels' spellings of SKUs", "alias"),
    "warehouse": Listed("catalogue", "仓库", "warehouses", "warehouse"),
    "stock": Listed("stock", "库存：查询、入库、调整、盘点", "stock: levels, receive, adjust, stocktake"),
    "wave": Listed("waves", "波次：一起拣的作业单", "waves: works that are picked together"),
    "place": Listed("floor_places", "库位：自管仓库里货放在哪", "places of a warehouse that is run here"),
    "lot": Listed("floor_places", "批号：停用与放行", "lots: blocked, or let go", "lots"),
    "quota": Listed("quotas", "预留：给活动、渠道或客户留的库存", "quotas: units kept for somebody"),
    "stop": Listed("stops", "停运：快递不通的区域", "stops: regions that a carrier does not serve"),
    "purchase": Listed("purchases", "采购：补货建议、采购单、供应商", "purchasing: what to buy, tickets, suppliers"),
    "blueprint": Listed("blueprint", "业务蓝图：检查、比较、发布", "blueprint: check, diff, publish"),
    "connectors": Listed("connectors", "连接器：清单、检查一个文件夹", "which there are; check one folder"),
    "contract-check": Listed("contract", "报文体检：多余、缺少、过长、词未登记", "hold a payload to its contract"),
    "mapping": Listed("mapping", "映射：读取哪些主题，写出的代码", "mappings: what they read, what is written"),
    "user": Listed("users", "用户：新建、停用、重置密码", "users: add, disable, reset a password"),
    "token": Listed("tokens", "接口令牌", "API tokens"),
    "erase": Listed("erasure", "按请求抹除个人信息", "erase people on request", "erase"),
    "erasures": Listed("erasure", "抹除记录", "what was erased", "erasures"),
    "keys": Listed("keys", "加密密钥", "encryption keys"),
    "backup": Listed("backup", "备份：记录、列表", "backups: note, list"),
    "audit": Listed("audit", "审计：验证、导出、签章", "audit: verify, export, seal"),
}


def main(arguments: list[str] | None = None) -> None:
    """Run the command line and exit: 0 done, 1 the answer is no, 2 it could not be run, 130 interrupted."""
    sys.exit(answer(sys.argv[1:] if arguments is None else arguments))


def answer(arguments: list[str]) -> int:
    """Run one command line; returns the exit code."""
    try:
        words = _take_flags(arguments)
        if not words or words[0] in ("--help", "-h", "help"):
            _overview()
            return 0
        if words[0] == "--version":
            print(__version__)
            return 0
        return _run(words[0], words[1:])
    except Stop as stop:
        return _refuse(stop)
    except BadSetting as bad:
        zh, _, en = str(bad).partition("\n")
        return _refuse(Stop(zh, en, code=2))
    except KeyboardInterrupt:
        screen.note("已中断。", "Interrupted.")
        return 130
    except BrokenPipeError:  # the reader of our output left, as `| head` does
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:
        return _unexpected(error)


def _run(name: str, words: list[str]) -> int:
    entry = COMMANDS.get(name)
    if entry is None:
        near = difflib.get_close_matches(name, COMMANDS, n=1)
        hint_zh = f"你是不是要用 {near[0]}？" if near else "运行 orderloom --help 查看全部。"
        hint_en = f"Did you mean {near[0]}?" if near else "See orderloom --help."
        raise Stop(f"没有“{name}”这个命令。{hint_zh}", f'There is no command "{name}". {hint_en}', code=2)
    app = getattr(import_module(entry.place), entry.app)
    try:
        code = app(words, prog_name=f"orderloom {name}", standalone_mode=False)
        if "--help" in words:
            screen.out.print(FLAGS, markup=False)
    except typer.Exit as leave:
        return leave.exit_code
    except typer.Abort as abort:
        raise KeyboardInterrupt from abort
    except (typer.BadParameter, typer.TyperException) as error:
        text = error.format_message() if isinstance(error, typer.BadParameter) else str(error)
        told, verb = said(text), _verb(app, words)
        raise Stop(f"参数有误：{told.zh}\n用法见 orderloom {name}{verb} --help",
                   f"Wrong arguments: {told.en}\nSee orderloom {name}{verb} --help", code=2) from error
    return code if isinstance(code, int) else 0


def _verb(app: typer.Typer, words: list[str]) -> str:
    """The verb below a command that was meant, with a space before it; empty where there is none."""
    verbs = [one.name for one in app.registered_commands]
    return f" {words[0]}" if words and words[0] in verbs else ""


def _take_flags(arguments: list[str]) -> list[str]:
    """Set the screen from --json and --lang wherever they stand before `--`; returns the other words."""
    screen.is_json, screen.language = False, _language_of_machine()
    words = list(arguments)
    rest: list[str] = []
    while words:
        word = words.pop(0)
        if word == "--":
            return [*rest, word, *words]
        if word == "--json":
            screen.is_json = True
        elif word == "--lang" or word.startswith("--lang="):
            screen.language = _language(word.partition("=")[2] or (words.pop(0) if words else ""))
        else:
            rest.append(word)
    return rest


def _language(word: str) -> str:
    if word not in LANGUAGES:
        raise Stop(f"--lang 只能是 zh 或 en，不是“{word}”。", f'--lang takes zh or en, not "{word}".', code=2)
    return word


def _language_of_machine() -> str:
    """English alone on an English machine, else Chinese with English beside it."""
    word = os.environ.get("LC_ALL") or os.environ.get("LANG") or ""
    return "en" if word.startswith("en") else "both"


def _overview() -> None:
    if screen.answer({name: {"zh": entry.zh, "en": entry.en} for name, entry in COMMANDS.items()}):
        return
    screen.say("织单 Orderloom：orderloom 命令 [参数] [--json] [--lang zh|en]",
               "orderloom COMMAND [ARGUMENTS] [--json] [--lang zh|en]", style="bold")
    for name, entry in COMMANDS.items():
        screen.out.print(f"  {name:<11} {screen.words(entry.zh, entry.en, between=' · ')}", markup=False)
    screen.say("每个命令的用法：orderloom 命令 --help", "Each command's usage: orderloom COMMAND --help")


def _refuse(stop: Stop) -> int:
    if not screen.answer(Failed(Words(stop.zh, stop.en))):
        screen.note(stop.zh, stop.en, style="red")
    return stop.code


def _unexpected(error: Exception) -> int:
    """A fault of ours: the way to it goes to a file, a person gets a number; what was worked on is in neither."""
    number = uuid4().hex[:12]
    place = "orderloom-error.log"
    try:
        folder = read_settings().home / "logs"
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with (folder / "cli-errors.log").open("a", encoding="utf-8") as log:
            log.write(f"{datetime.now(UTC).isoformat()} {number} {where(error)}\n")
        place = str(folder / "cli-errors.log")
    except (OSError, BadSetting) as trouble:
        place = f"- ({trouble})"
    return _refuse(Stop(f"程序内部错误 {number}：{kind_of(error)}\n详情：{place}",
                        f"Internal error {number}: {kind_of(error)}\nDetails: {place}", code=2))


if __name__ == "__main__":
    main()
