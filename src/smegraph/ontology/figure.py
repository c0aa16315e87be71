"""The kinds of classes as one drawing (SVG), made from the ontology itself.

In the middle are the facts, beside them the two kinds of concepts that they refer to, each with all
the classes below it, and between them the properties that lead from one to the other.
"""

from __future__ import annotations

import textwrap
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pyoxigraph as ox

from smegraph.namespaces import OWL, RDFS, SKOS, SME, shorten
from smegraph.ontology.errors import OntologyError
from smegraph.ontology.ontology import MODULES, Ontology
from smegraph.ontology.terms import FACT

_WIDTH, _MARGIN = 1280, 40
_SIDE, _MIDDLE, _GAP = 262, 388, 144  # widths of a card at the side, of that of facts, between them
_ROW, _LINE, _INDENT = 22, 20, 16
_PADDING, _TOP = 16, 116
_LEAD = "Facts state what a document reports. Categories sort it; findings relate constructs."
_STYLE = """
  svg { color-scheme: light dark;
    --ground: #fbfaf7; --panel: #fff; --ink: #1d2526; --quiet: #566365; --line: #d9dcd8;
    --left: #075f8f; --middle: #0b6b67; --right: #9a4f0b; }
  @media (prefers-color-scheme: dark) {
    svg { --ground: #14191b; --panel: #1b2224; --ink: #e7ebea; --quiet: #a3b0b1; --line: #364144;
      --left: #7cc4f2; --middle: #4cc0b8; --right: #f0a04b; }
  }
  text { fill: var(--ink); font: 15px system-ui, -apple-system, "Segoe UI", "Helvetica Neue",
    "DejaVu Sans", sans-serif; }
  .ground { fill: var(--ground); }
  .panel { fill: var(--panel); stroke: var(--line); }
  .title { font-size: 27px; font-weight: 700; letter-spacing: -.01em; }
  .name { font-size: 22px; font-weight: 700; }
  .strong { font-weight: 650; }
  .quiet { fill: var(--quiet); }
  .small { fill: var(--quiet); font-size: 13px; }
  .middle { text-anchor: middle; }
  .end { text-anchor: end; }
  .edge { stroke: var(--line); }
  .guide { stroke: var(--quiet); stroke-opacity: .55; fill: none; }
  .arrow { stroke: var(--middle); stroke-width: 2; fill: none; }
  .point { fill: var(--middle); }
  .left { fill: var(--left); } .centre { fill: var(--middle); } .right { fill: var(--right); }
"""


@dataclass(frozen=True)
class Kind:
    """A class at the top, with the classes below it.

    Attributes:
        iri: the class.
        below: every class below it with its depth, from 0, each under the class above it.
        properties: the labels of the properties that lead from facts to it.
    """

    iri: str
    below: tuple[tuple[int, str], ...]
    properties: tuple[str, ...]


@dataclass(frozen=True)
class Picture:
    """What is drawn.

    Attributes:
        facts: the facts.
        concepts: the kinds of concepts that facts refer to: what sorts them and what they relate.
        others: the other classes at the top.
        defined: the classes that are defined by what their members have in common.
    """

    facts: Kind
    concepts: tuple[Kind, ...]
    others: tuple[Kind, ...]
    defined: tuple[str, ...]


def read_kinds(ontology: Ontology) -> Picture:
    """Return the top classes of the ontology: facts, the kinds of concepts, and the others.

    Raises:
        OntologyError: there are no facts, or not two kinds of concepts.
    """
    declared = _own(ontology, "Class")
    defined = [iri for iri in declared if ontology.objects(iri, OWL + "equivalentClass")]
    tops = [iri for iri in declared if iri not in defined and not _above(ontology, iri)]
    kinds = {iri: _kind(ontology, iri, declared) for iri in tops}
    concepts = [iri for iri in tops if SKOS + "Concept" in ontology.superclasses(iri)]
    if FACT not in kinds or len(concepts) != 2:
        raise OntologyError(
            f"The figure shows {shorten(FACT)} between two kinds of concepts (classes below "
            f"skos:Concept); the ontology has {len(concepts)}"
            f"{'' if FACT in kinds else f' and no {shorten(FACT)}'}."
        )
    others = [iri for iri in tops if iri not in concepts and iri != FACT]
    return Picture(
        kinds[FACT],
        tuple(kinds[iri] for iri in concepts),
        tuple(kinds[iri] for iri in others),
        tuple(defined),
    )


def _own(ontology: Ontology, kind: str) -> list[str]:
    """Return what the modules declare in the project's namespace, by label."""
    declared = ox.NamedNode(OWL + kind)
    found = {
        triple.subject.value
        for triple in ontology.triples(MODULES)
        if triple.object == declared and isinstance(triple.subject, ox.NamedNode)
    }
    own = (iri for iri in found if iri.startswith(SME))
    return sorted(own, key=lambda iri: (ontology.label(iri), iri))


