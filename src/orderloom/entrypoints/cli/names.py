"""What the closed words of the hub are called on screen, in both languages; programs get the words themselves."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from orderloom.application.queries.order_work import ScanView
from orderloom.domain.words import SEVERITY_WORDS, Words
from orderloom.entrypoints.cli.screen import screen

_HAN = re.compile("[\u4e00-\u9fff]")


def _words(text: str) -> Mapping[str, Words]:
    rows = [[part.strip() for part in row.split("|")] for row in text.strip().splitlines()]
    return {name: Words(zh, en) for name, zh, en in rows}


FACTS = _words("""
order_recorded | 建单 | order recorded
order_amended | 渠道修改 | amended by the channel
receiver_changed | 收件信息更正 | receiver corrected
person_erased | 个人信息已抹除 | person erased
milestone_claimed | 系统声称 | milestones claimed
stage_moved | 进入环节 | stage entered
money_recorded | 资金入账 | money recorded
stock_held | 占用库存 | stock bound
stock_converted | 预占转占用 | reservation became allocation
stock_split | 占用分拆 | bound stock split
presale_taken | 预售排队 | placed in a presale
presale_met | 预售到货 | presale met
work_accepted | 仓库接单 | work accepted
work_merged | 合单 | works merged
work_parted | 拆开合单 | work left its merge
stock_released | 释放库存 | stock released
stock_short | 缺货 | short of stock
gifts_reviewed | 审赠品 | gifts reviewed
work_assigned | 生成作业单 | work assigned
service_chosen | 选定快递产品 | carrier's service chosen
promise_moved | 送达承诺改期 | promised date moved
work_moved | 作业单进展 | work moved on
parcel_shipped | 包裹发出 | parcel shipped
parcel_tracked | 物流更新 | parcel tracked
parcel_named | 运单更正 | waybill named
parcel_announced | 已告知运单 | parcel announced
parcel_replaced | 补发 | parcel sent again
parcel_withdrawn | 渠道撤回发货 | shipment withdrawn by the channel
hold_placed | 挂起 | hold placed
hold_released | 解除挂起 | hold released
after_sale_heard | 售后申请 | application after the sale
after_sale_decided | 售后决定 | application answered
decision_answered | 渠道对售后决定的答复 | what the channel said of the answer
order_cancelled | 取消订单 | order cancelled
action_taken | 执行动作 | action taken
""")
DOCUMENT_KINDS = _words("""
receipt | 收货 | receipt
count | 盘点 | count
adjustment | 调整 | adjustment
transfer | 调拨 | transfer
return_to_stock | 退货入库 | return to stock
scrap | 报损 | scrap
""")
DOCUMENT_STATES = _words("""
draft | 草稿 | draft
counting | 盘点中 | counting
waiting_approval | 待审批 | waiting for approval
posting | 在途 | goods on the way
posted | 已入账 | posted
refused | 已驳回 | refused
cancelled | 已取消 | cancelled
""")
PURCHASE_STATES = _words("""
draft | 草稿 | draft
ordered | 已下单 | ordered
in_transit | 在途 | in transit
received | 已收货 | received
cancelled | 已取消 | cancelled
""")
DECISIONS = _words("""
granted | 同意 | granted
declined | 拒绝 | declined
""")
DECISION_STATES = _words("""
to_tell | 待告知渠道 | to be told
told | 渠道已收 | told
refused | 渠道拒绝 | refused by the channel
given_up | 已放弃告知 | not told
past | 渠道已有新进展 | the channel has moved on
""")
SOURCES = _words("""
voucher | 原始凭证 | voucher
fact | 事实 | fact
claim | 声称 | claim
scan | 物流节点 | scan
delivery | 推送 | delivery
case | 异常单 | case
unmasking | 查看明文 | clear text shown
""")
PARCELS = _words("""
label_pending | 待打面单 | waiting for its label
label_ready | 待揽收 | ready to be collected
collected | 已揽收 | collected
in_transit | 运输中 | in transit
out_for_delivery | 派送中 | out for delivery
pickup_ready | 待自提 | ready for pick-up
delivered | 已签收 | delivered
exception | 派送异常 | in trouble
returning | 退回途中 | on its way back
returned | 已退回 | returned
lost | 丢失 | lost
""")
WORKS = _words("""
allocated | 待下发 | not sent yet
recalling | 召回中 | being recalled
released | 已下发 | dispatched
picking | 拣货中 | picking
packed | 已打包 | packed
handed_over | 已出库 | handed over
cancelled | 已取消 | cancelled
""")
NEGOTIATIONS = _words("""
none | 无需答复 | nothing asked
requested | 等仓库答复 | asked the warehouse
accepted | 仓库已接受 | accepted by the warehouse
rejected | 仓库已拒绝 | refused by the warehouse
""")
PAYMENTS = _words("""
unpaid | 未付款 | unpaid
partially_paid | 部分付款 | partly paid
cod | 货到付款 | cash on delivery
in_doubt | 付款存疑 | payment in doubt
paid | 已付款 | paid
overcharged | 多付 | overpaid
partially_refunded | 部分退款 | partly refunded
refunded | 已退款 | refunded
""")
AFTER_SALES = _words("""
refund_only | 仅退款 | refund only
return_refund | 退货退款 | return and refund
exchange | 换货 | exchange
reship | 补寄 | send again
repair | 维修 | repair
cancel | 取消订单 | cancel
""")
AFTER_SALE_STATES = _words("""
asked | 待处理 | asked for
agreed | 已同意 | agreed
returning | 退回途中 | on its way back
received | 已收退货 | goods are back
refused | 已拒绝 | refused
withdrawn | 已撤销 | withdrawn
refunded | 已退款 | refunded
done | 已完成 | done
""")
DAMAGED = Words("打不开（存储已损坏，请更正收件人）", "cannot be opened (damaged: correct the receiver)")
"""In place of a receiver whose stored cipher text no key opens."""
INCIDENTS = _words("""
late | 超时 | late
held_up | 滞留 | held up
bad_weather | 恶劣天气 | bad weather
at_customs | 清关异常 | held at customs
prohibited | 禁运或安检不过 | prohibited
wrong_address | 地址有误 | wrong address
out_of_area | 超出派送范围 | outside the area served
unreachable | 联系不上 | cannot be reached
nobody_there | 无人接收 | nobody there
not_fetched | 逾期未取 | not fetched
refused | 拒收 | refused
failed_delivery | 派送失败 | delivery failed
damaged | 破损 | damaged
missing | 遗失 | missing
voided | 运单作废 | voided
""")
BLAMES = _words("""
carrier | 承运商 | the carrier
seller | 卖家 | the seller
receiver | 收件人 | the receiver
customs | 海关 | customs
weather | 天气 | the weather
""")
DELIVERIES = _words("""
work | 下发作业单 | work
work_cancel | 召回作业单 | recall of work
shipment | 回传发货 | shipment
stock | 库存 | stock
watch | 订阅物流 | tracking
label | 申请面单 | label
purge | 清缓存 | cache cleared
label_cancel | 取消面单 | label given back
pickup | 预约取件 | pickup
pickup_cancel | 取消取件 | courier called off
decision | 售后决定 | answer to an application
promise | 新的送达时间 | promised date that moved
event | 事件通知 | event
message | 通知消息 | notification
""")
DELIVERY_STATES = _words("""
queued | 排入推送 | queued
due | 待处理 | pending
done | 已推送 | done
parked | 搁置 | parked
cancelled | 已取消 | cancelled
given_up | 已放弃 | given up
""")
OUTCOMES = _words("""
pending | 待处理 | pending
normalised | 已处理 | processed
parked | 搁置 | parked
quarantined | 隔离 | quarantined
discarded | 作废 | discarded
split | 已拆分 | split
""")
CASES = _words("""
opened | 发现 | opened
resolved | 关闭 | resolved
reopened | 重新打开 | reopened
assigned | 转给 | assigned
taken | 接手 | taken
commented | 备注 | commented
mended | 修复 | mended
""")
NOTIFICATIONS = _words("""
waiting | 等待 | waiting
sending | 发送中 | being sent
sent | 已发送 | sent
parked | 搁置 | parked
given_up | 已放弃 | given up
needless | 已不需要 | not needed any more
unreachable | 无人可达 | nobody could be reached
""")
HELD = _words("""
quiet | 静默时段 | quiet hours
throttle | 等待合并 | waits for a digest
messenger | 通知方未响应 | the messenger is busy
""")
TOPICS = _words("""
trade | 交易 | trade
order | 订单 | order
row | 文件行 | row of a file
file | 文件 | file
push | 物流推送 | carrier's push
stockout | 出库单 | stock-out
unreadable | 读不出的内容 | unreadable
""")
"""Topics of messages that many connectors share."""
SEVERITIES = SEVERITY_WORDS
ACTIONS = _words("""
confirm | 确认 | confirm
retry | 重试 | retry
accept_return | 退回入账 | accept the return
close | 结束 | close
cancel | 取消 | cancel
reship | 补发 | re-ship
""")
BINDINGS = _words("""
reservation | 预占 | reserved
allocation | 占用 | allocated
presale | 预售 | on presale
""")
BINDING_STATES = _words("""
active | 有效 | active
released | 已释放 | released
consumed | 已出库 | gone out
""")
MONEY = _words("""
payment | 付款 | payment
refund | 退款 | refund
fee | 费用 | fee
""")
ACTORS = _words("""
deliver | 推送 | deliver
wake | 时限 | wake
route | 织单 | the hub
restock | 到货补配 | restock
system | 织单 | the hub
""")
KEYS = _words("""
total | 金额 | total
paid | 已付 | paid
payment | 付款 | payment
native | 原话 | native word
stage | 环节 | stage
cause | 因 | because of
milestone | 里程碑 | milestone
system | 系统 | system
state | 状态 | state
negotiation | 仓库答复 | agreed
number | 作业单 | work
quantity | 数量 | quantity
carrier | 承运 | carrier
waybill | 运单 | waybill
to | 告知 | told
type | 类型 | type
reason | 原因 | reason
action | 动作 | action
kind | 种类 | kind
amount | 金额 | amount
province | 省 | province
city | 市 | city
from | 由 | from
owner | 负责人 | owner
resolution | 结论 | resolution
note | 备注 | note
""")
"""What a person is told of a fact; numbers of rows, digests and the like are for programs."""
REASONS = _words("""
asked by the channel | 渠道要求 | asked by the channel
the application has ended | 申请已结束 | the application has ended
the channel lifted it | 渠道已解除 | the channel lifted it
a part is out already | 部分已发货 | a part is out already
nobody or no place to send to | 没有收件人或地址 | nobody or no place to send to
there is somebody to send to | 已有收件人 | there is somebody to send to
the receiver was corrected | 收件信息已更正 | the receiver was corrected
amounts add up now | 金额已相符 | amounts add up now
amount_mismatch | 金额不符 | amounts do not add up
expired | 到期 | expired
put right by a later fact | 后来的事实已使其恢复 | put right by a later fact
the last of them was put right | 最后一条也已恢复 | the last of them was put right
""")
"""What the hub itself writes as a reason; a person's own words stand as they are."""
TRIGGERS = _words("""
recorded | 建单 | recorded
short | 缺货 | short
presale | 预售 | presale
stock_found | 有货 | stock found
held | 挂起 | held
released | 解除挂起 | released
amended | 渠道修改 | amended
added | 渠道加单 | added
nothing_to_ship | 无需发货 | nothing to ship
reservation_expired | 预占到期 | reservation expired
unpaid_closed | 超时未付 | unpaid too long
""")


def called(known: Mapping[str, Words], word: str) -> Words:
    """What a word is called; a word that is not known stands for itself."""
    return known.get(word) or Words(word, word)


def reason(text: str) -> Words:
    """The hub's own reasons, and those that it keeps as `Chinese | English`; a person's words stand as they are."""
    zh, between, en = text.partition(" | ")
    if between and not zh.isascii() and " | " not in en and not _HAN.search(en):
        return Words(zh, en)
    return called(REASONS, text)


def shown(known: Mapping[str, Words], word: str) -> str:
    """What a word is called on this screen."""
    return screen.called(called(known, word))


def trouble_of(scans: Sequence[ScanView]) -> str:
    """The newest incident of a parcel and who is to blame for it; empty when nothing went wrong."""
    last = next((x for x in reversed(scans) if x.incident), None)
    return f"{shown(INCIDENTS, last.incident)} ({shown(BLAMES, last.blame)})" if last else ""
