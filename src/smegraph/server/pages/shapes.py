"""The shapes as a document: which sheets there are, with which columns, and what each may hold."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, parse

from smegraph.namespaces import DCTERMS, PREFIXES, RDF, RDFS, SH, SHAPES, SHEET
from smegraph.ontology.errors import OntologyError
from smegraph.ontology.locate import ontology_dir
from smegraph.release_files import SHAPES as SHAPES_FILE
from smegraph.server.pages.expressions import Term
from smegraph.server.pages.iris import DATASET, SHAPES_DOCUMENT, plain_name
from smegraph.server.pages.things import Named, named

FILE: Final = SHAPES_FILE
TITLE: Final = "The shapes of smegraph: its sheets, their columns, and what is checked"

_NIL: Final = RDF + "nil"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a sheet: the properties that it fills, and what it may hold."""

    name: str
    anchor: str
    path: tuple[Named, ...]
    holds: tuple[Named, ...]
    is_required: bool
    is_single: bool


@dataclass(frozen=True, slots=True)
class Shape:
    """A node shape, which is a sheet where it has the name of one."""

    anchor: str
    label: str
    comment: str
    sheet: str
    targets: tuple[Named, ...]
    columns: tuple[Column, ...]


def read_shapes(release: Path) -> list[Triple]:
    """Return the shapes of a release; where it holds none, those that came with smegraph.

    Raises OntologyError where there are none either, OSError and SyntaxError for a broken file.
    """
    own = release / FILE
    if own.is_file():
        return _parsed([own])
    files = sorted((ontology_dir() / "shapes").glob("*.ttl"))
    if not files:
        raise OntologyError("There is no folder `shapes` with Turtle files in the ontology.")
    return _parsed(files)


def with_header(triples: Iterable[Triple], version: str, license: str) -> list[Triple]:
    """Return shapes with what their document says of itself."""
    document, dataset = NamedNode(SHAPES_DOCUMENT), NamedNode(DATASET)
    said: dict[str, NamedNode | Literal] = {
        RDF + "type": NamedNode(PREFIXES["foaf"] + "Document"),
        DCTERMS + "title": Literal(TITLE),
        DCTERMS + "isPartOf": dataset,
        PREFIXES["owl"] + "versionInfo": Literal(version),
    }
    if license:
        said[DCTERMS + "license"] = NamedNode(license)
    header = [Triple(document, NamedNode(property), value) for property, value in said.items()]
    return [*header, *triples]


def _parsed(files: Sequence[Path]) -> list[Triple]:
    return [quad.triple for file in files for quad in parse(path=file, format=RdfFormat.TURTLE)]


class ShapesText:
    """Shapes that are read, as their page shows them."""

    def __init__(self, triples: Iterable[Triple], name: Callable[[str], Named] = named) -> None:
        """Take the shapes, and what names a term of the ontology."""
        self._name = name
        self._facts: dict[Term, dict[str, list[Term]]] = {}
        for triple in triples:
            about = self._facts.setdefault(triple.subject, {})
            about.setdefault(triple.predicate.value, []).append(triple.object)

    def shapes(self) -> list[Shape]:
        """Return the node shapes by label."""
        kind = NamedNode(SH + "NodeShape")
        found = [
            self._shape(term, about)
            for term, about in self._facts.items()
            if isinstance(term, NamedNode) and kind in about.get(RDF + "type", ())
        ]
        return sorted(found, key=lambda shape: (not shape.sheet, shape.label.casefold()))

    def _shape(self, term: NamedNode, about: dict[str, list[Term]]) -> Shape:
        columns = [self._column(found) for found in about.get(SH + "property", ())]
        columns.sort(key=lambda column: (column[0], column[1].name))
        return Shape(
            anchor=term.value.removeprefix(SHAPES),
            label=_text(about, RDFS + "label") or plain_name(term.value),
            comment=_text(about, RDFS + "comment"),
            sheet=_text(about, SHEET + "name"),
            targets=tuple(self._named(about, SH + "targetClass")),
            columns=tuple(column for _, column in columns),
        )

    def _column(self, term: Term) -> tuple[float, Column]:
        about = self._facts.get(term, {})
        order = _text(about, SH + "order")
        column = Column(
            name=_text(about, SH + "name"),
            anchor=term.value.removeprefix(SHAPES) if isinstance(term, NamedNode) else "",
            path=tuple(self._steps(about.get(SH + "path", ()))),
            holds=tuple(self._named(about, SH + "class", SH + "datatype")),
            is_required=_text(about, SH + "minCount") not in ("", "0"),
            is_single=_text(about, SH + "maxCount") == "1",
        )
        return float(order or "inf"), column

    def _named(self, about: dict[str, list[Term]], *properties: str) -> Iterator[Named]:
        for property in properties:
            for value in about.get(property, ()):
                if isinstance(value, NamedNode):
                    yield self._name(value.value)

    def _steps(self, paths: Iterable[Term]) -> Iterator[Named]:
        """Yield the properties of a path: one, those of a sequence, or the one of an inverse."""
        for path in paths:
            if isinstance(path, NamedNode):
                yield self._name(path.value)
            elif isinstance(path, BlankNode):
                about = self._facts.get(path, {})
                yield from self._steps(about.get(SH + "inversePath", ()))
                yield from self._steps(about.get(RDF + "first", ()))
                rest = about.get(RDF + "rest", ())
                yield from self._steps(one for one in rest if one != NamedNode(_NIL))


def _text(about: dict[str, list[Term]], property: str) -> str:
    return min((one.value for one in about.get(property, ()) if isinstance(one, Literal)),
               default="")  # fmt: skip
