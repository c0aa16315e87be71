"""Seeded sheets: firms, and ten years of six columns for each of them."""

from __future__ import annotations

import csv
import random
from collections.abc import Iterator
from pathlib import Path

SEED = 2010
YEARS = range(2010, 2020)
COLUMNS = ("firm", "year", "employees", "turnover", "exports", "currency")
_RECORD = """\
id: {study}
label: Generated firms
title: Generated sheets for measuring
language: en
coders: benchmarks/generate.py
rights: CC0 1.0
sourceFile: none.txt
sourceSha256: {digest}
status: coded
"""


def write_study(folder: Path, rows: int) -> None:
    """Write a study with so many firm-years; the same number gives the same bytes.

    Amounts hardly repeat, half of them have decimals, and all are canonical, so that no reader
    gains from remembering cells and both programs write the same literals.
    """
    folder.mkdir(parents=True, exist_ok=True)
    digest = "0" * 64
    record = _RECORD.format(study=folder.name, digest=digest)
    (folder / "study.yaml").write_text(record, encoding="utf-8")
    firms = range(1, rows // len(YEARS) + 1)
    names = ((f"firm-{number:06}", f"Firm No. {number:06}") for number in firms)
    _write(folder / "firms.csv", ("id", "label"), names)
    _write(folder / "firm-observations.csv", COLUMNS, _firm_years(firms))


def _write(path: Path, head: tuple[str, ...], rows: Iterator[tuple[str, ...]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(head)
        writer.writerows(rows)


def _firm_years(firms: range) -> Iterator[tuple[str, ...]]:
    chance = random.Random(SEED)
    for firm in firms:
        for year in YEARS:
            turnover = chance.randrange(20_000, 9_000_000)
            exports = chance.randrange(0, turnover)
            yield (
                f"firm-{firm:06}",
                str(year),
                str(chance.randrange(1, 250)),
                _amount(turnover, chance),
                _amount(exports, chance),
                chance.choice(("EUR", "SEK", "USD")),
            )


def _amount(whole: int, chance: random.Random) -> str:
    if chance.random() < 0.5:
        return str(whole)
    return f"{whole}.{chance.randrange(10)}{chance.randrange(1, 10)}"
