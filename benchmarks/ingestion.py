"""Ingestion without reasoning, checks included, beside morph-kgc on the same rows."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import rival
from generate import write_study
from measure import BenchmarkError, Run, measure, median
from rival import Rival
from table import Row, number


@dataclass
class Result:
    """Both programs on one number of rows; the runs stand in the order of the rounds."""

    rows: int
    ours: list[Run]
    theirs: list[Run]
    agreement: dict[str, int]
    settings: str
    tried: dict[str, float]

    def lines(self) -> list[Row]:
        """The lines of the table; every ratio says how many times better smegraph is."""
        ours, theirs, quads = median(self.ours), median(self.theirs), self.agreement
        name = f"ingest {number(self.rows)} firm-years"
        pairs = [b.wall / a.wall for a, b in zip(self.ours, self.theirs, strict=True)]
        spread = f"{min(pairs):.2f} to {max(pairs):.2f} over {len(pairs)} rounds"
        speed, pace = quads["ours"] / ours.wall, quads["theirs"] / theirs.wall
        return [
            Row(f"{name}: wall", f"{ours.wall:.2f} s", f"{theirs.wall:.2f} s",
                statistics.median(pairs), spread),
            Row("  CPU", f"{ours.cpu:.2f} s", f"{theirs.cpu:.2f} s", theirs.cpu / ours.cpu),
            Row("  peak memory", f"{ours.memory:.0f} MiB", f"{theirs.memory:.0f} MiB",
                theirs.memory / ours.memory, "the largest process"),
            Row("  quads", number(quads["ours"]), number(quads["theirs"]),
                quads["ours"] / quads["theirs"], f"{number(quads['shared'])} shared"),
            Row("  quads a second", number(speed), number(pace), speed / pace, self.settings),
        ]  # fmt: skip


def run(folder: Path, rows: int, rounds: int) -> Result:
    """Measure both programs in alternating rounds, after one of each that does not count.

    Raises:
        BenchmarkError: a program failed, or the quads that both make differ.
    """
    study, work = folder / "sheets" / f"generated-{rows}", folder / "ingestion"
    work.mkdir(parents=True, exist_ok=True)
    write_study(study, rows)
    other = Rival(rival.prepare(folder), study, work)
    other.write_mapping()
    target = work / f"{study.name}-smegraph.nq"
    _ingest(study, target)
    tried = other.take_best_settings()
    ours, theirs = [], []
    for turn in range(rounds):
        if turn % 2:
            theirs.append(other.run())
            ours.append(_ingest(study, target))
        else:
            ours.append(_ingest(study, target))
            theirs.append(other.run())
    agreement = _agree(target, other.output, study.name)
    return Result(rows, ours, theirs, agreement, other.settings.name, tried)


def _ingest(study: Path, target: Path) -> Run:
    target.unlink(missing_ok=True)
    command = [sys.executable, "-m", "smegraph", "ingest", str(study), "--out", str(target)]
    return measure(command, target.with_suffix(".log"))


def _agree(ours: Path, theirs: Path, study: str) -> dict[str, int]:
    script = str(Path(__file__).with_name("agreement.py"))
    command = [sys.executable, script, str(ours), str(theirs), study]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    found: dict[str, int] = json.loads(done.stdout)
    if found["ours_other"] or found["theirs_only"]:
        raise BenchmarkError(f"{ours} and {theirs} differ: {found}")
    return found
