"""What the rules give is what HermiT gives, or they say that they cannot tell."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest

from smegraph.graph.hermit import ask_hermit, find_java
from smegraph.graph.inferences import HIERARCHY, statements
from smegraph.graph.reason import Reasoner
from smegraph.graph.saturate import Saturation
from smegraph.graph.triples import lines_of
from smegraph.namespaces import PREFIXES, SME
from smegraph.ontology.axioms import read_axioms
from smegraph.ontology.entailment import to_entailment
from smegraph.ontology.ontology import Ontology
from tools.prove import (
    Verdict,
    compare,
    expected_of,
    fact_maker,
    hermit_closure,
    rules_closure,
    without_gaps,
)

if TYPE_CHECKING:
    from tests.conftest import Checkout

SETS = 33
HEAD = "".join(f"PREFIX {prefix}: <{start}>\n" for prefix, start in PREFIXES.items())


def restriction(on: str, text: str) -> str:
    return f"[ a owl:Restriction ; owl:onProperty {on} ; {text} ]"


def some(on: str, filler: str) -> str:
    return restriction(on, f"owl:someValuesFrom {filler}")


def both(*classes: str) -> str:
    return f"[ a owl:Class ; owl:intersectionOf ( {' '.join(classes)} ) ]"


def either(*classes: str) -> str:
    return f"[ a owl:Class ; owl:unionOf ( {' '.join(classes)} ) ]"


def numbers(datatype: str, facets: str) -> str:
    return f"[ a rdfs:Datatype ; owl:onDatatype {datatype} ; owl:withRestrictions ( {facets} ) ]"


TWO = "owl:minQualifiedCardinality 2 ; owl:onClass :B"
SMALL = some(":v", numbers("xsd:nonNegativeInteger", "[ xsd:maxExclusive 10 ]"))
BETWEEN = some(":v", numbers("xsd:integer", "[ xsd:minInclusive -5 ] [ xsd:maxInclusive 5 ]"))
ABOVE = some(":v", numbers("xsd:decimal", "[ xsd:minExclusive 0.5 ]"))
NUMBERS = """:a :v 9 . :b :v 10 . :c :v -5 . :d :v -6 . :e :v 5.0 . :f :v 5.5 . :g :v 0.5 .
    :h :v "7"^^xsd:nonNegativeInteger . :i :v 0 ."""
DIFFERENT = "[] a owl:AllDifferent ; owl:distinctMembers ( :b :c ) ."

# An ontology for each form of axiom, with facts; each case has names of its own.
FORMS = {
    "order of classes": (":A rdfs:subClassOf :B . :B rdfs:subClassOf :C .", ":a a :A . :b a :B ."),
    "named classes are one": (":A owl:equivalentClass :B .", ":a a :A . :b a :B ."),
    "domain": (":p rdfs:domain :A .", ":a :p :b ."),
    "domain of data": (":v rdfs:domain :A .", ":a :v 5 ."),
    "domain of an expression": (f":p rdfs:domain {both(':A', ':B')} .", ":a :p :b ."),
    "range": (":p rdfs:range :A .", ":a :p :b ."),
    "range of an expression": (f":p rdfs:range {both(':A', ':B')} .", ":a :p :b ."),
    "order of properties": (":p rdfs:subPropertyOf :q . :q rdfs:range :A .", ":a :p :b ."),
    "order of data properties": (":v rdfs:subPropertyOf :w . :w rdfs:domain :A .", ":a :v 5 ."),
    "inverse": (":p owl:inverseOf :q . :q rdfs:domain :A .", ":a :p :b . :c :q :d ."),
    "transitive": (":p a owl:TransitiveProperty .",
        ":a :p :b . :b :p :c . :c :p :d . :d :p :d ."),
    "chain": (":r owl:propertyChainAxiom ( :p :q ) .", ":a :p :b . :b :q :c . :c :q :d ."),
    "chain into itself": (":p owl:propertyChainAxiom ( :p :q ) .",
        ":a :p :b . :b :q :c . :c :q :d ."),
    "chain of three": (":r owl:propertyChainAxiom ( :p :q :p ) .",
        ":a :p :b . :b :q :c . :c :p :d ."),
    "intersection": (f":A owl:equivalentClass {both(':B', ':C')} .",
                     ":a a :B, :C . :b a :B . :c a :A ."),
    "union below": (f":A owl:equivalentClass {either(':B', ':C')} .", ":a a :B . :b a :C ."),
    "some": (f":A owl:equivalentClass {some(':p', ':B')} .", ":a :p :b . :b a :B . :c :p :d ."),
    "some of some": (f":A owl:equivalentClass {some(':p', some(':q', ':B'))} .",
                     ":a :p :b . :b :q :c . :c a :B . :d :p :c ."),
    "some of a union": (f":A owl:equivalentClass {some(':p', either(':B', ':C'))} .",
                        ":a :p :b . :b a :C . :c :p :d ."),
    "union of restrictions": (
        f":A owl:equivalentClass {both(':D', either(some(':p', ':B'), some(':q', ':B')))} .",
        ":a a :D ; :p :b . :c a :D ; :q :b . :d :q :b . :b a :B .",
    ),
    "union of intersections": (
        f":A owl:equivalentClass {either(both(':B', ':C'), both(':C', ':D'))} .",
        ":a a :B, :C . :b a :C, :D . :c a :B, :D .",
    ),
    "value": (f":A owl:equivalentClass {both(':B', restriction(':p', 'owl:hasValue :i'))} .",
              ":a a :B ; :p :x . :b a :B ; :p :i . :c :p :i . :d a :A ."),
    "value above": (f":A rdfs:subClassOf {restriction(':p', 'owl:hasValue :i')} .", ":a a :A ."),
    "more of what no definition leads to": (
        f":A rdfs:subClassOf {restriction(':p', 'owl:hasValue :i')} . :B owl:equivalentClass "
        f"{some(':q', ':C')} . :i a :D . :k a :D .",
        ":k a :C ; :v 5 . :l :q :k . :a a :A .",
    ),
    "boolean": (f":A owl:equivalentClass {restriction(':v', 'owl:hasValue true')} .",
                ':a :v true . :b :v false . :c :v "1"^^xsd:boolean .'),
    "string": (f':A owl:equivalentClass {restriction(":v", "owl:hasValue [] ")} .'.replace(
        "[] ", '"x"'), ':a :v "x" . :b :v "X" . :c :v "x"@en .'),
    "whole numbers below": (f":A owl:equivalentClass {SMALL} .", NUMBERS),
    "whole numbers between": (f":A owl:equivalentClass {BETWEEN} .", NUMBERS),
    "numbers above": (f":A owl:equivalentClass {ABOVE} .", NUMBERS),
    "any whole number": (f":A owl:equivalentClass {some(':v', 'xsd:integer')} .", NUMBERS),
    "any value": (f":A owl:equivalentClass {some(':v', 'rdfs:Literal')} .", ":a :v 5 . :b a :B ."),
    "two": (f":A owl:equivalentClass {restriction(':p', TWO)} .",
            f":a :p :b, :c . :b a :B . :c a :B . :d :p :b . {DIFFERENT}"),
    "two, of whom one is none": (f":A owl:equivalentClass {restriction(':p', TWO)} .",
                                 f":a :p :b, :c . :b a :B . {DIFFERENT}"),
    "function": (":p a owl:FunctionalProperty .", ":a :p :b . :c :p :b ."),
    "function of data": (":v a owl:FunctionalProperty .", ":a :v 5 . :b :v 5 ."),
    "disjoint": (":A owl:disjointWith :B .", ":a a :A . :b a :B ."),
    "all disjoint": ("[] a owl:AllDisjointClasses ; owl:members ( :A :B :C ) .",
        ":a a :A . :b a :B ."),
    "seen to exist": (f":A owl:equivalentClass {both(':D', some(':p', ':B'))} .",
                      ":a a :A ; :p :b . :b a :B ."),
}  # fmt: skip

# Facts from which more may follow than rules can tell; the third says whether they alone would err.
GAPS = {
    "two values of a function are one": (
        ":p a owl:FunctionalProperty .", ":a :p :b, :c . :b a :A .", True,
    ),
    "something must exist": (
        f":A rdfs:subClassOf {some(':p', ':B')} . :C owl:equivalentClass {some(':p', ':B')} .",
        ":a a :A .", True,
    ),
    "one of two must be": (
        f":A rdfs:subClassOf {either(':B', ':C')} . :B rdfs:subClassOf :D . "
        ":C rdfs:subClassOf :D .",
        ":a a :A .", True,
    ),
    "a value must exist": (
        f":A rdfs:subClassOf {SMALL} . :B owl:equivalentClass {some(':v', 'rdfs:Literal')} .",
        ":a a :A .", True,
    ),
    "a literal must exist": (
        f":A rdfs:subClassOf {restriction(':v', 'owl:hasValue true')} . :v rdfs:domain :B .",
        ":a a :A .", True,
    ),
    "two must exist": (
        f":A rdfs:subClassOf {restriction(':p', TWO)} . :p rdfs:domain :C .", ":a a :A .", True,
    ),
    "two that may be one": (
        f":A owl:equivalentClass {restriction(':p', TWO)} .",
        ":a :p :b, :c . :b a :B . :c a :B .", False,
    ),
    "two that differ by their classes": (
        f":A owl:equivalentClass {restriction(':p', TWO)} . :C owl:disjointWith :D .",
        ":a :p :b, :c . :b a :B, :C . :c a :B, :D .", True,
    ),
    "a number that is not compared": (
        f":A owl:equivalentClass {some(':v', 'xsd:integer')} .",
        ":a :v 99999999999999999999999 .", True,
    ),
    "a double, which is no decimal": (
        f":A owl:equivalentClass {ABOVE} .", ":a :v 1.0e0 .", False,
    ),
    "more of what a definition names": (
        f":A rdfs:subClassOf {restriction(':p', 'owl:hasValue :i')} . :B owl:equivalentClass "
        f"{some(':p', ':C')} . :i a :D .",
        ":i a :C . :a a :A .", True,
    ),
    "more of what a definition leads to": (
        f":A rdfs:subClassOf {restriction(':p', 'owl:hasValue :i')} . :B owl:equivalentClass "
        f"{some(':p', some(':q', ':C'))} . :i a :D ; :q :j . :j a :D .",
        ":j a :C . :a a :A .", True,
    ),
    "things that are one": ("", ":a a :A . :a owl:sameAs :b .", True),
    "a class that nobody declares": ("", ":a a :Undeclared .", True),
    "a nameless thing": (":p rdfs:domain :A .", ":a :p [] .", True),
}  # fmt: skip
DECLARED = """:A a owl:Class . :B a owl:Class . :C a owl:Class . :D a owl:Class .
    :p a owl:ObjectProperty . :q a owl:ObjectProperty . :r a owl:ObjectProperty .
    :v a owl:DatatypeProperty . :w a owl:DatatypeProperty ."""


def triples(case: str, turtle: str) -> list[ox.Triple]:
    """Turtle whose empty prefix is the case's own."""
    head = f"{HEAD}PREFIX : <urn:{case.replace(' ', '-')}#>\n"
    return [quad.triple for quad in ox.parse(input=head + turtle, format=ox.RdfFormat.TURTLE)]


