"""What the route's "no" means, in words for people: what is in the way, and how to go on."""

from __future__ import annotations

from collections.abc import Mapping

from orderloom.domain.words import Words

_WORDS: dict[str, tuple[str, str]] = {
    "not_allowed": ("你的角色不能这样做；可以的角色：{roles}", "your role may not; these may: {roles}"),
    "too_late": ("已经太晚，现在不能这样做", "it is too late for that now"),
    "unknown_action": ("没有动作“{action}”；可用：{known}", 'there is no action "{action}"; known: {known}'),
    "typed_order": ("这是手工订单，请用“更正订单”", "this order was typed by hand: correct it instead"),
    "gift_line": ("第 {line} 行 {sku} 是规则送的赠品，不能改",
                  "line {line}, {sku}, is a gift that a rule gave: it is not changed"),
    "no_such_line": ("没有第 {line} 行；可改的行：{known}", "there is no line {line}; to be changed are: {known}"),
    "nothing_left": ("改完就没有商品了，请改用取消订单", "nothing of the order would be left: cancel it instead"),
    "wrong_line_units": ("{sku} 的件数不能用；请填大于 0、且是 {factor} 的倍数",
                         "the units of {sku} cannot be: more than none, and a multiple of {factor}"),
    "wrong_line_discount": ("{sku} 的优惠比金额还多，或金额太大",
                            "of {sku} more comes off than it costs, or it costs too much"),
    "price_above_paid": ("已付款的订单不能靠改价多收，没有改动；请另建一单收差价",
                         "a paid order cannot be made dearer by its prices, nothing was changed: enter another one for "
                         "the difference"),
    "unknown_hold": ("没有挂起类型“{type}”；可用：{known}", 'there is no hold type "{type}"; known: {known}'),
    "no_such_hold": ("没有第 {hold} 个生效中的挂起", "hold {hold} does not stand"),
    "receiver_damaged": ("存储的收件人已损坏，打不开；请向买家或平台问到后更正收件人，或从备份恢复",
                         "the stored receiver is damaged and cannot be opened: ask for it and correct the receiver, or "
                         "restore it from a backup"),
    "nobody_there": ("收件人缺姓名、地址或（寄往中国的）能拨通的电话，没有改动；请补齐",
                     "the receiver lacks a name, an address or, in China, a phone that can be called; nothing was "
                     "changed: give what is missing"),
    "still_masked": ("姓名、电话或地址还带星号，没有改动；平台隐藏的收件人要把三样都写全",
                     "stars are left in name, phone or address, nothing was changed: of a receiver that the platform "
                     "hides give all three"),
    "place_unsure": ("地址里的省、市、区无法确定，没有改动；请在地址开头写全省、市、区",
                     "the place of the address is unsure, nothing was changed: begin it with province, city, district"),
    "erased": ("这张订单的个人信息已按请求抹除，不能再改收件人", "the person of this order was erased on request"),
    "in_progress": ("订单还在“{stage}”，没有抹除；先走完或取消",
                    "the order is still at {stage}: end or cancel it first"),
    "deliveries_wait": ("还有 {count} 条推送没送完，没有抹除；先送完或放弃",
                        "{count} deliveries of it wait: let them end, or give them up, first"),
    "receiver_changed": ("收件人刚刚变了，没有改动；请重新查看后再更正",
                         "the receiver has just changed, nothing was done: look again, then correct it"),
    "blueprint_moved": ("有人刚发布了蓝图第 {version} 版，没有保存；请重新试算后再保存",
                        "version {version} of the blueprint was published meanwhile, nothing was saved: look at the "
                        "figures again"),
    "key_used": ("{cause} 已用于另一笔（{sku} @ {warehouse}，{kind}），没有入账；请换一个号，一单多品用表格导入",
                 "{cause} is the number of another movement ({kind} of {sku} @ {warehouse}), nothing was booked: give "
                 "another one; a note of several goods goes in as a table"),
    "no_such_work": ("没有作业单 {work}；请用 orderloom work list 核对编号",
                     "there is no fulfilment work {work}; look its number up with orderloom work list"),
    "has_system": ("作业单 {work} 归仓储系统 {system} 管，请在那里操作",
                   "fulfilment work {work} is in the hands of warehouse system {system}: report it there"),
    "work_cancelled": ("作业单 {work} 已召回，不要发出；确实已经离库的，请带原因 --reason 再报出库",
                       "fulfilment work {work} was called back: do not send it; if it has left already, report it out "
                       "with --reason"),
    "held": ("订单挂起（{hold}），先解除再发货", "the order is on hold ({hold}): release it before anything is sent"),
    "call_key_used": ("这个 Idempotency-Key 已用于另一个请求，没有改动；新的请求请换一个键",
                      "this Idempotency-Key is another call's, nothing was changed: give a new call a new key"),
    "not_left": ("订单还没发的只有：{left}", "what of the order is not out yet: {left}"),
    "wrong_units": ("作业单 {work} 还没装箱的只有：{left}", "what of work {work} is in no box yet: {left}"),
    "no_such_parcel": ("没有这样的包裹；已知：{known}", "there is no such parcel; known: {known}"),
    "rule_fails": ("蓝图中“{action}”的条件无法判断，请改蓝图：{why}",
                   'the blueprint\'s condition on "{action}" cannot be evaluated, mend the blueprint: {why}'),
    "out_already": ("作业单 {work} 已出库，运单 {waybill}；录错的运单用 --instead-of 更正",
                    "work {work} is out already, waybill {waybill}; correct a wrong one by --instead-of"),
    "parcel_moves": ("运单 {waybill} 已有物流信息（{state}）；确认录错的，请写明 --reason",
                     "waybill {waybill} is moving already ({state}); if it was entered wrongly, say why with --reason"),
    "waybill_used": ("运单 {waybill} 已用于另一位收货人的订单 {order}；确认是同一个包裹的，请写明 --reason",
                     "waybill {waybill} is that of order {order} to another receiver; if it is one parcel, say why "
                     "with --reason"),
    "parcel_arrives": ("包裹 {waybill} 没有异常（{state}），不需要补发",
                       "parcel {waybill} is in no trouble ({state}): nothing has to be sent again"),
    "unknown_carrier": ("不认识承运商“{carrier}”；可用：{known}", 'carrier "{carrier}" is not known; known: {known}'),
    "no_carrier": ("有运单号就要写承运商，例如 --carrier 顺丰", "a waybill needs its carrier, such as --carrier SF"),
    "wrong_waybill": ("每箱一个真实的运单号，最多 {most} 个可见字符",
                      "one real waybill per box, of at most {most} visible characters"),
    "wrong_reason": ("原因最多 {most} 个字", "a reason has at most {most} characters"),
    "nothing_to_pick": ("作业单 {work} 已出库或已取消", "fulfilment work {work} is out or cancelled"),
    "no_label_account": ("没有能申请面单的承运商账号“{account}”；可用：{known}",
                         'no carrier account "{account}" that sells labels; known: {known}'),
    "no_pickup_account": ("没有能预约取件的承运商账号“{account}”；可用：{known}",
                          'no carrier account "{account}" that sends couriers; known: {known}'),
    "no_quote_account": ("没有能询价的承运商账号“{account}”；可用：{known}",
                         'no carrier account "{account}" that names prices; known: {known}'),
    "label_not_bought": ("“{label}”没有可取消的面单：先看 orderloom work labels",
                         '"{label}" has no label to give back: see orderloom work labels'),
    "label_not_there": ("面单“{label}”还没有买到（{state}），没有可打印的",
                        'label "{label}" was not bought ({state}): there is nothing to print'),
    "label_not_doubted": ("面单“{label}”没有存疑，不需要登记",
                          'label "{label}" is not in doubt: nothing is to be said of it'),
    "label_hidden": ("面单“{label}”的收件人被平台隐藏（或打不开），只能用平台的打印组件打印",
                     'the receiver of label "{label}" is hidden by the platform (or cannot be opened): print it with '
                     "the platform's own component"),
    "waybill_no_barcode": ("运单号“{waybill}”印不成条码（{size}）：换大一号的纸，或核对运单号",
                           'no barcode can be made of waybill "{waybill}" ({size}): take larger paper, or check it'),
    "code_no_barcode": ("“{code}”印不成条码：只用字母、数字和 - . /，短一些，或换大一号的纸",
                        'no barcode can be made of "{code}": use letters, digits and - . / only, fewer of them, or '
                        "larger paper"),
    "no_printer": ("没有打印机“{printer}”，或它已停用", 'there is no printer "{printer}", or it is switched off'),
    "lease_over": ("打印任务 {job} 不是用这个 lease 领取的，或已有结果",
                   "print job {job} was not taken with this lease, or has ended"),
    "print_not_unknown": ("打印任务 {job} 不需要确认（{state}）",
                          "print job {job} is not one that nobody knows of ({state})"),
    "print_not_queued": ("打印任务 {job} 已被领取或结束（{state}），不能撤回",
                         "print job {job} was taken or is over ({state}): it cannot be taken back"),
    "print_not_over": ("打印任务 {job} 还没有结果（{state}）：等它打完、撤回它，或先确认打出来没有",
                       "print job {job} has not ended ({state}): wait, take it back, or say whether it came out"),
    "wrong_size": ("这种纸没有尺寸 {size}；可用：{known}", "this paper does not come in {size}; known: {known}"),
    "no_cancelling": ("账号 {account} 的面单不能从这里取消，请到承运商处作废",
                      "labels of account {account} cannot be given back from here: have it done at the carrier"),
    "pickup_not_booked": ("“{pickup}”没有可取消的取件（{state}）：先看 orderloom work pickups",
                          '"{pickup}" has no courier to call off ({state}): see orderloom work pickups'),
    "pickup_of_label": ("账号 {account} 的取件属于面单 {label}，不能单独取消：取消面单即可（orderloom work unlabel）",
                        "at account {account} the courier is part of label {label} and is not called off alone: give "
                        "the label back (orderloom work unlabel)"),
    "no_calling_off": ("账号 {account} 的取件不能从这里取消，请到承运商处取消",
                       "couriers of account {account} cannot be called off from here: have it done at the carrier"),
    "collected_already": ("作业单 {work} 的包裹承运商已经揽收，取件不能再取消",
                          "the carrier has the box of work {work} already: its courier is not called off any more"),
    "label_of_another": ("作业单 {work} 的面单由 {label} 取得，不能让 {account} 来取；先取消面单，或用 {label} 预约",
                         "the label of work {work} is of account {label}, {account} does not fetch it: give it back "
                         "first, or book with {label}"),
    "pickup_over_midnight": ("取件的起止时间要在同一天（{zone}）", "a pickup begins and ends on one day ({zone})"),
    "wrong_pickup": ("取件时间从现在起 {days} 天内开始、不超过 24 小时；箱号 1 到 {boxes}，重量 1 到 {grams} 克",
                     "a pickup begins within {days} days from now and lasts at most 24 hours; boxes are 1 to {boxes}, "
                     "weights 1 to {grams} grams"),
    "no_sender": ("账号 {account} 还没有寄件人：请用 orderloom connect 加 --setting 设置 {settings}",
                  "account {account} has no sender yet: set {settings} by --setting of orderloom connect"),
    "wrong_label": ("箱号 1 到 {boxes}，重量 1 到 {grams} 克，用途 out 或 back",
                    "boxes are 1 to {boxes}, weights 1 to {grams} grams, the purpose is out or back"),
    "label_stands": ("作业单 {work} 第 {box} 箱已向 {account} 申请面单（{state}）；先弄清结果，或放弃那条推送",
                     "box {box} of work {work} has a label asked of {account} ({state}): clear that up, or give its "
                     "delivery up, before another carrier is asked"),
    "no_cash_on_delivery": ("订单货到付款，账号 {account} 的面单不能代收；请换承运商，或在承运商处下单",
                            "the order is paid at the door, and labels of account {account} collect nothing: take "
                            "another carrier, or order it there"),
    "not_out_yet": ("作业单 {work} 还没出库，没有可退的包裹",
                    "fulfilment work {work} is not out yet: nothing can come back"),
    "no_such_application": ("订单 {order} 没有售后申请 {application}；已知：{known}",
                            "order {order} has no application {application}; known: {known}"),
    "unknown_decision": ("没有决定“{decision}”；可用：{known}", 'there is no decision "{decision}"; known: {known}'),
    "application_over": ("售后申请 {application} 已结束（{state}，{native}），不再需要决定",
                         "application {application} is over ({state}, {native}): nothing is left to decide"),
    "application_waits": ("售后申请 {application} 现在不等商家（{state}，{native}）；等买家或平台处理后再决定",
                          "application {application} does not wait for the seller ({state}, {native}): decide when the "
                          "buyer or the channel has done their part"),
    "refund_of_another": ("账号 {account} 的售后由 {master} 答复，请在那里处理；要由织单答复，"
                          "用 orderloom accounts master {account} refund=hub",
                          "applications of account {account} are answered by {master}: answer there, or have the hub "
                          "do it by orderloom accounts master {account} refund=hub"),
    "no_decisions": ("账号 {account} 的渠道不能从这里回复售后，请到渠道后台处理；结果会自动读回",
                     "the channel of account {account} cannot be told decisions from here: answer in its back office, "
                     "and the outcome is read from there"),
    "answer_not_taken": ("账号 {account} 的渠道收不了这个回复（{asked}：{answer}），请到渠道后台处理；可回复：{known}",
                         "the channel of account {account} cannot be given this answer from here ({asked}: {answer}): "
                         "give it in its back office; it takes {known}"),
    "no_amount": ("售后申请 {application} 的决定不能带金额：拒绝没有金额，或账号 {account} 的渠道只退申请的金额",
                  "the decision on {application} takes no amount: a no has none, or the channel of account {account} "
                  "gives back what was asked for"),
    "wrong_amount": ("金额要大于 0，不超过申请的和还没退的：最多 {most}（{currency}，最小单位）",
                     "an amount is above 0 and at most what is asked for and has not gone back: {most} (minor units of "
                     "{currency})"),
    "decided_otherwise": ("售后申请 {application} 已决定（{decision}，{state}）；要改请到渠道后台，或等渠道拒绝",
                          "application {application} is decided already ({decision}, {state}): change it in the "
                          "channel's back office, or decide anew when the channel refuses"),
    "decision_under_way": ("上一个决定正在告诉渠道，请稍后再试", "an earlier decision is being told: try again soon"),
    "unknown_sku": ("没有商品编码“{sku}”；请先登记，或登记为别名",
                    'there is no SKU "{sku}": add it, or teach it as an alias'),
    "unknown_warehouse": ("没有仓库“{warehouse}”", 'there is no warehouse "{warehouse}"'),
    "twice": ("与第 {line} 行是同一商品同一仓库，请合成一行", "stands in line {line} already: make one line of both"),
    "same_place": ("调出和调入是同一个仓库，请另选", "goods are moved to another warehouse: choose one"),
    "not_free": ("要调 {quantity} 件，没有被订单占用也没有冻结的只有 {movable} 件",
                 "{quantity} are to be moved, but only {movable} are neither promised to orders nor frozen"),
    "unknown_account": ("没有账号“{account}”", 'there is no account "{account}"'),
    "quota_for_nobody": ("没有写明预留给谁，没有设置；请写渠道账号、活动或客户中的至少一个",
                         "it says for nobody: name a channel's account, a campaign or a customer"),
    "quota_of_bundle": ("第 {line} 行是组合商品，没有自己的库存；请对它的单品设置预留",
                        "line {line} is a bundle and has no units of its own: set its components aside"),
    "quota_closed": ("配额 {quota} 已结束，不能再改；请另设一个", "quota {quota} is closed: plan another one"),
    "below_drawn": ("配额 {quota} 已有 {drawn} 件被订单用掉，数量不能再小",
                    "orders drew {drawn} units of quota {quota}: it cannot be smaller"),
    "ends_before_it_starts": ("结束时间 {ends_at} 要晚于开始时间和现在",
                              "it ends at {ends_at}: that is to be after it starts, and not before now"),
    "no_such_quota": ("没有配额“{quota}”", 'there is no quota "{quota}"'),
    "preview_stale": ("库存刚刚变了，没有入账；请看新的预览后再确认",
                      "stock has just changed, nothing was booked: look at the new preview, then confirm"),
    "rows_refused": ("有行不能办，没有入账；请改正，或只办能办的行",
                     "some lines cannot be done, nothing was booked: mend them, or do the others alone"),
    "too_many_works": ("一次最多 {most} 张作业单", "at most {most} works in one go"),
    "no_such_document": ("没有库存单据 {document}", "there is no stock document {document}"),
    "document_state": ("单据 {document} 现在是 {state}，不能这样做",
                       "document {document} is {state} now: that cannot be done"),
    "no_document_lines": ("单据 {document} 还没有明细，请先添加",
                          "document {document} has no lines yet: add some first"),
    "own_document": ("{document} 是你自己做的，请别人审批",
                     "you made {document} yourself: somebody else has to judge it"),
    "no_such_document_line": ("单据 {document} 没有第 {line} 行", "document {document} has no line {line}"),
    "line_agreed": ("第 {line} 行已经数清，不用再数", "line {line} is agreed on: nothing is left to count"),
    "count_by_another": ("第 {line} 行上一次是你数的，请换一个人再数",
                         "you counted line {line} last: somebody else has to count it again"),
    "counted_too_often": ("第 {line} 行数了太多次还对不上：请取消这张单，一起到现场查清",
                          "line {line} was counted too often: cancel the document and look together"),
    "digit_slip": ("第 {lines} 行的数字像是按错了：请再数一遍，确认后再报",
                   "the figures of lines {lines} look like a slip of the hand: count once more, then say "
                   "that you are sure"),
    "line_counted_twice": ("一次里同一行只报一个数", "tell one figure for each line"),
    "not_a_floor": ("仓库 {warehouse} 的现场不由本系统管理；请先把它设为自管",
                    "warehouse {warehouse} is not run here: switch that on first"),
    "house_has_system": ("仓库 {warehouse} 连着仓储系统，不能由本系统管理现场",
                         "warehouse {warehouse} has a system of its own and cannot be run here"),
    "floor_in_use": ("仓库 {warehouse} 的库位上还有 {units} 件，先移走或改为 0",
                     "{units} units still lie on places of {warehouse}: move them, or count them to 0"),
    "no_such_place": ("没有库位 {place}", "there is no place {place}"),
    "place_twice": ("库位 {place} 写了两行", "place {place} stands there twice"),
    "not_a_dock": ("库位 {place} 不是月台或退货台，不能收货",
                   "{place} is neither a dock nor a returns bench: nothing comes in there"),
    "place_closed": ("库位 {place} 已关闭", "place {place} is closed"),
    "place_full": ("库位 {place} 最多 {most} 件，现有 {there} 件",
                   "place {place} takes {most} units and holds {there}"),
    "wrong_scan_time": ("扫描时间要在开始盘点之后、现在之前", "a scan is after the count began, and not in the future"),
    "not_in_transit": ("第 {line} 行在途的只有 {rest}", "of line {line} only {rest} are in transit"),
    "transfer_needs_to": ("请写 to：调入的仓库", "give `to`: the warehouse that the goods go to"),
    "only_transfers_go": ("只有调拨单写 to", "`to` is for transfers alone"),
    "document_twice": ("第 {line} 行与第 {other} 行是同一商品同一仓库",
                       "lines {line} and {other} are of the same SKU and warehouse"),
    "never_frozen": ("第 {line} 行：盘点和调拨不写 is_frozen", "line {line}: counts and transfers have no is_frozen"),
    "wrong_document_quantity": ("第 {line} 行的数量 {quantity} 不能用：调整不为 0，盘点不填，其余大于 0",
                                "line {line}: {quantity} cannot be; an adjustment is not 0, a count has "
                                "none, others are more than 0"),
    "document_below_zero": ("单据 {document} 第 {line} 行：现货或冻结数会小于零",
                            "line {line} of {document}: units on hand or frozen would fall below zero"),
    "document_not_free": ("单据 {document} 第 {line} 行：没有占用和冻结的只有 {movable}",
                          "line {line} of {document}: only {movable} are neither promised nor frozen"),
    "no_leak": ("这些占用现在有订单要用，或者已经放回，没有改动",
                "an order needs these units by now, or they are free already: nothing was changed"),
    "leak_changed": ("差额现在是 {quantity} 件，没有改动；请重新查看后再补偿",
                     "the difference is {quantity} units by now, nothing was changed: look again first"),
    "level_first": ("库存数记的占用比这一笔还少，没有改动；请先补偿“没有订单占用”的那一行",
                    "the level says that fewer units are bound than these, nothing was changed: put the line that no "
                    "order holds right first"),
    "document_too_many": ("单据 {document} 第 {line} 行：数量太大，请核对",
                          "line {line} of {document}: that is more than can be kept"),
}


def words_of(code: str, particulars: Mapping[str, str]) -> Words | None:
    """The refusal in both languages; None for a code whose particulars speak for themselves."""
    found = _WORDS.get(code)
    if found is None:
        return None
    given = _Known(particulars)
    return Words(found[0].format_map(given), found[1].format_map(given))


class _Known(dict[str, str]):
    """Particulars of which some may not be told."""

    def __missing__(self, key: str) -> str:
        return "?"
