"""Every kind of background work, registered in one place: what a worker runs, and what people read of it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from orderloom.adapters.spreadsheets.written import workbook
from orderloom.application.bulk_orders import BULK, bulk_orders
from orderloom.application.jobs.erase_people import ERASE, erase_people
from orderloom.application.jobs.shapes import JobKind
from orderloom.application.mends.mend_many import MEND_MANY, mend_many
from orderloom.application.queries.export_orders import EXPORT, export_orders
from orderloom.application.replay_many import REPLAY_MANY, replay_many
from orderloom.application.replay_orders import REPLAY_ORDERS, replay_orders
from orderloom.application.tables.export_table import EXPORT as EXPORT_TABLE
from orderloom.application.tables.export_table import export_table
from orderloom.application.tables.take_table import TABLE, take_table
from orderloom.application.verify_audit import VERIFY, verify_audit
from orderloom.bootstrap.auditing import verify_apart
from orderloom.bootstrap.hub import Hub
from orderloom.domain.rights import ADMIN
from orderloom.domain.words import Words

TITLES: Mapping[str, Words] = {
    EXPORT: Words("导出订单", "Export orders"),
    BULK: Words("批量处理订单", "Change many orders"),
    TABLE: Words("导入商品或库存表", "Take a table of goods or stock"),
    REPLAY_MANY: Words("重放原始消息", "Replay messages"),
    MEND_MANY: Words("一起修复异常单", "Mend many cases"),
    REPLAY_ORDERS: Words("重放订单", "Replay orders"),
    ERASE: Words("抹除个人信息", "Erase people"),
    EXPORT_TABLE: Words("导出商品或库存表", "Write a table of goods or stock"),
    VERIFY: Words("校验审计日志", "Verify the audit log"),
}
LONG = frozenset((VERIFY,))
"""Kinds of which one step may take long: a worker runs them beside the others."""


def job_kinds(hub: Hub) -> dict[str, JobKind]:
    """The kinds that a process with this hub can run."""
    dsn = str(hub.pool.conninfo)
    kinds = (
        JobKind(EXPORT, TITLES[EXPORT],
                lambda job: export_orders(hub, workbook, hub.ports.access.unmasked, job),
                ("orders:export", "orders:export-closed")),
        JobKind(BULK, TITLES[BULK], lambda job: bulk_orders(hub, job),
                ("orders:read", "orders:cancel", "orders:hold", "cases:write")),
        JobKind(REPLAY_MANY, TITLES[REPLAY_MANY], lambda job: replay_many(hub, job), ("messages:write",)),
        JobKind(REPLAY_ORDERS, TITLES[REPLAY_ORDERS], lambda job: replay_orders(hub, job), ("messages:write",)),
        JobKind(MEND_MANY, TITLES[MEND_MANY], lambda job: mend_many(hub, job),
                ("skus:write", "messages:write", "deliveries:write")),
        JobKind(TABLE, TITLES[TABLE], lambda job: take_table(hub, job), ("skus:write", "stock:write"), True),
        JobKind(VERIFY, TITLES[VERIFY], lambda job: verify_audit(hub, partial(verify_apart, hub.settings, dsn), job),
                (ADMIN,), True),
        JobKind(EXPORT_TABLE, TITLES[EXPORT_TABLE], lambda job: export_table(hub, hub.ports.table_rows, workbook, job),
                ("skus:read",)),
        JobKind(ERASE, TITLES[ERASE], lambda job: erase_people(hub, job), (ADMIN,), True),
    )
    return {kind.name: kind for kind in kinds}