def lines(case: str, turtle: str) -> list[str]:
    return lines_of(triples(case, turtle))


def saturation(case: str, turtle: str) -> Saturation:
    axioms = read_axioms(triples(case, DECLARED + turtle))
    return Saturation(axioms, to_entailment(axioms))


def answers(cases: dict[str, tuple[str, str]]) -> dict[str, set[str]]:
    """What HermiT says of each case; one run answers for all, which have no name in common."""
    axioms = [text for name, (told, _) in cases.items() for text in lines(name, DECLARED + told)]
    facts = [text for name, (_, said) in cases.items() for text in lines(name, said)]
    found = hermit_closure(find_java(), axioms, facts)
    starts = {name: f"<urn:{name.replace(' ', '-')}#" for name in cases}
    return {
        name: {text for text in found if text.startswith(start)} for name, start in starts.items()
    }


@pytest.fixture(scope="module")
def forms() -> dict[str, set[str]]:
    return answers(FORMS)


@pytest.fixture(scope="module")
def gaps() -> dict[str, set[str]]:
    return answers({name: (told, said) for name, (told, said, _) in GAPS.items()})


@pytest.mark.parametrize("name", FORMS)
def test_rules_give_what_hermit_gives_for_each_form_of_axiom(
    forms: dict[str, set[str]], name: str
) -> None:
    told, said = FORMS[name]
    found = rules_closure(saturation(name, told), lines(name, said))
    assert found == forms[name]


