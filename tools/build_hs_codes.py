"""Write the table of HS codes from `harmonized-system.csv` of the public data set `datasets/harmonized-system`."""

from __future__ import annotations

import csv
import sys
from pathlib import Path

TARGET = Path(__file__).parent.parent / "src" / "orderloom" / "domain" / "tariff" / "hs2022.txt"
LEVELS = ("2", "4", "6")


def main() -> None:
    """Write `code<TAB>description` lines by code: chapters, headings, subheadings; the row of totals is left out."""
    if len(sys.argv) != 2:
        sys.exit("usage: build_hs_codes.py <harmonized-system.csv>")
    with Path(sys.argv[1]).open(encoding="utf-8-sig") as file:
        rows = {row["hscode"]: " ".join(row["description"].split())
                for row in csv.DictReader(file) if row["level"] in LEVELS and row["hscode"].isdigit()}
    TARGET.write_text("".join(f"{code}\t{rows[code]}\n" for code in sorted(rows)), encoding="utf-8")
    print(f"{len(rows)} codes written")


if __name__ == "__main__":
    main()
