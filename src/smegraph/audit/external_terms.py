"""Terms in the namespaces of others: whether they are known to be there.

The terms are pinned, as nothing is fetched: rdflib brings whole namespaces, and what it lacks
stands in `ontology/audit/external-terms.txt`.
"""

from __future__ import annotations

from collections.abc import Iterator

import pyoxigraph as ox

from smegraph.audit.findings import Check, Hit
from smegraph.audit.inputs import AuditInputs, EngineCheck
from smegraph.audit.queries import EXTERNAL_FILE, FOLDER
from smegraph.namespaces import BASE, RDF
from smegraph.ontology.ontology import MODULES, SHAPES, VOCABULARY


def _unknown_terms(check: Check, inputs: AuditInputs) -> Iterator[Hit]:
    """Yield terms in namespaces of others that those do not have (or that nobody looked up)."""
    known = _pinned(inputs)
    for triple in inputs.ontology.triples(MODULES, VOCABULARY, SHAPES):
        terms = [triple.predicate]
        if triple.predicate.value == RDF + "type" or _is_declared(triple):
            terms += [t for t in (triple.subject, triple.object) if isinstance(t, ox.NamedNode)]
        for term in terms:
            namespace = term.value[: max(term.value.rfind("#"), term.value.rfind("/")) + 1]
            if namespace in known and term.value not in known[namespace]:
                yield Hit(term, "unknown there")
            elif namespace not in known and not namespace.startswith(BASE):
                yield Hit(term, "a namespace that nobody looked up")


def _is_declared(triple: ox.Triple) -> bool:
    name = triple.predicate.value.rsplit("#", 1)[-1]
    return name in ("subClassOf", "subPropertyOf", "domain", "range", "class", "path", "datatype")


# Decision 015: docs/decisions/015-pinned-terms.md
def _pinned(inputs: AuditInputs) -> dict[str, set[str]]:
    """Return the terms by namespace: rdflib's closed ones, and those of the text file."""
    from rdflib import namespace as spaces
    from rdflib.namespace import DefinedNamespace

    known: dict[str, set[str]] = {}
    for space in vars(spaces).values():
        if isinstance(space, type(DefinedNamespace)) and space is not DefinedNamespace:
            extra = (f"{space}{name}" for name in getattr(space, "_extras", ()))
            known.setdefault(str(space), set()).update((*map(str, dir(space)), *extra))
    path = inputs.ontology.folder / FOLDER / EXTERNAL_FILE
    for line in path.read_text(encoding="utf-8").splitlines() if path.is_file() else ():
        term = line.strip()
        if term and not term.startswith("#"):
            namespace = term[: max(term.rfind("#"), term.rfind("/")) + 1]
            known.setdefault(namespace, set()).add(term)
    return known


ONTOLOGY_CHECKS = (
    EngineCheck(
        Check(
            "oops/P40-namespace-hijacking",
            "A term in another's namespace that is not known to be there",
            "error",
            "OOPS! catalogue of pitfalls, P40 (critical)",
            f"Correct the name, or look the term up and add its IRI to audit/{EXTERNAL_FILE}.",
        ),
        _unknown_terms,
    ),
)
