"""One word per thing, in both languages: what screens, pages and talk say. docs/glossary.md is made of it."""

from __future__ import annotations

from typing import NamedTuple


class Term(NamedTuple):
    """A thing's word, its Chinese, what it means, and words that are not to stand for it."""

    en: str
    zh: str
    meaning: str
    avoid: str = ""


_TERMS = """
account | 账号 | one connected shop, warehouse system, carrier or subscriber, as it is kept | store, tenant, credential
alias | 别名 | how a channel spells a SKU | mapping (of codes)
allocated | 占用 | units bound to a paid order | freeze, lock, 分配
allocation | 占用 | some allocated units, a row | freeze
arm | 分组 | one of the rule sets of sourcing that are tried beside each other | bucket, variant
assign | 转给 | give a case to another owner; of an order, in code: sourcing | 转派
authorisation | 授权 | a person's leave, given at the platform, for the hub to act for an account | login
available to promise | 可售 | units that may still be sold: on hand less everything bound | stock, inventory (alone)
axis | 状态轴 | one of the closed sets an order's state is made of | status
backfill | 补拉 | reading the orders that were there before an account was connected | import, history load
binding | 库存绑定 | units of stock bound to a line of an order: a reservation or an allocation | hold, freeze, lock
blind count | 盲盘 | a count whose counter is shown no figure of the books | open count
blocked | 受阻 | the phase of an order that lacks stock or a reading | stuck
blueprint | 蓝图 | a seller's rules as versioned data | config, settings
bundle | 组合商品 | a SKU that is made of others | kit, BOM
buyer's message | 买家留言 | what the buyer wrote on the order | comment
carrier's service | 快递产品 | what a carrier offers under one contract: where to, for how much, how fast | lane
case | 异常单 | an anomaly with owner, time limit and evidence | error, alert, ticket, 工单
channel | 渠道 | where the seller sells | platform (of the code), marketplace, source
claim | 声称 | what a system said of a milestone; not yet a fact | status update, 主张
close | 关闭 | end a case | resolve (on screen)
connection | 连接 | any account that is connected | integration
deadline | 时限任务 | something to look at again at an instant, once | timer, job, cron
decision table | 决策表 | a rule as rows of conditions and outcomes, a file of the blueprint | matrix
delivered | 签收 | the parcel is with its receiver | 送达
delivery | 推送 | one message that the hub sends to a system, in the outbox | notification, 投递
discard | 作废 | take a parked message out, with a reason; a replay brings it back | delete, ignore
dispatch | 下发 | send work to a warehouse | 排发, 下发仓库
draft | 草稿 | a channel's order in the hub's words, before it is believed | payload, DTO
dry run | 试算 | what would happen, shown before it does | simulation
event | 事实 | what happened, appended and hash-chained | log entry, history
exchange | 换货 | other goods instead of those that come back | swap
fact | 事实 | what is recorded as being so: an event, or a further field that a channel states | claim, trait
frozen | 冻结 | stock that may not move; of a buyer: 买家冻结 | locked
fulfilment work | 作业单 | what one warehouse is to ship for an order | fulfillment order, shipment, task
gift | 赠品 | a line that a rule gave: nobody pays for it, and the channel is not told of it | free item, promotion
give up | 放弃 | take a parked delivery out, with a reason; later ones of its order go out | delete, skip
hint | 变动提示 | a push that only says what changed; that is read again at its source | ping
hold | 挂起 | why an order, line or work is on hold; several at once. Stock is bound | flag, lock, pause
hand over | 出库 | goods leave the warehouse | ship (alone)
in transit | 在途 | goods between two warehouses: sent, and not received yet | on the way
pace | 调用额度 | how many calls a platform allows, kept by all workers together | throttle
presale | 预售 | goods sold before they are there, with the day on which they are promised | backorder
promised date | 送达承诺 | until when the buyer is told to have the goods | ETA
quota | 配额 | a right to units of a SKU in a warehouse, for a campaign, a channel or a customer | allotment
recount | 复盘 | a count again by another person, because the first differs from the books | second count
snapshot (of stock) | 库存快照 | what every system says of stock at one time, beside the hub's book | inventory sync
supplier | 供应商 | who brings goods, within so many days of an order | vendor, manufacturer
purchase ticket | 采购单 | goods ordered of a supplier: draft, ordered, in transit, received | purchase order
replenishment point | 补货点 | so few units, on their way ones among them, and the SKU is bought anew | reorder level
stock document | 库存单据 | stock changed in a considered way: drafted, approved if large, posted once | stock order
the hub's finding | 织单认定 | the milestone that the hub believes | real status
intercept | 拦截 | stop a parcel on its way | block
job | 后台任务 | what many rows take in the background, with progress and a result for each | background task
label | 面单 | what is stuck on the parcel | waybill (of the paper)
lag | 时差 | how long one system is behind another | delay
landing | 收单 | storing what came before anything parses it | ingest, receive
ledger | 库存流水 | all movements; a level is their sum | stock log
ledger movement | 流水 | one line of the stock ledger | transaction, adjustment
leg | 一程 | a part of an order's way through the hub's own code: one verb, one file | stage
level | 库存 | units of a SKU in a warehouse, in five buckets | quantity, balance
lifecycle | 生命周期 | the seller's graph of stages | workflow, state machine
line | 订单行 | one item of an order, with its counters | item, detail
loss accounting | 消息账 | received = stored = processed + pending + parked, quarantined, discarded | 收发对账, 消息对账
lot | 批号 | goods of one batch and expiry | batch
manual order | 手工订单 | an order that a person enters | offline order
mapping | 映射 | how a payload becomes a draft | parser
masked | 已遮盖 | personal data that is not shown | hidden
mend | 修复 | what ends the cause of a case | fix, repair
merge | 合单 | one parcel for several orders' work | combine
message | 原始消息 | one stored voucher with what is to be done with it | event, record
milestone | 里程碑 | a step every system can claim, from placed to refunded | status
movement | 流水 | a ledger movement, for short | transaction
native word | 系统原话 | a system's own status word | raw status
note | 备注 | ours, on an order | remark
notification | 通知 | what is sent to people | push
off | 停用 | switched off; it does not come back by itself | paused, 停售
on hand | 现货 | units that lie in the warehouse | 在库
on hold | 挂起 | an order, line or work may not go on; with owner, reason and expiry | flag, lock, pause
order | 订单 | what a buyer bought in one go at a channel; never split | trade, cart
order line | 订单行 | a line, for short | item
out for delivery | 派送 | the courier is on the way | 投递
overdue | 超时 | past its time limit | late
particulars | 说明 | what explains a refusal beside its code: names and their values | facts, details
owner | 负责人 | who has to act | assignee
parcel | 包裹 | what left a warehouse under one waybill | package, shipment
park | 搁置 | set aside until its reason is mended | fail, drop, dead-letter, 停放
parked | 搁置 | set aside with a reason, goes on by itself once that is mended | fail, drop, dead-letter, 停放
paused | 暂停 | a connection or a SKU's sales, stopped for now | off
pending | 待处理 | in the queue, goes by itself, nobody acts | parked, 排队
phase | 阶段 | where an order stands, derived from the axes by one rule | status, 阶段归类
pickup scan | 揽收 | the carrier took the parcel | collection
place (of a rule) | 决策点 | a point of the route where rules are asked; the set is closed, in code | hook, trigger
quarantine | 隔离 | keep apart what is forged or test | spam, reject
quarantine | 隔离 | keep apart what is forged or test | spam, reject
quarantined | 隔离 | forged or test, never processed unless an administrator lets it in | spam, reject
recall | 召回 | ask a warehouse to give work back | cancel (of work), 撤回
reconciliation | 对账 | money and goods against what others say | accounting (of messages)
recovery time | 康复时间 | from the opening of a case to its end | MTTR
refund | 退款 | money given back | return (of money)
refusal | 拒绝 | the hub's no to a command, with a code; nothing was changed | error, failure
release | 释放 | units go back to sale, or a hold is lifted | unlock, free
replay | 重放 | a message, taken through again | resend
report back | 回传 | tell the channel | sync
resend | 重发 | a delivery, sent out again | replay
reservation | 预占 | some reserved units, a row | pre-order
reserved | 预占 | units kept for an unpaid order until a deadline | freeze, pre-order, 锁定库存
re-ship | 补发 | ship again what was lost or missing | resend (of goods)
return | 退货 | goods that come back | refund (of goods)
revision | 版次 | the channel's own instant of an order's state | version, updated_at
rule | 规则 | a decision table at a place: it states an outcome, a verb carries it out | policy, script
safety stock | 安全库存 | units that are never sold | buffer
set aside | 预留 | units kept for a campaign or channel | reserved
settlement | 结算 | what a channel pays out, matched to orders | payout
shop | 店铺 | an account of a channel | store
show clear text | 查看明文 | see personal data; written down each time | unmask (on screen)
sku | 商品编码 | what is sold, by the seller's own code | product id
snoozed | 稍后处理 | a case that is out of my queue for a while | postponed
sourcing | 选仓 | choose the warehouse of an order: the verb `assign` of the route | 派仓, 分仓
split | 拆单 | one order's work in several parts | divide
stage | 环节 | a place in the seller's lifecycle | status, step
stop | 停运 | a region that a carrier does not serve for a time | outage, 熔断
stocktake | 盘点 | count what is there | inventory (the act)
sweep | 复查 | reading a stretch of time a second time, to find what the source left out | re-sync
ticket | 工单 | after-sales only | case
time limit | 时限 | until when somebody has to act | SLA
transfer | 调拨 | goods from one warehouse to another | move
trait | 特征 | what a blueprint's condition may read of an order, by its name | fact, attribute
version in force | 生效版本 | the version of a blueprint that decides for new orders | active
view | 视图 | a saved list | filter set
voucher | 原始凭证 | the bytes a source sent, as they came | raw, payload
hand terminal | 手持终端 | what a picker scans with
place (of a floor) | 库位 | where on a floor goods lie: a shelf, a tote, a bench, the dock
put away | 上架 | carry goods from the dock to a shelf
warehouse | 仓库 | where goods lie and leave | location, node
wave | 波次 | works picked together | batch (of picking)
waybill | 运单 | the carrier's number of a parcel | tracking number
"""


def _read() -> dict[str, Term]:
    rows = [[part.strip() for part in row.split(" | ")] for row in _TERMS.strip().splitlines()]
    return {row[0]: Term(*row) for row in rows}


TERMS = _read()
"""By English word."""

SUPERSEDED = {
    "停放": "搁置", "收发对账": "消息账", "消息对账": "消息账", "锁定库存": "预占", "排发": "下发", "下发仓库": "下发",
    "派仓": "选仓", "分仓": "选仓", "转派": "转给", "阶段归类": "阶段", "阶段超时": "环节超时", "在库": "现货",
    "已送达": "已签收", "从仓库撤回": "召回", "停售": "停用", "工单": "异常单",
}
"""Words that stood for a thing before, and the one that does now; no text for users has them any more."""
