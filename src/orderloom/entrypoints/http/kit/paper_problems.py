"""What can be wrong with papers and print jobs: status and words of each code, as in `problem.py`."""

from __future__ import annotations

PAPER_PROBLEMS: dict[str, tuple[int, str, str]] = {
    "label_not_there": (409, "面单还没有买到", "The label was not bought"),
    "label_not_doubted": (409, "面单没有存疑", "The label is not in doubt"),
    "label_hidden": (409, "收件人被隐藏，只能用平台组件打印", "The receiver is hidden from us"),
    "waybill_no_barcode": (409, "运单号印不成条码", "No barcode can be made of the waybill"),
    "code_no_barcode": (409, "编码印不成条码", "No barcode can be made of the code"),
    "no_printer": (409, "没有这台打印机", "There is no such printer"),
    "lease_over": (409, "这个 lease 不再有效", "The lease is over"),
    "print_not_unknown": (409, "这个打印任务不需要确认", "Nothing is to be said of the print job"),
    "print_not_queued": (409, "打印任务已被领取", "The print job was taken already"),
    "print_not_over": (409, "打印任务还没有结果", "The print job has not ended"),
    "wrong_size": (409, "没有这个尺寸", "The paper does not come in this size"),
}
