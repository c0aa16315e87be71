"""``make bench``: what smegraph promises about speed, measured in this run, as ratios.

    python benchmarks/run.py [--rows N ...] [--rounds N] [--build-rounds N] [--only PART] [--quick]

Programs run as whole processes in alternating rounds; the ratio of the wall times is the median of
the rounds' ratios, so that a busy machine weighs on both. The figures of every round go into
build/bench/report.json. Servers are asked side by side, and theirs go into build/bench/serving.json
(all triples in the default graph: serving.py) and build/bench/named-graphs.json (the union of many
named graphs: serving_named_graphs.py).
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
from dataclasses import asdict
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import building
import ingestion
import pages
import serving
import serving_named_graphs
import serving_named_report
import serving_report
from generate import YEARS
from measure import BenchmarkError
from rival import NAME
from table import Row, render

ROOT = Path(__file__).resolve().parent.parent
FOLDER = Path("build") / "bench"
ROWS = (1_000, 10_000, 100_000)
PARTS = ("ingestion", "build", "serving", "named-graphs", "pages")
_EXPLANATION = f"""\
Ratios say how many times better smegraph is: above 1 it is ahead. {NAME} runs with
the best of its settings (last column). Its mapping leaves out the labels of firm-years, which take
a join, and the study's record; all other quads are checked to be the same.
"""


def read_arguments() -> argparse.Namespace:
    """The options of the command line."""
    parser = argparse.ArgumentParser(description="Measure smegraph.", allow_abbrev=False)
    parser.add_argument(
        "--rows", type=_tens, nargs="+", default=ROWS, metavar="N",
        help="numbers of firm-years to ingest, in tens (default: 1000 10000 100000)",
    )  # fmt: skip
    parser.add_argument(
        "--rounds", type=_count, default=7, metavar="N",
        help="rounds of each ingestion (default: 7)",
    )  # fmt: skip
    parser.add_argument(
        "--build-rounds", type=_count, default=3, metavar="N",
        help="rounds of each build (default: 3)",
    )  # fmt: skip
    parser.add_argument("--only", choices=PARTS, help="measure only this part")
    parser.add_argument(
        "--quick", action="store_true", help="ask the servers little, on a small graph: for trying"
    )
    return parser.parse_args()


def _count(text: str) -> int:
    if (value := int(text)) < 1:
        raise ValueError
    return value


def _tens(text: str) -> int:
    if (value := _count(text)) % len(YEARS):
        raise ValueError
    return value


def machine() -> dict[str, str | int | float]:
    """What the figures depend on."""
    facts: dict[str, str | int | float] = {
        "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1,
        "system": platform.platform(),
        "processor": _processor(),
        "python": platform.python_version(),
        "load": round(os.getloadavg()[0], 2),
    }
    for package in ("smegraph", "pyoxigraph"):
        try:
            facts[package] = version(package)
        except PackageNotFoundError:  # not installed, but on the path
            facts[package] = "from the path"
    return facts


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor()
    names = (line.split(":", 1)[1].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.processor())


def run(arguments: argparse.Namespace) -> tuple[list[str], dict[str, Any]]:
    """Measure what was asked for: what is printed, and every figure for the report."""
    parts = [arguments.only] if arguments.only else PARTS
    rows: list[Row] = []
    figures: dict[str, Any] = {}
    printed: list[str] = []
    if "ingestion" in parts:
        figures["ingestion"] = []
        for size in sorted(arguments.rows, reverse=True):
            print(f"ingest {size} firm-years ...", file=sys.stderr)
            result = ingestion.run(FOLDER, size, arguments.rounds)
            rows += result.lines()
            figures["ingestion"].append(asdict(result))
    if "build" in parts:
        print("build ...", file=sys.stderr)
        built = building.run(FOLDER, arguments.build_rounds)
        rows += built.lines()
        figures["build"] = asdict(built)
    if rows:
        printed.append(f"{_EXPLANATION}\n{render(rows, NAME)}")
    if "serving" in parts:
        plan = serving.QUICK if arguments.quick else serving.FULL
        printed.append(serving_report.render(serving.run(FOLDER, plan)))
    if "named-graphs" in parts:
        form = serving_named_graphs.QUICK if arguments.quick else serving_named_graphs.FULL
        printed.append(serving_named_report.render(serving_named_graphs.run(FOLDER, form)))
    if "pages" in parts:
        print("pages ...", file=sys.stderr)
        printed.append(pages.render(pages.run(FOLDER, quick=arguments.quick)))
    return printed, figures


def main() -> int:
    """Measure, print the tables and write the report."""
    arguments = read_arguments()
    os.chdir(ROOT)
    facts = machine()
    try:
        printed, figures = run(arguments)
    except BenchmarkError as error:
        print(f"benchmarks: {error}", file=sys.stderr)
        return 1
    if figures:
        text = json.dumps({"machine": facts, "rival": NAME, **figures}, indent=2) + "\n"
        (FOLDER / "report.json").write_text(text, encoding="utf-8")
    print("; ".join(f"{name} {value}" for name, value in facts.items()))
    print("\n\n".join(printed))
    print(f"\nEvery round: {FOLDER}/*.json")
    return 0


if __name__ == "__main__":
    sys.exit(main())
