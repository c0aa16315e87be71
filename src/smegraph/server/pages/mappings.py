"""The rows of a set of links: what leads to what, and how somebody came to it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pyoxigraph import Literal, NamedNode, Triple

from smegraph.links.model import Link, MappingSet
from smegraph.links.slots import MATCHES
from smegraph.links.sssom import ENDING, read_sssom
from smegraph.links.turtle import read_turtle
from smegraph.namespaces import OWL, PREFIXES, RDF, RDFS, VOC, XSD, shorten
from smegraph.release_files import MAPPINGS as FOLDER
from smegraph.server.engine.engine import Engine
from smegraph.server.http.problems import HttpProblem
from smegraph.server.pages.asking import ask, load_query, on, record
from smegraph.server.pages.iris import MAPPINGS, property_name
from smegraph.server.pages.things import Named, named

LINKS: Final = load_query("links")
ROWS: Final = 200  # on one page, in each form

_SSSOM, _SEMAPV = PREFIXES["sssom"], PREFIXES["semapv"]
_READERS: Final = {ENDING: read_sssom, ".ttl": read_turtle}
_BETWEEN: Final = re.compile(r"(?<=[a-z])(?=[A-Z])")
_NOT_IN_ANCHOR: Final = re.compile(r"[^\w.~-]+")


@record
class LinkRow:
    """A row of `links.rq`."""

    subject: str
    predicate: str
    object: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One link.

    Attributes:
        anchor: names the row within the document on its set.
        subject: ours.
        predicate: the property.
        object: theirs.
        is_denied: whether somebody found that the two are not so related.
        how: the kind of reason (semapv), in words; empty where a rule made the link.
        justification: its IRI, or nothing.
        by: who says so.
        day: when, as YYYY-MM-DD.
        confidence: from 0 to 1, as the file has it.
        comment: how it was verified.
    """

    anchor: str
    subject: Named
    predicate: Named
    object: Named
    is_denied: bool = False
    how: str = ""
    justification: str = ""
    by: str = ""
    day: str = ""
    confidence: str = ""
    comment: str = ""


@dataclass(frozen=True, slots=True)
class RowsPage:
    """One page of the rows of a set; pages are counted from 1."""

    rows: tuple[Row, ...]
    count: int
    number: int
    pages: int


# Decision 089: docs/decisions/089-rows-and-problems.md
async def ask_rows(engine: Engine, release: Path, iri: str) -> list[Row]:
    """Return the rows of a set: those of its file in the release, else those of its rule.

    Raises OSError where the file cannot be read.
    """
    found = _file_of(release, iri)
    if found is not None:
        return [_row(link, found) for link in found.links if link.is_whole]
    try:
        query = on(LINKS, set=iri)
    except ValueError:
        return []
    return [
        Row(_anchor(one.subject, one.predicate, one.object), named(one.subject, one.label),
            Named(one.predicate, property_name(one.predicate)), _theirs(one.object))
        for one in await ask(engine, query, LinkRow)
    ]  # fmt: skip