@pytest.mark.parametrize("name", GAPS)
def test_what_rules_cannot_tell_is_left_to_hermit(gaps: dict[str, set[str]], name: str) -> None:
    told, said, more = GAPS[name]
    rules, facts = saturation(name, told), lines(name, said)
    assert rules.entailed(facts) is None
    assert (rules_closure(without_gaps(rules), facts) != gaps[name]) is more


LEADING = f"""
    :A rdfs:subClassOf {restriction(":p", "owl:hasValue :i")} .
    :B owl:equivalentClass {some(":p", some(":q", ":C"))} . :i a :D ; :q :j . :j a :C .
"""
APART = ":k a :D ; :p :l . :l a :D ; :q :i ."


def order(told: list[str]) -> set[str]:
    code, output = ask_hermit(find_java(), told, *HIERARCHY)
    assert not code
    return set(statements(output))


def test_order_hangs_on_the_facts_to_which_definitions_lead_and_on_no_others() -> None:
    ontology = lines("order", DECLARED + LEADING + APART)
    without = saturation("order", LEADING + APART).without_order()
    assert without == set(lines("order", APART))
    few = order([text for text in ontology if text not in without])
    assert few == order(ontology)
    assert f"<urn:order#A> <{PREFIXES['rdfs']}subClassOf> <urn:order#B> .\n" in few
    deciding = {*lines("order", LEADING)} & {*lines("order", ":j a :C .")}
    assert few != order([text for text in ontology if text not in deciding])


