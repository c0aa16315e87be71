"""What a search shows: things by kind, facts with their places, and what narrows them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from smegraph.server.pages.iris import plain_name
from smegraph.server.pages.lookup import Tables
from smegraph.server.pages.things import Named
from smegraph.server.pages.views import address

ToNamed: TypeAlias = Callable[[str, str], Named]
"""What names a thing for a page, by its IRI and its label."""


@dataclass(frozen=True, slots=True)
class Searched:
    """What is searched.

    Attributes:
        tables: the tables of its names.
        asked: the query that asks for the facts of a search.
        named: what names a thing for a page.
        coded: whether facts have an evidence basis, as those of a release do.
    """

    tables: Tables
    asked: str
    named: ToNamed
    coded: bool


def thing_address(iri: str, label: str = "") -> Named:
    """Return a thing of any dataset as a page names it: its page is here, whosever IRI it has."""
    return Named(iri, label or plain_name(iri), address("/thing", [("iri", iri)]))


@dataclass(frozen=True, slots=True)
class FoundThing:
    """A thing that was found.

    Attributes:
        thing: the thing itself.
        definition: what it is; may be empty.
        facts: how many facts name it.
        backing: the same by evidence basis, in words.
        by_topic: whether only its title, or what it is on, has the words.
    """

    thing: Named
    definition: str
    facts: int
    backing: tuple[tuple[str, int], ...]
    by_topic: bool


@dataclass(frozen=True, slots=True)
class Group:
    """The things of one kind: the first of them, how many there are, and where all are shown."""

    kind: str
    title: str
    things: tuple[FoundThing, ...]
    count: int
    address: str
    is_capped: bool


@dataclass(frozen=True, slots=True)
class FoundFact:
    """A fact that was found.

    Attributes:
        thing: the fact, with what it says.
        kind: what kind of fact it is, in words.
        cause, mark, effect: what acts on what and how, of a finding; else None and nothing.
        basis: on what it rests, in words; may be empty.
        hedged: whether the document makes a reserve.
        wanted: whether firms want the effect, in words; may be empty.
        names: the things that it names.
        works: the works that found it.
        study: the document that says so; None in other datasets.
        locator: where it stands there.
        restates: whether it says another fact of the document again.
    """

    thing: Named
    kind: str
    cause: Named | None
    mark: str
    effect: Named | None
    basis: str
    hedged: bool
    wanted: str
    names: tuple[Named, ...]
    works: tuple[Named, ...]
    study: Named | None
    locator: str
    restates: bool


@dataclass(frozen=True, slots=True)
class Apart:
    """What there is of one part alone: how many facts, where they are shown, the first of them."""

    name: str
    count: int
    address: str
    first: tuple[FoundFact, ...]


@dataclass(frozen=True, slots=True)
class Option:
    """A value by which facts can be chosen, with how many there would be."""

    label: str
    count: int
    address: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class FoundFacts:
    """The facts of a search, as its page shows them.

    Attributes:
        rows: the facts of this page.
        most: how many parts they join; 0 where nothing joins any two.
        total: how many facts there are on all pages.
        backing: on what they rest: the basis, and how many facts and works there are.
        facets: by what they can be chosen.
        restated: whether restatements are shown, and where it is the other way round.
        pages: the ways to other pages.
        apart: where nothing joins the parts, what there is of each.
    """

    rows: Sequence[FoundFact] = ()
    most: int = 0
    total: int = 0
    backing: Sequence[tuple[str, int, int]] = ()
    facets: Sequence[tuple[str, Sequence[Option]]] = ()
    restated: tuple[bool, str] = (False, "")
    pages: Mapping[str, str] = field(default_factory=dict)
    apart: Sequence[Apart] = ()
