"""Labels that differ in form only have one key."""

from __future__ import annotations

import pytest

from smegraph.links.labels import Step, key, plain, step, without_qualifier


@pytest.mark.parametrize(
    ("one", "other", "how"),
    [
        ("Social Media", "social  media", "as written"),
        ("e-commerce", "E commerce", "punctuation"),
        ("research & development", "research and development", "punctuation"),
        ("café", "cafe", "punctuation"),
        ("internationalisation", "internationalization", "spelling"),
        ("consumer behaviour", "Consumer behavior", "spelling"),
        ("small enterprise", "Small enterprises", "plural"),
        ("company", "Companies", "plural"),
        ("hypothesis", "hypotheses", "plural"),
    ],
)
def test_what_differs_in_form_only_is_the_same(one: str, other: str, how: Step) -> None:
    assert key(one) == key(other)
    assert step(one, other) == step(other, one) == how


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("trust", "truth"), ("business", "busines"), ("analysis", "analyst"), ("new", "news"),
        ("logistic", "logistics"), ("process", "proces"), ("firm size", "size of the firm"),
    ],
)  # fmt: skip
def test_other_words_are_not_the_same(one: str, other: str) -> None:
    assert key(one) != key(other)


def test_words_in_brackets_are_a_qualifier() -> None:
    assert without_qualifier("Trust (law)") == "Trust"
    assert without_qualifier("(law)") is None
    assert without_qualifier("Trust (law) theory") is None


def test_letters_of_other_scripts_stay() -> None:
    assert plain("Δίκτυο") == "δίκτυο"
    assert key("貿易") == "貿易"
