"""A dataset that is no release: books, people and places in other people's vocabularies."""

from __future__ import annotations

from pathlib import Path

from pyoxigraph import RdfFormat, Store

from smegraph.server.engine.engine import Generation
from smegraph.store.embedded import EmbeddedStore
from tests.server.inprocess import InProcessEngine

BOOKS = """
@prefix ex: <https://books.example/> . @prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix dct: <http://purl.org/dc/terms/> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix schema: <http://schema.org/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
ex:Novel a owl:Class ; rdfs:label "Novel" .
ex:middlemarch a ex:Novel ; dct:title "Middlemarch"@en ; dct:creator ex:eliot ;
    dct:subject ex:towns ;
    schema:name "Middlemarch, a study" ; ex:pages 904 .
ex:romola a ex:Novel ; dct:title "Romola" ; dct:creator ex:eliot ; dct:subject ex:florence .
ex:eliot a foaf:Person ; foaf:name "George Eliot" ; skos:altLabel "Mary Ann Evans" .
ex:towns a skos:Concept ; skos:prefLabel "provincial towns"@en , "villes de province"@fr .
ex:florence rdfs:label "Florence <script>" .
<urn:isbn:0451526562> dct:creator ex:eliot .
"""


def foreign_engine(folder: Path, more: str = "") -> InProcessEngine:
    """An engine over the books, and over some more Turtle, in a new store of a folder."""
    folder.mkdir(exist_ok=True)
    store = Store(str(folder / "store"))
    store.load(BOOKS + more, format=RdfFormat.TURTLE)
    store.flush()
    del store
    return InProcessEngine(EmbeddedStore(folder / "store"))


def many(count: int) -> str:
    """Turtle of so many novels by one author."""
    return "".join(
        f'ex:n{n:03} a ex:Novel ; dct:title "Tale {n:03}" ; dct:creator ex:eliot .\n'
        for n in range(count)
    )


class Changing(InProcessEngine):
    """An engine whose data change, as those of a writable dataset do."""

    def turn_to(self, other: InProcessEngine, name: str) -> None:
        """Answer from another store from now on."""
        self._store = other._store
        self.generation = Generation(name, self.generation.modified + 1)
