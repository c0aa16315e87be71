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
