"""Proposals come from labels, with a confidence that says how many of their like hold."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from smegraph.links.candidates import SURE, Candidate, suggest
from smegraph.links.known import Known
from smegraph.links.own import Term, own_terms
from smegraph.links.slots import CLOSE_MATCH, EXACT_MATCH, SAME_AS, SEE_ALSO
from smegraph.links.target import Label, Role, Target
from smegraph.links.targets import read_target
from smegraph.namespaces import SKOS, VOC, shorten
from smegraph.ontology.ontology import Ontology

EX = "https://example.org/fruit/"


def vocabulary(*labels: tuple[str, str, Role], above: dict[str, str] | None = None) -> Target:
    """A vocabulary of fruit; of its forty other concepts nothing is like ours."""
    found = Target("fruit.ttl")
    for number in range(40):
        found.labels[f"{EX}other-{number}"] = [Label(f"thing number {number}", "preferred", "en")]
    for name, text, role in labels:
        found.labels[EX + name].append(Label(text, role, "en"))
    for name, up in (above or {}).items():
        found.above[EX + name].add(EX + up)
    return found


def term(text: str, role: Role = "preferred", definition: str = "", kind: str = "concept") -> Term:
    labels = [Label(text, role)] if role == "preferred" else [
        Label("something else", "preferred"), Label(text, role)
    ]  # fmt: skip
    return Term(VOC + "a", kind, labels, texts=[definition] if definition else [])


ORCHARD = vocabulary(
    ("1", "Cooking apples", "preferred"), ("9", "Pome fruit", "preferred"), above={"1": "9"}
)
POME = "A pome that is cooked."


def test_preferred_labels_that_hierarchy_bears_out_are_exact() -> None:
    (found,) = suggest([term("cooking apple", definition=POME)], ORCHARD)
    assert (found.object, found.predicate) == (EX + "1", EXACT_MATCH)
    assert found.confidence >= SURE
    assert "above both: pome" in found.reasons


def test_preferred_labels_alone_are_close() -> None:
    (found,) = suggest([term("cooking apple")], ORCHARD)
    assert found.predicate == CLOSE_MATCH
    assert found.confidence < SURE


def test_one_word_means_many_things() -> None:
    target = vocabulary(("1", "Apples", "preferred"), ("9", "Pome", "preferred"), above={"1": "9"})
    (found,) = suggest([term("apple", definition=POME)], target)
    assert (found.predicate, found.confidence < SURE) == (CLOSE_MATCH, True)


def test_what_stands_above_most_tells_nothing() -> None:
    above = {name.removeprefix(EX): "9" for name in ORCHARD.labels if name != EX + "9"}
    target = vocabulary(
        ("1", "Cooking apples", "preferred"), ("9", "Pome fruit", "preferred"), above=above
    )
    (found,) = suggest([term("cooking apple", definition=POME)], target)
    assert found.predicate == CLOSE_MATCH


@pytest.mark.parametrize(
    ("own", "other"), [("preferred", "other"), ("other", "preferred"), ("other", "loose")]
)
def test_other_labels_are_less_sure(own: Role, other: Role) -> None:
    target = vocabulary(("1", "Cooking apples", other), ("1", "Bramleys and such", "preferred"))
    found = [x for x in suggest([term("cooking apple", own)], target) if x.object == EX + "1"]
    assert [(x.predicate, x.confidence < 0.6) for x in found] == [(CLOSE_MATCH, True)]


def test_several_of_theirs_with_one_label_are_less_sure() -> None:
    target = vocabulary(("1", "Cooking apples", "preferred"), ("2", "cooking apple", "preferred"))
    found = suggest([term("cooking apple")], target)
    assert [x.object for x in found] == [EX + "1", EX + "2"]
    assert all(x.confidence < 0.5 for x in found)


def test_words_in_brackets_are_less_sure() -> None:
    target = vocabulary(("1", "Cooking apples (law)", "preferred"))
    (found,) = suggest([term("cooking apple")], target)
    assert (found.step, found.confidence) == ("qualifier", 0.5)


def test_things_are_the_same_or_are_seen_also() -> None:
    (found,) = suggest([term("cooking apple", definition=POME, kind="thing")], ORCHARD)
    assert found.predicate == SAME_AS
    (found,) = suggest([term("cooking apple", kind="thing")], ORCHARD)
    assert found.predicate == SEE_ALSO


def test_properties_are_linked_to_properties() -> None:
    target = vocabulary(("1", "grows on trees", "preferred"), ("2", "grows on trees", "preferred"))
    target.properties.add(EX + "2")
    (found,) = suggest([term("grows on trees", kind="property")], target)
    assert found.object == EX + "2"
    (found,) = suggest([term("grows on trees")], target)
    assert found.object == EX + "1"


def test_what_is_decided_or_deprecated_is_not_proposed() -> None:
    target = vocabulary(("1", "Cooking apples", "preferred"))
    assert suggest([term("cooking apple")], target, [(VOC + "a", EX + "1")]) == []
    target.former.add(EX + "1")
    assert suggest([term("cooking apple")], target) == []


def test_labels_of_another_language_are_left_out() -> None:
    target = vocabulary(("2", "Cooking apples", "preferred"))
    target.labels[EX + "1"] = [Label("Cooking apples", "preferred", "de")]
    assert [x.object for x in suggest([term("cooking apple")], target)] == [EX + "2"]
    target.labels = {EX + "1": [Label("Kochäpfel", "preferred", "de")]}
    found = suggest([term("Kochäpfel")], target)  # where none is in English, all are compared
    assert [x.object for x in found] == [EX + "1"]


# --------------------------------------------------------- against what a person has decided


@pytest.fixture(scope="module")
def stw(repository: Path) -> Target:
    """The STW Thesaurus for Economics, which is no part of the repository."""
    path = repository.parent / "shared/vocabularies/stw-9.06-skos.ttl"
    if not path.is_file():
        pytest.skip("STW 9.06 is not at hand in ../shared/vocabularies")
    return read_target(path)


def decided(repository: Path) -> dict[tuple[str, str], str]:
    """The links with STW that a person has verified, and their properties."""
    found = {}
    for path in sorted((repository / "ontology/mappings").glob("*-stw.sssom.tsv")):
        lines = [line for line in path.read_text("utf-8").split("\n") if line[:1] != "#"]
        for row in csv.DictReader(lines, delimiter="\t"):
            found[row["subject_id"], row["object_id"]] = row["predicate_id"]
    return found


def of_stw(candidates: list[Candidate]) -> dict[tuple[str, str], Candidate]:
    return {(shorten(x.term.iri), "stw:" + x.object.rsplit("/", 1)[1]): x for x in candidates}


def test_of_sure_proposals_nine_in_ten_hold_as_they_are(
    stw: Target, ontology: Ontology, repository: Path
) -> None:
    known, verified = Known.of(ontology, []), decided(repository)
    found = of_stw(suggest(own_terms(ontology, [], known, "concepts"), stw))
    sure = {pair: x for pair, x in found.items() if x.confidence >= SURE}
    right = [pair for pair, x in sure.items() if verified.get(pair) == shorten(x.predicate)]
    assert len(sure) >= 10
    assert len(right) / len(sure) >= 0.9
    linked = [pair for pair in sure if pair in verified]
    assert len(linked) / len(sure) >= 0.9


def test_names_that_mislead_are_not_sure(stw: Target, ontology: Ontology) -> None:
    """What has the label of a cartel, a law or a trend, and is none."""
    terms = own_terms(ontology, [], Known.of(ontology, []), "concepts")
    names = ("trust", "mutual-trust", "internationalization", "access-to-information", "beauty")
    found = [x for x in suggest(terms, stw) if x.term.iri in [VOC + name for name in names]]
    assert found
    assert all(x.confidence <= 0.7 and x.predicate == CLOSE_MATCH for x in found)
    assert SKOS + "closeMatch" == CLOSE_MATCH
