"""Empty sheets and their codebook: what they hold is enough to begin with."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from smegraph.errors import SmegraphError
from smegraph.ontology.ontology import Ontology
from smegraph.ontology.schema import STUDY, Schema
from smegraph.sheets.csvfile import read_csv
from smegraph.studies.columns import ColumnReader
from smegraph.studies.index import NameIndex
from smegraph.studies.template import codebook, write_template

if TYPE_CHECKING:
    from tests.conftest import StudyCopy


@pytest.fixture(scope="module")
def text(ontology: Ontology, schema: Schema) -> str:
    return codebook([schema.record, *schema.tables(STUDY)], ontology)


def test_the_codebook_names_every_sheet_and_column(text: str, schema: Schema) -> None:
    sections = {part.split(":", 1)[0]: part for part in text.split("\n## ")[1:]}
    sections.pop("List")  # what is too long for each column that has it
    assert set(sections) == {schema.record.name, *(s.name for s in schema.tables(STUDY))}
    for name, section in sections.items():
        rows = [line for line in section.splitlines() if line.startswith("| `")]
        assert [row.split("`")[1] for row in rows] == [c.name for c in schema.sheets[name].columns]


def test_the_codebook_gives_meaning_and_example_of_every_column(text: str, schema: Schema) -> None:
    for line in text.splitlines():
        if line.startswith("| `"):
            cells = [cell.strip() for cell in line.strip("|").replace("\\|", "¦").split("|")]
            assert len(cells) == 4, line
            assert all(cells[1:3]), line
    for sheet in schema.tables(STUDY):
        for column in sheet.columns:
            assert column.description.replace("|", "\\|") in text


def test_the_codebook_defines_each_construct_once(text: str) -> None:
    lines = [line for line in text.splitlines() if line.startswith("- **")]
    assert len(lines) == len(set(lines)) > 600
    assert any(line.startswith("- **psychic distance**: ") for line in lines)
    assert 'listed at the end under "construct"' in text
    assert not re.search(r"and \d+ more", text)


def test_the_codebook_lists_the_allowed_values(text: str, schema: Schema) -> None:
    for sheet in (schema.record, *schema.tables(STUDY)):
        for column in sheet.columns:
            if column.options:
                assert f"Allowed in `{column.name}`: {', '.join(column.options)}." in text


def test_the_codebook_is_the_same_whenever_it_is_written(text: str, repository: Path) -> None:
    ontology = Ontology.load(repository / "ontology")
    schema = Schema.read(ontology)
    assert codebook([schema.record, *schema.tables(STUDY)], ontology) == text


def test_every_example_of_a_value_is_a_value(ontology: Ontology, schema: Schema) -> None:
    """An example that the column itself refuses would mislead; references are not looked up."""
    for sheet in schema.sheets.values():
        for column in sheet.columns:
            if column.is_reference or column.options or column.example.endswith("…"):
                continue
            cell = ColumnReader(column, NameIndex(), ontology, " .\n").read(column.example)
            assert cell.errors == (), (sheet.name, column.name, column.example)
            assert cell.values, (sheet.name, column.name)


def test_every_example_of_a_choice_is_one(ontology: Ontology, schema: Schema) -> None:
    for sheet in schema.sheets.values():
        for column in sheet.columns:
            if column.options and column.example:
                assert column.example in column.options, (sheet.name, column.name)


def test_a_template_holds_every_sheet_of_a_study_with_its_head(
    tmp_path: Path, ontology: Ontology, schema: Schema
) -> None:
    write_template(tmp_path / "my-study", ontology, schema)
    for sheet in schema.tables(STUDY):
        table = read_csv(tmp_path / "my-study" / f"{sheet.name}.csv", "")
        assert table.head == [column.name for column in sheet.columns]
        assert table.rows == []


def test_an_untouched_template_lacks_only_the_entries_of_its_record(
    study: StudyCopy, schema: Schema
) -> None:
    assert study.run("template", "data/studies/my-study").exit_code == 0
    checked = study.check("data/studies/my-study")
    assert checked.exit_code == 1
    assert {error["file"] for error in checked.problems} == {"data/studies/my-study/study.yaml"}
    assert {error["kind"] for error in checked.problems} == {"empty-cell"}
    required = {column.name for column in schema.record.columns if column.required}
    assert {error["column"] for error in checked.problems} == required - {"id"}


def test_a_template_with_its_entries_filled_in_is_sound(study: StudyCopy) -> None:
    study.run("template", "data/studies/my-study")
    path = study.data / "studies" / "my-study" / "study.yaml"
    lines = study.path("study.yaml").read_text("utf-8").splitlines()
    given = dict(line.split(": ", 1) for line in lines if ": " in line and line[0].isalpha())
    given |= {"id": "my-study", "coders": "me"}
    del given["note"]
    filled = [
        f"{line}{given[name]}" if not line.startswith("#") and (name := line.rstrip(": ")) in given
        else line
        for line in path.read_text("utf-8").replace(":\n", ": \n").splitlines()
    ]  # fmt: skip
    path.write_text("\n".join(filled).replace(": my-studymy-study", ": my-study"), encoding="utf-8")
    assert study.check("data/studies/my-study").problems == []


def test_a_template_overwrites_nothing(study: StudyCopy) -> None:
    before = {path.name: path.read_bytes() for path in study.folder.iterdir()}
    refused = study.run("template", study.name_in_data())
    assert refused.exit_code == 1
    assert "holds study.yaml" in refused.output
    assert "--sheet" in refused.output
    assert {path.name: path.read_bytes() for path in study.folder.iterdir()} == before


def test_one_sheet_may_be_added_and_the_codebook_stays(study: StudyCopy) -> None:
    study.path("codebook.md").write_text("my own words\n", encoding="utf-8")
    assert study.run("template", study.name_in_data(), "--sheet", "findings").exit_code == 0
    assert study.path("findings.csv").is_file()
    assert study.path("codebook.md").read_text("utf-8") == "my own words\n"


def test_the_codebook_beside_one_sheet_explains_all(study: StudyCopy, text: str) -> None:
    study.run("template", study.name_in_data(), "--sheet", "findings")
    assert study.path("codebook.md").read_text("utf-8") == text


@pytest.mark.parametrize("name", ["My Study", "a: b", "études", "a_b"])
def test_a_folder_whose_name_is_no_key_is_refused(study: StudyCopy, name: str) -> None:
    refused = study.run("template", f"data/studies/{name}")
    assert refused.exit_code == 1
    assert "small letters, digits and hyphens" in refused.output
    assert not (study.data / "studies" / name).exists()


def test_an_unknown_sheet_is_refused_with_the_names_of_all(
    tmp_path: Path, ontology: Ontology, schema: Schema
) -> None:
    with pytest.raises(SmegraphError, match=r"no sheet frims\. Sheets are: study, places"):
        write_template(tmp_path / "mine", ontology, schema, ["frims"])
    assert list(tmp_path.iterdir()) == []
