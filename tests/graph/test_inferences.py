"""What HermiT prints becomes statements; what was known, or follows by rules, is no news."""

from __future__ import annotations

import pytest

from smegraph.graph.inferences import impossible, most_specific, new_statements, statements
from smegraph.namespaces import OWL, RDF, RDFS

TYPE, SUB = f"<{RDF}type>", f"<{RDFS}subClassOf>"


@pytest.mark.parametrize(
    ("printed", "read"),
    [
        ("Type( <urn:a> <urn:B> )", [f"<urn:a> {TYPE} <urn:B> ."]),
        ("SubClassOf( <urn:A> <urn:B> )", [f"<urn:A> {SUB} <urn:B> ."]),
        (
            "SubObjectPropertyOf( <urn:p> <urn:q> )",
            [f"<urn:p> <{RDFS}subPropertyOf> <urn:q> ."],
        ),
        (
            "EquivalentClasses( <urn:A> <urn:B> )",
            [
                f"<urn:A> <{OWL}equivalentClass> <urn:B> .",
                f"<urn:B> <{OWL}equivalentClass> <urn:A> .",
            ],
        ),
        (
            "<urn:p> (known instances: (<urn:a>, <urn:b>)(<urn:c,d>, <urn:e>) "
            "| possible instances: ) ",
            ["<urn:a> <urn:p> <urn:b> .", "<urn:c,d> <urn:p> <urn:e> ."],
        ),
        ("<urn:p> (known instances:  | possible instances: ) ", []),
        ("SubObjectPropertyOf( ObjectInverseOf( <urn:p> ) ObjectInverseOf( <urn:q> ) )", []),
        ("something else", []),
    ],
)
def test_each_kind_of_line_becomes_statements(printed: str, read: list[str]) -> None:
    assert [line.rstrip("\n") for line in statements(f"{printed}\n")] == read


def test_a_class_without_possible_members_is_named() -> None:
    printed = (
        f"EquivalentClasses( <{OWL}Nothing> <urn:A> )\n"
        f"SubClassOf( <urn:B> <{OWL}Nothing> )\nSubClassOf( <urn:C> <urn:D> )\n"
    )
    assert impossible(printed) == {"urn:A", "urn:B"}


def superclasses(iri: str) -> frozenset[str]:
    """A below B below C, and D below E; each with itself."""
    above = {"urn:A": ["urn:A", "urn:B", "urn:C"], "urn:B": ["urn:B", "urn:C"]}
    above["urn:D"] = ["urn:D", "urn:E"]
    return frozenset(above.get(iri, [iri]))


def test_what_was_told_and_what_is_true_of_everything_is_no_news() -> None:
    told = [f"<urn:a> {TYPE} <urn:A> .\n"]
    inferred = [*told, f"<urn:a> {TYPE} <{OWL}Thing> .\n", f"<urn:a> {TYPE} <urn:D> .\n"]
    assert new_statements(inferred, told, superclasses) == [f"<urn:a> {TYPE} <urn:D> .\n"]


def test_a_membership_above_one_that_is_there_is_no_news() -> None:
    told = [f"<urn:a> {TYPE} <urn:A> .\n"]
    inferred = [f"<urn:a> {TYPE} <urn:{name}> .\n" for name in "ABCDE"]
    inferred.append(f"<urn:A> {SUB} <urn:C> .\n")
    assert new_statements(inferred, told, superclasses) == [f"<urn:a> {TYPE} <urn:D> .\n"]


def test_what_a_special_class_or_property_implies_is_left_out() -> None:
    order = [f"<urn:A> {SUB} <urn:B> .\n", f"<urn:B> {SUB} <urn:C> .\n"]
    order.append(f"<urn:p> <{RDFS}subPropertyOf> <urn:q> .\n")
    kept = [f"<urn:a> {TYPE} <urn:A> .\n", f"<urn:a> {TYPE} <urn:D> .\n"]
    kept += ["<urn:a> <urn:p> <urn:b> .\n", "<urn:a> <urn:q> <urn:c> .\n"]
    implied = [f"<urn:a> {TYPE} <urn:B> .\n", f"<urn:a> {TYPE} <urn:C> .\n"]
    implied.append("<urn:a> <urn:q> <urn:b> .\n")
    assert most_specific([*implied, *kept], order) == sorted(kept)


def test_classes_that_are_one_stand_beside_each_other() -> None:
    same = f"<{OWL}equivalentClass>"
    order = [f"<urn:A> {same} <urn:B> .\n", f"<urn:B> {same} <urn:A> .\n"]
    order.append(f"<urn:B> {SUB} <urn:C> .\n")
    lines = [f"<urn:a> {TYPE} <urn:{name}> .\n" for name in "ABC"]
    assert most_specific(lines, order) == lines[:2]