def _above(ontology: Ontology, iri: str) -> list[str]:
    found = ontology.objects(iri, RDFS + "subClassOf")
    return [c.value for c in found if isinstance(c, ox.NamedNode) and c.value.startswith(SME)]


def _kind(ontology: Ontology, iri: str, declared: Sequence[str]) -> Kind:
    seen = set[str]()  # a class below two others stands under the first

    def below(parent: str, depth: int) -> Iterator[tuple[int, str]]:
        for child in declared:
            if child not in seen and parent in _above(ontology, child):
                seen.add(child)
                yield depth, child
                yield from below(child, depth + 1)

    properties = (
        ontology.label(found)
        for found in _own(ontology, "ObjectProperty")
        if _leads(ontology, found, "domain", FACT) and _leads(ontology, found, "range", iri)
    )
    return Kind(iri, tuple(below(iri, 0)), tuple(sorted(properties)))


def _leads(ontology: Ontology, iri: str, end: str, top: str) -> bool:
    class_ = ontology.value(iri, RDFS + end)
    return isinstance(class_, ox.NamedNode) and top in ontology.superclasses(class_.value)


def draw(ontology: Ontology) -> str:
    """Return the drawing as SVG; the same ontology gives the same bytes.

    Raises:
        OntologyError: as `read_kinds`.
    """
    return _Drawing(ontology, read_kinds(ontology)).finish()


@dataclass(frozen=True)
class _Column:
    """Where a kind stands: its left edge, its width, and in how many columns its classes are."""

    kind: Kind
    colour: str
    x: int
    width: int
    parts: int = 1


