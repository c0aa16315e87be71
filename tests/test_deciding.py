"""A release's version depends on the code that can change a release, and on no other."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from smegraph.build import DECIDING, deciding_code
from smegraph.release.releases import version_of
from tests.conftest import Checkout
from tools.house import House

# Rooms that a build reaches and that decide nothing, each with the reason.
REACHED = {
    "audit": "what it says goes into the version as it was said",
    "coverage": "what it says goes into the version as it was said",
    "csv_fields": "how results are written, and templates of sheets",
    "errors": "a build that meets an error makes no release",
    "files": "how files are made durable, not what is in them",
    "memo": "a result is kept by the hash of its input, as it was computed",
    "problem_report": "how problems are shown",
    "release_files": "names, which are those of every release",
    "results": "questions are asked of a release, not answered in it",
    "sparql": "questions are asked of a release, not answered in it",
    "store": "questions are asked of a release, not answered in it",
    "suggest": "what a message proposes",
    "tables": "how a report is printed",
    "version": "goes into the version as it is",
}
OTHERS = ("bibliography/merge.py", "cli/main.py", "client/display.py", "server/app.py")


@pytest.fixture
def package(repository: Path, tmp_path: Path) -> Path:
    """A copy of the code."""
    copy = tmp_path / "src" / "smegraph"
    ignored = shutil.ignore_patterns("__pycache__", "_ontology")
    shutil.copytree(repository / "src" / "smegraph", copy, ignore=ignored)
    return copy


def version(package: Path) -> str:
    files = ((path.relative_to(package).as_posix(), path) for path in deciding_code(package))
    return version_of(files)


def comment(path: Path) -> None:
    path.write_text(path.read_text("utf-8") + "\n# A comment.\n", "utf-8")


@pytest.mark.parametrize("file", OTHERS)
def test_a_change_in_what_asks_or_serves_keeps_the_version(package: Path, file: str) -> None:
    before = version(package)
    comment(package / file)
    assert version(package) == before


@pytest.mark.parametrize("room", DECIDING)
def test_a_change_in_what_makes_a_release_gives_a_new_version(package: Path, room: str) -> None:
    modules = [package / f"{room}.py"]
    if not modules[0].is_file():
        modules = sorted(
            path for end in ("py", "rq") for path in (package / room).rglob(f"*.{end}")
        )
    assert modules
    versions = [version(package)]
    for module in modules:
        comment(module)
        versions.append(version(package))
    assert len({*versions}) == len(modules) + 1


def test_a_build_with_other_code_for_serving_finds_its_release_up_to_date(
    workplace: Checkout, package: Path
) -> None:
    for file in OTHERS:
        comment(package / file)
    elsewhere = Checkout(workplace.root, {"PYTHONPATH": str(package.parent)})
    done = elsewhere.run("build")
    assert done.returncode == 0, done.stderr
    assert "is up to date" in done.stdout


def reached(house: House) -> Iterator[str]:
    """The rooms that the deciding ones import, and those that these import, to the end."""
    todo, seen = list(DECIDING), {*DECIDING}
    while todo:
        room = todo.pop()
        for one, other in house.arrows():
            if one == room and other not in seen:
                seen.add(other)
                yield other
                todo.append(other)


def test_every_room_that_a_build_reaches_decides_or_has_a_reason_not_to(repository: Path) -> None:
    found = set(reached(House(repository / "src")))
    assert found <= REACHED.keys(), "say whether these decide what is in a release"
    assert not REACHED.keys() & {*DECIDING}
