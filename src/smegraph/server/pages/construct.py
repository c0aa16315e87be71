"""The page of a construct, `/constructs/{name}`: what acts on it, and what it acts on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from fastapi import FastAPI

from smegraph.namespaces import VOC
from smegraph.server.engine.engine import Engine
from smegraph.server.http.problems import HttpProblem
from smegraph.server.pages.asking import ask, load_query, on, record
from smegraph.server.pages.construct_pairs import (
    ROLES,
    Scope,
    ask_chains,
    ask_notes,
    ask_pairs,
    pairs_of,
    positive_pole,
)
from smegraph.server.pages.evidence import WORDS, chips
from smegraph.server.pages.finding_list import FindingText
from smegraph.server.pages.finding_tables import FINDINGS
from smegraph.server.pages.findings import (
    Choice,
    FoundRow,
    choice,
    evidence,
    fields,
    found,
    labels,
    short,
    works_behind,
)
from smegraph.server.pages.layout import Layout
from smegraph.server.pages.lookup import Lookup
from smegraph.server.pages.parameters import page_number, require_page
from smegraph.server.pages.rendering import render
from smegraph.server.pages.things import Named, named
from smegraph.server.pages.views import Parameters, Table, View, add_view, address
from smegraph.suggest import did_you_mean
from smegraph.synthesis.influences import Pair, fan

LIST: Final = "/constructs"
ON_A_PAGE: Final = 50
QUERY: Final = load_query("construct")
PAIRS: Final = load_query("construct-pairs")
PAIRS_SAID: Final = load_query("construct-pairs-said")
SYMBOLS: Final = {
    "positive": "+", "negative": "−", "mixed": "±", "no-effect": "0", "nonlinear": "∩",
    "unsigned": "?",
}  # fmt: skip
SIGN_WORDS: Final = {**WORDS, "mixed": "directions differ"}
_FIELDS: Final = (
    "basis", "hedged", "sign", "wanted", "study", "theme", "platform", "country", "theory",
)  # fmt: skip
_OTHERS: Final = frozenset({"page", "to", "as"})
_COLUMNS: Final = (
    "role", "construct", "basis", "findings", "works", *WORDS.values(), "with a reserve",
)  # fmt: skip


@record
class FactRow:
    """A row of `construct.rq`: something that is said of a construct."""

    kind: str
    value: str
    label: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class ConstructText:
    """A construct as its page shows it, without the findings on it.

    Attributes:
        name: the construct.
        values: what is said of it, by kind, as texts.
        things: what it is related to, by kind; each with its scope note.
    """

    name: Named
    values: Mapping[str, tuple[str, ...]]
    things: Mapping[str, tuple[tuple[Named, str], ...]]

    @classmethod
    def of(cls, iri: str, rows: Iterable[FactRow]) -> ConstructText:
        """Return a construct from the rows of its query."""
        values: dict[str, dict[str, None]] = {}
        things: dict[str, dict[str, tuple[Named, str]]] = {}
        for row in rows:
            if row.value.startswith(VOC):
                label = row.label.removeprefix("family: ")
                things.setdefault(row.kind, {}).setdefault(
                    row.value, (_named(row.value, label), row.note)
                )
            else:
                values.setdefault(row.kind, {})[row.value] = None
        (label, *_) = values.get("label", {"": None})
        return cls(
            named(iri, label),
            {kind: tuple(found) for kind, found in values.items()},
            {kind: tuple(found.values()) for kind, found in things.items()},
        )

    @property
    def is_absence(self) -> bool:
        """Whether it is the absence or the reverse of another construct."""
        return "absence of" in self.things


def _named(iri: str, label: str) -> Named:
    return Named(iri, label or short(iri), f"{LIST}/{short(iri)}")


@dataclass(frozen=True, slots=True)
class OnConstruct:
    """A finding as the page of a construct lists it.

    Attributes:
        text: the finding.
        is_turned: whether it is told with its opposite, and was turned round.
        below: the narrower constructs that it is on, where it is not on the construct itself.
    """

    text: FindingText
    is_turned: bool
    below: tuple[Named, ...]


def on_construct(
    row: FoundRow, scope: Scope, below: frozenset[str], names: Mapping[str, str]
) -> OnConstruct:
    """Return a finding as the page of a construct lists it."""
    ends = (row.said_cause, row.said_effect) if scope.is_said else (row.cause, row.effect)
    narrower = () if scope.iri in ends else [end for end in ends if end in below]
    return OnConstruct(
        FindingText.of(row, names),
        row.is_turned and not scope.is_said,
        tuple(_named(one, names.get(one, "")) for one in narrower),
    )


@dataclass(frozen=True, slots=True)
class State:
    """What the parameters of the address say beside the choice.

    Attributes:
        page: which page of the list.
        role: whether only findings on it as cause or as effect are listed; may be empty.
        to: the construct to which chains are wanted; may be empty.
    """

    page: int = 1
    role: str = ""
    to: str = ""

    @classmethod
    def of(cls, parameters: Parameters, names: Mapping[str, str]) -> State:
        """Return the state; raises HttpProblem (400) for what there is not."""
        told = {name: value for name, value in parameters if name in _OTHERS and value}
        number = page_number(told.get("page", "1"))
        role, to = told.get("as", ""), told.get("to", "")
        if role and role not in ROLES:
            raise HttpProblem("invalid-parameter", f"as is cause or effect, and not {role}.")
        if to and VOC + to not in names:
            known = [short(iri) for iri in names if iri.startswith(VOC)]
            meant = did_you_mean(to, known, "Constructs are listed at /constructs.")
            raise HttpProblem("invalid-parameter", f"No construct is called {to}. {meant}")
        return cls(number, role, VOC + to if to else "")

    def pairs(self, chosen: Choice, **changes: str | None) -> list[tuple[str, str]]:
        """Return the parameters of the address, with some set anew or, by None, left out."""
        own = {"as": self.role or None, "to": short(self.to) if self.to else None}
        return chosen.pairs(**{**own, **changes})


@record
class _Below:
    construct: str


class ConstructPage:
    """Makes the page of each construct."""

    def __init__(self, engine: Engine, lookup: Lookup) -> None:
        """Take what is asked."""
        self._engine, self._lookup = engine, lookup

    async def show(self, parameters: Parameters, path: Mapping[str, str]) -> View:
        """Return the page; raises HttpProblem (404) for a construct that there is not."""
        name = path["name"]
        chosen = await choice(self._lookup, parameters, _OTHERS)
        names = await labels(self._lookup)
        state = State.of(parameters, names)
        text = await self._text(name, names)
        scope = Scope(text.name.iri, text.is_absence)
        acting, acted = [
            pairs_of(await ask_pairs(self._lookup, chosen, scope, role)) for role in ROLES
        ]
        notes = await ask_notes(self._lookup, chosen, scope, names)
        figure = {
            "construct": text.name, "fan": fan(acting, acted, names, notes),
            "symbols": SYMBOLS, "words": SIGN_WORDS, "names": names, "short": short,
        }  # fmt: skip
        listed = await self._listed(chosen, state, scope, names)
        query = on(PAIRS_SAID if scope.is_said else PAIRS, construct=scope.iri)
        return View(
            "construct.html",
            {
                **figure, **listed, **await self._chains(chosen, state, scope),
                "text": text, "acting": acting, "acted": acted, "notes": notes,
                "state": state, "chosen": chosen, "roles": ROLES,
                "fields": await fields(self._lookup, chosen, _FIELDS),
                "chips": chips(f"{LIST}/{name}", chosen, names),
                "own": f"{LIST}/{name}",
            },
            table_of(acting, acted, names),
            svg=render("construct.svg", **figure, is_file=True, root=""),
            query=chosen.query(query),
            works=partial(works_behind, self._lookup, chosen, scope.either()),
        )  # fmt: skip

    async def _text(self, name: str, names: Mapping[str, str]) -> ConstructText:
        try:
            query = on(QUERY, construct=VOC + name)
        except ValueError:
            rows = []
        else:
            rows = await ask(self._engine, query, FactRow)
        if not any(row.kind == "label" for row in rows):
            known = [short(iri) for iri in names if iri.startswith(VOC)]
            meant = did_you_mean(name, known, "All constructs are listed at /constructs.")
            raise HttpProblem("not-found", f"No construct is called {name}. {meant}")
        return ConstructText.of(VOC + name, rows)

    async def _listed(
        self, chosen: Choice, state: State, scope: Scope, names: Mapping[str, str]
    ) -> dict[str, object]:
        """Return the page of the list of findings, and how much there is."""
        condition = scope.either(state.role)
        counts = await evidence(self._lookup, chosen, condition)
        total = sum(one.findings for one in counts)
        require_page(state.page, total, ON_A_PAGE, "findings")
        rows = await found(
            self._lookup, chosen, condition,
            limit=ON_A_PAGE, offset=(state.page - 1) * ON_A_PAGE,
        )  # fmt: skip
        below = await self._lookup.rows(
            FINDINGS, "SELECT construct FROM above WHERE above = :iri", {"iri": scope.iri}, _Below
        )
        narrower = frozenset(one.construct for one in below)
        path = f"{LIST}/{short(scope.iri)}"
        ways = {}
        if state.page > 1:
            ways["Previous page"] = address(path, state.pairs(chosen, page=str(state.page - 1)))
        if state.page * ON_A_PAGE < total:
            ways["Next page"] = address(path, state.pairs(chosen, page=str(state.page + 1)))
        return {
            "rows": [on_construct(row, scope, narrower, names) for row in rows],
            "counts": counts, "total": total, "pages": ways, "narrower": len(narrower) - 1,
            "sides": {
                title: address(path, state.pairs(chosen, **{"as": role or None}))
                for role, title in {"": "Both", **ROLES}.items()
            },
        }  # fmt: skip

    async def _chains(self, chosen: Choice, state: State, scope: Scope) -> dict[str, object]:
        """Return the chains to the construct that is asked for, and which may be asked for."""
        sql = "SELECT DISTINCT effect AS construct FROM finding"
        ends = [row.construct for row in await self._lookup.rows(FINDINGS, sql, {}, _Below)]
        if not state.to:
            return {"chains": [], "chain_count": 0, "ends": ends}
        start = await positive_pole(self._lookup, scope.iri)
        end = await positive_pole(self._lookup, state.to)
        made, count = await ask_chains(self._lookup, chosen, start, end)
        return {"chains": made, "chain_count": count, "ends": sorted({*ends, state.to})}


def table_of(acting: Sequence[Pair], acted: Sequence[Pair], names: Mapping[str, str]) -> Table:
    """Return the pairs of a construct as rows: each by evidence basis, then by direction."""
    rows: list[tuple[str | int | None, ...]] = []
    for role, pairs, end in (("acts on it", acting, "cause"), ("it acts on", acted, "effect")):
        for pair in pairs:
            other = pair.cause if end == "cause" else pair.effect
            label = names.get(other, short(other))
            rows += [
                (role, label, names.get(basis, short(basis)), findings, works,
                 *(None for _ in WORDS), None)
                for basis, findings, works in pair.bases
            ]  # fmt: skip
            directions = [pair.directions.get(name, 0) for name in WORDS]
            rows.append((role, label, "all", pair.findings, pair.works, *directions, pair.hedged))
    return Table(_COLUMNS, rows)


def add_construct(app: FastAPI, layout: Layout, engine: Engine, lookup: Lookup) -> None:
    """Add the page."""
    add_view(app, layout, engine, LIST + "/{name}", ConstructPage(engine, lookup).show)
