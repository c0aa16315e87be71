"""The header of each graph: what it is, under which licence, from what, by whom, in which release.

It is added last, to the graph itself and so to each file: no cache, digest, diff or version knows
it, so that a graph that says the same in two releases is the same graph.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import pyoxigraph as ox

from smegraph.graph.triples import iri_of, line, named, parts
from smegraph.namespaces import BASE, DCTERMS, GRAPH, ID, OWL, PROV, RDF, VOID, XSD
from smegraph.ontology.terms import LABEL
from smegraph.sheets.literals import literal

DATASET: Final = BASE + "dataset"
LICENSE: Final = "https://creativecommons.org/licenses/by/4.0/"
BUILD: Final = ID + "activity-build"
META: Final = GRAPH + "meta"
CURATORS: Final = "smegraph team"
VERSION: Final = OWL + "versionInfo"

TITLES: Final = {
    "ontology": "The smegraph ontology: classes and properties",
    "vocabulary": "The controlled vocabularies",
    "reference": "Places, channels and other things that studies share",
    "inferred": "What the reasoner HermiT infers",
    "derived": "What the rules compute and shorten",
    "mappings": "Links to the vocabularies and data of others",
    "partitions": "Which properties things of each class have",
    "questions": "The questions that the graph is to answer, as queries",
    "meta": "The description of the graphs",
}
_COMPUTED: Final = ("inferred", "derived", "partitions", "meta")
_NOT_COMPUTED_WITH: Final = (*_COMPUTED, "questions")
MAPPINGS: Final = GRAPH + "mappings"
_TITLE: Final = DCTERMS + "title"
_USED: Final = PROV + "used"
_SOURCE: Final = PROV + "hadPrimarySource"
_ASSOCIATED: Final = PROV + "wasAssociatedWith"


# Decision 072: docs/decisions/072-who-says-so.md
class Headers:
    """Makes the headers of a release's graphs.

    Attributes:
        lines: the header of each graph, by its IRI: N-Triples lines, sorted.
        stable: the same without what the release decides, for the graph about the graphs.
    """

    def __init__(
        self, graphs: Mapping[str, Sequence[str]], studies: Mapping[str, str], release: str
    ) -> None:
        """Take N-Triples lines by graph IRI, the study's IRI for each graph that holds one, and
        the release's name; without one, headers name none.
        """
        self._studies, self._release = studies, release
        self._texts = _texts(graphs, set(studies.values()))
        self._sets = _sets_of_links(graphs.get(MAPPINGS, ()))
        self._codings = _codings(graphs.get(GRAPH + "derived", ()), studies)
        names = tuple(dict.fromkeys((*graphs, META)))
        self.stable = {graph: sorted(self._stable(graph, names)) for graph in names}
        self.lines = {
            graph: sorted([*lines, *self._of_release(graph)])
            for graph, lines in self.stable.items()
        }

    def _stable(self, graph: str, graphs: Iterable[str]) -> list[str]:
        node, study = named(graph), self._studies.get(graph)
        coding = self._codings.get(study or "")
        lines = [
            _line(node, RDF + "type", named(VOID + "Dataset")),
            _line(node, RDF + "type", named(PROV + "Entity")),
            _line(node, _TITLE, literal(self.title(graph), XSD + "string")),
            _line(node, DCTERMS + "isPartOf", named(DATASET)),
            _line(node, DCTERMS + "license", named(LICENSE)),
            _line(node, PROV + "wasGeneratedBy", named(BUILD)),
        ]
        if coding:
            lines.append(_line(node, PROV + "wasGeneratedBy", named(coding[0])))
        coders = coding[1] if coding else {}
        if coders:
            lines += [_line(node, DCTERMS + "creator", named(coder)) for coder in coders]
        else:
            lines.append(_line(node, DCTERMS + "creator", literal(CURATORS, XSD + "string")))
        for source in self._sources(graph, graphs):
            lines.append(_line(node, DCTERMS + "source", named(source)))
            lines.append(_line(node, PROV + "wasDerivedFrom", named(source)))
        return lines

    def _of_release(self, graph: str) -> list[str]:
        lines = self._named_release(graph, self._citation(graph))
        if graph == META:
            lines += self._named_release(DATASET, f"{CURATORS}: smegraph{self._in()}. {BASE}")
        return lines

    def _named_release(self, thing: str, citation: str) -> list[str]:
        text = literal(citation, XSD + "string")
        lines = [_line(named(thing), DCTERMS + "bibliographicCitation", text)]
        if self._release:
            version = literal(self._release, XSD + "string")
            lines.append(_line(named(thing), VERSION, version))
        return lines

    def _in(self) -> str:
        return f", release {self._release}" if self._release else ""

    def _citation(self, graph: str) -> str:
        study = self._studies.get(graph)
        coding = self._codings.get(study or "")
        by = ", ".join(sorted(coding[1].values())) if coding and coding[1] else CURATORS
        what = self.title(graph)
        if study:
            title = self._texts.get((study, _TITLE))
            what = f"Coding of {what}, “{title}”" if title else f"Coding of {what}"
        return f"{by}: {what}. In: smegraph{self._in()}. {graph}"

    def title(self, graph: str) -> str:
        """Return the title of a graph: that of its kind, or the label of its study."""
        told = TITLES.get(graph.removeprefix(GRAPH))
        return told or self._texts.get((self._studies.get(graph, ""), LABEL)) or graph

    def _sources(self, graph: str, graphs: Iterable[str]) -> list[str]:
        """Return what a graph was made from: documents, or other graphs where it was computed."""
        if graph in self._studies:
            return [self._studies[graph]]
        if graph == MAPPINGS:
            return self._sets
        if graph.removeprefix(GRAPH) in _COMPUTED:
            # No rule and no reasoner sees the links.
            seen = (g for g in graphs if g != MAPPINGS or graph == META)
            return sorted(g for g in seen if g.removeprefix(GRAPH) not in _NOT_COMPUTED_WITH)
        return sorted(self._studies.values())


def _sets_of_links(lines: Iterable[str]) -> list[str]:
    """Return the files of links, from which the graph of links was made."""
    told = (parts(text) for text in lines if named(_SOURCE) in text)
    return sorted({iri_of(value) for _, predicate, value in told if predicate == named(_SOURCE)})


def _codings(
    derived: Iterable[str], studies: Mapping[str, str]
) -> dict[str, tuple[str, dict[str, str]]]:
    """Return of each study the activity that coded it, and its agents with their names."""
    used: dict[str, str] = {}
    agents: dict[str, list[str]] = {}
    names: dict[str, str] = {}
    wanted = (named(_USED), named(_ASSOCIATED), named(LABEL))
    for text in derived:
        if not any(predicate in text for predicate in wanted):
            continue  # Most lines need not be taken apart.
        subject, predicate, value = parts(text)
        if predicate == wanted[0] and iri_of(value) in studies.values():
            used[iri_of(value)] = iri_of(subject)
        elif predicate == wanted[1]:
            agents.setdefault(iri_of(subject), []).append(iri_of(value))
        elif predicate == wanted[2]:
            names[iri_of(subject)] = text
    return {
        study: (coding, {one: _text(names[one]) for one in agents.get(coding, ()) if one in names})
        for study, coding in used.items()
    }


def _texts(graphs: Mapping[str, Sequence[str]], studies: set[str]) -> dict[tuple[str, str], str]:
    """Return the labels and titles of the studies, by IRI and property."""
    found: dict[tuple[str, str], str] = {}
    wanted = (named(LABEL), named(_TITLE))
    for triples in graphs.values():
        for triple in triples:
            if not any(predicate in triple for predicate in wanted):
                continue  # Most lines need not be taken apart.
            subject, predicate, _ = parts(triple)
            if predicate in wanted and iri_of(subject) in studies:
                found[iri_of(subject), iri_of(predicate)] = _text(triple)
    return found


def _text(triple: str) -> str:
    (quad,) = ox.parse(input=triple, format=ox.RdfFormat.N_TRIPLES)
    return str(quad.object.value)


def _line(subject: str, predicate: str, value: str) -> str:
    return line(subject, named(predicate), value)
