"""Small files of RDF, and what is loaded of them."""

from __future__ import annotations

import io
from pathlib import Path

from pyoxigraph import DefaultGraph, RdfFormat, Store

from smegraph.store.loading import dump
from smegraph.store.sources import find_source

ONE = b"<http://example.org/a> <http://example.org/p> <http://example.org/b> .\n"
FORMS = {
    "a.ttl": b"@prefix ex: <http://example.org/> . ex:a ex:p ex:b .",
    "a.trig": b"@prefix ex: <http://example.org/> . ex:g { ex:a ex:p ex:b }",
    "a.nt": ONE,
    "a.nq": ONE.replace(b" .", b" <http://example.org/g> ."),
    "a.rdf": b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:ex='
    b'"http://example.org/"><rdf:Description rdf:about="http://example.org/a"><ex:p rdf:resource='
    b'"http://example.org/b"/></rdf:Description></rdf:RDF>',
    "a.jsonld": b'{"@id": "http://example.org/a", "http://example.org/p": '
    b'{"@id": "http://example.org/b"}}',
}
FORMS |= {"a.xml": FORMS["a.rdf"], "a.owl": FORMS["a.rdf"], "a.json": FORMS["a.jsonld"]}


def write(folder: Path, **files: bytes) -> Path:
    """Write files; "__" in a name stands for the dot of its ending."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (folder / name.replace("__", ".")).write_bytes(content)
    return folder


def loaded(path: Path, *, union: bool = False) -> Store:
    """The store that reads what is dumped of a path."""
    out, store = io.BytesIO(), Store()
    dump(find_source(path), out, union=union)
    store.bulk_load(out.getvalue(), RdfFormat.N_QUADS)
    return store


def default_graph(store: Store) -> list[str]:
    return sorted(str(q.triple) for q in store.quads_for_pattern(None, None, None, DefaultGraph()))
