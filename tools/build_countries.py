"""Write the table of country names from `country-codes.csv` of the public data set `datasets/country-codes`."""

from __future__ import annotations

import csv
import re
import sys
from pathlib import Path

TARGET = Path(__file__).parent.parent / "src" / "orderloom" / "domain" / "countries" / "countries.txt"
COLUMNS = (
    *("ISO3166-1-Alpha-3", "ISO3166-1-numeric", "CLDR display name", "official_name_en", "UNTERM English Short"),
    *("official_name_cn", "UNTERM Chinese Short", "UNTERM Chinese Formal", "official_name_fr", "official_name_es"),
    *("official_name_ru", "official_name_ar"),
)


def names(row: dict[str, str]) -> list[str]:
    """Every name of a country in the set, each once, without articles and remarks in brackets."""
    found: dict[str, None] = {}
    for column in COLUMNS:
        name = re.sub(r"\s*\(.*?\)", "", row[column]).strip()
        name = name.zfill(3) if column.endswith("numeric") and name else name
        if name:
            found[name] = None
    return list(found)


def main() -> None:
    """Write `code<TAB>name<TAB>name …` lines by code."""
    if len(sys.argv) != 2:
        sys.exit("usage: build_countries.py <country-codes.csv>")
    with Path(sys.argv[1]).open(encoding="utf-8") as file:
        rows = {row["ISO3166-1-Alpha-2"]: names(row) for row in csv.DictReader(file) if row["ISO3166-1-Alpha-2"]}
    TARGET.write_text("".join("\t".join((code, *rows[code])) + "\n" for code in sorted(rows)), encoding="utf-8")
    print(f"{len(rows)} countries written")


if __name__ == "__main__":
    main()
