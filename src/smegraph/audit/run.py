"""The audit: every check is put to the ontology, to its facts, or to all that there is."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pyoxigraph as ox

from smegraph.audit.accepted import explain, load_acceptances
from smegraph.audit.engines import FULL_CHECKS
from smegraph.audit.errors import Unavailable
from smegraph.audit.external_terms import ONTOLOGY_CHECKS
from smegraph.audit.findings import Check, Finding, Hit, Outcome, Report
from smegraph.audit.inputs import AuditInputs, EngineCheck, Site
from smegraph.audit.permanence import PERMANENT_TERMS, PERMANENT_THINGS
from smegraph.audit.places import Places
from smegraph.audit.published import SERVICE_CHECKS
from smegraph.audit.queries import QueryCheck, load_queries
from smegraph.audit.stores import ontology_store, sheet_file
from smegraph.audit.syntax import TRIPLE_CHECKS, TripleCheck
from smegraph.graph.errors import ReasonerError
from smegraph.namespaces import OWL, RDF
from smegraph.ontology.ontology import MODULES, VOCABULARY
from smegraph.studies.project import Project

Progress = Callable[[int, int, str], None]
_PROFILE = "owl2dl"
_FACTS = "facts"
_EVIDENCE = "evidence"  # the family of checks that are put to facts alone
_OF_ALL = (*FULL_CHECKS, *PERMANENT_THINGS, *SERVICE_CHECKS)
_ONLY_WHOLE = "Only the whole audit does this: `smegraph audit`."


def look_at_ontology(project: Project) -> Report:
    """Return what is wrong in the ontology by itself; the other checks are left out, and say so.

    Raises:
        RuleError: a check or the file of acceptances cannot be used.
    """
    audit = _Audit(AuditInputs(project, Path("build")))
    audit.look_at_ontology()
    for check in (*audit.facts_checks(), *(c.check for c in _OF_ALL)):
        audit.leave_out(check, _ONLY_WHOLE)
    return audit.report(full=False)


def audit_all(
    project: Project,
    out: Path,
    progress: Progress = lambda done, total, step: None,
    *,
    site: Site | None = None,
) -> Report:
    """Return what is wrong in the ontology and in all the studies together: the whole audit.

    Args:
        project: the ontology and the studies; where it has sources, every passage is proved.
        out: the folder of releases, whose cache is used.
        progress: is told how many steps are done, how many there are, and the next one's name.
        site: what makes the application of the current release; without it, the checks of what
            the service answers are left out.

    Raises:
        SmegraphError: the ontology cannot be read, or a check cannot be used.
    """
    audit = _Audit(AuditInputs(project, out, site))
    total = 2 + len(_OF_ALL)
    progress(0, total, "the ontology")
    audit.look_at_ontology()
    progress(1, total, "the facts of all studies")
    audit.look_at_facts()
    for done, check in enumerate(_OF_ALL, start=2):
        progress(done, total, check.check.name)
        audit.ask(check)
    return audit.report(full=True)


class _Audit:
    """One run: the outcomes so far, and where places are looked up."""

    def __init__(self, inputs: AuditInputs) -> None:
        self._inputs = inputs
        ontology = inputs.ontology
        self._queries = load_queries(ontology.folder)
        self._store = ontology_store(ontology)
        files = [path for path in (*ontology.files, sheet_file(ontology.folder)) if path.is_file()]
        self._places = Places(self._store, ontology.folder, files)
        self._outcomes: list[Outcome] = []
        self._seconds: dict[str, float] = {}

    def look_at_ontology(self) -> None:
        """Make every check that needs the ontology only."""
        triples = list(self._inputs.ontology.triples(MODULES, VOCABULARY))
        for query in self._queries:
            if query.check.family != _EVIDENCE:
                self._note(query.check, query.run(self._store))
        for check in TRIPLE_CHECKS:
            self._note(check.check, check.run(triples))
        for engine in (*ONTOLOGY_CHECKS, *PERMANENT_TERMS):
            self.ask(engine)

    def look_at_facts(self) -> None:
        """Make the checks of OWL 2 DL once more, over the ontology and the facts of all studies.

        What they find in the ontology has been said; the rest are findings of the family `facts`.
        """
        said = {(o.check.name, f.place, f.value) for o in self._outcomes for f in o.findings}
        try:
            union, triples = self._inputs.union, self._inputs.triples
        except Unavailable as error:
            for check in self.facts_checks():
                self.leave_out(check, str(error))
            return
        store = ontology_store(self._inputs.ontology, union)
        for query in self._of_evidence():
            self._note(query.check, query.run(store))
        for check, hits in self._over_facts(store, triples):
            found = [f for f in self._found(check, hits) if _key(f) not in said]
            self._add(_of_facts(check), [replace(f, check=_of_facts(check).name) for f in found])

    def _over_facts(
        self, store: ox.Store, triples: Sequence[ox.Triple]
    ) -> Iterator[tuple[Check, Iterable[Hit]]]:
        for query in self._profile_queries():
            yield query.check, query.run(store)
        for check in TRIPLE_CHECKS:
            yield check.check, check.run(triples)

    def _profile_queries(self) -> list[QueryCheck]:
        return [query for query in self._queries if query.check.family == _PROFILE]

    def _of_evidence(self) -> list[QueryCheck]:
        return [query for query in self._queries if query.check.family == _EVIDENCE]

    def facts_checks(self) -> list[Check]:
        """Return the checks that `look_at_facts` makes."""
        checks: list[QueryCheck | TripleCheck] = [*self._profile_queries(), *TRIPLE_CHECKS]
        evidence = [query.check for query in self._of_evidence()]
        return [*evidence, *(_of_facts(check.check) for check in checks)]

    def ask(self, engine: EngineCheck) -> None:
        """Make one check that needs more than the triples."""
        started = time.perf_counter()
        try:
            self._note(engine.check, engine.run(self._inputs))
        except Unavailable as error:
            self.leave_out(engine.check, str(error))
        except ReasonerError as error:
            self._note(engine.check, [Hit("the reasoner", str(error))])
        self._seconds[engine.check.name] = time.perf_counter() - started

    def leave_out(self, check: Check, reason: str) -> None:
        """Note why a check was not made."""
        self._outcomes.append(Outcome(check, skipped=reason))

    def _note(self, check: Check, hits: Iterable[Hit]) -> None:
        self._add(check, self._found(check, hits))

    def _add(self, check: Check, found: Iterable[Finding]) -> None:
        self._outcomes.append(Outcome(check, tuple(found)))

    def _found(self, check: Check, hits: Iterable[Hit]) -> list[Finding]:
        return list(
            dict.fromkeys(
                Finding(
                    check.name,
                    check.level,
                    self._places.name(hit.place),
                    hit.value,
                    self._places.file(hit.place),
                )
                for hit in hits
            )
        )

    def report(self, *, full: bool) -> Report:
        """Return all outcomes, with the reasons for what is accepted."""
        ontology = self._inputs.ontology
        outcomes = explain(self._outcomes, load_acceptances(ontology.folder))
        outcomes.sort(key=lambda outcome: outcome.check.name)
        pattern = (None, ox.NamedNode(RDF + "type"), ox.NamedNode(OWL + "Ontology"))
        headers = (quad.subject for quad in ontology.store.quads_for_pattern(*pattern))
        iris = sorted(header.value for header in headers if isinstance(header, ox.NamedNode))
        iri = iris[0] if iris else ""
        version = ontology.value(iri, OWL + "versionInfo") if iri else None
        said = version.value if isinstance(version, ox.Literal) else ""
        return Report(iri, said, full, outcomes, self._seconds)


def _of_facts(check: Check) -> Check:
    return replace(check, name=f"{_FACTS}/{check.name.split('/', 1)[1]}")


def _key(finding: Finding) -> tuple[str, str, str | None]:
    return (finding.check, finding.place, finding.value)