def page_of(rows: Sequence[Row], asked: str | None) -> RowsPage:
    """Return the page of the rows that a request asks for, the first where it names none.

    Raises HttpProblem `not-found` for a page that there is not.
    """
    pages = max(1, -(-len(rows) // ROWS))
    number = int(asked) if asked and asked.isascii() and asked.isdigit() else 1 if not asked else 0
    if not 1 <= number <= pages:
        raise HttpProblem("not-found", f"This set has pages 1 to {pages}; {asked} is none of them.")
    first = (number - 1) * ROWS
    return RowsPage(tuple(rows[first : first + ROWS]), len(rows), number, pages)


def row_triples(iri: str, rows: Iterable[Row]) -> Iterator[Triple]:
    """Yield rows in RDF: each link as a statement, and as an axiom with what SSSOM says of it.

    A `skos:*Match` is stated of concepts only, as it makes a concept of what has it.
    """
    mappings = NamedNode(iri)
    yield Triple(mappings, NamedNode(RDF + "type"), NamedNode(_SSSOM + "MappingSet"))
    for row in rows:
        node = NamedNode(f"{iri}#{row.anchor}")
        subject, predicate, other = (
            NamedNode(one.iri) for one in (row.subject, row.predicate, row.object)
        )
        is_of_concepts = row.subject.iri.startswith(VOC) or row.predicate.iri not in MATCHES
        if is_of_concepts and not row.is_denied:
            yield Triple(subject, predicate, other)
        yield Triple(mappings, NamedNode(_SSSOM + "mappings"), node)
        yield Triple(node, NamedNode(RDF + "type"), NamedNode(OWL + "Axiom"))
        yield Triple(node, NamedNode(OWL + "annotatedSource"), subject)
        yield Triple(node, NamedNode(OWL + "annotatedProperty"), predicate)
        yield Triple(node, NamedNode(OWL + "annotatedTarget"), other)
        yield from _verified(node, row)


def _verified(node: NamedNode, row: Row) -> Iterator[Triple]:
    """Yield how a row was verified."""
    if row.justification:
        justification = NamedNode(row.justification)
        yield Triple(node, NamedNode(_SSSOM + "mapping_justification"), justification)
    texts: dict[str, Literal] = {}
    if row.is_denied:
        texts[_SSSOM + "predicate_modifier"] = Literal("Not")
    if row.by:
        texts[_SSSOM + "author_label"] = Literal(row.by)
    if row.day:
        texts[_SSSOM + "mapping_date"] = Literal(row.day, datatype=NamedNode(XSD + "date"))
    if row.confidence:
        number = Literal(row.confidence, datatype=NamedNode(XSD + "decimal"))
        texts[_SSSOM + "confidence"] = number
    if row.comment:
        texts[RDFS + "comment"] = Literal(row.comment)
    yield from (Triple(node, NamedNode(property), text) for property, text in texts.items())


def _file_of(release: Path, iri: str) -> MappingSet | None:
    """Return the file of a set in a release, read; None where there is none."""
    name = iri.removeprefix(MAPPINGS)
    if "/" in name or name.startswith("."):
        return None
    for ending, read in _READERS.items():
        path = release / FOLDER / f"{name}{ending}"
        if path.is_file():
            return read(path, path.name)
    return None


def _row(link: Link, of: MappingSet) -> Row:
    cells = link.cells
    justification = cells.get("mapping_justification", "")
    name = justification.rpartition(":")[2]
    return Row(
        anchor=_anchor(link.subject, link.predicate, link.object),
        subject=named(link.subject, cells.get("subject_label", "")),
        predicate=Named(link.predicate, property_name(link.predicate)),
        object=_theirs(link.object, cells.get("object_label") or cells.get("object_id", "")),
        is_denied=link.is_denied,
        how=_BETWEEN.sub(" ", name).lower(),
        justification=_SEMAPV + name if name else "",
        by=cells.get("reviewer_label") or cells.get("author_label") or of.value("creator_label"),
        day=cells.get("review_date") or cells.get("mapping_date") or of.value("mapping_date"),
        confidence=cells.get("confidence", ""),
        comment=cells.get("comment", ""),
    )


def _theirs(iri: str, label: str = "") -> Named:
    return named(iri, label or shorten(iri).removeprefix("<").removesuffix(">"))


def _anchor(*iris: str) -> str:
    """Return a name for a row: what stands last in each of its IRIs.

    >>> _anchor("https://w3id.org/smegraph/vocab/brewing", "urn:x#exactMatch", "http://a/11/")
    'brewing.exactMatch.11'
    """
    names = (re.split(r"[/#]", iri.rstrip("/#"))[-1] for iri in iris)
    return ".".join(_NOT_IN_ANCHOR.sub("-", name) for name in names)
