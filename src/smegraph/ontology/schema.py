"""Node shapes read as sheets: which columns a sheet has and what a cell of each may hold.

A sheet is a SHACL node shape that carries `sheet:name`; its columns are the shape's property
shapes, with those of the shapes that it includes by `sh:node`, in `sh:order` and headed by
`sh:name` (SHACL, sections 2.3 and 4; `ontology/sheet.ttl` describes the `sheet:` terms).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cached_property
from typing import NamedTuple

import pyoxigraph as ox

from smegraph.namespaces import ID, RDF, RDFS, SH, SHEET, XSD
from smegraph.ontology.errors import OntologyError
from smegraph.ontology.ontology import SHAPES, Ontology, Term, local_name
from smegraph.ontology.terms import FACT, IDENTIFIER, LABEL, REPORTED_IN, TYPE

STUDY, REFERENCE = "Study", "Reference"
ACCEPTS = ("GroupedNumber", "DecimalComma", "Percent", "DayMonthYear")


@dataclass(frozen=True)
class Column:
    """A property shape: one column of a sheet.

    `path` tells columns apart: the property, or the two of a sequence path (SHACL, section
    2.3.1.2) with a space between. With two, a cell speaks of the node that the column of the
    property `via` names, not of the row's own.

    `options` holds the allowed values of `sh:in`: literals by their text, classes by their
    label, each with the term that a cell stands for. `former` are the names that it had.
    `moved_from` are the sheets and columns from whose values rows of the sheet were made, and
    `when_moved` is what the column says in such a row. `of_mention` says that, in the sheet of
    things that are no facts, a cell speaks of the mention of the thing in the document.
    """

    name: str
    path: str
    description: str
    example: str
    order: Decimal
    datatype: str | None
    class_: str | None
    language: str | None
    options: dict[str, Term]
    required: bool
    single: bool
    expected: bool
    pattern: str | None
    minimum: Decimal | None
    maximum: Decimal | None
    less_than: str | None
    less_than_or_equals: str | None
    accepts: frozenset[str]
    former: frozenset[str] = frozenset()
    moved_from: frozenset[tuple[str, str]] = frozenset()
    when_moved: str | None = None
    of_mention: bool = False
    iri_name: str | None = None

    @property
    def predicate(self) -> str:
        """The property that a cell gives."""
        return self.path.rsplit(" ", 1)[-1]

    # Decision 003: docs/decisions/003-classes-follow-the-studies.md
    @property
    def via(self) -> str | None:
        """The property of the column that names the node of which a cell speaks."""
        first, _, second = self.path.partition(" ")
        return first if second else None

    @property
    def is_reference(self) -> bool:
        """Whether a cell names another node rather than holding a value."""
        return self.datatype is None and not self.options

    @cached_property
    def matcher(self) -> re.Pattern[str] | None:
        """The compiled `sh:pattern`."""
        return re.compile(self.pattern) if self.pattern else None


class Moved(NamedTuple):
    """Where the values of a column went that a sheet had: a row for each, under another head."""

    sheet: str
    column: str


@dataclass(frozen=True)
class Sheet:
    """A node shape: one sheet.

    `moved` are the columns that it had and that are rows of other sheets now, by their heads.
    """

    name: str
    title: str
    comment: str
    class_: str
    order: Decimal
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    iri_base: str | None
    label_template: str | None
    scopes: frozenset[str]
    is_record: bool
    all_different: bool
    is_fact: bool
    former: frozenset[str] = frozenset()
    moved: Mapping[str, Moved] = field(default_factory=dict)
    iri_name: str | None = None

    @cached_property
    def by_name(self) -> dict[str, Column]:
        """The columns by their heads."""
        return {column.name: column for column in self.columns}

    @cached_property
    def renamed(self) -> dict[str, Column]:
        """The columns by the heads that they had."""
        return {name: column for column in self.columns for name in column.former}

    @cached_property
    def by_path(self) -> dict[str, Column]:
        """The columns by their properties."""
        return {column.path: column for column in self.columns}

    def column(self, path: str) -> Column | None:
        """Return the column of a property, or None."""
        return self.by_path.get(path)

    # Decision 001: docs/decisions/001-fact-iris.md
    def base(self, study: str) -> str:
        """Return what the IRIs of the sheet's rows begin with.

        A row that describes something beyond the study has an IRI without the study; a fact
        belongs to the study that reports it.
        """
        return self.iri_base or f"{ID}{self.iri_name or kebab(local_name(self.class_))}-{study}-"


def kebab(name: str) -> str:
    """`FirmObservation` as `firm-observation`."""
    return re.sub(r"(?<!^)(?=[A-Z])", "-", name).lower()


@dataclass(frozen=True)
class Schema:
    """All sheets of an ontology."""

    sheets: dict[str, Sheet]

    @classmethod
    def read(cls, ontology: Ontology) -> Schema:
        """Return the sheets of the ontology's shapes, in `sh:order`.

        Raises:
            OntologyError: a shape lacks what a sheet needs, or two sheets share a name.
        """
        sheets: dict[str, Sheet] = {}
        graph = ox.NamedNode(f"urn:{SHAPES}")
        named = ontology.store.quads_for_pattern(None, ox.NamedNode(SHEET + "name"), None, graph)
        for quad in named:
            if not isinstance(quad.subject, ox.NamedNode):
                raise OntologyError("A sheet must be a shape with an IRI of its own.")
            sheet = _sheet(ontology, quad.subject)
            if sheet.name in sheets:
                raise OntologyError(f'Two shapes are sheets with the name "{sheet.name}".')
            sheets[sheet.name] = sheet
        ordered = sorted(sheets.values(), key=lambda sheet: (sheet.order, sheet.name))
        return cls({s.name: replace(s, moved=_moved(s.name, ordered)) for s in ordered})

    @property
    def record(self) -> Sheet:
        """The sheet that is written as `study.yaml`.

        Raises:
            OntologyError: the shapes do not declare exactly one.
        """
        found = [sheet for sheet in self.sheets.values() if sheet.is_record]
        if len(found) != 1:
            raise OntologyError(f"One sheet must have sheet:form sheet:Record, not {len(found)}.")
        return found[0]

    @cached_property
    def renamed(self) -> dict[str, Sheet]:
        """The sheets by the names that they had."""
        return {name: sheet for sheet in self.sheets.values() for name in sheet.former}

    def tables(self, scope: str) -> list[Sheet]:
        """Return the CSV sheets that may stand in a study or in the reference data."""
        return [s for s in self.sheets.values() if scope in s.scopes and not s.is_record]


def _moved(name: str, sheets: Iterable[Sheet]) -> dict[str, Moved]:
    """Return where the columns went that a sheet had."""
    return {
        former: Moved(sheet.name, column.name)
        for sheet in sheets
        for column in sheet.columns
        for owner, former in column.moved_from
        if owner == name
    }


def _sheet(ontology: Ontology, shape: ox.NamedNode) -> Sheet:
    class_ = _iri(ontology.value(shape, SH + "targetClass"))
    if class_ is None:
        raise OntologyError(f"{shape} is a sheet without sh:targetClass.")
    columns = tuple(sorted(_columns(ontology, shape, set()), key=lambda c: (c.order, c.name)))
    is_fact = FACT in ontology.superclasses(class_)
    scopes = {local_name(term.value) for term in _nodes(ontology, shape, SHEET + "scope")}
    sheet = Sheet(
        name=_text(ontology, shape, SHEET + "name") or "",
        title=_text(ontology, shape, LABEL) or local_name(class_),
        comment=_text(ontology, shape, RDFS + "comment") or "",
        class_=class_,
        order=_number(ontology, shape, SH + "order") or Decimal(0),
        columns=columns,
        key=ontology.key(class_),
        iri_base=_text(ontology, shape, SHEET + "iriBase"),
        iri_name=_text(ontology, shape, SHEET + "iriName"),
        label_template=_text(ontology, shape, SHEET + "labelTemplate"),
        scopes=frozenset(scopes or {STUDY}),
        is_record=_iri(ontology.value(shape, SHEET + "form")) == SHEET + "Record",
        all_different=_text(ontology, shape, SHEET + "allDifferent") == "true",
        is_fact=is_fact,
        former=_former(ontology, shape),
    )
    _examine(sheet, shape)
    return sheet


def _examine(sheet: Sheet, shape: ox.NamedNode) -> None:
    """Refuse a sheet whose rows could not be told apart or whose columns clash."""
    if len(sheet.by_name) != len(sheet.columns):
        raise OntologyError(f"{shape} has two columns with one sh:name.")
    keyed = [path for path in sheet.key if path != REPORTED_IN]
    missing = [local_name(path) for path in keyed if path not in sheet.by_path]
    if IDENTIFIER not in sheet.by_path and (missing or not keyed):
        raise OntologyError(
            f"{shape} gives its rows no key: it needs a column for dcterms:identifier, or "
            f"columns for every property of owl:hasKey (missing: {', '.join(missing) or 'all'})."
        )
    for column in sheet.columns:
        _examine_via(sheet, column, shape)
    if clash := sheet.by_name.keys() & sheet.renamed.keys():
        raise OntologyError(f"{shape}: sheet:formerName is a column's name today: {sorted(clash)}.")
    names = set(re.findall(r"\{(.*?)\}", sheet.label_template or ""))
    if unknown := names - set(sheet.by_name):
        raise OntologyError(f"{shape}: sheet:labelTemplate names no column {sorted(unknown)}.")


def _examine_via(sheet: Sheet, column: Column, shape: ox.NamedNode) -> None:
    """Refuse a column that speaks of another node without one that names it, in every row, once."""
    if column.via is None:
        return
    first = sheet.by_path.get(column.via)
    if first is None or not (first.is_reference and first.required and first.single):
        raise OntologyError(
            f"{shape}: the path of {column.name} begins with {local_name(column.via)}, which "
            "must itself be a column that names exactly one node."
        )


def _columns(ontology: Ontology, shape: ox.NamedNode, seen: set[str]) -> list[Column]:
    columns = []
    wished: set[str | None] = set()
    for term in _nodes(ontology, shape, SH + "property"):
        if term.value not in seen:
            seen.add(term.value)
            column = _column(ontology, term)
            if column is not None:
                columns.append(column)
            elif _is_wish(ontology, term):
                wished.add(_iri(ontology.value(term, SH + "path")))
    columns = [replace(c, expected=True) if c.path in wished else c for c in columns]
    for included in _nodes(ontology, shape, SH + "node"):
        if isinstance(included, ox.NamedNode):
            columns.extend(_columns(ontology, included, seen))
    return columns


# Decision 006: docs/decisions/006-sheets-from-the-ontology.md
def _is_wish(ontology: Ontology, shape: ox.NamedNode | ox.BlankNode) -> bool:
    """Whether a shape only warns when a value is missing (`sh:severity sh:Warning`)."""
    warns = _iri(ontology.value(shape, SH + "severity")) == SH + "Warning"
    return warns and (_number(ontology, shape, SH + "minCount") or 0) > 0


def _column(ontology: Ontology, shape: ox.NamedNode | ox.BlankNode) -> Column | None:
    name, steps = _text(ontology, shape, SH + "name"), _steps(ontology, shape)
    if name is None or not steps:
        return None  # a constraint on a path or on a derived property, not a column
    if len(steps) > 2:
        raise OntologyError(f"{shape}: a column's sequence path has two steps, not {len(steps)}.")
    predicate = steps[-1]
    accepts = frozenset(local_name(n.value) for n in _nodes(ontology, shape, SHEET + "accepts"))
    if unknown := accepts - set(ACCEPTS):
        raise OntologyError(f"{shape}: sheet:accepts knows {ACCEPTS}, not {sorted(unknown)}.")
    datatype = _iri(ontology.value(shape, SH + "datatype"))
    if datatype is not None and datatype not in _KINDS:
        raise OntologyError(f"{shape}: a cell cannot be checked as {datatype}.")
    maximum = _number(ontology, shape, SH + "maxCount")
    return Column(
        name=name,
        path=" ".join(steps),
        description=_text(ontology, shape, SH + "description")
        or ontology.definition(predicate)
        or "",
        example=_text(ontology, shape, SHEET + "example") or ontology.example(predicate) or "",
        order=_number(ontology, shape, SH + "order") or Decimal(0),
        datatype=datatype,
        class_=_iri(ontology.value(shape, SH + "class")),
        language=_language(ontology, shape),
        options=_options(ontology, shape, predicate),
        required=(_number(ontology, shape, SH + "minCount") or 0) > 0,
        single=maximum == 1,
        expected=False,
        pattern=_text(ontology, shape, SH + "pattern"),
        minimum=_number(ontology, shape, SH + "minInclusive"),
        maximum=_number(ontology, shape, SH + "maxInclusive"),
        less_than=_iri(ontology.value(shape, SH + "lessThan")),
        less_than_or_equals=_iri(ontology.value(shape, SH + "lessThanOrEquals")),
        accepts=accepts,
        former=_former(ontology, shape),
        moved_from=_moved_from(ontology, shape),
        when_moved=_text(ontology, shape, SHEET + "valueWhenMoved"),
        of_mention=_text(ontology, shape, SHEET + "ofMention") == "true",
    )


def _former(ontology: Ontology, shape: ox.NamedNode | ox.BlankNode) -> frozenset[str]:
    names = ontology.objects(shape, SHEET + "formerName")
    return frozenset(name.value for name in names if isinstance(name, ox.Literal))


def _moved_from(
    ontology: Ontology, shape: ox.NamedNode | ox.BlankNode
) -> frozenset[tuple[str, str]]:
    found = set()
    for name in ontology.objects(shape, SHEET + "formerColumn"):
        assert not isinstance(name, ox.Triple)  # which Turtle has no way to write here
        owner, _, column = name.value.partition("/")
        if not (owner and column):
            raise OntologyError(f"{shape}: sheet:formerColumn is a sheet, a slash and a column.")
        found.add((owner, column))
    return frozenset(found)


def _steps(ontology: Ontology, shape: ox.NamedNode | ox.BlankNode) -> list[str]:
    """Return the properties of a predicate path or of a sequence path; none for other paths."""
    path = ontology.value(shape, SH + "path")
    if isinstance(path, ox.NamedNode):
        return [path.value]
    if not isinstance(path, ox.BlankNode) or ontology.value(path, RDF + "first") is None:
        return []
    steps = [_iri(step) for step in ontology.items(path)]
    return [step for step in steps if step is not None] if all(steps) else []


def _options(ontology: Ontology, shape: ox.NamedNode | ox.BlankNode, path: str) -> dict[str, Term]:
    head = ontology.value(shape, SH + "in")
    options: dict[str, Term] = {}
    for term in ontology.items(head) if head is not None else []:
        if isinstance(term, ox.NamedNode):
            if path == TYPE and not ontology.is_class(term.value):
                raise OntologyError(f"{shape} allows {term}, which the ontology does not declare.")
            options[ontology.label(term.value)] = term
        elif isinstance(term, ox.Literal):
            options[term.value] = term
    return options


def _language(ontology: Ontology, shape: ox.NamedNode | ox.BlankNode) -> str | None:
    head = ontology.value(shape, SH + "languageIn")
    languages = ontology.items(head) if head is not None else []
    return next((term.value for term in languages if isinstance(term, ox.Literal)), None)


def _nodes(
    ontology: Ontology, shape: ox.NamedNode | ox.BlankNode, predicate: str
) -> list[ox.NamedNode | ox.BlankNode]:
    found = ontology.objects(shape, predicate)
    return [term for term in found if isinstance(term, ox.NamedNode | ox.BlankNode)]


def _iri(term: Term | None) -> str | None:
    return term.value if isinstance(term, ox.NamedNode) else None


def _text(ontology: Ontology, shape: ox.NamedNode | ox.BlankNode, predicate: str) -> str | None:
    value = ontology.value(shape, predicate)
    return value.value if isinstance(value, ox.Literal) else None


def _number(
    ontology: Ontology, shape: ox.NamedNode | ox.BlankNode, predicate: str
) -> Decimal | None:
    value = ontology.value(shape, predicate)
    return Decimal(value.value) if isinstance(value, ox.Literal) else None


def value_kind(column: Column, ontology: Ontology) -> str:
    """Return what a cell of the column holds, in words for people."""
    if column.options:
        return "one of the allowed values"
    if column.class_:
        return f"name or key: {ontology.label(column.class_)}"
    if column.datatype is None:
        return "key of anything in the graph"
    return _KINDS.get(column.datatype, local_name(column.datatype))


_KINDS = {
    XSD + "string": "text",
    RDF + "langString": "text",
    XSD + "integer": "a whole number",
    XSD + "nonNegativeInteger": "a whole number from 0",
    XSD + "decimal": "a number",
    XSD + "boolean": "true or false",
    XSD + "dateTime": "a date and time such as 2018-05-14T13:00:00",
    XSD + "date": "a date such as 2018-05-14",
    XSD + "anyURI": "a web address",
}
