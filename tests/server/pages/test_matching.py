"""From words to things: phrases before words, misspelt words, and what no name has."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest

from smegraph.server.pages.lookup import Lookup
from smegraph.server.pages.matching import (
    MOST_WORDS,
    joining,
    matches_of,
    near_words,
    parts_of,
    words_of,
)
from smegraph.server.pages.search_tables import SEARCH
from tests.server.pages.conftest import engine_of


@pytest.fixture(scope="module")
def lookup(searched: Path) -> Lookup:
    return Lookup(engine_of(searched))


def parts(lookup: Lookup, text: str) -> list[tuple[str, str, str]]:
    found = asyncio.run(parts_of(lookup, SEARCH, words_of(text)[0]))
    return [(part.typed, part.how, part.meant) for part in found]


def labels(lookup: Lookup, text: str, number: int = 0) -> list[str]:
    async def asked() -> list[str]:
        found = await parts_of(lookup, SEARCH, words_of(text)[0])
        return [m.label for m in await matches_of(lookup, SEARCH, found) if m.part == number]

    return asyncio.run(asked())


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("LinkedIn trust", [("linkedin", "name", "linkedin"), ("trust", "name", "trust")]),
        ("linkdin", [("linkdin", "near", "linkedin")]),
        ("LINKEDIN", [("linkedin", "name", "linkedin")]),
        ("digital capability export performance",
         [("digital capability", "name", "digital capability"),
          ("export performance", "name", "export performance")]),
        ("export performances", [("export performances", "name", "export performances")]),
        ("torres", [("torres", "name", "torres")]),
        ("psychc distance", [("psychc", "near", "psychic"), ("distance", "name", "distance")]),
        ("chnia", [("chnia", "near", "china")]),
        ("linked", [("linked", "start", "linked")]),
        ("faith", [("faith", "about", "faith")]),
        ("trust in the firm", [("trust", "name", "trust"), ("firm", "name", "firm")]),
        ("trust Trust", [("trust", "name", "trust")]),
        ("qwertzuiop", [("qwertzuiop", "nothing", "qwertzuiop")]),
        ("7", [("7", "nothing", "7")]),
        ("", []),
    ],
)  # fmt: skip
def test_words_become_parts(lookup: Lookup, text: str, found: list[tuple[str, str, str]]) -> None:
    assert parts(lookup, text) == found


@pytest.mark.parametrize(
    "text",
    ['"', "* NEAR( OR", "a:b {c} -d", "'; DROP TABLE thing --", "\x00\ud800trust", "^" * 900],
)
def test_strange_characters_are_no_operators(lookup: Lookup, text: str) -> None:
    parts(lookup, text)


def test_only_the_first_of_many_words_are_looked_for() -> None:
    assert words_of("a b " * 20) == (["a", "b"] * (MOST_WORDS // 2), True)
    assert words_of("x" * 5000) == (["x" * 60], True)


def test_what_is_named_so_comes_first_and_questions_come_by_their_words(lookup: Lookup) -> None:
    assert labels(lookup, "trust") == [
        "trust", "mutual trust", "Which use of LinkedIn raises trust?",
    ]  # fmt: skip
    assert labels(lookup, "LinkedIn trust", -1) == ["Which use of LinkedIn raises trust?"]


def test_a_work_is_found_by_its_authors_and_its_year(lookup: Lookup) -> None:
    both = {"Johanson & Vahlne (1977)", "Many et al. (1977)"}
    assert set(labels(lookup, "Johanson 1977", -1)) == both
    assert labels(lookup, "process of the firm")[0] == "Johanson & Vahlne (1977)"
    assert labels(lookup, "China") == ["China", "Many et al. (1977)"]


def test_a_name_stands_for_its_kinds_in_facts(lookup: Lookup) -> None:
    async def asked() -> list[list[int]]:
        found = await parts_of(lookup, SEARCH, ["trust"])
        matches = await matches_of(lookup, SEARCH, found)
        return list(json.loads(await joining(lookup, SEARCH, matches)))

    # trust itself, mutual trust by its word and as a kind, goodwill as a kind
    assert sorted(far for _, _, far in asyncio.run(asked())) == [0, 1, 1, 1]


def test_words_that_look_alike(lookup: Lookup) -> None:
    assert asyncio.run(near_words(lookup, SEARCH, "goodwil")) == ["goodwill"]
    assert asyncio.run(near_words(lookup, SEARCH, "1977")) == []
    assert asyncio.run(near_words(lookup, SEARCH, "")) == []
