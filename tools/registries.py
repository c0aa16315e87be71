"""Write the entries for registries of ontologies anew, from what the ontology says of itself.

    python -m tools.registries [--check]

LOV takes the address, the prefix and a few words; BARTOC takes JSKOS, an entry for each concept
scheme; prefix.cc takes prefix and namespace. They lie in `deploy/registries/`, ready to be handed
in by a person.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import pyoxigraph as ox

from smegraph.namespaces import BASE, DCTERMS, ONTOLOGY, OWL, RDF, SKOS
from smegraph.ontology.ontology import VOCABULARY, Ontology

ROOT: Final = Path(__file__).resolve().parent.parent
FOLDER: Final = ROOT / "deploy" / "registries"
_VANN: Final = "http://purl.org/vocab/vann/"
_CONTEXT: Final = "https://gbv.github.io/jskos/context.json"
_KIND: Final = "http://w3id.org/nkos/nkostype#"
_LANGUAGE: Final = "en"


def entries(ontology: Ontology) -> dict[str, str]:
    """Return the text of each entry, by file name."""
    return {
        "bartoc.json": _json(bartoc(ontology)),
        "lov.json": _json(lov(ontology)),
        "prefix-cc.txt": prefix_cc(ontology),
    }


def lov(ontology: Ontology) -> dict[str, Any]:
    """Return what the form of Linked Open Vocabularies asks for (LOV, "Suggest a vocabulary")."""
    said = _said(ontology, ONTOLOGY)
    return {
        "uri": ONTOLOGY,
        "nsp": said(_VANN + "preferredNamespaceUri"),
        "prefix": said(_VANN + "preferredNamespacePrefix"),
        "title": said(DCTERMS + "title"),
        "description": said(DCTERMS + "description"),
        "language": _LANGUAGE,
        "creator": said(DCTERMS + "creator"),
        "publisher": said(DCTERMS + "publisher"),
        "license": said(DCTERMS + "license"),
        "issued": said(DCTERMS + "issued"),
        "version": said(OWL + "versionInfo"),
        "versionIRI": said(OWL + "versionIRI"),
    }


def bartoc(ontology: Ontology) -> list[dict[str, Any]]:
    """Return the ontology and each scheme of the vocabulary as JSKOS concept schemes (0.5)."""
    said = _said(ontology, ONTOLOGY)
    whole = {
        "@context": _CONTEXT,
        "uri": ONTOLOGY,
        "type": [SKOS + "ConceptScheme", _KIND + "ontology"],
        "prefLabel": {_LANGUAGE: said(DCTERMS + "title")},
        "definition": {_LANGUAGE: [said(DCTERMS + "description")]},
        "notation": [said(_VANN + "preferredNamespacePrefix")],
        "namespace": said(_VANN + "preferredNamespaceUri"),
        "languages": [_LANGUAGE],
        "created": said(DCTERMS + "created"),
        "issued": said(DCTERMS + "issued"),
        "publisher": [{"prefLabel": {_LANGUAGE: said(DCTERMS + "publisher")}}],
        "license": [{"uri": said(DCTERMS + "license")}],
        "url": ONTOLOGY,
        "subjectOf": [{"url": BASE}],
    }
    return [whole, *_schemes(ontology)]


def _schemes(ontology: Ontology) -> Iterator[dict[str, Any]]:
    kind, scheme = ox.NamedNode(RDF + "type"), ox.NamedNode(SKOS + "ConceptScheme")
    graph = ox.NamedNode(f"urn:{VOCABULARY}")
    found = ontology.store.quads_for_pattern(None, kind, scheme, graph)
    for iri in sorted(q.subject.value for q in found if isinstance(q.subject, ox.NamedNode)):
        said = _said(ontology, iri)
        yield {
            "@context": _CONTEXT,
            "uri": iri,
            "type": [SKOS + "ConceptScheme"],
            "prefLabel": {_LANGUAGE: said(SKOS + "prefLabel")},
            "definition": {_LANGUAGE: [said(DCTERMS + "description")]},
            "languages": [_LANGUAGE],
            "modified": said(DCTERMS + "modified"),
            "license": [{"uri": said(DCTERMS + "license")}],
            "url": iri,
            "partOf": [{"uri": ONTOLOGY}],
        }


def prefix_cc(ontology: Ontology) -> str:
    """Return prefix and namespace, as prefix.cc lists them in plain text."""
    said = _said(ontology, ONTOLOGY)
    namespace = said(_VANN + "preferredNamespaceUri")
    return f"{said(_VANN + 'preferredNamespacePrefix')}\t{namespace}\n"


def _said(ontology: Ontology, iri: str) -> Callable[[str], str]:
    """Return what tells a value of a thing, which registries need."""

    def said(predicate: str) -> str:
        value = ontology.value(iri, predicate)
        if not isinstance(value, ox.Literal | ox.NamedNode):
            raise SystemExit(f"<{iri}> has no <{predicate}>, which the registries ask for.")
        return value.value

    return said


def _json(value: object) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"


def main(check: bool) -> int:
    """Write the entries; with `check`, write nothing and return 1 where one would change."""
    stale = 0
    for name, text in entries(Ontology.load(ROOT / "ontology")).items():
        path = FOLDER / name
        if path.is_file() and path.read_text("utf-8") == text:
            continue
        stale = 1
        print(f"{path.relative_to(ROOT)} {'is not' if check else 'was not'} as the ontology says")
        if not check:
            path.write_text(text, "utf-8")
    return stale if check else 0


if __name__ == "__main__":
    sys.exit(main("--check" in sys.argv[1:]))
