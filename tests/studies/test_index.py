"""Names lead to the things that bear them, and never to one of several."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smegraph.namespaces import ID, VOC
from smegraph.ontology.deprecations import replacements
from smegraph.ontology.ontology import Ontology
from smegraph.studies.index import Ambiguous, NameIndex, Node, slug, vocabulary_index

FIRM, PLACE = frozenset(["urn:Firm", "urn:Thing"]), frozenset(["urn:Place", "urn:Thing"])


def node(key: str, label: str, *names: str, classes: frozenset[str] = FIRM) -> Node:
    return Node(f"{ID}firm-{key}", key, label, names, classes, f"row of {key}")


def index(*nodes: Node, parent: NameIndex | None = None) -> NameIndex:
    made = NameIndex(parent=parent)
    for each in nodes:
        made.add(each)
    return made


def test_a_prefixed_name_and_an_iri_name_a_thing_outright() -> None:
    dragon = node("dragon", "Dragon")
    names = index(dragon, node("other", f"{ID}firm-dragon"))
    assert names.find("id:firm-dragon", None) == dragon
    assert names.find(f"{ID}firm-dragon", "urn:Firm") == dragon


def test_an_iri_of_another_class_names_nothing() -> None:
    assert index(node("dragon", "Dragon")).find("id:firm-dragon", "urn:Place") is None


def test_a_key_wins_over_the_label_of_another() -> None:
    a, b = node("a", "b"), node("b", "B & Co")
    assert index(a, b).find("b", None) == b
    assert index(b, a).find("b", None) == b


def test_the_exact_name_wins_over_another_case() -> None:
    small, large = node("one", "skills"), node("two", "Skills")
    names = index(small, large)
    assert (names.find("skills", None), names.find("Skills", None)) == (small, large)
    assert isinstance(names.find("SKILLS", None), Ambiguous)


def test_two_things_with_one_label_are_ambiguous() -> None:
    names = index(node("a", "Firm"), node("b", "Firm"), node("c", "Firm"))
    found = names.find("Firm", None)
    assert isinstance(found, Ambiguous)
    assert [each.key for each in found.nodes] == ["a", "b", "c"]


def test_a_name_is_looked_for_among_its_class() -> None:
    firm, place = node("helsinki-oy", "Helsinki"), node("helsinki", "Helsinki", classes=PLACE)
    names = index(firm, place)
    assert names.find("Helsinki", "urn:Firm") == firm
    assert names.find("Helsinki", "urn:Place") == place


def test_what_a_study_names_itself_hides_what_all_studies_share() -> None:
    shared, own = node("a", "Firm A"), node("b", "Firm A")
    assert index(own, parent=index(shared)).find("Firm A", None) == own


def test_what_all_studies_share_is_found_from_a_study() -> None:
    shared = node("a", "Firm A")
    names = index(parent=index(shared))
    assert names.find("firm a", None) == shared
    assert names.get(shared.iri) == shared


def test_a_thing_that_is_added_later_is_found() -> None:
    names = index(node("a", "Firm A"))
    assert names.find("Firm B", None) is None
    late = node("b", "Firm B")
    names.add(late)
    assert names.find("Firm B", None) == late


def test_the_nearest_names_are_those_of_different_things() -> None:
    names = index(node("linkedin", "LinkedIn", "Linked In"), parent=index(node("viadeo", "Viadeo")))
    assert names.nearest("Linkedln", None) == ["LinkedIn"]
    assert names.nearest("viadoe", None) == ["Viadeo"]
    assert names.nearest("zzz", None) == []


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("D’Angelo & Presutti (2019)", "d-angelo-presutti-2019"),
        ("Außenhandel", "aussenhandel"),
        ("Käytännön", "kaytannon"),
        ("Google+", "google"),
        ("  -- ", ""),
        ("Яндекс", ""),
    ],
)
def test_a_slug_is_made_of_small_letters_digits_and_hyphens(name: str, expected: str) -> None:
    assert slug(name) == expected


@given(st.text())
def test_the_slug_of_a_slug_is_itself(text: str) -> None:
    once = slug(text)
    assert slug(once) == once
    assert set(once) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")


def test_every_concept_of_the_vocabulary_is_found_by_its_key(ontology: Ontology) -> None:
    names = vocabulary_index(ontology)
    for iri, node in names.nodes.items():
        assert names.find(node.key, None) is not None
        assert names.find(iri, None) == node
    assert names.find(f"{VOC}positive", None) == names.find("voc:positive", None) is not None


def test_a_concept_is_found_under_the_classes_above_its_own(ontology: Ontology) -> None:
    names, replaced = vocabulary_index(ontology), replacements(ontology)
    for iri, types in ontology.concepts():
        assert (iri in names.nodes) != (iri in replaced)
        for type_ in () if iri in replaced else types:
            assert ontology.superclasses(type_) <= names.nodes[iri].classes


CONSTRUCT = "https://w3id.org/smegraph/ontology#Construct"


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("market-intelligence", "market-knowledge"),
        ("Market intelligence", "market-knowledge"),
        ("voc:market-intelligence", "market-knowledge"),
        ("Bitcoin", "digital-currency-use"),
        ("limits to short-term resilience", "short-term-resilience"),
    ],
)
def test_a_former_name_names_nothing_and_is_known(
    ontology: Ontology, text: str, meant: str
) -> None:
    names = vocabulary_index(ontology)
    assert names.find(text, CONSTRUCT) is None
    assert [node.key for node in names.formerly(text, CONSTRUCT)] == [meant]
    assert names.formerly(text, SIGN) == []


def test_a_spelling_that_is_hidden_names_its_concept(ontology: Ontology) -> None:
    found = vocabulary_index(ontology).find("signaling mechanisms", CONSTRUCT)
    assert isinstance(found, Node)
    assert found.key == "signaling-of-quality"


SIGN = "https://w3id.org/smegraph/ontology#Sign"


@pytest.mark.parametrize(
    ("text", "concept"),
    [("+", "positive"), ("-", "negative"), ("\u2212", "negative"), ("\u2013", "negative")],
)
def test_a_sign_names_its_concept_where_one_is_expected(
    ontology: Ontology, text: str, concept: str
) -> None:
    names = NameIndex(parent=vocabulary_index(ontology))
    found = names.find(text, SIGN)
    assert isinstance(found, Node)
    assert found.iri == VOC + concept
    assert names.find(text, None) is None
    assert names.find(text, "urn:Firm") is None


def test_concepts_of_a_class_are_those_of_the_vocabulary(ontology: Ontology) -> None:
    names = NameIndex(parent=vocabulary_index(ontology))
    names.add(node("own", "own", classes=frozenset([SIGN])))
    assert names.concepts(SIGN) == ["negative", "no effect", "nonlinear", "positive", "unsigned"]


def test_the_sheets_of_a_class_are_told_from_within_a_study() -> None:
    parent = NameIndex(sheets={"urn:Firm": ("firms.csv",)})
    assert NameIndex(parent=parent).sheets_of("urn:Firm") == ("firms.csv",)
    assert NameIndex(parent=parent).sheets_of("urn:Place") == ()


@pytest.mark.parametrize("name", ["Mo\u200bvy", "Mo\u00advy", "\u2060Movy\ufeff", "Mo\u202dvy"])
def test_names_that_look_the_same_give_one_key(name: str) -> None:
    assert slug(name) == "movy"
