"""`smegraph template`: it says what it wrote, and where."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smegraph.ontology.schema import STUDY, Schema

if TYPE_CHECKING:
    from tests.conftest import StudyCopy

MINE = "data/studies/my-study"


def test_the_files_are_counted_and_the_codebook_is_named(study: StudyCopy, schema: Schema) -> None:
    done = study.run("template", MINE)
    count = len(schema.tables(STUDY)) + 2  # the record and the codebook
    assert (done.exit_code, done.output) == (
        0, f"{count} files in {MINE}; read codebook.md, then fill in what you need.\n"
        f"Delete the other sheets. `smegraph check {MINE}` says what is missing or wrong.\n",
    )  # fmt: skip
    assert len(list((study.data / "studies" / "my-study").iterdir())) == count


def test_several_sheets_may_be_named(study: StudyCopy) -> None:
    done = study.run("template", MINE, "--sheet", "firms", "--sheet", "findings")
    assert done.exit_code == 0
    written = {path.name for path in (study.data / "studies" / "my-study").glob("*.csv")}
    assert written == {"firms.csv", "findings.csv"}


def test_a_template_needs_a_folder(study: StudyCopy) -> None:
    done = study.run("template")
    assert done.exit_code == 2
    assert "Missing argument 'DIR'" in done.output


def test_a_folder_in_which_no_command_looks_is_told(study: StudyCopy) -> None:
    done = study.run("template", "my-study", "--sheet", "firms")
    assert done.exit_code == 0
    assert "my-study lies not in data/studies/" in done.output
