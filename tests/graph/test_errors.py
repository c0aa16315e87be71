"""What contradicts itself is shown as facts with prefixed names and the places of their rows."""

from __future__ import annotations

from smegraph.errors import SmegraphError
from smegraph.graph.errors import InconsistencyError
from smegraph.namespaces import ID, SME
from smegraph.ontology.terms import TYPE

FIRM = f"<{ID}firm-movy> <{TYPE}> <{SME}Firm> ."
PLACE = f'<{ID}firm-movy> <{SME}year> "<2014>" .'
OTHER = "<urn:x> <urn:p> <urn:y> ."
PLACES = {f"{ID}firm-movy": "firms.csv row 2"}


def test_facts_stand_under_the_reason_with_prefixed_names() -> None:
    error = InconsistencyError("my-study", [FIRM, OTHER], "These clash:")
    assert str(error).splitlines() == [
        "my-study: These clash:",
        "  id:firm-movy rdf:type sme:Firm .",
        "  <urn:x> <urn:p> <urn:y> .",
    ]


def test_facts_are_kept_as_they_were_given() -> None:
    error = InconsistencyError("my-study", iter([FIRM, OTHER]), "These clash:")
    assert (error.study, error.facts, error.reason) == ("my-study", (FIRM, OTHER), "These clash:")
    assert error.places == {}


def test_a_fact_whose_row_is_known_shows_it() -> None:
    error = InconsistencyError("my-study", [FIRM, OTHER], "These clash:", PLACES)
    _, known, unknown = str(error).splitlines()
    assert known.endswith(" sme:Firm .  (firms.csv row 2)")
    assert unknown == "  <urn:x> <urn:p> <urn:y> ."


def test_places_may_be_told_later_and_change_nothing_else() -> None:
    error = InconsistencyError("my-study", [FIRM], "These clash:")
    located = error.located(PLACES)
    assert (located.study, located.facts, located.reason) == ("my-study", (FIRM,), "These clash:")
    assert str(located) == str(error) + "  (firms.csv row 2)"
    assert error.places == {}


def test_a_refusal_does_not_change_with_the_places_that_it_was_given() -> None:
    places = dict(PLACES)
    error = InconsistencyError("my-study", [FIRM], "These clash:", places)
    places.clear()
    assert error.places == PLACES


def test_a_clash_can_be_put_right_by_who_called() -> None:
    assert isinstance(InconsistencyError("my-study", [], "No facts."), SmegraphError)
