"""What a bibliography's fields mean, as `ontology/import/bibliography.ttl` tells.

The code knows roles (`sheet:role`), never terms: which class describes works, which property
holds a title, which fields of which format a property is read from.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import pyoxigraph as ox

from smegraph.namespaces import SHEET
from smegraph.ontology.errors import OntologyError
from smegraph.ontology.ontology import Ontology, local_name
from smegraph.ontology.schema import STUDY, Column, Schema, Sheet
from smegraph.ontology.terms import IDENTIFIER, LABEL

MAPPING = Path("import") / "bibliography.ttl"
WORKS, PERSONS, AUTHORSHIPS, REFERENCES = "Works", "Persons", "Authorships", "References"
SHEETS = (PERSONS, WORKS, AUTHORSHIPS, REFERENCES)  # what is referred to stands first
PROPERTIES = (
    "Author", "Coder", "Coders", "Doi", "Editors", "FamilyName", "GivenName", "Note", "Position",
    "Title", "Year",
)  # fmt: skip
FORMATS = ("bibtex", "ris", "csl")


@dataclass(repr=False)
class Mapping:
    """Fields of the formats and properties of the ontology.

    Attributes:
        sheets: the sheet of each of `SHEETS`.
        properties: the property of each of `PROPERTIES`.
        fields: for each format the names of the fields of each property, preferred ones first.
        concepts: for each format the label of the concept that a value stands for.
        always: the label of the concept that every row has for a property.
    """

    sheets: dict[str, Sheet]
    properties: dict[str, str]
    fields: dict[str, dict[str, list[str]]] = field(default_factory=dict)
    concepts: dict[str, dict[str, str]] = field(default_factory=dict)
    always: dict[str, str] = field(default_factory=dict)

    def column(self, sheet: str, path: str) -> Column | None:
        """Return the column of a property in one of the sheets, by the sheet's role."""
        return self.sheets[sheet].column(path)

    def wanted(self) -> dict[str, set[str]]:
        """Return the fields that something is read from, by format."""
        return {
            form: {name for names in fields.values() for name in names}
            for form, fields in self.fields.items()
        }

    def link(self, sheet: str, to: str) -> str:
        """Return the property with which the rows of a sheet refer to those of another."""
        class_ = self.sheets[to].class_
        return next(c.path for c in self.sheets[sheet].columns if c.class_ == class_)

    @classmethod
    def read(cls, ontology: Ontology, schema: Schema) -> Mapping:
        """Read the mapping that lies in the folder of an ontology.

        Raises:
            OntologyError: it is missing, is no Turtle, or leaves a role open.
        """
        graph = _load(ontology.folder / MAPPING)
        roles = _roles(graph)
        mapping = cls(_sheets(roles, schema), {name: roles[name] for name in PROPERTIES})
        columns = {c.path for sheet in schema.sheets.values() for c in sheet.columns}
        for form in FORMATS:
            fields, concepts = mapping.fields.setdefault(form, {}), {}
            for subject, names in _lists(graph, SHEET + form):
                if subject in columns:
                    fields[subject] = names
                else:
                    concepts.update({name.casefold(): ontology.label(subject) for name in names})
            mapping.concepts[form] = concepts
        for quad in graph.quads_for_pattern(None, ox.NamedNode(SHEET + "always"), None):
            if isinstance(quad.subject, ox.NamedNode) and isinstance(quad.object, ox.NamedNode):
                mapping.always[quad.subject.value] = ontology.label(quad.object.value)
        _examine(mapping)
        return mapping


def _load(path: Path) -> ox.Store:
    store = ox.Store()
    try:
        store.load(path=str(path), format=ox.RdfFormat.TURTLE)
    except SyntaxError as error:
        raise OntologyError(f"{path} is not Turtle: {error}") from error
    except OSError as error:
        raise OntologyError(f"{path} cannot be read: {error}") from error
    return store


def _roles(graph: ox.Store) -> dict[str, str]:
    """Return the term of each role."""
    roles: dict[str, str] = {}
    for quad in graph.quads_for_pattern(None, ox.NamedNode(SHEET + "role"), None):
        if isinstance(quad.subject, ox.NamedNode) and isinstance(quad.object, ox.NamedNode):
            role = local_name(quad.object.value)
            if role not in (*SHEETS, *PROPERTIES):
                raise OntologyError(f"{MAPPING}: there is no role sheet:{role}.")
            if role in roles:
                raise OntologyError(f"{MAPPING}: two terms have the role sheet:{role}.")
            roles[role] = quad.subject.value
    if missing := [role for role in (*SHEETS, *PROPERTIES) if role not in roles]:
        raise OntologyError(f"{MAPPING}: no term has the role sheet:{missing[0]}.")
    return roles


def _sheets(roles: dict[str, str], schema: Schema) -> dict[str, Sheet]:
    by_class = {sheet.class_: sheet for sheet in schema.tables(STUDY)}
    for role in SHEETS:
        if roles[role] not in by_class:
            raise OntologyError(f"{MAPPING}: no sheet of studies describes {roles[role]}.")
    return {role: by_class[roles[role]] for role in SHEETS}


def _lists(graph: ox.Store, predicate: str) -> list[tuple[str, list[str]]]:
    lists = Ontology(Path(), graph)
    found = graph.quads_for_pattern(None, ox.NamedNode(predicate), None)
    return sorted(
        (quad.subject.value, [item.value for item in lists.items(quad.object)
                              if isinstance(item, ox.Literal)])
        for quad in found
        if isinstance(quad.subject, ox.NamedNode)
    )  # fmt: skip


def _examine(mapping: Mapping) -> None:
    """Refuse a mapping with which rows could not be written."""
    for sheet, to in ((AUTHORSHIPS, WORKS), (AUTHORSHIPS, PERSONS), (REFERENCES, WORKS)):
        class_ = mapping.sheets[to].class_
        if not any(column.class_ == class_ for column in mapping.sheets[sheet].columns):
            raise OntologyError(f"{MAPPING}: {sheet} refer to no {to}.")
    for role in (WORKS, PERSONS):
        for path in (IDENTIFIER, LABEL):
            if mapping.column(role, path) is None:
                raise OntologyError(f"{MAPPING}: the sheet of {role} has no {local_name(path)}.")
