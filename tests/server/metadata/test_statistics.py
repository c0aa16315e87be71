"""What is counted and found of a dataset."""

from __future__ import annotations

import asyncio

import pytest

from smegraph.server.engine.engine import Answer, QueryRequest
from smegraph.server.engine.errors import DeadlineExceeded
from smegraph.server.metadata.statistics import GRAPHS_TOLD, ServiceFacts, survey
from tests.server.inprocess import InProcessEngine, surveyed
from tests.server.metadata.sample import DATA, opened


@pytest.fixture(scope="module")
def facts() -> ServiceFacts:
    return surveyed(opened())


def test_counts_are_those_of_the_data(facts: ServiceFacts) -> None:
    (one,) = (graph for graph in facts.named if graph.name.endswith("/one"))
    assert (one.triples, one.subjects, one.properties, one.classes) == (4, 2, 2, 1)
    assert facts.default.triples == 6 + 8  # the union has "a is a firm" once


def test_things_of_each_class_are_examples(facts: ServiceFacts) -> None:
    assert facts.examples == ("http://example.org/a", "http://example.org/c")


def test_the_namespace_of_all_subjects_is_told(facts: ServiceFacts) -> None:
    assert facts.space == "http://example.org/"


def test_no_namespace_is_told_where_subjects_share_none() -> None:
    assert surveyed(opened("<http://a.org/x> <e:p> 1 . <http://b.org/x> <e:p> 1 .")).space == ""


def test_the_default_graph_of_a_strict_service_is_counted_alone() -> None:
    data = opened(DATA + "e:x e:p e:y .", union=False)
    facts = surveyed(data, ServiceFacts(union=False))
    assert facts.default.triples == 1
    assert ("http://example.org/p", 4) in facts.properties


def test_what_is_known_beforehand_is_kept() -> None:
    known = ServiceFacts(writable=True, services=("http://e/",), prefixes=False, version="7")
    facts = surveyed(opened(), known)
    assert (facts.writable, facts.services) == (True, ("http://e/",))
    assert (facts.prefixes, facts.version) == (False, "7")


def test_the_dataset_that_is_no_part_of_another_is_the_source(facts: ServiceFacts) -> None:
    assert facts.source == "http://example.org/all"
    assert [name.rpartition("/")[2] for name, _ in facts.about] == ["license", "title"]


def test_two_datasets_that_are_no_part_of_another_are_no_source() -> None:
    trig = DATA + 'e:meta { e:other a void:Dataset ; dcterms:title "Other" }'
    assert surveyed(opened(trig)).source == ""


def test_graphs_without_a_name_are_left_out() -> None:
    facts = surveyed(opened("_:g { <http://e/a> <http://e/b> <http://e/c> }"))
    assert facts.named == ()


def test_an_empty_dataset_is_nothing_that_is_counted() -> None:
    facts = surveyed(opened(""))
    assert (facts.default.triples, facts.named, facts.classes) == (0, (), ())


def test_graphs_beyond_the_limit_are_told_to_be_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    assert GRAPHS_TOLD >= 10_000
    monkeypatch.setattr("smegraph.server.metadata.statistics.GRAPHS_TOLD", 2)
    facts = surveyed(opened())
    assert ([graph.name for graph in facts.named], facts.left_out) == (
        ["http://example.org/meta", "http://example.org/one"], True,
    )  # fmt: skip


class Slow(InProcessEngine):
    """An engine in which counting graphs takes too long."""

    async def answer(self, request: QueryRequest) -> Answer:
        if "COUNT(DISTINCT ?p)" in request.text:
            raise DeadlineExceeded(1)
        return await super().answer(request)


def test_what_cannot_be_answered_is_left_out() -> None:
    facts = asyncio.run(survey(Slow(opened()), ServiceFacts()))
    assert (facts.default.triples, facts.named) == (None, ())
    assert facts.properties
