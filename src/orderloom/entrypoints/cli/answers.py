"""What each command answers with --json: one shape per command. docs/cli.md is made of them, and a test holds them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec

from orderloom.adapters.db.audit_walk import Report
from orderloom.adapters.db.identity import TokenView, UserView
from orderloom.adapters.db.refold import Refolded
from orderloom.application.commands import Outcome
from orderloom.application.discard import Discarded
from orderloom.application.identity.access import NewToken
from orderloom.application.keep_skus import SkuRemoved, SkusKept, SkuSwitched
from orderloom.application.keep_warehouse import WarehouseKept, WarehouseSwitched
from orderloom.application.queries.accounts import AccountList, AliasPage, PublishedBlueprint
from orderloom.application.queries.cases import CaseDetail, CasePage, MemberPage
from orderloom.application.queries.catalogue import SkuView, WarehouseView
from orderloom.application.queries.deliveries import DeliveryDetail, DeliveryPage
from orderloom.application.queries.messages import MessageFile, MessagePage
from orderloom.application.queries.order_shapes import OrderDetail
from orderloom.application.queries.orders import OrderPage
from orderloom.application.queries.status import Status
from orderloom.application.queries.stock import LevelPage
from orderloom.application.queries.trace import Trace
from orderloom.application.queries.works import HandPage, PickList
from orderloom.application.switch_account import AccountSwitched
from orderloom.application.teach_alias import Forgotten, Taught
from orderloom.blueprint.diff import Change
from orderloom.domain.finding import Finding
from orderloom.entrypoints.cli import doctor
from orderloom.entrypoints.cli.intake import ImportResult
from orderloom.entrypoints.cli.outcomes import Outcomes
from orderloom.entrypoints.cli.stock import Imported, Moved
from orderloom.entrypoints.cli.works import Slips, Told


class Applied(msgspec.Struct, frozen=True):
    """Names of the migrations that were applied now."""

    applied: list[str]


class Placed(msgspec.Struct, frozen=True):
    """Where an order goes after its proposed address was accepted."""

    order_id: str
    province: str
    city: str
    district: str


class Resent(msgspec.Struct, frozen=True):
    """How many deliveries will be sent again."""

    resent: int


class Tested(msgspec.Struct, frozen=True):
    """How an account's test went, and whether it is kept."""

    account: str
    is_well: bool
    message: str
    is_kept: bool


class BackfillBegun(msgspec.Struct, frozen=True):
    """From when an account's past is read (null: not at all), finished orders too with `is_all`."""

    account: str
    since: datetime | None
    is_all: bool


class PrivateHosts(msgspec.Struct, frozen=True):
    """The private hosts that an account may reach."""

    account: str
    private_hosts: list[str]


class Published(msgspec.Struct, frozen=True):
    """The version that was made; null when nothing differs from the one in force."""

    version: int | None


class UserSwitched(msgspec.Struct, frozen=True):
    """Whether the user may log in."""

    user: str
    is_active: bool


class UserPassword(msgspec.Struct, frozen=True):
    """A one-time password, shown this once."""

    user: str
    password: str


class Revoked(msgspec.Struct, frozen=True):
    """The token that ended."""

    revoked: str


class KeysShown(msgspec.Struct, frozen=True):
    """Numbers of the keys, and rows by table that are not under the newest."""

    keys: list[int]
    newest: int
    not_under_newest: dict[str, int]


class KeysRotated(msgspec.Struct, frozen=True):
    """The key that encrypts, how many rows were brought under it, and what is left by table."""

    key: int
    re_encrypted: int
    left: dict[str, int]


class KeyRetired(msgspec.Struct, frozen=True):
    """The key that was forgotten."""

    retired: int


class Verified(Report):
    """A verification of the log with its verdict."""

    is_whole: bool = False


class Exported(msgspec.Struct, frozen=True):
    """The file and how many lines it has."""

    file: str
    lines: int


class Sealed(msgspec.Struct, frozen=True):
    """How many events a checkpoint covers now that none did before."""

    sealed: int


class Said(msgspec.Struct, frozen=True):
    """Why not, and how to mend it."""

    zh: str
    en: str


class Failed(msgspec.Struct, frozen=True):
    """What every command answers when it could not do what was asked; the exit code is 1 or 2."""

    error: Said


ANSWERS: dict[str, Any] = {
    "status": Status, "doctor": list[doctor.Finding], "migrate": Applied,
    "orders": OrderPage, "show": OrderDetail, "trace": Trace, "cases": CasePage, "cases --of": MemberPage,
    "case show": CaseDetail, "case assign": CaseDetail, "case resolve": CaseDetail, "case reopen": CaseDetail,
    "hold": Outcome, "release": Outcome, "cancel": Outcome, "reship": Outcome, "act": Outcome,
    "accept-address": Placed,
    "work list": HandPage, "work pick": PickList, "work slip": Slips, "work picked": Told, "work packed": Told,
    "work out": Told,
    "import": ImportResult, "replay": Outcomes, "replay --check": Refolded,
    "messages list": MessagePage, "messages show": MessageFile, "messages replay": Outcomes,
    "messages discard": Discarded,
    "deliveries list": DeliveryPage, "deliveries show": DeliveryDetail, "deliveries resend": Resent,
    "connect": Tested, "accounts list": AccountList, "accounts test": Tested, "accounts rotate": Tested,
    "accounts backfill": BackfillBegun, "accounts enable": AccountSwitched, "accounts disable": AccountSwitched,
    "accounts private": PrivateHosts,
    "sku add": SkusKept, "sku import": SkusKept, "sku list": list[SkuView], "sku disable": SkuSwitched,
    "sku enable": SkuSwitched, "sku remove": SkuRemoved,
    "alias add": Taught, "alias remove": Forgotten, "alias list": AliasPage,
    "warehouse add": WarehouseKept, "warehouse list": list[WarehouseView], "warehouse disable": WarehouseSwitched,
    "warehouse enable": WarehouseSwitched,
    "stock levels": LevelPage, "stock receive": Moved, "stock adjust": Moved, "stock stocktake": Moved,
    "stock import": Imported,
    "blueprint check": list[Finding], "blueprint diff": list[Change], "blueprint publish": Published,
    "blueprint list": list[PublishedBlueprint],
    "user add": UserPassword, "user list": list[UserView], "user disable": UserSwitched, "user enable": UserSwitched,
    "user reset-password": UserPassword,
    "token create": NewToken, "token list": list[TokenView], "token revoke": Revoked,
    "keys show": KeysShown, "keys rotate": KeysRotated, "keys retire": KeyRetired,
    "audit verify": Verified, "audit export": Exported, "audit seal": Sealed,
}
"""By command; what follows a name after `--` is the option with which it answers otherwise."""

SILENT = {
    "up": "runs until told to stop", "api": "runs until told to stop", "worker": "runs until told to stop",
    "simulate": "runs until told to stop", "bench": "prints what the benchmarks measured: benchmarks.md",
}
"""Commands without an answer of their own, and why."""
