"""The reasoner's reasoner: what HermiT refuses, with the facts that clash, and what it infers."""

from __future__ import annotations

import io
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import owlready2
import pyoxigraph as ox
import pytest
from rdflib import Graph
from rdflib.namespace import OWL, RDF, RDFS

from smegraph.graph import reason
from smegraph.graph.errors import InconsistencyError, ReasonerError
from smegraph.graph.hermit import ask_hermit, has_model
from smegraph.graph.inferences import HIERARCHY
from smegraph.graph.premises import all_different
from smegraph.graph.reason import DATATYPE_MAP, Reasoner, check_datatypes
from smegraph.namespaces import PREFIXES
from smegraph.ontology.ontology import MODULES, VOCABULARY, Ontology

if TYPE_CHECKING:
    from tests.conftest import Checkout

HEAD = "".join(f"PREFIX {prefix}: <{start}>\n" for prefix, start in PREFIXES.items())

# A study in miniature: what stands here clashes with nothing.
STUDY = """
id:firm-cuberdon a sme:Firm ; rdfs:label "Cuberdon" ; sme:founded 2011 .
id:firm-movy a sme:Firm ; rdfs:label "Movy" ; sme:founded 2008 .
id:channel-facebook a sme:Platform ; sme:curatedPlatformType voc:interaction-and-reach-platform .
id:use-1 a sme:PlatformUse ; sme:ofFirm id:firm-cuberdon ; sme:onChannel id:channel-facebook .
id:firm-year-1 a sme:FirmObservation ; sme:ofFirm id:firm-cuberdon ; sme:year 2013 ;
    sme:headcount "2"^^xsd:nonNegativeInteger .
id:firm-year-2 a sme:FirmObservation ; sme:ofFirm id:firm-cuberdon ; sme:year 2014 ;
    sme:headcount "12"^^xsd:nonNegativeInteger .
"""

# Three of its things, in which a clash is soon found: HermiT is asked again for each half of them.
FEW = """
id:firm-movy a sme:Firm ; sme:founded 2008 .
id:channel-facebook a sme:Platform .
id:firm-year-2 sme:ofFirm id:firm-movy ; sme:headcount "12"^^xsd:nonNegativeInteger .
"""
# An ontology for what does not depend on what the ontology says.
TINY = """
sme:Platform a owl:Class ; owl:disjointWith sme:Firm , sme:Place .
sme:Firm a owl:Class ; owl:disjointWith sme:Place .
sme:Place a owl:Class .
sme:founded a owl:DatatypeProperty .
sme:product a owl:DatatypeProperty .
sme:DatedFirm a owl:Class ; owl:equivalentClass
    [ a owl:Restriction ; owl:onProperty sme:founded ; owl:someValuesFrom xsd:integer ] .
"""
TINY_STUDY = "id:firm-cuberdon a sme:Firm ; sme:founded 2011 . id:firm-movy a sme:Firm ."


def triples(turtle: str) -> list[str]:
    """Turtle with the usual prefixes as N-Triples lines."""
    parsed = ox.parse(input=HEAD + turtle, format=ox.RdfFormat.TURTLE)
    return [f"{quad.triple} .\n" for quad in parsed]


def refused(reasoner: Reasoner, turtle: str) -> set[str]:
    """The facts that the reasoner names when it refuses Turtle put to a few facts."""
    with pytest.raises(InconsistencyError) as caught:
        reasoner.infer("small-study", triples(FEW + turtle))
    assert caught.value.study == "small-study"
    assert str(caught.value).count("\n  ") == len(caught.value.facts)
    return {fact + "\n" for fact in caught.value.facts}


class ChangedOntology:
    """A copy of the ontology's modules, or of a tiny one, to which something may be added."""

    def __init__(self, original: Path, folder: Path, tiny: bool = False) -> None:
        folder.mkdir()
        shutil.copy(original / "smegraph.ttl", folder)
        if tiny:
            (folder / "modules").mkdir()
            (folder / "modules" / "tiny.ttl").write_text(HEAD + TINY, "utf-8")
        else:
            shutil.copytree(original / "modules", folder / "modules")
        self.folder = folder

    def reasoner(self, turtle: str = "", cache: Path | None = None) -> Reasoner:
        """The reasoner of the ontology with some more Turtle in it."""
        (self.folder / "modules" / "added.ttl").write_text(HEAD + turtle, "utf-8")
        return Reasoner(Ontology.load(self.folder), cache)


