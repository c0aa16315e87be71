"""What the parameters of an address state: which there are, their values, the number of a page."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from smegraph.server.http.problems import HttpProblem
from smegraph.suggest import did_you_mean

_MOST_PAGES = 10**6


@dataclass(frozen=True, slots=True)
class Stated:
    """A choice as the parameters of an address state it.

    Attributes:
        chosen: for each name that is chosen by, its values as the address has them.
        iris: the IRI of each value that is one.
    """

    chosen: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    iris: Mapping[tuple[str, str], str] = field(default_factory=dict)

    def pairs(self, **changes: str | None) -> list[tuple[str, str]]:
        """Return the parameters of the address, with some set anew or, by None, left out."""
        kept = [(n, v) for n, values in self.chosen.items() for v in values if n not in changes]
        return [*kept, *((name, value) for name, value in changes.items() if value is not None)]

    def without(self, name: str, value: str) -> list[tuple[str, str]]:
        """Return the parameters of the address without one value."""
        return [pair for pair in self.pairs() if pair != (name, value)]


def read_choice(
    parameters: Iterable[tuple[str, str]],
    names: Sequence[str],
    others: Iterable[str],
    value_of: Callable[[str, str], tuple[str, str]],
) -> Stated:
    """Return the choice that the parameters of an address state; an empty value chooses nothing.

    Args:
        parameters: the parameters of the address, each with its value.
        names: the names that are chosen by.
        others: the names of parameters that the page reads itself.
        value_of: returns for a name and a value the value in its one form, and the IRI that it
            stands for or nothing; it raises HttpProblem (400) for one that there is not.

    Raises HttpProblem (400) for a parameter that there is not, with what is meant.
    """
    known = [*names, *others]
    chosen: dict[str, tuple[str, ...]] = {}
    iris: dict[tuple[str, str], str] = {}
    for name, value in parameters:
        if name in others or not value:
            continue
        require_name(name, known)
        taken, iri = value_of(name, value)
        if iri:
            iris[name, taken] = iri
        chosen[name] = tuple(dict.fromkeys((*chosen.get(name, ()), taken)))
    return Stated(chosen, iris)


def stated_in(parameters: Iterable[tuple[str, str]], names: Sequence[str]) -> dict[str, str]:
    """Return the parameters of an address that have a value; of several values the last.

    Raises HttpProblem (400) for a parameter that there is not.
    """
    stated = {}
    for name, value in parameters:
        require_name(name, names)
        if value:
            stated[name] = value
    return stated


def require_name(name: str, names: Sequence[str]) -> None:
    """Refuse (400) a parameter that is none of those that a page has."""
    if name not in names:
        there = f"There are {', '.join(names)}." if names else "It has none."
        meant = did_you_mean(name, names, there)
        raise HttpProblem("unknown-parameter", f"This page has no parameter {name}. {meant}")


def require(name: str, value: str, values: Iterable[str]) -> None:
    """Refuse (400) a value that is none of those that there are."""
    known = [*values]
    if value not in known:
        said = ", ".join(known) if len(known) < 10 else "those that the page offers"
        meant = did_you_mean(value, known, f"Right values are {said}.")
        raise HttpProblem("invalid-parameter", f"No {name} is called {value}. {meant}")


def iri_of(name: str, value: str, known: Iterable[str], starts: Sequence[str]) -> str:
    """Return the IRI among those known for which a value of an address stands.

    Raises HttpProblem (400) where there is none, with the one that is perhaps meant.
    """
    among = {*known}
    found = next((start + value for start in starts if start + value in among), None)
    if found is None:
        require(name, value, (i.removeprefix(s) for s in starts for i in among if i.startswith(s)))
        raise AssertionError(value)
    return found


def page_number(text: str) -> int:
    """Return the number of a page, from 1; raises HttpProblem (400) for what is none.

    >>> page_number("2")
    2
    """
    if not (text.isascii() and text.isdigit() and 0 < int(text[:7]) < _MOST_PAGES):
        raise HttpProblem("invalid-parameter", f"{text} is no page; pages are 1, 2 and so on.")
    return int(text)


def require_page(number: int, total: int, on_a_page: int, what: str = "rows") -> None:
    """Refuse (400) a page behind the last one; of nothing there is one page."""
    if number > max(1, -(-total // on_a_page)):
        raise HttpProblem("invalid-parameter", f"There is no page {number} of {total} {what}.")
