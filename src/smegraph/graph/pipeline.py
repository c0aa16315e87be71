"""From clean sheets to named graphs: validate, reason, derive and describe."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import pyoxigraph as ox

from smegraph.errors import Problem
from smegraph.graph.derive import apply_once, apply_to_fixpoint
from smegraph.graph.describe import describe
from smegraph.graph.errors import InconsistencyError
from smegraph.graph.header import MAPPINGS, META, Headers
from smegraph.graph.partitions import PARTITIONS, partitions
from smegraph.graph.premises import all_different
from smegraph.graph.reason import Reasoner, check_datatypes
from smegraph.graph.triples import (
    iri_of,
    lines_of,
    memberships,
    named,
    without_graphs,
)
from smegraph.graph.validate import ShapeValidator
from smegraph.links.known import Known
from smegraph.links.mappings import graph_of
from smegraph.links.model import MappingSet
from smegraph.memo import Entry
from smegraph.namespaces import GRAPH
from smegraph.ontology.errors import UnsupportedAxiom
from smegraph.ontology.ontology import MODULES, VOCABULARY, Ontology
from smegraph.ontology.rules import Rules
from smegraph.ontology.schema import STUDY, Schema
from smegraph.ontology.terms import LABEL, TYPE
from smegraph.studies.reader import Ingested

Report = Callable[[str], None]

# As many as may each take half of the memory (`heap_size`).
_JAVA_MACHINES = 2


@dataclass
class Graphs:
    """The named graphs of a release.

    Attributes:
        triples: N-Triples lines, sorted, by graph IRI.
        headers: the header of each, N-Triples lines that stand beside those of `triples`.
        warnings: what the shapes warn of.
        seconds: how long each step took.
    """

    triples: dict[str, list[str]] = field(default_factory=dict)
    headers: dict[str, list[str]] = field(default_factory=dict)
    warnings: list[Problem] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=dict)


@dataclass
class GraphBuilder:
    """Builds the graphs from what ingestion gave.

    Attributes:
        ontology: the ontology.
        schema: its sheets.
        rules: its rules.
        cache: the folder for results that need not be computed again.
        reason: whether HermiT is asked.
        progress: is told each step.
        release: the name of the release, which the headers state.
        beside: N-Triples lines of graphs that stand beside the facts, by graph IRI: nothing is
            inferred from them or computed with them.
    """

    ontology: Ontology
    schema: Schema
    rules: Rules
    cache: Path
    reason: bool = True
    progress: Report = print
    release: str = ""
    beside: Mapping[str, list[str]] = field(default_factory=dict)

    def build(
        self,
        results: Sequence[Ingested],
        links: Sequence[MappingSet] = (),
        known: Known | None = None,
    ) -> Graphs:
        """Return the graphs of the given folders, with all that follows from them.

        Args:
            results: what the sheets say.
            links: the links to others, of which nothing follows.
            known: what can be linked, where that is known already.

        Raises:
            ShapeError, InconsistencyError, ReasonerError, RuleError: the first step that fails.
        """
        graphs = Graphs()
        facts = {result.folder.graph: without_graphs(result.lines) for result in results}
        shared = self._shared(results, facts)
        before = {graph: self._before(lines, shared[graph]) for graph, lines in facts.items()}
        self._validate(results, facts, before, shared, graphs)
        inferred = self._infer(results, facts, before, shared, graphs)
        graphs.triples = {
            GRAPH + "ontology": lines_of(self.ontology.triples(MODULES)),
            GRAPH + "vocabulary": self._vocabulary,
            **facts,
            GRAPH + "inferred": inferred,
        }
        started = time.perf_counter()
        shortcuts = {line for lines in before.values() for line in lines}
        store = _store_of(graphs.triples)
        graphs.triples[GRAPH + "derived"] = self._derive(store, graphs.triples, shortcuts)
        linkable = known or Known.of(
            self.ontology, (line for own in facts.values() for line in own)
        )
        graphs.triples[MAPPINGS] = self._link(store, links, linkable)
        graphs.seconds["derive"] = time.perf_counter() - started
        told = [lines for graph, lines in graphs.triples.items() if graph != GRAPH + "ontology"]
        graphs.triples |= {PARTITIONS: partitions(told), **self.beside}
        studies = {r.folder.graph: r.folder.iri for r in results if r.folder.iri is not None}
        headers = Headers(graphs.triples, studies, self.release)
        graphs.triples[META] = describe(graphs.triples, studies, headers)
        graphs.headers = headers.lines
        return graphs

    def union(self, results: Sequence[Ingested]) -> list[str]:
        """Return the facts of all folders in one, as the reasoner gets them of one study."""
        facts = {result.folder.graph: without_graphs(result.lines) for result in results}
        shared = self._shared(results, facts)
        known = {line for lines in facts.values() for line in lines}
        for graph, lines in facts.items():
            known.update(self._before(lines, shared[graph]))
        return [*sorted(known), *self._unlike(known)]

    def told(self, results: Sequence[Ingested]) -> dict[str, list[str]]:
        """Return what the reasoner gets of each folder, by its name."""
        facts = {result.folder.graph: without_graphs(result.lines) for result in results}
        shared = self._shared(results, facts)
        known = {
            graph: {*own, *self._before(own, shared[graph]), *shared[graph]}
            for graph, own in facts.items()
        }
        return self._told(results, known)

    def _told(
        self, results: Sequence[Ingested], known: Mapping[str, set[str]]
    ) -> dict[str, list[str]]:
        own = {result.folder.name: known[result.folder.graph] for result in results}
        return {name: [*lines, *self._unlike(lines)] for name, lines in own.items()}

    def _shared(
        self, results: Sequence[Ingested], facts: dict[str, list[str]]
    ) -> dict[str, list[str]]:
        """Return what each folder refers to: reference data, type and name of other studies.

        A study that it does not name is left out, so that a new study leaves the others' results
        as they are. So is one that it describes itself, as a review does with its papers: to this
        folder it is a work like others.
        """
        reference: list[str] = []
        studies: dict[str, list[str]] = {}
        for result in results:
            own = facts[result.folder.graph]
            if result.folder.scope != STUDY:
                reference += own
                continue
            subject = named(result.folder.iri or "")
            wanted = tuple(f"{subject} {named(name)} " for name in (TYPE, LABEL))
            studies[subject] = [line for line in own if line.startswith(wanted)]
        shared = {}
        for graph, own in facts.items():
            text = "\n" + "".join(own)
            others = [
                study for study in studies if f" {study} .\n" in text and f"\n{study} " not in text
            ]
            lines = (line for study in others for line in studies[study])
            shared[graph] = sorted({*reference, *lines})
        return shared

    def _before(self, facts: Sequence[str], shared: Sequence[str]) -> list[str]:
        """Return what the rules of `before-reasoning` add to one study."""
        rules = [f"{rule.name} {rule.text}" for rule in self.rules.before]
        kept = Entry.of(
            self.cache / "before",
            ".nt",
            [f"1 {ox.__version__}"],
            rules,
            self._vocabulary,
            facts,
            shared,
        )
        known = kept.read()
        if known is None:
            store = _store((*facts, *shared, *self._vocabulary))
            known = "".join(apply_once(self.rules.before, store))
            kept.write(known)
        # Not splitlines, which cuts inside literals.
        return [f"{text}\n" for text in known.split("\n") if text]

    @cached_property
    def _vocabulary(self) -> list[str]:
        return lines_of(self.ontology.triples(VOCABULARY))

    def _validate(
        self,
        results: Sequence[Ingested],
        facts: dict[str, list[str]],
        before: dict[str, list[str]],
        shared: dict[str, list[str]],
        graphs: Graphs,
    ) -> None:
        started = time.perf_counter()
        validator = ShapeValidator(self.ontology, self.cache / "shapes")
        for result in results:
            name, graph = result.folder.name, result.folder.graph
            self.progress(f"validate {name}")
            own = [*facts[graph], *before[graph]]
            graphs.warnings += validator.validate(name, own, shared[graph])
        graphs.seconds["validate"] = time.perf_counter() - started

    def _infer(
        self,
        results: Sequence[Ingested],
        facts: dict[str, list[str]],
        before: dict[str, list[str]],
        shared: dict[str, list[str]],
        graphs: Graphs,
    ) -> list[str]:
        """Return what follows for each study by itself, in one graph, if all of them agree."""
        if not self.reason:
            return []
        started = time.perf_counter()
        reasoner = Reasoner(self.ontology, self.cache / "reasoned")
        known = {graph: {*own, *before[graph], *shared[graph]} for graph, own in facts.items()}
        if isinstance(reasoner.rules, UnsupportedAxiom):
            graphs.warnings.append(_without_rule(reasoner.rules))
        own = self._told(results, known)
        told = {name: reasoner.premises.logical(lines) for name, lines in own.items()}
        union = set().union(*known.values())
        try:
            self._check_consistent(reasoner, told, [*union, *self._unlike(union)])
            inferred = self._infer_each(reasoner, told)
            graphs.warnings += [_left_to_hermit(*gap) for gap in sorted(reasoner.gaps.items())]
        except InconsistencyError as error:
            raise error.located(places_of(results)) from None
        graphs.seconds["reason"] = time.perf_counter() - started
        return sorted(inferred - {line for lines in facts.values() for line in lines})

    # Decision 008: docs/decisions/008-reasoning-by-study.md
    def _check_consistent(
        self, reasoner: Reasoner, told: Mapping[str, Sequence[str]], union: Sequence[str]
    ) -> None:
        """Refuse studies that clash, each by itself or with another.

        What all of them say together has each of them as a part, so that a model of it is one of
        each: HermiT is asked about a study only when it refuses all of them.
        """
        self.progress("reason over all together")
        for name, lines in told.items():
            check_datatypes(name, lines)
        agree = reasoner.is_consistent(union)
        for name, lines in told.items():
            if agree:
                reasoner.keep_consistent(lines)
            else:
                reasoner.check_consistent(name, lines)
        if not agree:
            reasoner.check_consistent("the studies together", union)

    def _infer_each(self, reasoner: Reasoner, told: Mapping[str, Sequence[str]]) -> set[str]:
        """Infer for each study, the largest first; one that is refused ends the rest."""
        reasoner.prepare()
        inferred: set[str] = set()
        with ThreadPoolExecutor(_JAVA_MACHINES) as pool:
            waiting = {
                name: pool.submit(reasoner.infer, name, told[name])
                for name in sorted(told, key=lambda name: -len(told[name]))
            }
            try:
                for name in told:
                    self.progress(f"reason over {name}")
                    inferred.update(waiting[name].result())
            finally:
                pool.shutdown(wait=False, cancel_futures=True)
        return inferred

    def _unlike(self, facts: Iterable[str]) -> list[str]:
        """`owl:AllDifferent` for the sheets whose rows are known to be different things."""
        axioms: list[str] = []
        types: dict[str, set[str]] = {}
        for subject, class_ in memberships(facts):
            types.setdefault(class_, set()).add(iri_of(subject))
        for sheet in self.schema.sheets.values():
            if sheet.all_different:
                members = {
                    member
                    for class_, found in types.items()
                    if sheet.class_ in self.ontology.superclasses(class_)
                    for member in found
                }
                axioms += all_different(members, sheet.name)
        return axioms

    def _derive(
        self, store: ox.Store, triples: dict[str, list[str]], shortcuts: set[str]
    ) -> list[str]:
        known = {line for lines in triples.values() for line in lines}
        fresh = sorted(shortcuts - known)
        target = ox.NamedNode(GRAPH + "derived")
        _load(store, fresh, target.value)
        known.update(fresh)
        return sorted({*fresh, *apply_to_fixpoint(self.rules.after, store, target, known)})

    # Decision 076: docs/decisions/076-links.md
    def _link(self, store: ox.Store, links: Sequence[MappingSet], known: Known) -> list[str]:
        """Return the graph of links: what files say, and what rules find in all other graphs."""
        computed = {
            f"{rule.name}.rq": [
                quad.triple
                for quad in ox.parse(
                    "".join(apply_once([rule], store)).encode(), format=ox.RdfFormat.N_TRIPLES
                )
            ]
            for rule in self.rules.links
        }
        return lines_of(graph_of(links, computed, known))


def _without_rule(axiom: UnsupportedAxiom) -> Problem:
    return Problem(
        file="ontology",
        kind="reasoning",
        message=f"No rule stands for an axiom, so HermiT classifies every study: {axiom}.",
        remedy="Say it in a form of decision 048, or wait longer for each build.",
        severity="warning",
    )


def _left_to_hermit(study: str, gap: str) -> Problem:
    return Problem(
        file=study,
        kind="reasoning",
        message=f"No rule can tell all that follows, so HermiT classifies the study: {gap}.",
        remedy="State what the axiom asks for, or wait longer when the study changes.",
        severity="warning",
    )


def places_of(results: Iterable[Ingested]) -> dict[str, str]:
    """Return the files and rows of everything that the sheets describe, by IRI."""
    found: dict[str, list[str]] = {}
    for result in results:
        for part in result.parts:
            for subject, place in zip(part.subjects, part.table.places, strict=True):
                if subject:
                    found.setdefault(subject, []).append(f"{part.table.file} row {place}")
    return {subject: " and ".join(places) for subject, places in found.items()}


def _store_of(graphs: Mapping[str, Sequence[str]]) -> ox.Store:
    store = ox.Store()
    for graph, lines in graphs.items():
        _load(store, lines, graph)
    return store


def _store(lines: Iterable[str]) -> ox.Store:
    store = ox.Store()
    store.load(input="".join(lines).encode(), format=ox.RdfFormat.N_TRIPLES)
    return store


def _load(store: ox.Store, lines: Iterable[str], graph: str) -> None:
    store.bulk_load(
        input="".join(lines).encode(),
        format=ox.RdfFormat.N_TRIPLES,
        to_graph=ox.NamedNode(graph),
    )
