"""The build of the studies in data/: cold, with a new one, with one changed, with none changed."""

from __future__ import annotations

import csv
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

from generate import YEARS, write_study
from measure import Run, measure, median
from table import Row

TARGET_COLD = 60.0
TARGET_UNCHANGED = 3.0
TARGET_NEW = 5.0  # CPU seconds
NEW_FIRMS = 16  # with a row for each, and ten for its years
NEW_ROWS = NEW_FIRMS * (1 + len(YEARS))


@dataclass
class Result:
    """The runs of each kind of build, in the order of the rounds."""

    studies: int
    cold: list[Run]
    new: list[Run]
    changed: list[Run]
    unchanged: list[Run]

    def lines(self) -> list[Row]:
        """The lines of the table; a ratio over 1 is faster than the target."""
        cold, changed, unchanged = (median(r) for r in (self.cold, self.changed, self.unchanged))
        return [
            _line(f"build {self.studies} studies, cold", cold, TARGET_COLD, "target"),
            _cpu_line(f"  new study of {NEW_ROWS} rows", median(self.new), TARGET_NEW),
            _line("  one study changed", changed, cold.wall, "cold"),
            _line("  nothing changed", unchanged, TARGET_UNCHANGED, "target"),
        ]


def _line(name: str, run: Run, against: float, what: str) -> Row:
    note = f"CPU {run.cpu:.2f} s, {run.memory:.0f} MiB"
    return Row(name, f"{run.wall:.2f} s", f"{what} {against:.2f} s", against / run.wall, note)


def _cpu_line(name: str, run: Run, target: float) -> Row:
    """A line about CPU seconds, which say the same on a machine that does other work as well."""
    note = f"{run.wall:.2f} s, {run.memory:.0f} MiB"
    return Row(name, f"CPU {run.cpu:.2f} s", f"target {target:.2f} s", target / run.cpu, note)


def run(folder: Path, rounds: int) -> Result:
    """Build a copy of data/ into an empty folder; add a study, change one, and change nothing."""
    work = folder / "building"
    shutil.rmtree(work, ignore_errors=True)
    result = Result(0, [], [], [], [])
    for turn in range(rounds):
        shutil.rmtree(work, ignore_errors=True)
        shutil.copytree("data", work / "data", dirs_exist_ok=True)
        studies = sorted(path.parent for path in (work / "data" / "studies").glob("*/study.yaml"))
        result.studies = len(studies)
        result.cold.append(_build(work))
        write_study(work / "data" / "studies" / "generated", NEW_FIRMS * len(YEARS))
        result.new.append(_build(work))
        _add_firm(studies[turn % len(studies)] / "firms.csv")
        result.changed.append(_build(work))
        result.unchanged.append(_build(work))
    return result


def _build(work: Path) -> Run:
    command = [sys.executable, "-m", "smegraph", "build"]
    command += ["--data", str(work / "data"), "--out", str(work / "out")]
    return measure(command, work / "build.log")


def _add_firm(path: Path) -> None:
    """Write the last firm of a sheet once more, under another name."""
    with path.open(encoding="utf-8", newline="") as file:
        *_, last = csv.DictReader(file)
    last |= {"id": "one-firm-more", "label": "One firm more"}
    with path.open("a", encoding="utf-8", newline="") as file:
        csv.DictWriter(file, list(last), lineterminator="\n").writerow(last)
