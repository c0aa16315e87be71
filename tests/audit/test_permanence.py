"""A term or a thing that was published and is no more is an error of the audit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from smegraph.audit.errors import Unavailable
from smegraph.audit.inputs import AuditInputs
from smegraph.audit.permanence import PERMANENT_TERMS, PERMANENT_THINGS
from smegraph.graph.errors import ShapeError
from smegraph.graph.pipeline import Graphs
from smegraph.namespaces import GRAPH
from smegraph.ontology.versions import THINGS_LIST, list_text
from tests.audit.conftest import ID, SME, fact, found, with_parts

if TYPE_CHECKING:
    from tests.audit.conftest import Make

TERMS = {check.check.name: check for check in PERMANENT_TERMS}
THINGS = {check.check.name: check for check in PERMANENT_THINGS}


def publish_terms(inputs: AuditInputs, *iris: str) -> AuditInputs:
    folder = inputs.ontology.folder / "versions"
    folder.mkdir()
    (folder / "iris.txt").write_text(list_text(iris), "utf-8")
    return inputs


def publish_things(inputs: AuditInputs, *iris: str) -> AuditInputs:
    inputs.project.data.mkdir()
    (inputs.project.data / THINGS_LIST).write_text(list_text(iris), "utf-8")
    return inputs


def test_a_term_that_is_gone_is_named(make: Make) -> None:
    inputs = publish_terms(make("sme:A a owl:Class ."), SME + "A", SME + "B")
    assert found(TERMS["project/term-disappeared"], inputs) == [(f"<{SME}B>", None)]


def test_a_term_that_is_deprecated_is_there(make: Make) -> None:
    inputs = publish_terms(make("sme:B owl:deprecated true ; dcterms:isReplacedBy sme:A ."),
                           SME + "B")  # fmt: skip
    assert found(TERMS["project/term-disappeared"], inputs) == []


def test_without_a_list_nothing_was_published(make: Make) -> None:
    inputs = make("sme:A a owl:Class .")
    assert found(TERMS["project/term-disappeared"], inputs) == []
    assert found(THINGS["project/thing-disappeared"], inputs) == []


def test_a_thing_that_is_gone_is_named(make: Make) -> None:
    inputs = publish_things(make(""), ID + "a", ID + "b", GRAPH + "one")
    header = {GRAPH + "one": [f"<{GRAPH}one> <urn:p> <urn:o> .\n"]}
    with_parts(inputs, graphs=Graphs({GRAPH + "one": [fact("a", "A")]}, header))
    assert found(THINGS["project/thing-disappeared"], inputs) == [(f"<{ID}b>", None)]


def test_graphs_that_cannot_be_made_are_looked_at_another_time(make: Make) -> None:
    inputs = with_parts(publish_things(make(""), ID + "a"), graphs=ShapeError([]))
    with pytest.raises(Unavailable):
        found(THINGS["project/thing-disappeared"], inputs)


def test_questions_are_among_the_things_that_stay(make: Make) -> None:
    inputs = make("sme:A a owl:Class .")
    questions = inputs.ontology.folder / "questions"
    questions.mkdir()
    (questions / "firms.rq").write_text("SELECT ?firm { ?firm a sme:Firm }", "utf-8")
    publish_things(inputs, f"{GRAPH}questions", f"{ID}question-firms", f"{ID}question-gone")
    with_parts(inputs, clean=[], links=[])
    assert found(THINGS["project/thing-disappeared"], inputs) == [(f"<{ID}question-gone>", None)]
