"""OBO files: labels, synonyms, definitions and hierarchy of an ontology in OBO format 1.4."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from smegraph.links.errors import TargetError
from smegraph.links.target import Label, Role, Target
from smegraph.namespaces import namespace_of

_PURL: Final = "http://purl.obolibrary.org/obo/"
_ROLES: Final[dict[str, Role]] = {"EXACT": "other"}


def read_obo(path: Path) -> Target:
    """Return what an OBO file holds.

    Raises:
        TargetError: it cannot be read, or the reader of OBO is not installed.
    """
    try:
        import fastobo
    except ImportError as error:
        message = f'{path} is OBO: `pip install "smegraph[obo]"` installs what reads it.'
        raise TargetError(message) from error
    try:
        document = fastobo.load(str(path))
    except (SyntaxError, ValueError, OSError) as error:
        raise TargetError(f"{path} is no OBO 1.4: {' '.join(str(error).split())}") from error
    found = Target(path.name)
    for frame in document:
        _take(found, frame, iri_of(str(frame.id)))
        if type(frame).__name__ == "TypedefFrame":
            found.properties.add(iri_of(str(frame.id)))
    found.iris = set(found.labels)
    found.schemes = {namespace_of(iri) for iri in found.iris}
    return found


def _take(found: Target, frame: Any, iri: str) -> None:
    """Take what the clauses of a term say."""
    for clause in frame:
        tag = clause.raw_tag()
        if tag == "name":
            found.labels[iri].append(Label(clause.name, "preferred"))
        elif tag == "synonym":
            role = _ROLES.get(clause.synonym.scope, "loose")
            found.labels[iri].append(Label(clause.synonym.desc, role))
        elif tag == "def":
            found.texts[iri].append(clause.definition)
        elif tag == "is_a":
            found.above[iri].add(iri_of(clause.raw_value()))
        elif tag == "is_obsolete" and clause.obsolete:
            found.former.add(iri)


def iri_of(name: str) -> str:
    """Return the IRI of an identifier (OBO Flat File Format 1.4, section 5.9.2).

    >>> iri_of("ECO:0000001"), iri_of("http://example.org/a")
    ('http://purl.obolibrary.org/obo/ECO_0000001', 'http://example.org/a')
    """
    if name.startswith(("http://", "https://")):
        return name
    return _PURL + name.split(" ")[0].replace(":", "_", 1)
