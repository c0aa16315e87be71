"""`smegraph build`: what it tells, and that it makes no release of what is wrong."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.conftest import Checkout, StudyCopy


def test_build_that_is_up_to_date_says_so(workplace: Checkout) -> None:
    done = workplace.run("build")
    version = (workplace.build / "current").resolve().name
    assert (done.returncode, done.stdout) == (0, f"Release {version} is up to date.\n")


def test_build_tells_its_steps_and_its_release(workplace: Checkout) -> None:
    done = workplace.run("build", "--no-reason")
    version = (workplace.build / "current").resolve().name
    steps = done.stderr.splitlines()
    assert done.returncode == 0
    assert steps[0] == "[1/8] read the sheets"
    assert "[8/8] write the release" in steps
    report = json.loads((workplace.build / "current" / "report.json").read_text("utf-8"))
    told = f"Release {version}: {report['quads']} quads in build/releases/{version}\n"
    assert done.stdout == told
    assert steps[-1] == f"{len(report['warnings'])} warnings stand in its report.json."


def test_a_folder_without_data_makes_no_release(study: StudyCopy) -> None:
    done = study.run("build", "--data", "none")
    assert done.exit_code == 1
    assert "smegraph: none holds neither reference/ nor studies/." in done.output
    assert not (study.data.parent / "build").exists()


def test_sheets_with_errors_are_told_and_make_no_release(study: StudyCopy) -> None:
    study.set("samples.csv", 2, "size", "two")
    done = study.run("build", "--sources", "data")  # where passages are proved, sheets come first
    assert done.exit_code == 1
    assert 'row 2, column "size": "two" is not a whole number.' in done.output
    assert "1 error and " in done.output
    assert not (study.data.parent / "build").exists()


def test_a_folder_of_sources_that_is_not_there_is_refused_by_name(study: StudyCopy) -> None:
    done = study.run("build", "--sources", "nowhere")
    assert done.exit_code == 2
    assert "nowhere" in done.output
