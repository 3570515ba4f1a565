"""What the console says again in its own language must stay what the hub says."""

from __future__ import annotations

import re
from pathlib import Path

from orderloom.domain.money import EXPONENTS

WEB = Path(__file__).resolve().parents[2] / "web" / "src"


def test_an_amount_is_never_shown_with_the_decimals_of_another_currency() -> None:
    source = (WEB / "shared" / "money.ts").read_text("utf-8")
    lists = re.findall(r'"([A-Z ]+)"\.split\(" "\)\.map\(\(code\) => \[code, (\d)\]', source)
    single = re.findall(r'\["([A-Z]{3})", (\d)\]', source)
    found = {code: int(places) for codes, places in lists for code in codes.split()}
    found |= {code: int(places) for code, places in single}
    assert found == EXPONENTS