class _Drawing:
    """A drawing in the making: elements are added from the top to the bottom."""

    def __init__(self, ontology: Ontology, picture: Picture) -> None:
        self._ontology, self._picture = ontology, picture
        self._svg = ET.Element("svg", {"xmlns": "http://www.w3.org/2000/svg", "role": "img"})
        left, right = picture.concepts
        self._columns = (
            _Column(left, "left", _MARGIN, _SIDE),
            _Column(picture.facts, "centre", _MARGIN + _SIDE + _GAP, _MIDDLE, 2),
            _Column(right, "right", _WIDTH - _MARGIN - _SIDE, _SIDE),
        )

    def finish(self) -> str:
        """Draw everything and return the text of the file."""
        ground = self._head()
        below = self._cards() + 34
        ends = [self._classes(column, below) for column in self._columns]
        height = self._note(self._others(max(ends) + 14))
        ground.set("height", str(height))
        self._svg.attrib |= {
            "width": str(_WIDTH), "height": str(height), "viewBox": f"0 0 {_WIDTH} {height}",
            "aria-labelledby": "figure-title figure-description",
        }  # fmt: skip
        ET.indent(self._svg)
        return ET.tostring(self._svg, encoding="unicode") + "\n"

    def _head(self) -> ET.Element:
        """Write title, description and style; return the ground, whose height is not known yet."""
        kinds = (self._picture.facts, *self._picture.concepts)
        names = [self._ontology.label(kind.iri) for kind in kinds]
        said = "; ".join(
            f"{len(kind.below)} classes below {name}: "
            + ", ".join(self._ontology.label(iri) for _, iri in kind.below)
            for kind, name in zip(kinds, names, strict=True)
        )
        title = f"The three kinds of classes: {names[0]}, {names[1]} and {names[2]}"
        self._add("title", {"id": "figure-title"}).text = title
        self._add("desc", {"id": "figure-description"}).text = f"{said}."
        self._add("style").text = _STYLE
        ground = self._add("rect", {"class": "ground", "width": str(_WIDTH), "rx": "12"})
        self._text(_MARGIN, 62, title, "title")
        self._text(_MARGIN, 92, _LEAD, "quiet")
        return ground

    def _cards(self) -> int:
        """Draw what the three kinds are, and arrows between them; return the end."""
        texts = [self._about(column) for column in self._columns]
        height = 78 + _LINE * max(len(first) + len(second) for first, second in texts)
        for column, text in zip(self._columns, texts, strict=True):
            self._card(column, height, text)
        left, middle, right = self._columns
        self._arrow(left.kind.properties, middle.x, -1)
        self._arrow(right.kind.properties, middle.x + middle.width, 1)
        return _TOP + height

    def _about(self, column: _Column) -> tuple[list[str], list[str]]:
        """Return definition and example of a kind, broken into lines."""
        letters = (column.width - 2 * _PADDING) // 8
        definition = self._ontology.definition(column.kind.iri) or ""
        example = f"Example: {self._ontology.example(column.kind.iri) or 'none'}"
        return textwrap.wrap(definition, letters), textwrap.wrap(example, letters)

    def _card(self, column: _Column, height: int, texts: tuple[list[str], list[str]]) -> None:
        place = {"x": str(column.x), "y": str(_TOP), "width": str(column.width)}
        self._add("rect", {**place, "height": str(height), "rx": "8", "class": "panel"})
        self._add("rect", {**place, "height": "5", "rx": "2", "class": column.colour})
        left, right = column.x + _PADDING, column.x + column.width - _PADDING
        name = self._ontology.label(column.kind.iri).capitalize()
        self._text(left, _TOP + 36, name, f"name {column.colour}")
        self._text(right, _TOP + 36, f"{len(column.kind.below)} classes", "quiet end")
        definition, example = texts
        end = self._lines(left, _TOP + 64, definition)
        self._lines(left, end + 6, example, "quiet")

    def _arrow(self, labels: Sequence[str], start: int, way: int) -> None:
        """Draw an arrow from the facts over a gap, with the properties that it stands for."""
        y, end, middle = _TOP + 40, start + way * _GAP, start + way * _GAP // 2
        self._text(middle, y - 12, f"{len(labels)} properties", "small strong middle")
        self._add("path", {"class": "arrow", "d": f"M{start} {y}H{end - way * 10}"})
        self._add("path", {"class": "point", "d": f"M{end - way * 2} {y}l{-way * 10} -6v12z"})
        for number, label in enumerate(labels):
            self._text(middle, y + 26 + number * 18, label, "small middle")

    def _classes(self, column: _Column, y: int) -> int:
        """List the classes below a kind; return the end."""
        width = (column.width - _PADDING) // column.parts
        length = -(-len(column.kind.below) // column.parts)
        for part in range(column.parts):
            rows = column.kind.below[part * length : (part + 1) * length]
            self._tree(rows, column.x + _PADDING + part * width, y)
        return y + length * _ROW

    def _tree(self, rows: Sequence[tuple[int, str]], x: int, y: int) -> None:
        """List classes, each set in under the one above it."""
        for number, (depth, iri) in enumerate(rows):
            left, base = x + depth * _INDENT, y + number * _ROW
            if depth:
                self._add("path", {"class": "guide", "d": f"M{left - 11} {base - 17}v12h7"})
            self._class(left, base, iri, self._ontology.label(iri))

    def _class(self, x: int, y: int, iri: str, name: str, style: str = "") -> None:
        """Write the name of a class; its definition shows when one points at it."""
        group = self._add("g")
        ET.SubElement(group, "title").text = self._ontology.definition(iri)
        self._text(x, y, name, style, group)

    def _others(self, y: int) -> int:
        """Name the classes beside the three kinds, below a line; return the end."""
        others = self._picture.others
        self._add("path", {"class": "edge", "d": f"M{_MARGIN} {y}H{_WIDTH - _MARGIN}"})
        self._text(_MARGIN, y + 34, "Beside them: the things that facts tell of", "quiet")
        for number, kind in enumerate(others):
            x = _MARGIN + number * (_WIDTH - 2 * _MARGIN) // len(others)
            name = self._ontology.label(kind.iri).capitalize()
            self._class(x, y + 64, kind.iri, name, "strong")
            self._tree(kind.below, x, y + 64 + _ROW)
        return y + 64 + _ROW * (1 + max((len(kind.below) for kind in others), default=0))

    def _note(self, y: int) -> int:
        """Say how many classes are not shown; return the end of the drawing."""
        defined = self._picture.defined
        if not defined:
            return y + 14
        names = ", ".join(self._ontology.label(iri) for iri in defined[:3])
        text = (
            f"{len(defined)} more classes are defined by what their members have in common "
            f"({names} …); the reasoner finds the members."
        )
        return self._lines(_MARGIN, y + 12, textwrap.wrap(text, 150), "quiet") + 14

    def _lines(self, x: int, y: int, lines: Sequence[str], style: str = "") -> int:
        """Write lines one below the other; return where the next one would stand."""
        for number, line in enumerate(lines):
            self._text(x, y + number * _LINE, line, style)
        return y + len(lines) * _LINE

    def _text(
        self, x: int, y: int, text: str, style: str = "", parent: ET.Element | None = None
    ) -> None:
        place = {"x": str(x), "y": str(y)} | ({"class": style} if style else {})
        self._add("text", place, parent).text = text

    def _add(
        self,
        name: str,
        attributes: dict[str, str] | None = None,
        parent: ET.Element | None = None,
    ) -> ET.Element:
        return ET.SubElement(self._svg if parent is None else parent, name, attributes or {})
