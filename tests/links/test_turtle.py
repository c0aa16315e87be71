"""Links in plain Turtle are read as strictly as those in SSSOM."""

from __future__ import annotations

from pathlib import Path

import pytest

from smegraph.links.turtle import read_turtle
from smegraph.namespaces import PREFIXES, SKOS, VOC
from tests.links.conftest import kinds

HEAD = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in PREFIXES.items())
SOUND = """<> dcterms:license <https://example.org/licence> ; dcterms:title "Fruit" .
voc:apple skos:exactMatch <https://example.org/fruit/1> .
"""


def read(folder: Path, text: str) -> tuple[list[str], list[tuple[str, str, str]]]:
    path = folder / "fruit.ttl"
    path.write_text(HEAD + text, "utf-8")
    found = read_turtle(path, "fruit.ttl")
    return kinds(found.problems), [(x.subject, x.predicate, x.object) for x in found.links]


def test_links_and_description_are_read(tmp_path: Path) -> None:
    link = (VOC + "apple", SKOS + "exactMatch", "https://example.org/fruit/1")
    assert read(tmp_path, SOUND) == ([], [link])
    found = read_turtle(tmp_path / "fruit.ttl", "fruit.ttl")
    assert (found.iri, found.value("mapping_set_title")) == (
        "https://w3id.org/smegraph/mappings/fruit", "Fruit",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("more", "kind"),
    [
        ("voc:apple owl:sameAs <urn:a> .", "owl-same-as"),
        ("voc:apple skos:sameMatch <urn:a> .", "unknown-predicate"),
        ('voc:apple skos:exactMatch "apple" .', "no-iri"),
        ("[] skos:exactMatch <urn:a> .", "no-iri"),
        ('<> dcterms:subject "fruit" .', "unknown-entry"),
        ("voc:apple", "turtle-syntax"),
    ],
)
def test_fault_is_told(tmp_path: Path, more: str, kind: str) -> None:
    assert read(tmp_path, SOUND + more)[0] == [kind]


def test_set_without_a_licence_is_told(tmp_path: Path) -> None:
    assert read(tmp_path, SOUND.split("\n", 1)[1])[0] == ["no-license"]
