"""Writes docs/glossary.md from `domain/terms.py`. Usage: glossary_page.py [--check]."""

from __future__ import annotations

import sys
from pathlib import Path

from orderloom.domain.terms import TERMS

PAGE = Path(__file__).resolve().parent.parent / "docs" / "glossary.md"
HEAD = """# Glossary

One word per thing, in code, pages, tests and talk. The Chinese word is the one on the screens. Made of
`domain/terms.py` by `python tools/glossary_page.py`.

| word | 中文 | meaning | words to avoid |
|---|---|---|---|
"""
FOOT = """
## 术语说明

「订单」只指渠道上的一笔交易，永不拆分；拆单与合单都发生在「作业单」上。「预占」在付款前，有时限；「占用」在付款后，直到出库。
「声称」是系统说的，「事实」是枢纽记下的。五种「不动」从不混用：**待处理**在排队、自己会走；**搁置**有原因，原因解除后自动继续；
**隔离**是伪造或测试，从不处理；**挂起**是订单、订单行或作业单不许往下走；**受阻**是缺货或读不懂的订单所处的阶段。
「工单」只用于售后；异常一律叫「异常单」。
"""


def page() -> str:
    """The page's text."""
    rows = sorted(TERMS.values(), key=lambda term: term.en)
    return HEAD + "".join(f"| {t.en} | {t.zh} | {t.meaning} | {t.avoid} |\n" for t in rows) + FOOT


def main(arguments: list[str]) -> int:
    """Write the page; with --check, 1 when it says something else."""
    if "--check" in arguments:
        return 0 if PAGE.read_text("utf-8") == page() else 1
    PAGE.write_text(page(), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
