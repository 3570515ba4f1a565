"""What each command answers with --json: a shape each. docs/cli-answers.md is made of them, a test holds them."""

from __future__ import annotations

from typing import Any

from orderloom.adapters.kit.catalogue import ConnectorTold
from orderloom.adapters.kit.examine import ConnectorExamined
from orderloom.application.acknowledge import Acknowledged
from orderloom.application.authorise import AuthorisationBegun, Authorised
from orderloom.application.book_pickup import Pickup
from orderloom.application.buy_label import Label
from orderloom.application.commands import Outcome
from orderloom.application.compare_prices import PriceList
from orderloom.application.contract_sums import ContractChecked
from orderloom.application.discard import Discarded
from orderloom.application.floor.keep_places import PlacesKept
from orderloom.application.give_up import GivenUp
from orderloom.application.identity.access import NewToken
from orderloom.application.identity.shapes import (
    Limited,
    OneTimePassword,
    Revoked,
    TokenView,
    UserState,
    UserView,
)
from orderloom.application.import_shapes import ImportRun
from orderloom.application.keep_recipients import Reached
from orderloom.application.keep_skus import SkuRemoved, SkusKept, SkuSwitched
from orderloom.application.keep_warehouse import WarehouseKept, WarehouseSwitched
from orderloom.application.note_backup import BackupNoted
from orderloom.application.preview_import import ImportPreview
from orderloom.application.queries.accounts import AccountList
from orderloom.application.queries.backups import BackupState
from orderloom.application.queries.blueprints import PublishedBlueprint
from orderloom.application.queries.cases import CaseDetail, CasePage, MemberPage
from orderloom.application.queries.catalogue import AliasPage, SkuView, WarehouseView
from orderloom.application.queries.deliveries import DeliveryDetail, DeliveryPage
from orderloom.application.queries.documents import DocumentPage, StockDocumentView
from orderloom.application.queries.floor import PlacePage
from orderloom.application.queries.labels import Handover, LabelList, PickupList
from orderloom.application.queries.messages import MessageFile, MessagePage
from orderloom.application.queries.notifications import NotificationPage, RecipientList
from orderloom.application.queries.order_detail import OrderDetail
from orderloom.application.queries.order_list import OrderPage
from orderloom.application.queries.purchases import PurchasePage, PurchaseView, SupplierList, SupplyList
from orderloom.application.queries.quotas import QuotaPage
from orderloom.application.queries.routing import StopList
from orderloom.application.queries.snapshots import SnapshotDetail
from orderloom.application.queries.status import Status
from orderloom.application.queries.stock import LevelPage
from orderloom.application.queries.stock_leaks import LeakList
from orderloom.application.queries.stock_who import TakenUnits
from orderloom.application.queries.suggestions import SuggestionPage
from orderloom.application.queries.trace import Trace
from orderloom.application.queries.waves import WaveView
from orderloom.application.queries.works import HandPage, PickList
from orderloom.application.read_back import ReadBack
from orderloom.application.refold import Refolded
from orderloom.application.replay_chosen import ReplayPreview, ReplayRun
from orderloom.application.rescue_shapes import Rescued
from orderloom.application.set_masters import Masters
from orderloom.application.stop_carrier import StopView
from orderloom.application.switch_account import AccountSwitched
from orderloom.application.teach_alias import AllTaught, Forgotten, Taught
from orderloom.application.try_messenger import TrialQueued
from orderloom.application.try_version import VersionTrial
from orderloom.blueprint.diff import Difference
from orderloom.domain.allocation_voucher import Flattened
from orderloom.domain.finding import Finding
from orderloom.domain.tariff import HsCode
from orderloom.entrypoints.cli.accounts import PrivateHosts, Tested
from orderloom.entrypoints.cli.allocation_vouchers import VoucherVerdict, WorkGivenBack
from orderloom.entrypoints.cli.audit import Exported, Sealed, Verified
from orderloom.entrypoints.cli.blueprint import Published
from orderloom.entrypoints.cli.decisions import Decided, Placed
from orderloom.entrypoints.cli.deliveries import SentAgain
from orderloom.entrypoints.cli.doctor import Checked
from orderloom.entrypoints.cli.floor_places import LotSaid
from orderloom.entrypoints.cli.imports import ErrorsWritten, ImportResult
from orderloom.entrypoints.cli.keys import KeyRetired, KeysRotated, KeysShown
from orderloom.entrypoints.cli.mapping import MappingShown
from orderloom.entrypoints.cli.merges import MergeTold, SplitTold
from orderloom.entrypoints.cli.migrating import Applied
from orderloom.entrypoints.cli.outcomes import Outcomes
from orderloom.entrypoints.cli.past import BackfillBegun
from orderloom.entrypoints.cli.stock import LevelMoved, TableTaken
from orderloom.entrypoints.cli.works import Slips, Told

