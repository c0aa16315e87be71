"""Syntaxes are told by what a file begins with."""

from __future__ import annotations

import bz2
import gzip
from pathlib import Path

import pytest

from smegraph.store.syntax import syntax_in, syntax_of

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
OWL = "http://www.w3.org/2002/07/owl#"
HEAD = '<?xml version="1.0"?>\n'


@pytest.mark.parametrize(
    ("text", "syntax"),
    [
        (f'{HEAD}<rdf:RDF xmlns:rdf="{RDF}"/>', "RDF/XML"),
        (f'<rdf:RDF xmlns:rdf="{RDF}" xml:base="http://e/">', "RDF/XML"),
        (f'<!-- made\nby hand -->\n<r:RDF xmlns:r="{RDF}">', "RDF/XML"),
        (f'{HEAD}<!DOCTYPE rdf:RDF [\n<!ENTITY o "{OWL}">]>\n<rdf:RDF xmlns="x">', "RDF/XML"),
        (f"{HEAD}<e:Thing xmlns:e='http://e/' xmlns:rdf='{RDF}' rdf:about='#a'/>", "RDF/XML"),
        (f'{HEAD}<Ontology xmlns="{OWL}"\n xml:base="http://e/">', "OWL/XML"),
        (f'<owl:Ontology xmlns:owl="{OWL}">', "OWL/XML"),
        ("Prefix(:=<http://e/>)\nOntology(<http://e/>", "OWL functional syntax"),
        ("# by hand\n\nOntology(<http://e/>", "OWL functional syntax"),
        ("Prefix: : <http://e/>\nOntology: <http://e/>", "OWL Manchester syntax"),
        ("@prefix e: <http://e/> . e:a e:b 1 .", "Turtle"),
        ("PREFIX e: <http://e/> e:a e:b 1 .", "Turtle"),
        ("# first\n<http://e/a> <http://e/b> 1 .", "Turtle"),
        ("<urn:a> <urn:b> 1 .", "Turtle"),
        ("Prefix:a <urn:b> 1 .", "Turtle"),
        (
            f'{HEAD}<catalog prefer="public" xmlns="urn:oasis:names:tc:entity:xmlns:xml:catalog"/>',
            "XML",
        ),
        ("<!DOCTYPE html><html>", "XML"),
        ('<svg xmlns="http://www.w3.org/2000/svg">', "XML"),
        ("", None),
        (" \n", None),
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_the_beginning_tells_the_syntax(text: str, syntax: str | None, encoding: str) -> None:
    assert syntax_in(text.encode(encoding)) == syntax


def test_the_encoding_is_no_hindrance() -> None:
    text = f'<?xml version="1.0" encoding="UTF-16"?><rdf:RDF xmlns:rdf="{RDF}">'
    assert syntax_in(text.encode("utf-16")) == "RDF/XML"


def test_a_mark_and_a_character_that_is_cut_are_no_hindrance(tmp_path: Path) -> None:
    path = tmp_path / "a.owl"
    path.write_text("@prefix e: <http://e/> . # " + "é" * 2**16, "utf-8-sig")
    assert syntax_of(path) == "Turtle"
    path.write_text("@prefix e: <http://e/> . #" + "é" * 2**16, "utf-8-sig")
    assert syntax_of(path) == "Turtle"


@pytest.mark.parametrize("name", ["a.owl", "a.owl.gz", "a.owl.bz2"])
def test_a_file_is_looked_into_where_it_is_packed_too(tmp_path: Path, name: str) -> None:
    packers = {".gz": gzip.compress, ".bz2": bz2.compress}
    path = tmp_path / name
    path.write_bytes(packers.get(path.suffix, bytes)(b"@prefix e: <http://e/> ."))
    assert syntax_of(path) == "Turtle"


@pytest.mark.parametrize("name", ["a.owl.gz", "a.owl.bz2"])
def test_what_cannot_be_unpacked_is_told(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"nothing packed")
    with pytest.raises(OSError, match=r"gzip|Invalid data"):
        syntax_of(tmp_path / name)
