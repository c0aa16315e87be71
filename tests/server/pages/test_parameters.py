"""What the parameters of an address state, and how what there is not is refused."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from smegraph.server.http.problems import HttpProblem
from smegraph.server.pages.parameters import (
    Stated,
    iri_of,
    page_number,
    read_choice,
    require,
    require_page,
    stated_in,
)


def refused(act: Callable[[], object]) -> str:
    with pytest.raises(HttpProblem) as error:
        act()
    assert error.value.status == 400
    return error.value.detail


def test_a_choice_has_each_value_once_and_no_empty_one() -> None:
    pairs = [("a", "1"), ("b", ""), ("page", "2"), ("a", "2"), ("a", "1")]
    found = read_choice(pairs, ["a", "b"], ["page"], lambda name, value: (value, f"urn:{value}"))
    assert found.chosen == {"a": ("1", "2")}
    assert found.iris == {("a", "1"): "urn:1", ("a", "2"): "urn:2"}


def test_a_value_is_taken_in_its_one_form() -> None:
    found = read_choice([("a", "01"), ("a", "1")], ["a"], [], lambda _, v: (str(int(v)), ""))
    assert (found.chosen, found.iris) == ({"a": ("1",)}, {})


def test_an_address_is_changed_in_one_place() -> None:
    stated = Stated({"a": ("1", "2"), "b": ("3",)})
    assert stated.pairs(b=None, page="2") == [("a", "1"), ("a", "2"), ("page", "2")]
    assert stated.without("a", "2") == [("a", "1"), ("b", "3")]


def test_of_several_values_the_last_is_stated() -> None:
    assert stated_in([("q", "x"), ("q", ""), ("q", "y"), ("of", "")], ["q", "of"]) == {"q": "y"}


def test_what_there_is_not_is_refused_with_what_there_is() -> None:
    assert refused(lambda: stated_in([("bais", "x")], ["basis", "sign"])) == (
        'This page has no parameter bais. Did you mean "basis"?'
    )
    assert (
        refused(lambda: stated_in([("x", "")], [])) == "This page has no parameter x. It has none."
    )
    assert refused(lambda: require("sign", "up", ["a", "b"])) == (
        "No sign is called up. Right values are a, b."
    )
    assert refused(lambda: iri_of("work", "onw", ["urn:one", "urn:two"], ["urn:"])) == (
        'No work is called onw. Did you mean "one"?'
    )


def test_a_value_stands_for_the_iri_that_is_known() -> None:
    assert iri_of("x", "one", ["urn:b:one"], ["urn:a:", "urn:b:"]) == "urn:b:one"


@pytest.mark.parametrize("text", ["", "0", "-1", "1.5", "x", "٣", "1000000", "9" * 5000])
def test_what_is_no_number_of_a_page_is_refused(text: str) -> None:
    assert refused(lambda: page_number(text)).endswith("pages are 1, 2 and so on.")


def test_the_last_page_is_there_and_the_next_one_is_not() -> None:
    assert page_number("999999") == 999_999
    for number, total in ((1, 0), (1, 50), (2, 51)):
        require_page(number, total, 50)
    assert refused(lambda: require_page(2, 50, 50, "notes")) == "There is no page 2 of 50 notes."