ANSWERS: dict[str, Any] = {
    "status": Status, "doctor": list[Checked], "migrate": Applied,
    "orders": OrderPage, "show": OrderDetail, "trace": Trace, "cases": CasePage, "cases --of": MemberPage,
    "case show": CaseDetail, "case take": CaseDetail, "case assign": CaseDetail,
    "case resolve": CaseDetail, "case reopen": CaseDetail,
    "hold": Outcome, "release": Outcome, "cancel": Outcome, "reship": Outcome, "act": Outcome, "decide": Decided,
    "receiver": Placed,
    "accept-address": Placed,
    "work list": HandPage, "work pick": PickList, "work slip": Slips, "work label": Label, "work labels": LabelList,
    "work unlabel": Label, "work prices": PriceList, "work pickup": Pickup, "work pickups": PickupList,
    "work unpickup": Pickup,
    "work handover": Handover,
    "work picked": Told, "work packed": Told,
    "work out": Told, "work merge": MergeTold, "work part": MergeTold, "work split": SplitTold,
    "import": ImportResult, "import --preview": ImportPreview,
    "imports list": list[ImportRun], "imports show": ImportRun, "imports errors": ErrorsWritten,
    "replay": Outcomes, "replay --check": Refolded,
    "replay --preview": ReplayPreview, "replay --runs": list[ReplayRun],
    "messages list": MessagePage, "messages show": MessageFile, "messages replay": Outcomes,
    "messages discard": Discarded,
    "deliveries list": DeliveryPage, "deliveries show": DeliveryDetail, "deliveries resend": SentAgain,
    "deliveries give-up": GivenUp,
    "notifications": NotificationPage, "notification acknowledge": Acknowledged, "notification test": TrialQueued,
    "recipients list": RecipientList, "recipients set": Reached, "recipients forget": Reached,
    "connect": Tested, "accounts list": AccountList, "accounts test": Tested, "accounts rotate": Tested,
    "accounts backfill": BackfillBegun, "accounts enable": AccountSwitched, "accounts disable": AccountSwitched,
    "accounts read": ReadBack, "accounts authorise": AuthorisationBegun, "accounts authorise --answer": Authorised,
    "accounts private": PrivateHosts, "accounts try-version": VersionTrial, "accounts master": Masters,
    "sku add": SkusKept, "sku import": SkusKept, "sku list": list[SkuView], "sku disable": SkuSwitched,
    "sku enable": SkuSwitched, "sku remove": SkuRemoved,
    "hs search": list[HsCode], "hs show": HsCode,
    "alias add": Taught, "alias import": AllTaught, "alias remove": Forgotten, "alias list": AliasPage,
    "stop list": StopList, "stop add": StopView, "stop end": StopView,
    "warehouse add": WarehouseKept, "warehouse list": list[WarehouseView], "warehouse disable": WarehouseSwitched,
    "warehouse enable": WarehouseSwitched,
    "stock levels": LevelPage, "stock receive": LevelMoved, "stock adjust": LevelMoved, "stock stocktake": LevelMoved,
    "stock import": TableTaken, "stock who": TakenUnits, "stock compensate": LeakList, "stock snapshot": SnapshotDetail,
    "wave create": WaveView, "wave show": WaveView,
    "place list": PlacePage, "place set": PlacesKept, "lot block": LotSaid, "lot free": LotSaid,
    "quota list": QuotaPage, "quota open": QuotaPage,
    "quota resize": QuotaPage, "quota close": QuotaPage,
    "purchase suggest": SuggestionPage, "purchase list": PurchasePage, "purchase show": PurchaseView,
    "purchase supplier": SupplierList, "purchase supply": SupplyList,
    "stock document list": DocumentPage,
    **{f"stock document {verb}": StockDocumentView for verb in (
        "show", "new", "submit", "approve", "refuse", "cancel", "count", "receive", "lose")},
    "blueprint check": list[Finding], "blueprint diff": list[Difference], "blueprint publish": Published,
    "blueprint list": list[PublishedBlueprint],
    "mapping show": MappingShown, "contract-check": ContractChecked,
    "connectors": list[ConnectorTold], "connectors check": ConnectorExamined,
    "user add": OneTimePassword, "user list": list[UserView], "user disable": UserState, "user enable": UserState,
    "user reset-password": OneTimePassword, "user drop-second-factor": UserView, "user limit": Limited,
    "token create": NewToken, "token list": list[TokenView], "token revoke": Revoked,
    "rescue": Rescued, "voucher accept": Flattened, "voucher back": WorkGivenBack, "voucher show": Flattened,
    "voucher verify": VoucherVerdict,
    "keys show": KeysShown, "keys rotate": KeysRotated, "keys retire": KeyRetired,
    "backup note": BackupNoted, "backup list": BackupState,
    "audit verify": Verified, "audit export": Exported, "audit seal": Sealed,
}
"""By command; what follows a name after `--` is the option with which it answers otherwise."""

SILENT = {
    "up": "runs until told to stop", "api": "runs until told to stop", "worker": "runs until told to stop",
    "print-agent": "runs until told to stop: printing.md",
    "simulate": "runs until told to stop; with --minutes: rehearsal.md",
    "erase": "as POST /api/v1/erasures/preview answers", "erasures": "as GET /api/v1/erasures answers",
    "bench": "prints what the benchmarks measured: benchmarks.md",
}
"""Commands without an answer of their own, and why."""
