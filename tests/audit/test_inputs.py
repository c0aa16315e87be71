"""What the audit looks at is made when it is asked for, once, or is told to be unavailable."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest
from starlette.applications import Starlette

from smegraph.audit.errors import Unavailable
from smegraph.audit.findings import Check, Hit
from smegraph.audit.inputs import AuditInputs, EngineCheck
from smegraph.graph.errors import ReasonerError
from smegraph.release.errors import ReleaseError
from tests.audit.conftest import CLASSES, SME, fact, with_parts

if TYPE_CHECKING:
    from tests.audit.conftest import Make

CHECK = Check("hermit/x", "X", "error", "S", "R")


class Finder:
    """Finds what it is given, and counts how often it was asked."""

    def __init__(self, *hits: Hit) -> None:
        self.hits, self.asked = hits, 0

    def __call__(self) -> tuple[Hit, ...]:
        self.asked += 1
        return self.hits


def test_what_a_check_found_is_kept(make: Make) -> None:
    finder = Finder(Hit("a.ttl", "lost"))
    first = make(CLASSES).kept(CHECK, [["a\n"]], finder)
    again = make(CLASSES).kept(CHECK, [["a\n"]], finder)
    assert (first, again, finder.asked) == ([Hit("a.ttl", "lost")], [Hit("a.ttl", "lost")], 1)


def test_that_nothing_was_found_is_kept_too(make: Make) -> None:
    finder = Finder()
    assert [make(CLASSES).kept(CHECK, [["a\n"]], finder) for _ in range(2)] == [[], []]
    assert finder.asked == 1


def test_another_input_or_another_check_is_looked_at(make: Make) -> None:
    finder = Finder()
    make(CLASSES).kept(CHECK, [["a\n"]], finder)
    make(CLASSES).kept(CHECK, [["b\n"]], finder)
    make(CLASSES).kept(replace(CHECK, name="hermit/y"), [["a\n"]], finder)
    assert finder.asked == 3


def test_changed_code_looks_again(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    finder = Finder()
    make(CLASSES).kept(CHECK, [["a\n"]], finder)
    monkeypatch.setattr("smegraph.audit.inputs.code_digest", lambda: "another")
    make(CLASSES).kept(CHECK, [["a\n"]], finder)
    assert finder.asked == 2


def test_terms_are_sorted_lines_of_n_triples(make: Make) -> None:
    terms = make(CLASSES).terms
    quads = list(ox.parse("".join(terms).encode(), format=ox.RdfFormat.N_TRIPLES))
    assert terms == sorted(terms)
    assert len(quads) == len(terms) == 4


def test_triples_are_those_of_the_ontology_and_of_the_facts(make: Make) -> None:
    triples = with_parts(make(CLASSES), union=[fact("x", "A")]).triples
    objects = [triple.object for triple in triples if triple.predicate.value.endswith("#type")]
    assert objects.count(ox.NamedNode(SME + "A")) == 1
    assert objects.count(ox.NamedNode("http://www.w3.org/2002/07/owl#Class")) == 2


def test_folder_without_studies_is_told(make: Make) -> None:
    inputs = make(CLASSES)
    for _ in range(2):  # with no folder, and with an empty one
        with pytest.raises(Unavailable, match="holds no studies"):
            _ = inputs.results
        inputs.project.data.mkdir(exist_ok=True)


class Refusing:
    """Makes no graphs."""

    def build(self, clean: object, *links: object) -> object:
        raise ReasonerError("HermiT refuses the ontology.")


def test_what_keeps_graphs_from_being_made_is_a_value(make: Make) -> None:
    graphs = with_parts(make(CLASSES), clean=[], builder=Refusing()).graphs
    assert isinstance(graphs, ReasonerError)


def test_application_is_made_once(make: Make) -> None:
    made: list[Starlette] = []

    def site() -> Starlette:
        made.append(Starlette())
        return made[-1]

    inputs = replace(make(CLASSES), site=site)
    assert inputs.application is inputs.application is made[0]


def test_application_is_unavailable_without_a_release(make: Make) -> None:
    def site() -> Starlette:
        raise ReleaseError("There is no release.")

    with pytest.raises(Unavailable, match="There is no release"):
        _ = replace(make(CLASSES), site=site).application


def test_check_names_a_thing_once(make: Make) -> None:
    def find(check: Check, inputs: AuditInputs) -> list[Hit]:
        return [Hit("b"), Hit("a"), Hit("b"), Hit("a", check.name)]

    hits = EngineCheck(CHECK, find).run(make(CLASSES))
    assert hits == [Hit("b"), Hit("a"), Hit("a", "hermit/x")]
