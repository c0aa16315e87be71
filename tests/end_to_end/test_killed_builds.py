"""A build that is killed at any moment leaves the former release as it was."""

from __future__ import annotations

import contextlib
import os
import random
import shutil
import signal
import subprocess
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.conftest import Checkout, Release

YEARS = "SELECT (COUNT(DISTINCT ?x) AS ?n) { ?x a sme:FirmYear ; sme:headcount ?people }"


def change(place: Checkout, number: int) -> None:
    """Change a study, each time in another way: its graph is validated and written anew."""
    sheet = place.data / "studies" / "arnone-deprince" / "firm-years.csv"
    original = sheet.read_text("utf-8")
    head, _, rest = original.partition("\n")
    lines = rest.splitlines()
    lines[0] = ",".join([*lines[0].split(",")[:-1], f"Change {number}."])
    sheet.write_text("\n".join([head, *lines, ""]), "utf-8")


def small(place: Checkout) -> None:
    """Leave the two studies whose firm-years are counted: a build is soon done."""
    for study in (place.data / "studies").iterdir():
        if study.name not in ("arnone-deprince", "finnish-software"):
            shutil.rmtree(study)


def kill(process: subprocess.Popen[str]) -> bool:
    """Kill a build with all that it has started; False when it was done before."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.communicate(timeout=60)
    return process.returncode == -signal.SIGKILL


def rubbish(out: Path) -> list[Path]:
    return [*out.glob("releases/.*"), *out.glob(".current-*"), *out.glob("cache/**/*.tmp")]


def stands(release: Release, out: Path) -> None:
    """The release is the current one, whole, and answers with the right number."""
    assert release.current(out).path == release.path
    assert release.is_whole()
    assert release.ask(YEARS) == [("14",)]  # 8 in 002 Table 1, 2 in 000 Table 2, 4 in Table 3


def stands_or_is_succeeded(former: Release, out: Path) -> Release:
    """What serves after a kill: the former release, or the new one if the kill came too late."""
    serving = former.current(out)
    stands(serving, out)
    return serving


@pytest.mark.slow
def test_build_killed_at_ten_moments_leaves_the_former_release(
    workplace: Checkout, released: Release
) -> None:
    moments = random.Random(20)
    small(workplace)
    change(workplace, 0)
    started = time.monotonic()
    assert workplace.run("build", "--no-reason").returncode == 0
    duration = time.monotonic() - started
    former = released.current(workplace.build)
    kills, number = 0, 0
    while kills < 10:
        number += 1
        assert number < 30, f"only {kills} of {number} builds were killed in time"
        change(workplace, number)
        with workplace.start("build", "--no-reason", group=True) as process:
            time.sleep(moments.uniform(0, duration))
            if not kill(process):
                assert process.returncode == 0
                former = released.current(workplace.build)
                continue
        serving = stands_or_is_succeeded(former, workplace.build)
        kills += serving.path == former.path
        former = serving
    assert workplace.run("build", "--no-reason").returncode == 0
    assert rubbish(workplace.build) == []
    succeeded = released.current(workplace.build)
    assert succeeded.path != former.path
    stands(succeeded, workplace.build)


@pytest.mark.slow
def test_build_killed_while_it_writes_leaves_the_former_release(
    workplace: Checkout, released: Release
) -> None:
    moments = random.Random(21)
    former = released.current(workplace.build)
    half_done = 0
    for number in range(5):
        change(workplace, number)
        with workplace.start("build", "--no-reason", group=True) as process:
            while process.poll() is None and not list(workplace.build.glob("releases/.building-*")):
                time.sleep(0.005)
            time.sleep(moments.uniform(0, 0.3))
            kill(process)
        half_done += bool(rubbish(workplace.build))
        former = stands_or_is_succeeded(former, workplace.build)
    assert half_done > 0
    change(workplace, 5)
    assert workplace.run("build", "--no-reason").returncode == 0
    assert rubbish(workplace.build) == []
    stands(released.current(workplace.build), workplace.build)


@pytest.mark.slow
def test_build_killed_while_hermit_reasons_leaves_the_former_release(
    workplace: Checkout, released: Release
) -> None:
    moments = random.Random(22)
    former = released.current(workplace.build)
    sheet = workplace.data / "studies" / "arnone-deprince" / "firm-years.csv"
    text = sheet.read_text("utf-8")
    assert text.count("adlab,15,") == 1
    for people in (14, 16, 17):
        sheet.write_text(text.replace("adlab,15,", f"adlab,{people},"), "utf-8")
        remembered = set((workplace.build / "cache" / "reasoned").iterdir())
        with workplace.start("build", group=True) as process:
            assert process.stderr is not None
            steps = iter(process.stderr.readline, "")
            assert next(step for step in steps if "reason over arnone-deprince" in step)
            time.sleep(moments.uniform(0, 3))
            assert kill(process)
        stands(former, workplace.build)
        assert set((workplace.build / "cache" / "reasoned").iterdir()) == remembered
    sheet.write_text(text, "utf-8")
    assert workplace.run("build").stdout == f"Release {former.path.name} is up to date.\n"
    assert rubbish(workplace.build) == []
