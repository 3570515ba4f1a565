/** Words of raw messages: the account, the list, one message, and why one stands apart. */
import { bilingual } from "./language";

export const messages = bilingual(
  {
    title: "原始消息", sub: "各系统发来的每一条，原样保存", all: "全部", pending: "待处理", parked: "搁置", quarantined: "隔离", normalised: "已处理", discarded: "作废", split: "已拆分",
    // the account
    account: "消息账", received: "收到", stored: "已存", onDisk: "磁盘暂存", duplicates: "重复推送（已识别）", forged: "伪造推送（已拒绝）", gone: "从磁盘丢失", writtenOff: "已核销", whole: "一条不少",
    unbalanced: "消息账对不上", open: "展开", fold: "收起",
    // the list
    from: "来源", topic: "主题", at: "收到时间", size: "大小", state: "状态", reason: "原因", order: "订单", anyTopic: "主题，如 orders/*", anyTime: "任何时间", anyFrom: "全部来源",
    h1: "最近 1 小时", h24: "最近 24 小时", d7: "最近 7 天", d30: "最近 30 天", none: "还没有消息", noneMeans: "店铺、仓库和承运商发来的内容会先原样存在这里，再变成订单、包裹或库存。", connect: "连接第一家店铺", filtered: "没有符合的消息",
    // why
    check_signature: "签名不对", check_token: "令牌不对", check_stale: "发送时间过旧", check_unsigned: "没有签名", check_no_secret: "没有配置密钥，证明不了来源", check_sealed: "加密的内容打不开", check_other_shop: "是别家店铺的",
    check_unread: "读不出来", check_not_a_push: "不是推送", check_too_many_messages: "一次带的条数太多", check_no_key: "取不到验签的公钥", check_test_order: "是测试订单", why_watch_only: "连接只是试看，还没有上线", why_hint: "只是提示，已去重新读取", why_nothing: "没有要处理的内容",
    // one
    sayNormalised: (order: string) => (order ? `已处理，成了订单 ${order}。` : "已处理。"), sayPending: "在队列里，会自己处理。", sayParked: (why: string) => `搁置：${why}。修好原因后会自己继续。`,
    sayQuarantined: (why: string) => `隔离：${why}。不会处理，除非管理员放行。`, sayDiscarded: "有人确认过不需要处理，已作废；重放会把它带回来。", saySplit: "一次送来好几条，已拆开分别处理。",
    content: "内容", decoded: "解码后的文字", bytes: "字节", covered: "看不出是谁：姓名、电话、地址已遮盖", noText: "这不是文字，无法按文字显示。", noTextCovered: "认不出结构，不能遮盖；需要“查看明文”的权限才能看。", noBytes: "逐字节的内容里有个人信息，查看明文后才显示。",
    cut: (shown: string, size: string) => `只显示前 ${shown}，全部 ${size}`, noPayload: "你的角色看不到报文内容", noPayloadMeans: "报文里有价格等你的角色看不到的内容，因此整个不显示。可以请管理员查看。", damaged: "存储的内容已损坏，打不开。收到时的摘要仍在。", empty: "内容是空的。",
    download: "下载原文", coversIn: (seconds: number) => `${seconds} 秒后遮盖`, showMeans: "谁、何时、为什么看，都会记录。", entries: "压缩包里的文件", file: "文件名",
    kind_json: "JSON", kind_xml: "XML", kind_form: "表单", kind_rows: "表格行", kind_text: "文字", kind_zip: "ZIP 压缩包（含 xlsx）", kind_gzip: "GZIP 压缩", kind_pdf: "PDF", kind_picture: "图片", kind_office: "旧版 Office 文件", kind_binary: "二进制", kind_empty: "空", kind_damaged: "已损坏",
    encoding: "编码", by_mark: "开头有编码标记", by_declared: "发送方声明，也确实读得通", by_misdeclared: "发送方声明的编码不对，按字节认出", by_fits: "每个字节都合 UTF-8", by_zeros: "按零字节的位置认出", by_tried: "依次试读，这个读得通且用字常见", by_broken: "有坏字节，读不出的显示为 �",
    origin: "来历", event: "对方的编号", digest: "SHA-256", headers: "请求头", tries: "处理次数", processed: "处理于", partOf: "拆自",
    became: "成了什么", becameNothing: "还没有成为什么。", facts: "订单记录", cases: "异常单", parts: "拆出的消息", corrections: "更正过的值", mapping: "映射版本", toOrder: "打开订单", toCase: "打开异常单",
    history: "人工处理", kept_discarded: "作废", kept_brought_back: "带回", kept_let_in: "放行", check: "没过的检查",
    // doing
    replay: "重放", replayMany: (count: number) => `重放 ${count} 条`, ahead: "看会改变什么", replayed: "已重新排队", discard: "作废", discardMany: (count: number) => `作废 ${count} 条`, discardMeans: "它仍保存、仍计入消息账，只是不再处理；重放可以带回。", discardDone: (count: number) => `已作废 ${count} 条`,
    letIn: "放行", letInMeans: "这条没有通过检查。放行后按普通消息处理，可能建单、动库存、通知其他系统，不能撤回。原因和你的名字会一直留着。", typeNumber: (number: string) => `输入编号末 6 位 ${number}`, letInDone: "已放行，正在处理",
    aheadNew: (count: number) => `新建 ${count} 单`, aheadChanged: (count: number) => `改动 ${count} 单`, aheadNone: "不会改变任何订单。", aheadWaits: (count: number) => `${count} 条仍会等待`, aheadApart: (count: number) => `${count} 条被隔离，不会重放`, newOrder: "新订单", stillWaits: "仍会等待",
    jobRuns: "正在逐条重放", jobDone: (done: number, refused: number) => `重放完：${done} 条处理了${refused ? `，${refused} 条仍在等或不能放` : ""}`, result: "结果", rowDone: "已处理", rowUnchanged: "没有变化", rowRefused: "仍在等", reason_quarantined: "在隔离中", reason_not_found: "看不到或没有", reason_pending: "在队列里", reason_split: "已拆分",
  },
  {
    title: "Messages", sub: "Everything that systems sent, as it came", all: "All", pending: "Pending", parked: "Parked", quarantined: "Quarantined", normalised: "Processed", discarded: "Discarded", split: "Split",
    account: "Message account", received: "received", stored: "stored", onDisk: "on disk", duplicates: "repeated pushes (recognised)", forged: "forged pushes (refused)", gone: "gone from the disk", writtenOff: "written off", whole: "Nothing is lost",
    unbalanced: "The account does not add up", open: "Unfold", fold: "Fold",
    from: "From", topic: "Topic", at: "Received", size: "Size", state: "State", reason: "Reason", order: "Order", anyTopic: "Topic, such as orders/*", anyTime: "Any time", anyFrom: "From everywhere",
    h1: "Last hour", h24: "Last 24 hours", d7: "Last 7 days", d30: "Last 30 days", none: "No messages yet", noneMeans: "What shops, warehouses and carriers send is kept here as it came, and becomes orders, parcels or stock from here.", connect: "Connect the first shop", filtered: "No message fits",
    check_signature: "the signature is wrong", check_token: "the token is wrong", check_stale: "it was sent too long ago", check_unsigned: "it is not signed", check_no_secret: "no secret is set, so nothing proves who sent it", check_sealed: "what is sealed in it does not open", check_other_shop: "it is another shop's",
    check_unread: "it cannot be read", check_not_a_push: "it is no push", check_too_many_messages: "it holds too many at once", check_no_key: "the key to verify it cannot be had", check_test_order: "it is a test order", why_watch_only: "the connection is only watched, not live", why_hint: "only a hint; what it named was read again", why_nothing: "nothing in it to act on",
    sayNormalised: (order) => (order ? `Processed: it became order ${order}.` : "Processed."), sayPending: "In the queue; it goes by itself.", sayParked: (why) => `Parked: ${why}. It goes on by itself once that is mended.`,
    sayQuarantined: (why) => `Quarantined: ${why}. It is not processed unless an administrator lets it in.`, sayDiscarded: "Somebody found nothing to act on in it. A replay brings it back.", saySplit: "It brought several at once; they were taken apart and processed one by one.",
    content: "Content", decoded: "Decoded text", bytes: "Bytes", covered: "Nobody can be recognised: names, phones and addresses are covered", noText: "This is no text.", noTextCovered: "Its form is not known, so people in it cannot be covered: the right to see clear text is needed.", noBytes: "The bytes hold personal data; they show with clear text.",
    cut: (shown, size) => `The first ${shown} of ${size}`, noPayload: "Your role does not see what messages hold", noPayloadMeans: "They hold prices and more that your role does not see, so nothing of them is shown. An administrator can look.", damaged: "What is stored is damaged and does not open. Its digest of then is kept.", empty: "It is empty.",
    download: "Download", coversIn: (seconds) => `Covered in ${seconds} s`, showMeans: "Who looks, when and why is written down.", entries: "Files in the archive", file: "File",
    kind_json: "JSON", kind_xml: "XML", kind_form: "Form", kind_rows: "Table rows", kind_text: "Text", kind_zip: "ZIP archive (xlsx too)", kind_gzip: "GZIP", kind_pdf: "PDF", kind_picture: "Picture", kind_office: "Old Office file", kind_binary: "Binary", kind_empty: "Empty", kind_damaged: "Damaged",
    encoding: "Encoding", by_mark: "a mark at its beginning says so", by_declared: "the sender says so, and it reads", by_misdeclared: "the sender said another; known by its bytes", by_fits: "every byte fits UTF-8", by_zeros: "known by where its zero bytes stand", by_tried: "tried in turn: it reads, in everyday characters", by_broken: "some bytes are broken and stand as �",
    origin: "Where it came from", event: "Sender's number", digest: "SHA-256", headers: "Headers", tries: "Tries", processed: "Processed", partOf: "Part of",
    became: "What became of it", becameNothing: "Nothing so far.", facts: "Facts of the order", cases: "Cases", parts: "Its parts", corrections: "Values put right", mapping: "Mapping", toOrder: "Open the order", toCase: "Open the case",
    history: "By hand", kept_discarded: "Discarded", kept_brought_back: "Brought back", kept_let_in: "Let in", check: "Failed check",
    replay: "Replay", replayMany: (count) => `Replay ${count}`, ahead: "What would change", replayed: "In the queue again", discard: "Discard", discardMany: (count) => `Discard ${count}`, discardMeans: "It stays stored and counted, and is not processed; a replay brings it back.", discardDone: (count) => `${count} discarded`,
    letIn: "Let in", letInMeans: "It failed a check. Once let in it is processed as any other: it may make orders, move stock and tell other systems. That cannot be taken back. Your name and reason stay.", typeNumber: (number) => `Type the last 6 of its number: ${number}`, letInDone: "Let in; being processed",
    aheadNew: (count) => `${count} new ${count === 1 ? "order" : "orders"}`, aheadChanged: (count) => `${count} ${count === 1 ? "order" : "orders"} changed`, aheadNone: "No order would change.", aheadWaits: (count) => `${count} would wait again`, aheadApart: (count) => `${count} quarantined, not replayed`, newOrder: "New order", stillWaits: "Would wait",
    jobRuns: "Replaying one by one", jobDone: (done, refused) => `Replayed: ${done} processed${refused ? `, ${refused} still waiting or refused` : ""}`, result: "Result", rowDone: "Processed", rowUnchanged: "Unchanged", rowRefused: "Still waits", reason_quarantined: "in quarantine", reason_not_found: "not there, or not yours to see", reason_pending: "in the queue", reason_split: "split",
  },
);
export type MessageWords = (typeof messages)["zh"];
