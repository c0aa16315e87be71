"""What a project says of how to cite it becomes CFF, Zenodo's and DataCite's metadata."""

from __future__ import annotations

import shutil
import subprocess
from datetime import date
from pathlib import Path

import pytest
import yaml

from smegraph.publishing.citation import CITATION, Citation, released
from smegraph.publishing.errors import PublishingError

DAY = date(2027, 1, 31)
PEOPLE = """cff-version: 1.2.0
message: Cite it.
title: A graph
abstract: What it is.
license: CC-BY-4.0
version: 0.0.1
doi: 10.1234/x
keywords: [a, b]
authors:
  - family-names: Bell
    given-names: Jo
    orcid: https://orcid.org/0000-0002-1825-0097
    affiliation: Somewhere
  - name: A group
"""


def read(folder: Path, text: str) -> Citation:
    (folder / CITATION).write_text(text, "utf-8")
    return Citation.read(folder, "0.2.0", DAY, ("10.1/a",))


def test_version_and_day_are_the_release_s_and_all_else_stays(tmp_path: Path) -> None:
    text = read(tmp_path, PEOPLE).text
    assert text == PEOPLE.replace(
        "version: 0.0.1\n", "version: 0.2.0\ndate-released: '2027-01-31'\n"
    )
    assert released(text, "0.2.0", DAY) == text
    assert "cff-version: 1.2.0" in text


def test_zenodo_has_people_as_it_wants_them(tmp_path: Path) -> None:
    found = read(tmp_path, PEOPLE).zenodo()
    assert found["creators"] == [
        {"name": "Bell, Jo", "orcid": "0000-0002-1825-0097", "affiliation": "Somewhere"},
        {"name": "A group"},
    ]
    assert found["publication_date"] == "2027-01-31"


def test_datacite_has_all_that_it_needs(tmp_path: Path) -> None:
    found = read(tmp_path, PEOPLE).datacite()
    assert found["doi"] == "10.1234/x"
    needed = {"creators", "titles", "publisher", "publicationYear", "types"}  # schema 4.5, 1 to 10
    assert needed <= found.keys()
    assert [creator["nameType"] for creator in found["creators"]] == [  # type: ignore[attr-defined]
        "Personal",
        "Organizational",
    ]


def test_a_citation_in_one_line_names_people_year_version_and_place(tmp_path: Path) -> None:
    said = "Bell, Jo; A group (2027). A graph (version 0.2.0). https://doi.org/10.1234/x"
    assert read(tmp_path, PEOPLE).sentence == said


def test_nothing_is_guessed(tmp_path: Path) -> None:
    with pytest.raises(PublishingError, match="nobody knows whom to cite"):
        Citation.read(tmp_path, "0.2.0", DAY, ())
    with pytest.raises(PublishingError, match=r"lacks authors \(CFF 1\.2\.0\)"):
        read(tmp_path, PEOPLE[: PEOPLE.index("authors:")])
    with pytest.raises(PublishingError, match="is no YAML"):
        read(tmp_path, "a: [")


def test_the_file_of_this_project_is_complete(repository: Path) -> None:
    text = (repository / CITATION).read_text("utf-8")
    told = yaml.safe_load(text)
    citation = Citation.read(repository, str(told["version"]), DAY, ())
    assert citation.authors
    assert released(text, told["version"], date.fromisoformat(told["date-released"])) == text


def test_the_file_of_this_project_is_valid(repository: Path) -> None:
    tool = shutil.which("cffconvert")
    if tool is None:
        pytest.skip("There is no cffconvert.")
    done = subprocess.run(
        [tool, "--validate", "-i", repository / CITATION], capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr
