"""Files of links are found in the ontology and beside the studies."""

from __future__ import annotations

from pathlib import Path

from smegraph.links.folder import link_files, read_sets, strangers
from tests.links.conftest import COLUMNS, HEAD, ROW, kinds

TEXT = f"{HEAD}{COLUMNS}\n{ROW}\n"


def place(folder: Path, name: str, text: str = TEXT) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return path


def test_files_of_both_folders_are_read(tmp_path: Path) -> None:
    ontology, data = tmp_path / "ontology", tmp_path / "data"
    one = place(ontology, "mappings/fruit.sssom.tsv")
    other = place(data, "links/own.ttl", "")
    place(ontology, "mappings/wanted.md", "")
    place(ontology, "mappings/dois.rq", "")
    assert link_files(ontology, data) == [one, other]
    assert [found.name for found in read_sets(ontology, data)] == ["fruit", "own"]
    assert strangers(ontology, data) == []


def test_file_that_is_none_is_told(tmp_path: Path) -> None:
    place(tmp_path, "mappings/fruit.tsv")
    (problem,) = strangers(tmp_path, tmp_path / "data")
    assert (problem.kind, problem.value) == ("unknown-file", "fruit.tsv")


def test_set_of_the_ontology_is_called_like_its_file(tmp_path: Path) -> None:
    place(tmp_path, "mappings/fruits.sssom.tsv")
    (found,) = read_sets(tmp_path, tmp_path / "data")
    assert kinds(found.problems) == ["wrong-set-id"]
    place(tmp_path, "mappings/fruits.sssom.tsv", TEXT.replace("mappings/fruit", "mappings/fruits"))
    assert read_sets(tmp_path, tmp_path / "data")[0].problems == []