@pytest.fixture
def changed(checkout: Checkout, tmp_path: Path) -> ChangedOntology:
    return ChangedOntology(checkout.ontology, tmp_path / "ontology")


@pytest.fixture
def tiny(checkout: Checkout, tmp_path: Path) -> ChangedOntology:
    return ChangedOntology(checkout.ontology, tmp_path / "tiny", tiny=True)


@pytest.fixture(scope="module")
def reasoner(checkout: Checkout, tmp_path_factory: pytest.TempPathFactory) -> Reasoner:
    """The reasoner of the terms alone: the vocabulary would only take HermiT's time."""
    folder = tmp_path_factory.mktemp("terms") / "ontology"
    return ChangedOntology(checkout.ontology, folder).reasoner()


@pytest.fixture(scope="module")
def inferred(reasoner: Reasoner) -> list[str]:
    """What follows from the small study."""
    return reasoner.infer("small-study", triples(STUDY))


@pytest.fixture(scope="module")
def ontology(checkout: Checkout) -> Ontology:
    """All of the ontology."""
    return Ontology.load(checkout.ontology)


# ---------------------------------------------------------------------- what follows


def test_small_study_is_accepted_with_what_follows_from_it(inferred: list[str]) -> None:
    expected = triples(
        """
        id:firm-year-1 a sme:MicroFirmYear .
        id:firm-year-2 a sme:SmallFirmYear .
        id:firm-cuberdon a sme:OutgrewMicroFirm, sme:SocialMediaFirm ;
            sme:usesChannel id:channel-facebook .
        id:channel-facebook a sme:InteractionReachPlatform .
        """
    )
    assert set(expected) <= set(inferred)
    assert not {line for line in inferred if "firm-movy" in line}


def test_what_follows_repeats_nothing_that_was_said(
    reasoner: Reasoner, inferred: list[str]
) -> None:
    assert not set(inferred) & {*triples(STUDY), *reasoner.premises.axioms}
    assert inferred == sorted(set(inferred))


def test_order_of_the_facts_and_dates_in_annotations_change_nothing(
    reasoner: Reasoner, inferred: list[str]
) -> None:
    dated = 'id:firm-movy dcterms:created "2014-05-01"^^xsd:date .'
    assert reasoner.infer("study", reversed(triples(STUDY + dated))) == inferred


def test_platforms_are_counted_only_when_they_are_known_to_differ(reasoner: Reasoner) -> None:
    two = """
        id:channel-twitter a sme:Platform .
        id:firm-movy sme:usesPlatform id:channel-facebook, id:channel-twitter .
    """
    counted = set(triples("id:firm-movy a sme:MultiPlatformFirm ."))
    channels = [PREFIXES["id"] + "channel-facebook", PREFIXES["id"] + "channel-twitter"]
    assert not counted & set(reasoner.infer("study", triples(STUDY + two)))
    apart = all_different(channels, "channels")
    assert counted <= set(reasoner.infer("study", [*triples(STUDY + two), *apart]))


# ---------------------------------------------------------------------- seeded clashes


def test_second_headcount_for_a_firm_year_is_refused_with_both_numbers(reasoner: Reasoner) -> None:
    clash = 'id:firm-year-2 sme:headcount "13"^^xsd:nonNegativeInteger .'
    both = 'id:firm-year-2 sme:headcount "12"^^xsd:nonNegativeInteger .' + clash
    assert refused(reasoner, clash) == set(triples(both))


def test_fact_of_a_channel_is_refused_though_no_fact_is_wrong_by_itself(reasoner: Reasoner) -> None:
    clash = "id:firm-year-9 sme:ofFirm id:channel-facebook ."
    both = clash + "id:channel-facebook a sme:Platform ."
    assert refused(reasoner, clash) == set(triples(both))


@pytest.mark.parametrize("datatype", ["date", "gYear", "duration", "time"])
def test_value_of_a_datatype_outside_owl_is_refused_with_the_fact(
    reasoner: Reasoner, datatype: str
) -> None:
    clash = f'id:firm-movy sme:founded "2008"^^xsd:{datatype} .'
    assert refused(reasoner, clash) == set(triples(clash))


def test_every_value_of_a_strange_datatype_is_named_at_once(reasoner: Reasoner) -> None:
    clash = """
        id:firm-movy sme:founded "2008"^^xsd:gYear .
        id:interview-1 sme:startedAt "2013-04-01"^^xsd:date .
    """
    assert refused(reasoner, clash) == set(triples(clash))


