"""Prove the rules against HermiT: what follows from the same facts, by the one and by the other.

    python -m tools.prove [--sets 300] [--seed 1] [--show-rules]

`make prove` compares the closures of every study of `data/` and of random sets of facts: all
members of classes and all values that are things, closed along the order of classes and properties.
A set for which the rules say that they cannot tell is counted apart, with whether they would have
erred. What the rules find consistent must be so to HermiT. The exit code is 1 when they differ
elsewhere. It takes some minutes, most of it HermiT's.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pyoxigraph as ox

from smegraph.graph.hermit import ask_hermit, find_java, has_model
from smegraph.graph.inferences import HIERARCHY, MEMBERS, ORDER, statements
from smegraph.graph.pipeline import GraphBuilder
from smegraph.graph.premises import all_different
from smegraph.graph.reason import Reasoner
from smegraph.graph.saturate import Saturation
from smegraph.graph.triples import iri_of, line, named, parts
from smegraph.namespaces import OWL, RDF, RDFS, SME, XSD
from smegraph.ontology.axioms import Axioms
from smegraph.ontology.expressions import AllOf, Named, Some, SomeLiteral
from smegraph.ontology.ontology import MODULES, Ontology
from smegraph.ontology.terms import TYPE
from smegraph.studies.project import Project

ROOT = Path(__file__).resolve().parent.parent
BATCH = 20  # sets that one run of HermiT answers for; they have no thing in common


# ------------------------------------------------------------------------------------ the closures


def hermit_closure(
    java: str, told: Sequence[str], facts: Sequence[str], order: Sequence[str] | None = None
) -> set[str]:
    """Return what HermiT says of individuals, closed along its own order of classes and properties.

    Args:
        java: the Java program.
        told: the axioms, in N-Triples lines.
        facts: lines of N-Triples.
        order: the order of properties, which no fact changes; None lets HermiT find it here, which
            takes long beside many facts.

    Raises:
        RuntimeError: it gives no answer.
    """
    options = MEMBERS if order is not None else (*HIERARCHY, *MEMBERS[1:])
    code, output = ask_hermit(java, [*told, *facts], *options)
    if code:
        raise RuntimeError(output[:2000])
    above: dict[str, set[str]] = {}
    about = set(_about_things(facts)) | set(_about_things(told))
    for text in (*statements(output), *(order or ())):
        lower, predicate, upper = parts(text)
        if predicate in ORDER:
            above.setdefault(lower, set()).add(upper)
        else:
            about.add(text)
    return set(_closed(about, above))


def _closed(about: Iterable[str], above: Mapping[str, set[str]]) -> Iterator[str]:
    for text in about:
        subject, predicate, value = parts(text)
        member = predicate == named(TYPE)
        for term in reached(value if member else predicate, above):
            if f"<{OWL}" not in term:
                yield line(subject, predicate, term) if member else line(subject, term, value)


def reached(term: str, above: Mapping[str, set[str]]) -> set[str]:
    found, todo = {term}, [term]
    while todo:
        fresh = above.get(todo.pop(), set()) - found
        found |= fresh
        todo += fresh
    return found


def _about_things(lines: Iterable[str]) -> Iterator[str]:
    """Yield members of classes and values that are things, as they are stated."""
    for text in lines:
        subject, predicate, value = parts(text)
        logic = (OWL, RDFS) if predicate == named(TYPE) else (OWL, RDFS, RDF)
        term = value if predicate == named(TYPE) else predicate
        if subject.startswith("<") and value.startswith("<") and not iri_of(term).startswith(logic):
            yield text


def rules_closure(rules: Saturation, facts: Sequence[str]) -> set[str] | None:
    """Return what the rules give, or None where they cannot tell."""
    entailed = rules.entailed(facts)
    return None if entailed is None else {text for text in entailed if f"<{OWL}" not in text}


def without_gaps(rules: Saturation) -> Saturation:
    """Return rules that never say that they cannot tell."""
    return replace(rules, entailment=replace(rules.entailment, gaps=()))


# ------------------------------------------------------------------------------------ random facts


@dataclass
class FactMaker:
    """Makes random facts in the words of an ontology.

    Each thing has a class in mind, so that not everything clashes; it is told of half of them, and
    seldom where it is defined. A property is used where its domain and range fit, and now and then
    where they do not.

    Attributes:
        axioms: the ontology.
        concepts: the individuals of the vocabulary that may be values, by IRI, with a class.
        chance: the source of what is random.
        wild: how often a property or its value need not fit.
    """

    axioms: Axioms
    concepts: Mapping[str, str]
    chance: random.Random
    wild: float = 0.02
    _above: dict[str, set[str]] = field(default_factory=dict)
    _domains: dict[str, str] = field(default_factory=dict)
    _ranges: dict[str, str] = field(default_factory=dict)
    _defined: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        """Read the order of classes, domains and ranges."""
        for inclusion in self.axioms.inclusions:
            match inclusion.sub, inclusion.super:
                case Named(lower), Named(upper):
                    self._above.setdefault(lower, set()).add(upper)
                case Named(lower), AllOf((Named(upper), *_)):
                    self._above.setdefault(lower, set()).add(upper)
                    self._defined.add(lower)
                case ((Some(on, _) | SomeLiteral(on)), Named(domain)):
                    self._domains.setdefault(on, domain)
        for stated in self.axioms.ranges:
            if isinstance(stated.range, Named):
                self._ranges.setdefault(stated.property, stated.range.iri)

    def make(self, name: str, size: int) -> list[str]:
        """Return facts about `size` things whose IRIs begin with the name, in N-Triples lines."""
        classes = sorted(c for c in self.axioms.classes if c.startswith(SME))
        things = {f"{name}:{number}": self.chance.choice(classes) for number in range(size)}
        lines = {
            line(named(thing), named(TYPE), named(class_))
            for thing, class_ in things.items()
            if self.chance.random() < (0.05 if class_ in self._defined else 0.5)
        }
        for thing, class_ in things.items():
            used: set[str] = set()
            for _ in range(self.chance.randrange(5)):
                lines |= self._value(thing, class_, things, used)
        told = sorted(things) if self.chance.random() < 0.7 else []
        return [*sorted(lines), *all_different(told, name.rsplit(":", 1)[-1])]

    def _value(
        self, thing: str, class_: str, things: Mapping[str, str], used: set[str]
    ) -> set[str]:
        """Return a value of a property that fits, or now and then any."""
        wild = self.chance.random() < self.wild
        names = sorted(self.axioms.object_properties | self.axioms.data_properties)
        fits = reached(class_, self._above)
        own = [name for name in names if wild or self._domains.get(name) in fits]
        if not own:
            return set()
        on = self.chance.choice(own)
        once = on in self.axioms.data_properties or self.chance.random() < 0.9
        if once and on in used:
            return set()
        used.add(on)
        if on in self.axioms.data_properties:
            return {line(named(thing), named(on), self._literal(on))}
        wanted = self._ranges.get(on)
        known = {**things, **self.concepts}
        values = [o for o, c in known.items() if wild or wanted in (None, *reached(c, self._above))]
        return (
            {line(named(thing), named(on), named(self.chance.choice(values)))} if values else set()
        )

    def _literal(self, on: str) -> str:
        number = self.chance.choice([0, 1, 9, 10, 11, 49, 50, 249, 250, 1000])
        kinds = {
            "headcount": f'"{number}"^^<{XSD}nonNegativeInteger>',
            "exports": f'"{number}.5"^^<{XSD}decimal>',
            "hedged": f'"{self.chance.choice(["true", "false"])}"^^<{XSD}boolean>',
        }
        return kinds.get(on.removeprefix(SME), f'"{number}"')


def fact_maker(ontology: Ontology, rules: Saturation, seed: int) -> FactMaker:
    """Return what makes random facts of an ontology: its values are some of its own concepts."""
    chance = random.Random(seed)
    concepts = {}
    for iri, types in sorted((iri, sorted(types)) for iri, types in ontology.concepts()):
        own = [name for name in types if name.startswith(SME)]
        if own and (iri in rules.entailment.nominals or chance.random() < 0.1):
            concepts[iri] = own[0]
    ranges = {iri_of(str(t.subject)) for t in ontology.triples(MODULES) if _is_string_range(t)}
    axioms = replace(rules.axioms, data_properties=frozenset(ranges | _KNOWN_NUMBERS))
    return FactMaker(axioms, concepts, chance)


_KNOWN_NUMBERS = {SME + name for name in ("headcount", "exports", "hedged")}


def _is_string_range(triple: ox.Triple) -> bool:
    wanted = (f"{RDFS}range", f"<{XSD}string>")
    declared = (triple.predicate.value, str(triple.object)) == wanted
    return declared and str(triple.subject).startswith(f"<{SME}")


# -------------------------------------------------------------------------------------- the verdict


@dataclass
class Verdict:
    """How often rules and HermiT were compared, and with what result.

    Attributes:
        equal: sets with equal closures.
        refused: sets that HermiT finds inconsistent.
        untold: sets for which the rules say that they cannot tell.
        erring: those of them for which they would have erred.
        different: the sets that differ, each with what is missing and what is too much.
        models: sets that the rules find consistent without HermiT.
        mistaken: those of them that HermiT finds inconsistent.
    """

    equal: int = 0
    refused: int = 0
    untold: int = 0
    erring: int = 0
    different: dict[str, tuple[set[str], set[str]]] = field(default_factory=dict)
    models: int = 0
    mistaken: set[str] = field(default_factory=set)

    def add(self, name: str, rules: Saturation, facts: Sequence[str], expected: set[str]) -> None:
        """Compare the closure of facts with what is expected."""
        found = rules_closure(rules, facts)
        if found is None:
            self.untold += 1
            guessed = rules_closure(without_gaps(rules), facts)
            self.erring += guessed is not None and guessed != expected
        elif found == expected:
            self.equal += 1
        else:
            self.different[name] = (expected - found, found - expected)


def expected_of(
    reasoner: Reasoner, java: str, sets: Mapping[str, Sequence[str]]
) -> dict[str, set[str]]:
    """Return the closures of the consistent ones among sets of facts, without those of the axioms.

    One run of HermiT answers for all of them, so they may have no thing in common.
    """
    agree = _agree(reasoner, java, [text for facts in sets.values() for text in facts])
    kept = {name: facts for name, facts in sets.items() if agree or _agree(reasoner, java, facts)}
    facts = [text for facts in kept.values() for text in facts]
    said = hermit_closure(java, reasoner.told, facts, reasoner.hierarchy)
    return {name: {text for text in said if text.startswith(f"<{name}:")} for name in kept}


def compare(
    rules: Saturation,
    sets: Mapping[str, Sequence[str]],
    expected: Mapping[str, set[str]],
    verdict: Verdict,
) -> None:
    """Compare what rules give for sets of facts with the closures that are expected."""
    verdict.refused += len(sets) - len(expected)
    models = {name for name, facts in sets.items() if rules.is_model(facts)}
    verdict.models += len(models)
    verdict.mistaken |= models - expected.keys()
    own = rules_closure(rules, []) or set()
    for name, closure in expected.items():
        verdict.add(name, rules, sets[name], closure | own)


def _agree(reasoner: Reasoner, java: str, facts: Sequence[str]) -> bool:
    return has_model(java, [*reasoner.told, *facts])


def compare_studies(reasoner: Reasoner, java: str, project: Project, verdict: Verdict) -> None:
    """Compare what follows for each folder of a project."""
    rules = reasoner.rules
    assert isinstance(rules, Saturation)
    with TemporaryDirectory() as cache:
        builder = GraphBuilder(
            project.ontology,
            project.schema,
            project.rules,
            Path(cache),
            progress=lambda step: None,
        )
        told_by_study = builder.told(project.clean_results)
    for name, told in told_by_study.items():
        facts = reasoner.premises.logical(told)
        print(f"  {name}: {len(facts)} statements", flush=True)
        verdict.add(
            name,
            rules,
            facts,
            hermit_closure(java, reasoner.told, facts, reasoner.hierarchy),
        )


def main(arguments: Sequence[str] | None = None) -> int:
    """Compare, print what was found, and return the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--sets", type=int, default=300, help="random sets of facts")
    parser.add_argument("--seed", type=int, default=1, help="where the random sets begin")
    parser.add_argument("--show-rules", action="store_true", help="print rules and gaps instead")
    given = parser.parse_args(arguments)
    project = Project.find(ROOT / "ontology", ROOT / "data", None)
    reasoner = Reasoner(project.ontology)
    rules = reasoner.rules
    if not isinstance(rules, Saturation):
        print(f"No rule is known for an axiom: {rules}")
        return 1
    if given.show_rules:
        for name, text in rules.entailment.queries:
            print(f"# {name}\n{text}\n")
        return 0
    java, studies, sets = find_java(), Verdict(), Verdict()
    compare_studies(reasoner, java, project, studies)
    maker = fact_maker(project.ontology, rules, given.seed)
    for start in range(0, given.sets, BATCH):
        names = [f"urn:set{n}" for n in range(start, min(start + BATCH, given.sets))]
        made = {name: maker.make(name, maker.chance.randint(2, 12)) for name in names}
        compare(rules, made, expected_of(reasoner, java, made), sets)
        print(f"  {start + len(names)} sets", flush=True)
    _report("studies", studies)
    _report("random sets", sets)
    print(
        f"  {sets.models} of them the rules find consistent; HermiT refuses "
        f"{len(sets.mistaken)} of these {sorted(sets.mistaken) or ''}"
    )
    return bool(studies.different or sets.different or sets.mistaken)


def _report(what: str, verdict: Verdict) -> None:
    print(
        f"{what}: {verdict.equal} equal, {len(verdict.different)} different, {verdict.untold} that "
        f"the rules leave to HermiT ({verdict.erring} of which they would have got wrong), "
        f"{verdict.refused} inconsistent"
    )
    for name, (missing, extra) in verdict.different.items():
        print(f"  {name}")
        for sign, lines in (("-", missing), ("+", extra)):
            for text in sorted(lines)[:20]:
                print(f"    {sign} {text}", end="")


if __name__ == "__main__":
    sys.exit(main())
