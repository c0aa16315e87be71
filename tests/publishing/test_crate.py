"""RO-Crate metadata names every file, and hangs together."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

from smegraph.publishing.citation import Citation
from smegraph.publishing.crate import CRATE, crate
from tests.publishing.test_citation import PEOPLE, read


def made(folder: Path) -> dict[str, Any]:
    citation: Citation = read(folder, PEOPLE)
    (folder / "a.ttl").write_text("# a", "utf-8")
    found: dict[str, Any] = json.loads(json.dumps(crate(citation, folder, ["a.ttl"])))
    return found


def references(value: object) -> set[str]:
    """The things that a value names, however deep."""
    if isinstance(value, list):
        return {iri for item in value for iri in references(item)}
    if isinstance(value, dict):
        if set(value) == {"@id"}:
            return {value["@id"]}
        return {iri for item in value.values() for iri in references(item)}
    return set()


def test_the_descriptor_is_about_the_root_and_names_the_profile(tmp_path: Path) -> None:
    """RO-Crate 1.1, section 4.1."""
    found = {entity["@id"]: entity for entity in made(tmp_path)["@graph"]}
    assert found[CRATE]["about"] == {"@id": "./"}
    assert found[CRATE]["conformsTo"] == {"@id": "https://w3id.org/ro/crate/1.1"}
    needed = {"@type", "name", "description", "datePublished", "license"}
    assert needed <= found["./"].keys()
    assert date.fromisoformat(found["./"]["datePublished"]) == date(2027, 1, 31)


def test_every_thing_that_is_named_is_described_once(tmp_path: Path) -> None:
    graph = made(tmp_path)["@graph"]
    ids = [entity["@id"] for entity in graph]
    assert len(ids) == len(set(ids))
    assert references(graph) - set(ids) == {"https://w3id.org/ro/crate/1.1"}


def test_a_file_has_media_type_and_size(tmp_path: Path) -> None:
    (entity,) = [e for e in made(tmp_path)["@graph"] if e["@id"] == "a.ttl"]
    assert (entity["encodingFormat"], entity["contentSize"]) == ("text/turtle", "3")


def test_one_value_stands_by_itself_and_several_in_a_list(tmp_path: Path) -> None:
    """RO-Crate 1.1, section 3."""
    (root,) = [e for e in made(tmp_path)["@graph"] if e["@id"] == "./"]
    assert len(root["author"]) == 2
    assert root["isBasedOn"] == {"@id": "https://doi.org/10.1/a"}