def test_strange_datatype_inside_a_text_is_only_text() -> None:
    text = f'"see ^^<{PREFIXES["xsd"]}date> ."'
    check_datatypes("study", [f"<urn:a> <urn:b> {text} .\n"])


# ---------------------------------------------------------------------- rules, and HermiT


# What no rule can tell, each with facts and with what follows from them.
LONG_WAY = {
    "axiom": ("sme:near a owl:ObjectProperty , owl:SymmetricProperty .",
              "id:x sme:near id:y .", "id:y sme:near id:x ."),
    "existence": ("""sme:twin a owl:ObjectProperty , owl:FunctionalProperty .
                     sme:Old a owl:Class ; rdfs:subClassOf [ a owl:Restriction ;
                         owl:onProperty sme:twin ; owl:someValuesFrom sme:Place ] .""",
                  "id:x a sme:Old ; sme:twin id:y .", "id:y a sme:Place ."),
    "equality": ("sme:twin a owl:ObjectProperty , owl:FunctionalProperty .",
                 "id:x sme:twin id:firm-y , id:firm-z . id:firm-y a sme:Firm .",
                 "id:firm-z a sme:Firm ."),
}  # fmt: skip


@pytest.mark.parametrize("case", LONG_WAY)
def test_hermit_infers_what_rules_cannot_tell(tiny: ChangedOntology, case: str) -> None:
    axioms, facts, expected = LONG_WAY[case]
    reasoner = tiny.reasoner(axioms)
    assert set(triples(expected)) <= set(reasoner.infer("study", triples(facts)))


def test_rules_infer_without_asking_hermit_for_members(
    tiny: ChangedOntology, monkeypatch: pytest.MonkeyPatch
) -> None:
    reasoner, asked = tiny.reasoner(), list[tuple[str, ...]]()

    def answer(java: str, lines: Sequence[str], *options: str) -> tuple[int, str]:
        asked.append(options)
        return ask_hermit(java, lines, *options)

    monkeypatch.setattr(reason, "ask_hermit", answer)
    assert set(triples("id:firm-cuberdon a sme:DatedFirm .")) == {
        text for text in reasoner.infer("study", triples(TINY_STUDY)) if "Dated" in text
    }
    assert asked == [HIERARCHY]


def test_axiom_without_a_rule_is_named(tiny: ChangedOntology) -> None:
    reasoner = tiny.reasoner("sme:near a owl:ObjectProperty , owl:SymmetricProperty .")
    assert str(reasoner.rules) == "sme:near rdf:type owl:SymmetricProperty"


def test_model_of_all_is_a_model_of_each(tiny: ChangedOntology, tmp_path: Path) -> None:
    cache, facts = tmp_path / "cache", triples(TINY_STUDY)
    reasoner = tiny.reasoner(cache=cache)
    reasoner.keep_consistent(facts)
    (kept,) = cache.iterdir()
    assert reasoner.is_consistent(reversed(facts))
    assert list(cache.iterdir()) == [kept]


@pytest.mark.parametrize(("different", "answer"), [(True, False), (False, True)])
def test_things_of_two_sheets_may_be_one(
    tiny: ChangedOntology, monkeypatch: pytest.MonkeyPatch, different: bool, answer: bool
) -> None:
    """HermiT is first told that all of them differ, and then what the facts say."""
    reasoner = tiny.reasoner("sme:twin a owl:ObjectProperty , owl:FunctionalProperty .")
    facts, start = triples("id:x sme:twin id:a , id:b ."), PREFIXES["id"]
    sheets = [["a", "b"], ["c", "d"]] if different else [["a", "c"], ["b", "d"]]
    apart = [
        line
        for number, sheet in enumerate(sheets)
        for line in all_different([start + name for name in sheet], str(number))
    ]
    asked = list[int]()
    monkeypatch.setattr(
        reason, "has_model", lambda java, lines: bool(asked.append(1)) or has_model(java, lines)
    )
    assert reasoner.is_consistent([*facts, *apart]) is answer
    assert len(asked) == 2


def test_what_follows_is_told_to_hermit(
    tiny: ChangedOntology, monkeypatch: pytest.MonkeyPatch
) -> None:
    reasoner, asked = tiny.reasoner(), list[Sequence[str]]()
    monkeypatch.setattr(reason, "has_model", lambda java, lines: bool(asked.append(lines)) or True)
    assert reasoner.is_consistent(triples(TINY_STUDY))
    assert set(triples(TINY_STUDY + "id:firm-cuberdon a sme:DatedFirm .")) <= set(asked[0])