@pytest.mark.parametrize(
    "more",
    [
        f":D rdfs:subClassOf {some(':q', ':C')} .",  # what follows for :k is not seen
        ":k :q :i . :q owl:inverseOf :r .",  # definitions lead to :k and :l
    ],
)
def test_all_facts_are_told_where_rules_cannot_tell_or_all_of_them_decide(more: str) -> None:
    assert saturation("order", LEADING + APART + more).without_order() == frozenset()


# ---------------------------------------------------------------------- the real ontology


@pytest.fixture(scope="module")
def reasoner(checkout: Checkout, tmp_path_factory: pytest.TempPathFactory) -> Reasoner:
    """The terms with some small vocabularies: with all of them HermiT would take a minute."""
    folder = tmp_path_factory.mktemp("some") / "ontology"
    shutil.copytree(checkout.ontology / "modules", folder / "modules")
    shutil.copy(checkout.ontology / "smegraph.ttl", folder)
    (folder / "vocabulary").mkdir()
    for name in ("platform-types", "relationship-stages", "signs", "study-types"):
        shutil.copy(checkout.ontology / "vocabulary" / f"{name}.ttl", folder / "vocabulary")
    return Reasoner(Ontology.load(folder), tmp_path_factory.mktemp("kept"))


@dataclass(frozen=True)
class Random:
    """Random sets of facts, and what HermiT says of those that it finds consistent."""

    sets: dict[str, list[str]]
    expected: dict[str, set[str]]

    def compare(self, rules: Saturation) -> Verdict:
        verdict = Verdict()
        compare(rules, self.sets, self.expected, verdict)
        return verdict


