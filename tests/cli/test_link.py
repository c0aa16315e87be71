"""`smegraph link` as people run it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from smegraph.cli.main import main
from tests.links.conftest import COLUMNS, HEAD

if TYPE_CHECKING:
    from tests.conftest import StudyCopy

ROW = "voc:software\tskos:exactMatch\tex:1\tsemapv:ManualMappingCuration\n"


@pytest.fixture
def links(study: StudyCopy) -> Path:
    """The folder of links of one's own, in a copied project with a part of a study.

    It has an ontology's folder that is linked to nothing yet.
    """
    folder = study.data / "links"
    folder.mkdir()
    return folder


def run(*arguments: str | Path) -> tuple[int, str]:
    done = CliRunner().invoke(main, ["link", *map(str, arguments)])
    return done.exit_code, done.output


def test_fault_is_told_with_its_place_and_its_remedy(links: Path, study: StudyCopy) -> None:
    path = links / "fruit.sssom.tsv"
    path.write_text(
        f"{HEAD}{COLUMNS}\n{ROW}{ROW.replace('software', 'softwear').replace('1', '2')}", "utf-8"
    )
    code, output = run("check", "--ontology", study.ontology)
    assert code == 1
    lines = output.splitlines()
    told = lines[lines.index("data/links/fruit.sssom.tsv") + 1]
    assert told.strip().startswith('row 16, column "subject_id": voc:softwear is not here.')
    assert 'Did you mean "voc:software"?' in told


def test_json_is_for_programs(links: Path, study: StudyCopy) -> None:
    (links / "fruit.sssom.tsv").write_text(f"{HEAD}{COLUMNS}\n{ROW}{ROW}", "utf-8")
    _, output = run("check", "--ontology", study.ontology, "--format", "json")
    own = [p for p in json.loads(output)["problems"] if p["file"].endswith("fruit.sssom.tsv")]
    assert [(p["kind"], p["row"]) for p in own] == [("duplicate-row", 16)]


def test_objects_are_looked_up_in_a_vocabulary(
    links: Path, study: StudyCopy, tmp_path: Path
) -> None:
    (links / "fruit.sssom.tsv").write_text(f"{HEAD}{COLUMNS}\n{ROW}", "utf-8")
    target = tmp_path / "fruit.nt"
    target.write_text(
        '<https://example.org/fruit/2> <http://www.w3.org/2000/01/rdf-schema#label> "x" .', "utf-8"
    )
    _, output = run("check", "--ontology", study.ontology, "--target", target)
    assert "https://example.org/fruit/1 is not in fruit.nt" in output
    target.write_text(target.read_text("utf-8").replace("/2>", "/1>"), "utf-8")
    _, output = run("check", "--ontology", study.ontology, "--target", target)
    assert "fruit.nt" not in output


def test_links_of_this_repository_have_no_error(
    repository: Path, monkeypatch: pytest.MonkeyPatch, read_once: None
) -> None:
    monkeypatch.chdir(repository)
    code, output = run("check")
    assert (code, output.splitlines()[0]) == (0, "No errors.")


TARGET = """PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
<https://example.org/fruit/7> a skos:Concept ; skos:prefLabel "Brewing"@en .
<https://example.org/fruit/8> a skos:Concept ; skos:prefLabel "Trainings"@en .
"""


def test_proposals_are_reviewed_and_accepted(links: Path, study: StudyCopy, tmp_path: Path) -> None:
    target, proposals = tmp_path / "fruit.ttl", tmp_path / "proposals.tsv"
    target.write_text(TARGET, "utf-8")
    where = ("--ontology", study.ontology)
    suggest = ("suggest", "--target", target, "--kind", "industries", "--prefix", "fr")
    code, output = run(*suggest, "-o", proposals, *where)
    assert (code, "2 proposals for " in output) == (0, True)
    text = proposals.read_text("utf-8")
    accept = ("accept", proposals, *where)
    code, output = run(*accept)
    assert (code, "2 name no reviewer and stay out." in output) == (0, True)
    assert list(links.iterdir()) == []

    head, columns, *rows = text.rpartition("#   voc:")[2].split("\n")
    names = columns.split("\t")
    reviewed = [row.split("\t") for row in rows if row]
    for row in reviewed:
        row[names.index("reviewer_label")] = "A person"
    reviewed[1][names.index("predicate_modifier")] = "Not"
    lines = [columns, *("\t".join(row) for row in reviewed)]
    proposals.write_text(text.partition(columns)[0] + "\n".join(lines) + "\n", "utf-8")

    code, output = run(*accept, "--dry-run")
    assert (code, "2 rows would come in" in output) == (0, True)
    assert list(links.iterdir()) == []
    code, output = run(*accept)
    assert (code, "2 rows came in" in output) == (0, True)
    (written,) = links.iterdir()
    assert written.name == "industries-fr.sssom.tsv"
    before = written.read_bytes()
    code, output = run(*accept)
    assert (code, "2 were there already." in output) == (0, True)
    assert written.read_bytes() == before
    code, output = run("check", "--target", target, *where)
    assert (code, "industries-fr" in output) == (0, False)
    _, output = run(*suggest, *where)  # what is decided is not proposed again
    assert "0 proposals for " in output
    assert head


def test_rows_that_make_wrong_links_are_refused_and_nothing_is_written(
    links: Path, study: StudyCopy, tmp_path: Path
) -> None:
    reviewed = tmp_path / "reviewed.tsv"
    row = ROW.rstrip("\n") + "\tA person\n"
    text = f"{HEAD}{COLUMNS}\treviewer_label\n{row}{row.replace('ex:1', 'ex:2')}"
    reviewed.write_text(text, "utf-8")
    code, output = run("accept", reviewed, "--ontology", study.ontology)
    assert code == 1
    assert "is said to be the same as several things" in output
    assert list(links.iterdir()) == []


def test_target_that_cannot_be_read_is_told(links: Path, study: StudyCopy, tmp_path: Path) -> None:
    target = tmp_path / "fruit.ttl"
    target.write_text("<a> <b", "utf-8")
    code, output = run("suggest", "--target", target, "--ontology", study.ontology)
    assert (code, "fruit.ttl cannot be read" in output) == (1, True)
    assert list(links.iterdir()) == []