def test_hermit_says_whether_facts_clash_whatever_the_rules_see(
    tiny: ChangedOntology, monkeypatch: pytest.MonkeyPatch
) -> None:
    reasoner = tiny.reasoner()
    facts = triples(TINY_STUDY)
    assert reasoner._is_model(facts)
    monkeypatch.setattr(reason, "has_model", lambda java, lines: False)
    assert not reasoner.is_consistent(facts)


@pytest.mark.parametrize(
    ("case", "gap"),
    [
        ("existence", "SubClassOf(sme:Old) (sme:twin some sme:Place), and not seen to be, at id:x"),
        ("equality", "two values of sme:twin, which has one, at id:x"),
    ],
)
def test_what_rules_cannot_tell_is_told_from_what_is_kept_as_well(
    tiny: ChangedOntology, tmp_path: Path, case: str, gap: str
) -> None:
    axioms, facts, _ = LONG_WAY[case]
    for _ in range(2):
        reasoner = tiny.reasoner(axioms, tmp_path / "cache")
        reasoner.infer("study", triples(facts))
        assert reasoner.gaps == {"study": gap}
    reasoner.infer("study", triples(TINY_STUDY))
    assert reasoner.gaps == {}


# ---------------------------------------------------------------------- the ontology refused


@pytest.mark.parametrize(
    "axiom",
    [
        "sme:usesChannel a owl:FunctionalProperty .",
        """sme:Firm rdfs:subClassOf [ a owl:Restriction ; owl:onProperty sme:usesChannel ;
            owl:minCardinality "2"^^xsd:nonNegativeInteger ] .""",
        "sme:usesChannel owl:propertyDisjointWith sme:basedIn .",
    ],
    ids=["functional", "cardinality", "disjoint"],
)
def test_counting_a_property_that_follows_from_a_chain_is_refused_by_its_name(
    changed: ChangedOntology, axiom: str
) -> None:
    with pytest.raises(ReasonerError, match=r"ontology#usesChannel> follows from a chain"):
        changed.reasoner(axiom).infer("study", triples(STUDY))


def test_class_that_can_have_no_member_is_refused_by_its_name(tiny: ChangedOntology) -> None:
    reasoner = tiny.reasoner("sme:Chimera a owl:Class ; rdfs:subClassOf sme:Firm, sme:Platform .")
    with pytest.raises(ReasonerError) as caught:
        reasoner.infer("study", triples(TINY_STUDY))
    named = str(caught.value)
    assert named == f"No thing can be a member of {PREFIXES['sme']}Chimera."


def test_ontology_that_contradicts_itself_is_refused_without_blaming_a_fact(
    tiny: ChangedOntology,
) -> None:
    reasoner = tiny.reasoner("id:firm-movy a sme:Firm, sme:Place .")
    with pytest.raises(InconsistencyError) as caught:
        reasoner.infer("study", triples(TINY_STUDY))
    assert caught.value.facts == ()


# ---------------------------------------------------------------------- what is remembered


def test_accepted_study_is_remembered_by_what_it_and_the_ontology_say(
    tiny: ChangedOntology, tmp_path: Path
) -> None:
    cache, facts = tmp_path / "cache", triples(TINY_STUDY)
    reasoner = tiny.reasoner(cache=cache)
    reasoner.infer("study", facts)
    (entry,) = (kept for kept in cache.iterdir() if f"<{RDF.type}>" in kept.read_text("utf-8"))
    entry.write_text("<urn:it> <urn:was> <urn:remembered> .\n", "utf-8")
    assert reasoner.infer("another name", reversed(facts)) == [entry.read_text("utf-8")]
    more = reasoner.infer("study", [*facts, *triples('id:firm-movy sme:product "films" .')])
    assert "remembered" not in "".join(more)
    other = tiny.reasoner("sme:Confectioner a owl:Class ; rdfs:subClassOf sme:Firm .", cache)
    assert "remembered" not in "".join(other.infer("study", facts))
    assert (
        len(list(cache.iterdir())) == 3 + 3 + 2
    )  # that each has a model, too, and the order of classes in two ontologies


# ---------------------------------------------------------------------- the ontology alone


