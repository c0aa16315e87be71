"""Columns that became sheets: each value is a row there, and nothing of the rest is touched."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner, Result

from smegraph.cli.main import main

if TYPE_CHECKING:
    from pathlib import Path

HEAD = "id,statement,cause,effect,mediators,moderators,sign,hedged,foundBy\n"
ROW = 'f-1,"It helps, they say.",trust,visibility,learning; competence,firm size,positive,false,w\n'
BARE = "f-2,It helps.,trust,visibility,,,positive,false,w\n"
NOTE = "From the column {}; read the passage again for the rest."


@pytest.fixture
def study(tmp_path: Path) -> Path:
    place = tmp_path / "data" / "studies" / "one"
    place.mkdir(parents=True)
    return place


def migrate(study: Path, *arguments: str) -> Result:
    data = ["--data", str(study.parents[1])]
    return CliRunner().invoke(main, ["migrate", str(study), *data, *arguments])


def test_each_value_becomes_a_row_and_the_columns_go(study: Path) -> None:
    path = study / "findings.literature.csv"
    path.write_text(HEAD + ROW + BARE, "utf-8")
    done = migrate(study)
    assert done.exit_code == 0, done.output
    assert path.read_text("utf-8") == (
        "id,statement,cause,effect,sign,hedged,foundBy\n"
        'f-1,"It helps, they say.",trust,visibility,positive,false,w\n'
        "f-2,It helps.,trust,visibility,positive,false,w\n"
    )
    moderations = (study / "moderations.literature.csv").read_text("utf-8")
    assert moderations == (
        "id,ofFinding,byModerator,moderationDirection,note\n"
        f"f-1-firm-size,f-1,firm size,not stated,{NOTE.format('moderators')}\n"
    )
    mediations = (study / "mediations.literature.csv").read_text("utf-8")
    assert mediations == (
        "id,ofFinding,byMediator,mediationKind,note\n"
        f"f-1-learning,f-1,learning,not stated,{NOTE.format('mediators')}\n"
        f"f-1-competence,f-1,competence,not stated,{NOTE.format('mediators')}\n"
    )
    assert "Nothing to do" in migrate(study).output


def test_all_else_of_a_sheet_stays_byte_for_byte(study: Path) -> None:
    """Semicolons between the cells, a byte order mark, line ends, quotes and lines in a cell."""
    path = study / "findings.csv"
    head = "\ufeffid;statement;moderators;constructs\r\n"
    row = 'f-1;"It ""helps"";\nthey say.";firm size;"trust; visibility"\r\n'
    path.write_bytes((head + row).encode("utf-8"))
    done = migrate(study)
    assert done.exit_code == 0, done.output
    assert path.read_bytes().decode("utf-8") == (
        '\ufeffid;statement;constructs\r\nf-1;"It ""helps"";\nthey say.";"trust; visibility"\r\n'
    )
    assert "f-1-firm-size,f-1,firm size" in (study / "moderations.csv").read_text("utf-8")


def test_a_dry_run_changes_nothing(study: Path) -> None:
    path = study / "findings.csv"
    path.write_text(HEAD + ROW, "utf-8")
    done = migrate(study, "--dry-run")
    assert "moderators moves to moderations" in done.output
    assert path.read_text("utf-8") == HEAD + ROW
    assert not (study / "moderations.csv").exists()


def test_columns_without_a_value_only_go(study: Path) -> None:
    path = study / "findings.csv"
    path.write_text(HEAD + BARE, "utf-8")
    assert migrate(study).exit_code == 0
    assert "mod" not in path.read_text("utf-8")
    assert [file.name for file in study.iterdir()] == ["findings.csv"]


def test_a_sheet_that_is_there_is_not_written_over(study: Path) -> None:
    path, other = study / "findings.csv", study / "moderations.csv"
    path.write_text(HEAD + ROW, "utf-8")
    other.write_text("id,ofFinding,byModerator,moderationDirection\n", "utf-8")
    done = migrate(study)
    assert done.exit_code == 1
    assert "moderations.csv is there already; put them together" in done.output
    assert path.read_text("utf-8") == HEAD + ROW


def test_rows_without_an_id_are_left_to_a_person(study: Path) -> None:
    path = study / "findings.csv"
    path.write_text("statement,moderators\nIt helps.,firm size\n", "utf-8")
    done = migrate(study)
    assert done.exit_code == 1
    assert "no id that another sheet could name" in done.output


def test_check_says_where_the_column_went(study: Path) -> None:
    (study / "study.yaml").write_text("id: one\n", "utf-8")
    (study / "findings.csv").write_text(HEAD + ROW, "utf-8")
    told = CliRunner().invoke(main, ["check", str(study), "--data", str(study.parents[1])]).output
    assert 'Each value of "moderators" is a row of the sheet "moderations" now' in told
    assert "`smegraph migrate` writes these rows" in told