@pytest.fixture(scope="module")
def rules(reasoner: Reasoner) -> Saturation:
    assert isinstance(reasoner.rules, Saturation)
    return reasoner.rules


@pytest.fixture(scope="module")
def sets(reasoner: Reasoner, rules: Saturation) -> Random:
    """Sets about up to a dozen things each; `make prove` makes and compares many more."""
    maker = replace(fact_maker(reasoner.ontology, rules, seed=11), wild=0)
    sets = {f"urn:set{n}": maker.make(f"urn:set{n}", 2 + n % 11) for n in range(SETS)}
    # One that rules would get wrong for certain: of one firm, under two names.
    link = f"<urn:same:f> <{SME}ofFirm> <urn:same:{{}}> .\n"
    market = f"<urn:same:a> <{SME}foreignMarket> <urn:same:p> .\n"
    sets["urn:same"] = [link.format("a"), link.format("b"), market]
    return Random(sets, expected_of(reasoner, find_java(), sets))


def test_rules_give_what_hermit_gives_for_random_facts(sets: Random, rules: Saturation) -> None:
    verdict = sets.compare(rules)
    assert verdict.different == {}
    assert verdict.equal >= SETS // 4


@pytest.mark.parametrize(
    "form", ["SubClassOf(sme", "SubClassOf((", "Range", "SubProperty", "Inverse"]
)
def test_a_form_of_axiom_without_rules_would_be_noticed(
    sets: Random, rules: Saturation, form: str
) -> None:
    left = tuple(rule for rule in rules.entailment.rules if not rule.name.startswith(form))
    assert len(left) < len(rules.entailment.rules)
    assert sets.compare(replace(rules, entailment=replace(rules.entailment, rules=left))).different


def test_facts_that_would_be_got_wrong_without_gaps_are_among_them(
    sets: Random, rules: Saturation
) -> None:
    assert sets.compare(rules).erring > 0


def test_what_rules_take_for_a_model_is_consistent_to_hermit(
    sets: Random, rules: Saturation
) -> None:
    verdict = sets.compare(rules)
    assert verdict.mistaken == set()
    assert verdict.models >= SETS // 4


def test_order_of_the_real_terms_hangs_on_few_facts(ontology: Ontology) -> None:
    rules = Reasoner(ontology).rules
    assert isinstance(rules, Saturation)
    assert len(rules.without_order()) > 0.9 * len(rules.axioms.facts)


def test_what_is_spelt_out_is_stated_or_has_consequences() -> None:
    axioms = """
        :A a owl:Class ; rdfs:subClassOf :B . :B a owl:Class ; rdfs:subClassOf :C . :C a owl:Class .
        :p a owl:ObjectProperty ; rdfs:subPropertyOf :q . :q a owl:ObjectProperty .
    """
    parsed = ox.parse(input=f"{HEAD}PREFIX : <urn:> {axioms}", format=ox.RdfFormat.TURTLE)
    read = read_axioms(quad.triple for quad in parsed)
    rules = Saturation(read, to_entailment(read))
    type_ = f"<{PREFIXES['rdf']}type>"
    a = f"<urn:a> {type_} <urn:A> .\n"
    stated = f"<urn:b> {type_} <urn:C> .\n"
    link = "<urn:a> <urn:p> <urn:b> .\n"
    told = [a, link, stated]
    assert rules.spelt_out(told) == sorted([*told, f"<urn:a> {type_} <urn:B> .\n"])
    followed = rules.entailed(told)
    assert followed is not None
    assert {f"<urn:a> {type_} <urn:C> .\n", "<urn:a> <urn:q> <urn:b> .\n"} <= set(followed)
