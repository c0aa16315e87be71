"""What rows say is compared with what there is, and with one another."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from smegraph.links.check import check_sets
from smegraph.links.target import Target
from tests.links.conftest import HEAD, KNOWN, ROW, kinds

if TYPE_CHECKING:
    from tests.links.conftest import Read

FRUIT = "https://example.org/fruit/"
TARGET = Target("fruit.ttl", {FRUIT + "1", FRUIT + "2"}, {FRUIT}, {FRUIT + "2"})


def row(subject: str = "voc:apple", predicate: str = "skos:exactMatch", name: str = "ex:1") -> str:
    return f"{subject}\t{predicate}\t{name}\tsemapv:ManualMappingCuration"


@pytest.mark.parametrize(
    ("rows", "kind"),
    [
        ([row("voc:aple")], "unknown-subject"),
        ([row("ex:apple")], "unknown-subject"),
        ([row("voc:old-pear")], "former-subject"),
        ([row("id:firm-a", "schema:sameAs")], "case-firm"),
        ([row("id:firm-a", "rdfs:seeAlso")], "case-firm"),
        ([row("id:place-orchard")], "match-of-no-concept"),
        ([row("id:place-orchard", "rdfs:subClassOf")], "wrong-property"),
        ([row("voc:apple", "schema:sameAs")], "wrong-property"),
        ([row("sme:Fruit", "schema:sameAs")], "wrong-property"),
        ([row(name="voc:pear")], "own-object"),
        ([row(), row()], "duplicate-row"),
        ([row(), row(name="ex:2")], "two-exact"),
        ([row(), row("voc:apple", "skos:broadMatch", "ex:2")], "exact-and-broad"),
        ([row(), row("voc:apple", "skos:narrowMatch", "ex:2")], "exact-and-broad"),
        ([row(), row("voc:pear")], "two-subjects"),
    ],
)
def test_fault_is_found(read: Read, rows: list[str], kind: str) -> None:
    problems = check_sets([read(*rows)], KNOWN)
    assert {*kinds(problems)} == {kind}
    assert all(problem.row and problem.remedy for problem in problems)


@pytest.mark.parametrize(
    "rows",
    [
        [row()],
        [row(), row("voc:apple", "skos:closeMatch", "ex:2")],
        [row("voc:apple", "skos:broadMatch"), row("voc:apple", "skos:broadMatch", "ex:2")],
        [row("id:place-orchard", "schema:sameAs"), row("id:place-orchard", "rdfs:seeAlso", "ex:2")],
        [row("sme:Fruit", "rdfs:subClassOf"), row("sme:tastes", "skos:closeMatch", "ex:2")],
        [row(name="schema:Thing"), row(name="ex:1")],  # in two schemes
    ],
)
def test_sound_twin_passes(read: Read, rows: list[str]) -> None:
    assert check_sets([read(*rows)], KNOWN) == []


def test_places_whose_iris_end_in_a_slash_lie_in_one_scheme(read: Read) -> None:
    found = read(row(name="ex:1/"), row(name="ex:2/"))
    assert {*kinds(check_sets([found], KNOWN))} == {"two-exact"}


@pytest.mark.parametrize(("name", "kind"), [("ex:3", "unknown-object"), ("ex:2", "former-object")])
def test_object_must_be_in_the_vocabulary_that_is_at_hand(read: Read, name: str, kind: str) -> None:
    assert kinds(check_sets([read(row(name=name))], KNOWN, [TARGET])) == [kind]
    assert check_sets([read(row(name=name))], KNOWN) == []
    assert check_sets([read()], KNOWN, [TARGET]) == []


def test_labels_of_stw_are_not_copied(read: Read) -> None:
    head = HEAD + "#  stw: http://zbw.eu/stw/descriptor/\n"
    columns = "subject_id\tpredicate_id\tobject_id\tobject_label\tmapping_justification"
    rows = [
        f"voc:apple\tskos:exactMatch\t{name}\tApple\tsemapv:ManualMappingCuration"
        for name in ("ex:1", "stw:1")
    ]
    problems = check_sets([read(*rows, head=head, columns=columns)], KNOWN)
    assert [(p.kind, p.row, p.column) for p in problems] == [("copied-label", 17, "object_label")]


def test_a_denied_link_clashes_with_none(read: Read) -> None:
    columns = "subject_id\tpredicate_id\tpredicate_modifier\tobject_id\tmapping_justification"
    rows = [
        "voc:apple\tskos:exactMatch\t\tex:1\tsemapv:MappingReview",
        "voc:apple\tskos:exactMatch\tNot\tex:2\tsemapv:MappingReview",
    ]
    assert check_sets([read(*rows, columns=columns)], KNOWN) == []


def test_rows_of_several_files_are_compared(read: Read, tmp_path: Path) -> None:
    one = read()
    other = read(row("voc:pear"))
    other.shown = "other.sssom.tsv"
    problems = check_sets([one, other], KNOWN)
    assert [(p.file, p.kind) for p in problems] == [
        ("fruit.sssom.tsv", "two-subjects"),
        ("other.sssom.tsv", "duplicate-set"),
        ("other.sssom.tsv", "two-subjects"),
    ]
    assert ROW in (tmp_path / "fruit.sssom.tsv").read_text("utf-8").replace("pear", "apple")