def test_rdflib_reads_every_file_as_oxigraph_does(ontology: Ontology) -> None:
    assert len(ontology.files) > 20
    for path in ontology.files:
        read = list(ox.parse(path=str(path), format=ox.RdfFormat.TURTLE))
        assert len(Graph().parse(path, format="turtle")) == len({str(quad) for quad in read}), path


def test_owlready2_reads_every_class_and_property(ontology: Ontology) -> None:
    data = "".join(f"{t} .\n" for t in ontology.triples(MODULES, VOCABULARY)).encode()
    world = owlready2.World()
    try:
        world.get_ontology("https://w3id.org/smegraph/ontology").load(fileobj=io.BytesIO(data))
        read = {thing.iri for thing in (*world.classes(), *world.properties())}
    finally:
        world.close()
    kinds = (OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty)
    declared = {
        quad.subject.value
        for kind in kinds
        for quad in ontology.store.quads_for_pattern(
            None, ox.NamedNode(RDF.type), ox.NamedNode(kind)
        )
        if isinstance(quad.subject, ox.NamedNode)
    }
    assert declared - read == set()


@pytest.fixture(scope="module")
def graph(ontology: Ontology) -> Graph:
    """Modules and vocabulary as one rdflib graph."""
    lines = "".join(f"{t} .\n" for t in ontology.triples(MODULES, VOCABULARY))
    return Graph().parse(data=lines, format="nt")


PROPERTY_KINDS = (OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty)
BUILT_IN = (str(RDF), str(RDFS), str(OWL))


def test_every_property_in_use_is_declared(graph: Graph) -> None:
    declared = {subject for kind in PROPERTY_KINDS for subject in graph.subjects(RDF.type, kind)}
    used = set(graph.predicates()) | set(graph.objects(None, OWL.onProperty))
    used |= set(graph.objects(None, RDFS.subPropertyOf)) | set(graph.objects(None, OWL.inverseOf))
    strange = {iri for iri in used - declared if not str(iri).startswith(BUILT_IN)}
    # Facets of a datatype restriction are no properties (OWL 2 RDF mapping, table 13).
    assert {iri for iri in strange if not str(iri).startswith(PREFIXES["xsd"])} == set()


def test_every_class_in_use_is_declared(graph: Graph) -> None:
    declared = set(graph.subjects(RDF.type, OWL.Class)) | set(
        graph.subjects(RDF.type, RDFS.Datatype)
    )
    used = {term for p in (RDFS.subClassOf, RDFS.domain, OWL.someValuesFrom, OWL.onClass)
            for term in graph.objects(None, p)}  # fmt: skip
    used |= set(graph.objects(None, RDF.type))
    strange = {
        iri for iri in used - declared if not str(iri).startswith((*BUILT_IN, PREFIXES["xsd"]))
    }
    assert strange == set()


def test_no_property_is_of_two_kinds(graph: Graph) -> None:
    twice = {
        subject
        for kind in PROPERTY_KINDS
        for subject in graph.subjects(RDF.type, kind)
        if sum((subject, RDF.type, other) in graph for other in PROPERTY_KINDS) > 1
    }
    assert twice == set()


def test_no_name_is_both_a_class_and_a_property_or_a_thing(graph: Graph) -> None:
    classes = set(graph.subjects(RDF.type, OWL.Class))
    properties = {s for kind in PROPERTY_KINDS for s in graph.subjects(RDF.type, kind)}
    own = {c for c in graph.subjects(RDF.type, OWL.Class) if str(c).startswith(PREFIXES["sme"])}
    things = {s for c in own for s in graph.subjects(RDF.type, c)}
    assert len(things) > 100
    assert classes & properties == set()
    assert classes & things == set()


def test_values_are_literals_of_datatypes_that_owl_knows(graph: Graph) -> None:
    ranges = {
        value
        for prop in graph.subjects(RDF.type, OWL.DatatypeProperty)
        for value in graph.objects(prop, RDFS.range)
    }
    assert ranges
    assert {str(value) for value in ranges} <= DATATYPE_MAP


def test_object_properties_have_classes_as_ranges(graph: Graph) -> None:
    classes = set(graph.subjects(RDF.type, OWL.Class))
    wrong = {
        (prop, value)
        for prop in graph.subjects(RDF.type, OWL.ObjectProperty)
        for value in graph.objects(prop, RDFS.range)
        if value not in classes
    }
    assert wrong == set()
