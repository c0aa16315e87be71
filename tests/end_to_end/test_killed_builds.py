"""A build that is killed at any moment leaves the former release as it was."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import subprocess
import time
from pathlib import Path

import pytest

from tests.conftest import Checkout, Release

YEARS = "SELECT (COUNT(DISTINCT ?x) AS ?n) { ?x a sme:FirmObservation ; sme:headcount ?people }"


def change(place: Checkout, number: int) -> None:
    """Change the study, each time in another way: its graph is validated and written anew."""
    sheet = place.data / "studies" / "finnish-software" / "firm-observations.csv"
    original = sheet.read_text("utf-8")
    head, _, rest = original.partition("\n")
    lines = rest.splitlines()
    lines[0] = ",".join([*lines[0].split(",")[:-1], f"Change {number}."])
    sheet.write_text("\n".join([head, *lines, ""]), "utf-8")


def kill(process: subprocess.Popen[str]) -> bool:
    """Kill a build with all that it has started; False when it was done before."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.communicate(timeout=60)
    return process.returncode == -signal.SIGKILL


def rubbish(out: Path) -> list[Path]:
    return [*out.glob("releases/.*"), *out.glob(".current-*"), *out.glob("cache/**/*.tmp")]


def stands(release: Release, out: Path, years: int = 6) -> None:
    """The release is the current one, whole, and answers with the right number.

    Of the part of the study it is 2 in 000 Table 2 and 4 in Table 3.
    """
    assert release.current(out).path == release.path
    assert release.is_whole()
    assert release.ask(YEARS) == [(str(years),)]


def stands_or_is_succeeded(former: Release, out: Path) -> Release:
    """What serves after a kill: the former release, or the new one if the kill came too late."""
    serving = former.current(out)
    stands(serving, out)
    return serving


@pytest.mark.slow
@pytest.mark.parametrize("times", [3, pytest.param(20, marks=pytest.mark.timed)])
def test_build_killed_at_any_moment_leaves_the_former_release(
    small_workplace: Checkout, times: int
) -> None:
    """The moments lie within the time of the last build that was done before it was killed."""
    place, moments = small_workplace, random.Random(20)
    change(place, 0)
    started = time.monotonic()
    assert place.run("build", "--no-reason").returncode == 0
    duration = time.monotonic() - started
    former = Release.current(place.build)
    kills, number = 0, 0
    while kills < times:
        number += 1
        assert number < 100, f"only {kills} of {number} builds were killed in time"
        change(place, number)
        started = time.monotonic()
        with place.start("build", "--no-reason", group=True) as process:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(moments.uniform(0, duration))
            if not kill(process):
                assert process.returncode == 0
                duration = time.monotonic() - started
                former = Release.current(place.build)
                continue
        serving = stands_or_is_succeeded(former, place.build)
        kills += serving.path == former.path
        former = serving
    assert place.run("build", "--no-reason").returncode == 0
    assert rubbish(place.build) == []
    succeeded = Release.current(place.build)
    assert succeeded.path != former.path
    stands(succeeded, place.build)


@pytest.mark.slow
def test_build_killed_while_it_writes_leaves_the_former_release(small_workplace: Checkout) -> None:
    place, moments = small_workplace, random.Random(21)
    former = Release.current(place.build)
    half_done, number = 0, 0
    while half_done < 2:
        number += 1
        assert number < 30, f"only {half_done} of {number} builds were killed while they wrote"
        change(place, number)
        with place.start("build", "--no-reason", group=True) as process:
            while process.poll() is None and not list(place.build.glob("releases/.building-*")):
                time.sleep(0.005)
            time.sleep(moments.uniform(0, 0.3))
            kill(process)
        half_done += bool(rubbish(place.build))
        former = stands_or_is_succeeded(former, place.build)
    change(place, 0)
    assert place.run("build", "--no-reason").returncode == 0
    assert rubbish(place.build) == []
    stands(Release.current(place.build), place.build)


@pytest.mark.slow
def test_build_killed_while_hermit_reasons_leaves_the_former_release(
    workplace: Checkout, released: Release
) -> None:
    moments = random.Random(22)
    former = released.current(workplace.build)
    sheet = workplace.data / "studies" / "arnone-deprince" / "firm-observations.csv"
    text = sheet.read_text("utf-8")
    assert text.count("adlab,15,") == 1
    for people in (14, 16):
        sheet.write_text(text.replace("adlab,15,", f"adlab,{people},"), "utf-8")
        remembered = set((workplace.build / "cache" / "reasoned").iterdir())
        with workplace.start("build", group=True) as process:
            assert process.stderr is not None
            steps = iter(process.stderr.readline, "")
            assert next(step for step in steps if "reason over all together" in step)
            time.sleep(moments.uniform(0, 0.3))  # HermiT takes longer.
            assert kill(process)
        stands(former, workplace.build, years=14)  # and 8 in 002 Table 1
        assert set((workplace.build / "cache" / "reasoned").iterdir()) == remembered
    sheet.write_text(text, "utf-8")
    assert workplace.run("build").stdout == f"Release {former.path.name} is up to date.\n"
    assert rubbish(workplace.build) == []
