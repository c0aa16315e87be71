"""What a whole audit looks at, each part made once and only when a check asks for it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TypeAlias

import owlready2
import pyoxigraph as ox
from starlette.types import ASGIApp

from smegraph.audit.errors import Unavailable
from smegraph.audit.findings import Check, Hit, hits_from_text, hits_to_text
from smegraph.audit.fingerprint import code_digest
from smegraph.errors import Problem, SmegraphError, count_errors
from smegraph.graph.pipeline import GraphBuilder, Graphs
from smegraph.graph.question_graph import graphs_beside
from smegraph.graph.reason import Reasoner
from smegraph.graph.triples import lines_of
from smegraph.links.model import MappingSet
from smegraph.memo import Entry
from smegraph.ontology.ontology import MODULES, VOCABULARY, Ontology
from smegraph.release.errors import ReleaseError
from smegraph.studies.project import Project
from smegraph.studies.reader import Ingested

Site: TypeAlias = Callable[[], ASGIApp]
"""What makes the application of the current release; it raises ReleaseError where there is none."""


@dataclass
class AuditInputs:
    """The ontology, the studies and what they give together.

    Attributes:
        project: the ontology, the studies, and the source documents when they are at hand.
        out: the folder of releases; its cache is shared with the builds.
        site: what makes the application that is asked as the service, when it is at hand.
    """

    project: Project
    out: Path
    site: Site | None = None

    @property
    def ontology(self) -> Ontology:
        """The ontology."""
        return self.project.ontology

    @property
    def cache(self) -> Path:
        """Where results are kept."""
        return self.out / "cache"

    @cached_property
    def terms(self) -> list[str]:
        """The ontology in N-Triples lines, sorted."""
        return lines_of(self.ontology.triples(MODULES, VOCABULARY))

    @cached_property
    def gate(self) -> Reasoner:
        """The reasoner's gate."""
        return Reasoner(self.ontology, self.cache / "reasoned")

    @cached_property
    def results(self) -> list[Ingested]:
        """Every folder, read and checked."""
        if not self.project.folders:
            raise Unavailable(f"{self.project.data} holds no studies.")
        return self.project.results

    @cached_property
    def problems(self) -> list[Problem]:
        """What is wrong in the sheets."""
        _ = self.results  # says that there are no studies
        return self.project.problems

    @cached_property
    def clean(self) -> list[Ingested]:
        """The folders, when their sheets have no error."""
        if count_errors(self.problems):
            raise Unavailable("The sheets have errors.")
        return self.results

    @cached_property
    def builder(self) -> GraphBuilder:
        """What makes graphs of the studies, silently."""
        schema, rules = self.project.schema, self.project.rules
        return GraphBuilder(
            self.ontology, schema, rules, self.cache,
            progress=lambda step: None, beside=graphs_beside(self.ontology.folder),
        )  # fmt: skip

    @cached_property
    def union(self) -> list[str]:
        """The facts of all studies in one, with the axioms that tell things apart."""
        return self.builder.union(self.clean)

    @cached_property
    def triples(self) -> list[ox.Triple]:
        """The ontology and the facts of all studies."""
        facts = ox.parse(input="".join(self.union).encode(), format=ox.RdfFormat.N_TRIPLES)
        own = self.ontology.triples(MODULES, VOCABULARY)
        return [*own, *(quad.triple for quad in facts)]

    @cached_property
    def link_problems(self) -> list[Problem]:
        """What is wrong with the links."""
        _ = self.results  # says that there are no studies
        return self.project.link_problems()

    @cached_property
    def links(self) -> list[MappingSet]:
        """The links, when they have no error."""
        return [] if count_errors(self.project.link_problems()) else self.project.links

    @cached_property
    def graphs(self) -> Graphs | SmegraphError:
        """All graphs of a release, or what keeps them from being made."""
        try:
            return self.builder.build(self.clean, self.links, self.project.known)
        except SmegraphError as error:
            return error

    @cached_property
    def application(self) -> ASGIApp:
        """The application of the current release, which answers as the service does."""
        if self.site is None:
            raise Unavailable("No service is given; `smegraph audit` asks that of the release.")
        try:
            return self.site()
        except ReleaseError as error:
            raise Unavailable(str(error)) from error

    def kept(
        self, check: Check, parts: Iterable[Sequence[str]], find: Callable[[], Iterable[Hit]]
    ) -> list[Hit]:
        """Return what a check finds; the cache has it while input and code stay as they are."""
        place = Entry.of(
            self.cache / "audit", ".json", [code_digest(), owlready2.VERSION, check.name], *parts
        )
        known = place.read()
        if known is not None:
            return hits_from_text(known)
        hits = list(find())
        place.write(hits_to_text(hits))
        return hits


@dataclass(frozen=True)
class EngineCheck:
    """A check with the function that looks at all that there is."""

    check: Check
    find: Callable[[Check, AuditInputs], Iterable[Hit]]

    def run(self, inputs: AuditInputs) -> list[Hit]:
        """Return what it finds, each thing once.

        Raises:
            Unavailable: something that it needs is not on this machine.
        """
        return list(dict.fromkeys(self.find(self.check, inputs)))
