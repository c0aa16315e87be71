"""The entries for registries say what the ontology says of itself."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pyoxigraph as ox
import pytest

from smegraph.namespaces import ONTOLOGY, PREFIXES, SKOS, SME
from smegraph.ontology.ontology import Ontology
from tools.registries import FOLDER, bartoc, entries

FILES = ("bartoc.json", "lov.json", "prefix-cc.txt")


def read(name: str) -> str:
    return (FOLDER / name).read_text("utf-8")


@pytest.mark.parametrize("name", FILES)
def test_an_entry_is_as_the_ontology_is(ontology: Ontology, name: str) -> None:
    assert read(name) == entries(ontology)[name], "python -m tools.registries makes it anew"


def test_prefix_and_namespace_are_those_that_everybody_uses_here() -> None:
    assert read("prefix-cc.txt") == f"sme\t{PREFIXES['sme']}\n"
    entry = json.loads(read("lov.json"))
    assert (entry["prefix"], entry["nsp"], entry["uri"]) == ("sme", SME, ONTOLOGY)
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", entry["issued"])
    assert entry["versionIRI"] == f"{ONTOLOGY}/{entry['version']}"


def test_each_scheme_that_has_concepts_is_an_entry(ontology: Ontology) -> None:
    uris = [entry["uri"] for entry in json.loads(read("bartoc.json"))]
    assert uris[0] == ONTOLOGY
    used = ontology.store.quads_for_pattern(None, ox.NamedNode(SKOS + "inScheme"), None)
    assert {quad.object.value for quad in used} <= set(uris)
    assert len(uris) == len(set(uris))


def test_every_entry_of_bartoc_has_the_form_of_jskos() -> None:
    """JSKOS 0.5: labels by language, lists of definitions, sets of things with a URI."""
    for entry in json.loads(read("bartoc.json")):
        assert entry["type"][0] == f"{SKOS}ConceptScheme"
        assert all(isinstance(text, str) for text in entry["prefLabel"].values())
        assert all(isinstance(texts, list) for texts in entry["definition"].values())
        assert all(set(one) == {"uri"} for one in entry["license"])


def test_an_ontology_that_says_too_little_is_told_what_is_missing(tmp_path: Path) -> None:
    (tmp_path / "smegraph.ttl").write_text(f"<{ONTOLOGY}> a <urn:x> .", "utf-8")
    with pytest.raises(SystemExit, match=r"has no <.*title>"):
        bartoc(Ontology.load(tmp_path))
