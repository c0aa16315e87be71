"""Labels, classes and statements of the things of a side."""

from __future__ import annotations

from smegraph.namespaces import ID, SME
from smegraph.publishing.sides import Side
from smegraph.publishing.things import Things
from tests.publishing.conftest import side


def test_things_have_labels_and_classes(old: Side) -> None:
    things = Things(old)
    assert things.labels[ID + "firm-x"] == "X"
    assert things.classes[ID + "finding-a"] == [SME + "Finding"]
    assert ID + "firm-gone" in things.own


def test_a_class_that_is_stated_comes_before_one_that_is_inferred() -> None:
    things = Things(side("graph:one { id:a a sme:Firm } graph:inferred { id:a a sme:Agent }"))
    assert things.classes[ID + "a"] == [SME + "Firm"]


def test_what_the_description_of_graphs_is_about_is_no_thing() -> None:
    things = Things(side("graph:meta { graph:one a void:Dataset } graph:one { id:a a sme:Firm }"))
    assert things.iris == {ID + "a"}


def test_statements_are_those_that_nobody_computed() -> None:
    things = Things(side("graph:one { id:a sme:p 1 } graph:derived { id:a sme:q 2 }"))
    (text,) = things.statements([ID + "a"])[ID + "a"]
    assert SME + "p" in text
