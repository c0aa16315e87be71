"""Rules: what they compute from Table 3, the fixpoint, and rules that cannot be run."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest

from smegraph.graph.derive import apply_once, apply_to_fixpoint
from smegraph.namespaces import PREFIXES
from smegraph.ontology.errors import RuleError
from smegraph.ontology.ontology import MODULES, Ontology, local_name
from smegraph.ontology.rules import Rule, Rules

if TYPE_CHECKING:
    from tests.conftest import Checkout, Release

DERIVED = ox.NamedNode(PREFIXES["graph"] + "derived")
NEXT = ox.NamedNode("https://example.org/next")
TRANSITIVE = Rule(
    "transitive",
    "CONSTRUCT { ?a <https://example.org/next> ?c }"
    " WHERE { ?a <https://example.org/next>/<https://example.org/next> ?c }",
)


def chain(length: int) -> ox.Store:
    """Links from each of some things to the next."""
    store = ox.Store()
    things = [ox.NamedNode(f"https://example.org/{number}") for number in range(length + 1)]
    for first, second in pairwise(things):
        store.add(ox.Quad(first, NEXT, second, ox.NamedNode("https://example.org/graph")))
    return store


def told(turtle: str) -> ox.Store:
    """Facts in Turtle with the usual prefixes."""
    head = "".join(f"PREFIX {prefix}: <{start}>\n" for prefix, start in PREFIXES.items())
    store = ox.Store()
    store.load(input=head + turtle, format=ox.RdfFormat.TURTLE)
    return store


# ---------------------------------------------------------------------- Table 3, by hand

GROWTH = {
    # 2019 over 2018, computed by hand from the two columns of Table 3.
    ("Firm A", "Exports"): "250",  # 32 000 to 112 000; printed 225
    ("Firm A", "CountryCount"): "105",  # 20 to 41; printed 102
    ("Firm A", "CustomerCount"): "92.31",  # 182 to 350; printed 92
    ("Firm A", "Headcount"): "66.67",  # 3 to 5; printed 66
    ("Firm A", "Turnover"): "100",  # 80 000 to 160 000
    ("Firm B", "CountryCount"): "133.33",  # 3 to 7; printed 133
    ("Firm B", "CustomerCount"): "9.09",  # 33 to 36
    ("Firm B", "Headcount"): "85.71",  # 7 to 13
    ("Firm B", "Turnover"): "70.45",  # 264 000 to 450 000
    ("Firm B", "Exports"): "10.29",  # 44 880 to 49 500
}
INTENSITY = {
    ("Firm A", "2018"): "40",
    ("Firm A", "2019"): "70",
    ("Firm B", "2018"): "17",
    ("Firm B", "2019"): "11",
}


@pytest.mark.parametrize("measure", sorted({measure for _, measure in GROWTH}))
def test_computed_growth_of_table_3_is_that_of_the_columns(released: Release, measure: str) -> None:
    query = f"""SELECT ?firm ?percent {{ ?year sme:ofFirm/rdfs:label ?firm ; sme:year 2019 ;
        sme:reportedIn id:work-finnish-software ; sme:computedGrowthOf{measure} ?percent }}"""
    expected = {(firm, value) for (firm, name), value in GROWTH.items() if name == measure}
    assert set(released.ask(query)) == expected


def test_nothing_grows_in_the_first_year_or_without_a_year(released: Release) -> None:
    growing = released.ask(
        """SELECT DISTINCT ?fact { ?fact sme:reportedIn id:work-finnish-software ; ?growth ?value
        FILTER(STRSTARTS(STR(?growth), CONCAT(STR(sme:), "computedGrowth"))) }"""
    )
    year = PREFIXES["id"] + "firm-year-finnish-software-finnish"
    assert sorted(growing) == [(f"{year}-a-2019",), (f"{year}-b-2019",)]


def test_export_intensity_of_table_3_is_the_share_in_turnover(released: Release) -> None:
    query = """SELECT ?firm ?year ?percent { ?fact sme:ofFirm/rdfs:label ?firm ; sme:year ?year ;
        sme:reportedIn id:work-finnish-software ; sme:exportIntensity ?percent }"""
    assert {(f, y): p for f, y, p in released.ask(query)} == INTENSITY


def test_computed_growth_is_a_decimal_and_stands_in_the_derived_graph(released: Release) -> None:
    query = """SELECT DISTINCT ?g (DATATYPE(?v) AS ?type) { GRAPH ?g { ?fact ?p ?v }
        FILTER(?p IN (sme:computedGrowthOfExports, sme:exportIntensity)) }"""
    assert released.ask(query) == [(DERIVED.value, PREFIXES["xsd"] + "decimal")]


# ---------------------------------------------------------------------- single rules


@pytest.fixture(scope="module")
def rules(checkout: Checkout) -> dict[str, Rule]:
    """Every rule of the ontology by its name."""
    loaded = Rules.load(checkout.ontology)
    return {rule.name: rule for rule in (*loaded.before, *loaded.after)}


def test_growth_needs_two_years_in_a_row_of_one_firm_in_one_document(
    rules: dict[str, Rule],
) -> None:
    store = told(
        """
        sme:computedGrowthOfHeadcount sme:computesGrowthOf sme:headcount .
        id:a1 sme:ofFirm id:a ; sme:reportedIn id:one ; sme:year 2010 ; sme:headcount 4 .
        id:a2 sme:ofFirm id:a ; sme:reportedIn id:one ; sme:year 2011 ; sme:headcount 5 .
        id:a3 sme:ofFirm id:a ; sme:reportedIn id:one ; sme:year 2013 ; sme:headcount 9 .
        id:a4 sme:ofFirm id:a ; sme:reportedIn id:two ; sme:year 2014 ; sme:headcount 9 .
        id:b1 sme:ofFirm id:b ; sme:reportedIn id:one ; sme:year 2012 ; sme:headcount 9 .
        """
    )
    growth = f'<{PREFIXES["sme"]}computedGrowthOfHeadcount> "25"'
    found = apply_once([rules["growth"]], store)
    assert found == [f"<{PREFIXES['id']}a2> {growth}^^<{PREFIXES['xsd']}decimal> .\n"]


def test_growth_of_another_measure_needs_no_other_rule(rules: dict[str, Rule]) -> None:
    store = told(
        """
        id:computedGrowthOfPatents sme:computesGrowthOf id:patents .
        id:a1 sme:ofFirm id:a ; sme:reportedIn id:one ; sme:year 2010 ; id:patents 3 ; id:shops 3 .
        id:a2 sme:ofFirm id:a ; sme:reportedIn id:one ; sme:year 2011 ; id:patents 2 ; id:shops 2 .
        """
    )
    (found,) = apply_once([rules["growth"]], store)
    assert found.startswith(f"<{PREFIXES['id']}a2> <{PREFIXES['id']}computedGrowthOfPatents>")
    assert '"-33.33"' in found


def test_every_computed_growth_is_of_the_measure_in_its_name(checkout: Checkout) -> None:
    terms = list(Ontology.load(checkout.ontology).triples(MODULES))
    growth = {t.subject.value for t in terms if "#computedGrowthOf" in str(t.subject)}
    link = ox.NamedNode(PREFIXES["sme"] + "computesGrowthOf")
    measures = {t.subject.value: t.object.value for t in terms if t.predicate == link}
    assert measures.keys() == growth
    for of, measure in measures.items():
        assert of.rsplit("Of", 1)[1].casefold() == local_name(measure).casefold()


@pytest.mark.parametrize("measure", ["exports", "turnover"])
def test_nothing_is_divided_by_zero(rules: dict[str, Rule], measure: str) -> None:
    store = told(
        f"""
        id:growth sme:computesGrowthOf sme:{measure} .
        id:a1 sme:ofFirm id:a ; sme:reportedIn id:one ; sme:year 2010 ; sme:{measure} 0.0 .
        id:a2 sme:ofFirm id:a ; sme:reportedIn id:one ; sme:year 2011 ; sme:{measure} 5.0 .
        id:b1 sme:exports 5.0 ; sme:turnover 0.0 .
        """
    )
    assert apply_once([rules["growth"], rules["export-intensity"]], store) == []


def test_use_of_owned_media_is_no_use_of_a_platform(rules: dict[str, Rule]) -> None:
    store = told(
        """
        id:u1 a sme:PlatformUse ; sme:ofFirm id:a ; sme:onChannel id:blog .
        id:u2 a sme:PlatformUse ; sme:ofFirm id:a ; sme:onChannel id:facebook .
        id:blog a sme:OwnedMedia . id:facebook a sme:Platform .
        """
    )
    link = f"<{PREFIXES['id']}a> <{PREFIXES['sme']}usesPlatform> <{PREFIXES['id']}facebook> .\n"
    assert apply_once([rules["uses-platform"]], store) == [link]


def test_shortcuts_follow_the_sign_of_a_finding(rules: dict[str, Rule]) -> None:
    store = told(
        """
        id:f1 a sme:Finding ; sme:cause voc:a ; sme:effect voc:b ; sme:sign voc:positive .
        id:f2 a sme:Finding ; sme:cause voc:a ; sme:effect voc:c ; sme:sign voc:negative .
        id:f3 a sme:Finding ; sme:cause voc:a ; sme:effect voc:d ; sme:sign voc:no-effect .
        id:h1 a sme:Hypothesis ; sme:cause voc:a ; sme:effect voc:e ; sme:sign voc:positive .
        """
    )
    links = {
        "reported-to-increase": ("reportedToIncrease", "b"),
        "reported-to-decrease": ("reportedToDecrease", "c"),
        "reported-not-to-affect": ("reportedNotToAffect", "d"),
    }
    found = apply_once([rules[name] for name in links], store)
    voc, sme = PREFIXES["voc"], PREFIXES["sme"]
    expected = (f"<{voc}a> <{sme}{verb}> <{voc}{to}> .\n" for verb, to in links.values())
    assert found == sorted(expected)


@pytest.mark.parametrize(
    "more",
    ["sme:evidenceBasis voc:literature-statement", "sme:hedged true", "sme:condition 'abroad'",
     "sme:moderator voc:m", "sme:mediator voc:m", "sme:restates id:g"],
)  # fmt: skip
def test_what_is_shown_is_of_own_data_and_without_reserve(
    rules: dict[str, Rule], more: str
) -> None:
    names = {"shown-to-increase": "positive", "shown-to-decrease": "negative"}
    names["shown-not-to-affect"] = "no-effect"
    for name, sign in names.items():
        pair = f"a sme:Finding ; sme:cause voc:a ; sme:effect voc:b ; sme:sign voc:{sign}"
        own = "sme:evidenceBasis voc:primary-data"
        plain = told(f"id:f {pair} ; {own} ; sme:hedged false .")
        assert len(apply_once([rules[name]], plain)) == 1
        basis = "" if "evidenceBasis" in more else f"{own} ;"
        assert apply_once([rules[name]], told(f"id:f {pair} ; {basis} {more} .")) == []


@pytest.mark.parametrize(
    ("rule", "facts", "link"),
    [
        ("used-by", "id:f sme:mediator voc:c ; sme:foundBy id:w . "
         "id:g sme:lowersDistanceThrough voc:c .",
         "voc:c sme:usedBy id:w ."),
        ("reviews", "id:d a sme:PaperFocus ; sme:describedWork id:w ; sme:reportedIn id:r . "
         "id:p a sme:PreviousReview ; sme:describedWork id:x ; sme:reportedIn id:r .",
         "id:r sme:reviews id:w ."),
        ("platform-type", "id:c a sme:PlatformClassification ; sme:classifiedChannel id:p, id:o ; "
         "sme:assignedType voc:t . id:p a sme:Platform . id:o a sme:OwnedMedia .",
         "id:p sme:platformType voc:t ."),
        ("mitigates", "id:m a sme:ChallengeMatch ; sme:reportsActivity voc:a ; "
         "sme:answersTheme voc:t . id:i sme:reportsActivity voc:a ; sme:reportsChallenge voc:c .",
         "voc:a sme:mitigates voc:t ."),
    ],
)  # fmt: skip
def test_a_shortcut_follows_from_its_kind_of_fact_only(
    rules: dict[str, Rule], rule: str, facts: str, link: str
) -> None:
    (quad,) = told(link)
    assert apply_once([rules[rule]], told(facts)) == [f"{quad.triple} .\n"]


@pytest.mark.parametrize("outcome", ["not-supported", "not-significant"])
@pytest.mark.parametrize("kind", ["reported", "shown"])
@pytest.mark.parametrize(("verb", "sign"), [("increase", "positive"), ("decrease", "negative")])
def test_an_estimate_that_no_test_bore_out_links_nothing(
    rules: dict[str, Rule], kind: str, verb: str, sign: str, outcome: str
) -> None:
    found = f"""id:f a sme:Finding ; sme:cause voc:a ; sme:effect voc:b ; sme:sign voc:{sign} ;
        sme:evidenceBasis voc:primary-data"""
    rule = [rules[f"{kind}-to-{verb}"]]
    assert len(apply_once(rule, told(f"{found} ; sme:testOutcome voc:supported ."))) == 1
    assert apply_once(rule, told(f"{found} ; sme:testOutcome voc:{outcome} .")) == []


PLACE = 'sme:locator "3. Results" ; sme:charStart 1 ; sme:charEnd 9'
NEXT_PLACE = 'sme:locator "4. Discussion" ; sme:charStart 20 ; sme:charEnd 29'


@pytest.mark.parametrize(
    ("facts", "inherited"),
    [
        (f"id:m sme:ofFinding id:f . id:f {PLACE} .", f"id:m {PLACE} ."),
        (f"id:e sme:estimates id:f . id:f {PLACE} .", f"id:e {PLACE} ."),
        # An estimate of a moderation: from the moderation, or through it from the finding.
        (f"id:e sme:estimates id:m . id:m sme:ofFinding id:f . id:f {PLACE} .",
         f"id:e {PLACE} . id:m {PLACE} ."),
        (f"id:e sme:estimates id:m . id:m sme:ofFinding id:f ; {NEXT_PLACE} . id:f {PLACE} .",
         f"id:e {NEXT_PLACE} ."),
        # A place of its own is not mixed with another, also where it is only half told.
        (f'id:m sme:ofFinding id:f ; sme:locator "Table 1" . id:f {PLACE} .', ""),
        ('id:e sme:estimates id:f ; sme:inModel id:n . id:n sme:locator "Table 1" . '
         f"id:f {PLACE} .", ""),
        # Works and basis, each for itself.
        ("id:m sme:ofFinding id:f ; sme:foundBy id:own . "
         "id:f sme:foundBy id:w ; sme:evidenceBasis voc:synthesis .",
         "id:m sme:evidenceBasis voc:synthesis ."),
    ],
)  # fmt: skip
def test_a_fact_about_a_fact_stands_and_rests_where_that_one_does(
    rules: dict[str, Rule], facts: str, inherited: str
) -> None:
    expected = sorted(f"{quad.triple} .\n" for quad in told(inherited))
    assert apply_once([rules["inherited-passage"]], told(facts)) == expected


def test_an_estimate_has_what_its_model_shares_but_its_own_cause(rules: dict[str, Rule]) -> None:
    store = told(
        """id:n sme:fromSample id:s ; sme:observations 152 ; sme:locator "Table 1" ;
            sme:controlledFor voc:size , voc:use .
        id:e sme:inModel id:n ; sme:estimates id:f ; sme:observations 150 .
        id:f sme:cause voc:use ."""
    )
    shared = told('id:e sme:fromSample id:s ; sme:locator "Table 1" ; sme:controlledFor voc:size .')
    expected = sorted(f"{quad.triple} .\n" for quad in shared)
    assert apply_once([rules["inherited-model"]], store) == expected


def test_what_restates_has_the_outcome_of_the_test_that_it_restates(
    rules: dict[str, Rule],
) -> None:
    store = told(
        """id:f sme:restates id:g . id:h sme:restates id:g ; sme:testOutcome voc:not-tested .
        id:g sme:testOutcome voc:not-supported ."""
    )
    (quad,) = told("id:f sme:testOutcome voc:not-supported .")
    assert apply_once([rules["restated-test"]], store) == [f"{quad.triple} .\n"]


def test_a_construct_that_makes_no_difference_is_no_moderator(rules: dict[str, Rule]) -> None:
    store = told(
        """id:m sme:ofFinding id:f ; sme:byModerator voc:a ; sme:moderationDirection voc:weakens .
        id:n sme:ofFinding id:f ; sme:byModerator voc:b ;
            sme:moderationDirection voc:does-not-moderate .
        id:o sme:ofFinding id:f ; sme:byMediator voc:c ; sme:mediationKind voc:full-mediation .
        id:p sme:ofFinding id:f ; sme:byMediator voc:d ; sme:mediationKind voc:no-mediation ."""
    )
    expected = told("id:f sme:moderator voc:a ; sme:mediator voc:c .")
    found = apply_once([rules["qualified-by"]], store)
    assert found == sorted(f"{quad.triple} .\n" for quad in expected)


def test_findings_on_one_pair_are_on_one_claim(rules: dict[str, Rule]) -> None:
    store = told(
        """id:f a sme:Finding ; sme:cause voc:a-b ; sme:effect voc:c .
        id:g a sme:Finding ; sme:cause voc:a-b ; sme:effect voc:c .
        id:h a sme:Finding ; sme:cause voc:a ; sme:effect voc:b-c .
        id:x a sme:ExaminedRelation ; sme:cause voc:c ; sme:effect voc:a .
        voc:a skos:prefLabel "a"@en . voc:a-b skos:prefLabel "a b"@en .
        voc:c skos:prefLabel "c"@en . voc:b-c skos:prefLabel "b c"@en ."""
    )
    expected = told(
        """id:f sme:onClaim id:claim-a-b--c . id:g sme:onClaim id:claim-a-b--c .
        id:h sme:onClaim id:claim-a--b-c .
        id:claim-a-b--c a sme:Claim ; rdfs:label "a b → c" ;
            sme:claimCause voc:a-b ; sme:claimEffect voc:c .
        id:claim-a--b-c a sme:Claim ; rdfs:label "a → b c" ;
            sme:claimCause voc:a ; sme:claimEffect voc:b-c ."""
    )
    found = apply_once([rules["claims"]], store)
    assert found == sorted(f"{quad.triple} .\n" for quad in expected)


# ---------------------------------------------------------------------- the fixpoint


def test_rules_run_until_a_chain_is_closed() -> None:
    store = chain(10)
    added = apply_to_fixpoint([TRANSITIVE], store, DERIVED)
    assert len(added) == len(set(added)) == 45  # of 55 pairs in order, 10 were told
    assert sum(1 for _ in store.quads_for_pattern(None, NEXT, None, DERIVED)) == 45


def test_single_run_adds_only_what_follows_at_once() -> None:
    assert len(apply_once([TRANSITIVE], chain(10))) == 9


def test_one_rule_may_need_what_another_adds() -> None:
    marked = Rule(
        "marked", "CONSTRUCT { ?a a sme:Linked } WHERE { ?a <https://example.org/far> ?b }"
    )
    far = Rule(
        "far",
        "CONSTRUCT { ?a <https://example.org/far> ?b } WHERE { ?a <https://example.org/next> ?b }",
    )
    assert len(apply_to_fixpoint([marked, far], chain(2), DERIVED)) == 4


def test_graph_in_which_all_is_told_gains_nothing() -> None:
    store = chain(5)
    apply_to_fixpoint([TRANSITIVE], store, DERIVED)
    before = set(store)
    assert apply_to_fixpoint([TRANSITIVE], store, DERIVED) == []
    assert set(store) == before


# ---------------------------------------------------------------------- rules that cannot be run


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("CONSTRUCT { ?a ?b } WHERE { ?a ?b ?c }", r"The rule broken\.rq is not SPARQL: .+"),
        ("SELECT * { ?a ?b ?c }", r"The rule broken\.rq is no CONSTRUCT query\."),
        ("ASK { ?a ?b ?c }", r"The rule broken\.rq is no CONSTRUCT query\."),
        ("CONSTRUCT { ?a nope:b ?c } WHERE { ?a ?b ?c }", r"The rule broken\.rq is not SPARQL: .+"),
        (
            "CONSTRUCT { ?a a ?b } WHERE { ?a ?b ?c FILTER(<https://example.org/f>(?c)) }",
            r"The rule broken\.rq cannot be evaluated: .*example\.org/f",
        ),
    ],
    ids=["malformed", "select", "ask", "unknown prefix", "unknown function"],
)
def test_rule_that_cannot_be_run_is_refused_by_its_name(text: str, reason: str) -> None:
    with pytest.raises(RuleError, match=reason):
        apply_to_fixpoint([TRANSITIVE, Rule("broken", text)], chain(3), DERIVED)


def test_rules_without_end_are_refused() -> None:
    growing = Rule(
        "growing",
        """CONSTRUCT { ?b <https://example.org/next> ?c }
        WHERE { ?a <https://example.org/next> ?b BIND(IRI(CONCAT(STR(?b), "+")) AS ?c) }""",
    )
    with pytest.raises(RuleError, match="still add triples after 50 rounds"):
        apply_to_fixpoint([growing], chain(1), DERIVED)


def test_rules_are_read_in_the_order_of_their_names(tmp_path: Path) -> None:
    (tmp_path / "rules" / "before-reasoning").mkdir(parents=True)
    for name in ("b.rq", "a.rq", "before-reasoning/d.rq", "before-reasoning/c.rq"):
        (tmp_path / "rules" / name).write_text(TRANSITIVE.text, "utf-8")
    loaded = Rules.load(tmp_path)
    assert [rule.name for rule in loaded.before] == ["c", "d"]
    assert [rule.name for rule in loaded.after] == ["a", "b"]
    assert [path.stem for path in loaded.files] == ["c", "d", "a", "b"]


@pytest.mark.parametrize(
    "end", ["<urn:b>", '"01"^^<http://www.w3.org/2001/XMLSchema#integer>', "_:b"]
)
def test_what_is_known_is_not_added_however_it_is_written(end: str) -> None:
    """The store has `1` for `01`, and a label of its own for a blank node."""
    lines = [f"<urn:a> <urn:p> {end} .\n", "<urn:a> <urn:q> <urn:c> .\n"]
    store = ox.Store()
    store.bulk_load(input="".join(lines).encode(), format=ox.RdfFormat.N_TRIPLES)
    copy = Rule("copy", "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }")
    target = ox.NamedNode("urn:g")
    assert apply_to_fixpoint([copy], store, target, set(lines)) == []
    turn = Rule("turn", "CONSTRUCT { ?s <urn:r> ?o } WHERE { ?s <urn:q> ?o }")
    added = ["<urn:a> <urn:r> <urn:c> .\n"]
    assert apply_to_fixpoint([copy, turn], store, target, set(lines)) == added


# ---------------------------------------------------------------------- labels


def test_each_thing_has_one_label_without_a_language(released: Release) -> None:
    """Things are what is typed with a class of ours or of SKOS; terms of the ontology are none."""
    rows = released.ask(
        """SELECT ?x (COUNT(DISTINCT ?l) AS ?n) (SAMPLE(LANG(?l)) AS ?language) {
        { SELECT DISTINCT ?x { ?x a ?class FILTER(STRSTARTS(STR(?class), STR(sme:))
            || ?class IN (skos:Concept, skos:ConceptScheme)) } }
        OPTIONAL { ?x rdfs:label ?l } } GROUP BY ?x"""
    )
    assert len(rows) > 6000
    assert {(number, language) for _, number, language in rows} == {("1", "")}


def test_terms_of_the_ontology_are_labelled_in_english(released: Release) -> None:
    rows = released.ask(
        """SELECT DISTINCT (LANG(?l) AS ?language) { ?x a ?kind ; rdfs:label ?l
        FILTER(?kind IN (owl:Class, owl:ObjectProperty, owl:DatatypeProperty)) }"""
    )
    assert rows == [("en",)]


# ---------------------------------------------------------------------- passages


def test_no_thing_has_two_passages_that_cannot_be_paired(released: Release) -> None:
    """What two documents print for one thing are two mentions, each with one passage."""
    twice = "SELECT ?x { ?x sme:charStart ?one , ?other FILTER(?one < ?other) }"
    assert released.ask(twice) == []
    several = released.ask(
        """SELECT ?thing { ?m sme:mentionOf ?thing ; sme:charStart ?start ; sme:charEnd ?end ;
        sme:passageHash ?hash ; sme:locator ?place ; sme:printedIn ?document }
        GROUP BY ?thing HAVING (COUNT(DISTINCT ?m) > 1)"""
    )
    assert len(several) > 60


def test_no_work_person_or_firm_has_a_passage_of_its_own(released: Release) -> None:
    query = "SELECT ?x { VALUES ?c { sme:Work sme:Agent } ?x a ?c ; sme:charStart ?start }"
    assert released.ask(query) == []


def test_a_table_is_told_from_running_text_by_its_class(released: Release) -> None:
    rows = released.ask(
        """SELECT ?class (COUNT(DISTINCT ?x) AS ?n) { ?x sme:standsIn/rdf:type ?class
        FILTER(?class IN (sme:Section, sme:Table)) } GROUP BY ?class"""
    )
    assert {iri.rsplit("#")[-1]: int(number) > 700 for iri, number in rows} == {
        "Section": True,
        "Table": True,
    }
    wrong = """SELECT ?x { ?x sme:locator ?place ; sme:standsIn/rdf:type ?class
        FILTER(?class = sme:Table && !STRSTARTS(?place, "Table ")) }"""
    assert released.ask(wrong) == []


def test_no_name_has_lost_a_character(released: Release) -> None:
    rows = released.ask(
        """SELECT ?name { VALUES ?p { rdfs:label skos:prefLabel skos:altLabel foaf:familyName
        foaf:givenName dcterms:title } ?x ?p ?name FILTER(CONTAINS(STR(?name), "\\uFFFD")) }"""
    )
    assert rows == []


def test_a_journal_is_one_thing_however_its_name_is_printed(released: Release) -> None:
    rows = released.ask(
        """SELECT ?name { ?work sme:inPeriodical id:periodical-journal-of-innovation-and-knowledge ;
        sme:publishedIn ?name } ORDER BY ?name"""
    )
    assert rows == [
        ("Journal of Innovation & Knowledge",),
        ("Journal of Innovation and Knowledge",),
    ]
    issn = "SELECT ?n { id:work-da-rocha-et-al-2024 sme:inPeriodical/sme:issn ?n }"
    assert released.ask(issn) == [("0265-1335",)]
