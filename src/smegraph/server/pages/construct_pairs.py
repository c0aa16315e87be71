"""The pairs of a construct with others, counted and told, and chains from one to another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from smegraph.namespaces import VOC
from smegraph.server.pages.asking import record
from smegraph.server.pages.evidence import WORDS
from smegraph.server.pages.finding_tables import FINDINGS
from smegraph.server.pages.findings import Choice, quoted, short
from smegraph.server.pages.lookup import Lookup
from smegraph.synthesis.influences import Chain, Pair, chains, ranked

ROLES: Final = {"effect": "What acts on it", "cause": "What it acts on"}
_PRIMARY: Final = "primary-data"
_ONE: Final = "''"
_EACH: Final = "f.basis"


@record
class PairRow:
    """How much there is on a pair, of one evidence basis or (where it is empty) of all."""

    cause: str
    effect: str
    basis: str
    findings: int
    works: int
    positive: int
    negative: int
    no_effect: int
    nonlinear: int
    hedged: int

    @property
    def directions(self) -> dict[str, int]:
        """How many findings there are of each direction."""
        told = {
            "positive": self.positive, "negative": self.negative,
            "no-effect": self.no_effect, "nonlinear": self.nonlinear,
        }  # fmt: skip
        return {**told, "unsigned": self.findings - sum(told.values())}


@record
class _Influence:
    cause: str
    effect: str
    kind: str
    construct: str
    direction: str
    facts: int


@record
class _Positive:
    iri: str


@record
class Opposite:
    """The construct of which another one is the absence."""

    iri: str


@dataclass(frozen=True, slots=True)
class Scope:
    """The findings on a construct.

    Attributes:
        iri: the construct; what is below it by `skos:broader` is included.
        is_said: whether findings are meant as the documents say them, and not turned round.
    """

    iri: str
    is_said: bool = False

    @property
    def start(self) -> str:
        """What the columns of cause, effect and sign begin with."""
        return "said_" if self.is_said else ""

    def at(self, end: str) -> str:
        """Return the SQL condition on a row `f` whose cause or effect this construct is."""
        below = f"SELECT construct FROM above WHERE above = {quoted(self.iri)}"
        return f"f.{self.start}{end} IN ({below})"

    def either(self, role: str = "") -> str:
        """Return the SQL condition on a row that names it in a role, or in any."""
        return self.at(role) if role else f"({self.at('cause')} OR {self.at('effect')})"


def _pairs_sql(where: str, cause: str, effect: str, sign: str, groups: str = "1, 2, 3") -> str:
    """Return the SQL for the pairs of findings that meet a condition, by basis and in all."""

    def signed(name: str) -> str:
        iri = quoted(VOC + name)
        column = name.replace("-", "_")
        return f"COUNT(DISTINCT CASE WHEN {sign} = {iri} THEN f.iri END) AS {column}"

    signs = ", ".join(signed(name) for name in WORDS if name != "unsigned")
    return " UNION ALL ".join(
        f"SELECT {cause} AS cause, {effect} AS effect, {basis} AS basis, "
        f"COUNT(DISTINCT f.iri) AS findings, COUNT(DISTINCT t.thing) AS works, {signs}, "
        "COUNT(DISTINCT CASE WHEN f.hedged THEN f.iri END) AS hedged FROM finding f "
        "LEFT JOIN tag t ON t.finding = f.iri AND t.kind = 'work' "
        f"WHERE {where} GROUP BY {groups}"
        for basis in (_ONE, _EACH)
    )


def pairs_of(rows: Sequence[PairRow]) -> list[Pair]:
    """Return rows as pairs, in their rank."""
    bases: dict[tuple[str, str], list[tuple[str, int, int]]] = {}
    for row in rows:
        if row.basis:
            bases.setdefault((row.cause, row.effect), []).append(
                (row.basis, row.findings, row.works)
            )
    return ranked(
        Pair(
            row.cause, row.effect, row.directions, row.findings, row.works, row.hedged,
            tuple(sorted(bases.get((row.cause, row.effect), ()), key=lambda one: -one[1])),
            sum(works for basis, _, works in bases.get((row.cause, row.effect), ())
                if short(basis) == _PRIMARY),
        )
        for row in rows
        if not row.basis
    )  # fmt: skip


async def ask_pairs(lookup: Lookup, chosen: Choice, scope: Scope, role: str) -> list[PairRow]:
    """Return the pairs in which a construct is the cause or the effect."""
    itself = quoted(scope.iri)
    ends = {end: f"f.{scope.start}{end}" for end in ROLES} | {role: itself}
    sql = _pairs_sql(
        f"{chosen.where()} AND {scope.at(role)}",
        ends["cause"],
        ends["effect"],
        f"f.{scope.start}sign",
    )
    return await lookup.rows(FINDINGS, sql, {}, PairRow)


async def ask_notes(
    lookup: Lookup, chosen: Choice, scope: Scope, names: Mapping[str, str]
) -> dict[tuple[str, str], str]:
    """Return for each pair of a construct what changes the effect, and through what it comes."""
    itself, made = quoted(scope.iri), []
    for role in ROLES:
        ends = {end: f"f.{scope.start}{end}" for end in ROLES} | {role: itself}
        made.append(
            f"SELECT {ends['cause']} AS cause, {ends['effect']} AS effect, i.kind AS kind, "
            "i.construct AS construct, i.direction AS direction, COUNT(DISTINCT i.fact) AS facts "
            "FROM finding f JOIN influence i ON i.finding = f.iri "
            f"WHERE {chosen.where()} AND {scope.at(role)} GROUP BY 1, 2, 3, 4, 5"
        )
    rows = await lookup.rows(
        FINDINGS, " UNION ALL ".join(made) + " ORDER BY kind, facts DESC, construct", {}, _Influence
    )
    told: dict[tuple[str, str], list[str]] = {}
    for row in rows:
        told.setdefault((row.cause, row.effect), []).append(_influence(row, names))
    return {pair: "; ".join(dict.fromkeys(found)) for pair, found in told.items()}


def _influence(row: _Influence, names: Mapping[str, str]) -> str:
    construct = names.get(row.construct, short(row.construct))
    direction = names.get(row.direction, short(row.direction))
    if row.kind == "mediator":
        return f"through {construct} ({direction})"
    return f"{construct}: {direction}"


# Decision 092: docs/decisions/092-figures-of-evidence.md
async def ask_chains(
    lookup: Lookup, chosen: Choice, start: str, end: str
) -> tuple[list[Chain], int]:
    """Return chains of at most three pairs from one construct to another, and how many there are.

    What is below the two is included; a pair whose findings all say that there is no effect is
    no step.
    """
    where = f"{chosen.where()} AND f.sign != {quoted(VOC + 'no-effect')}"
    begins, ends = Scope(start).at("cause"), Scope(end).at("effect")
    middle = (
        f"f.cause IN (SELECT f.effect FROM finding f WHERE {where} AND {begins}) "
        f"AND f.effect IN (SELECT f.cause FROM finding f WHERE {where} AND {ends})"
    )

    async def met(condition: str) -> list[Pair]:
        sql = _pairs_sql(f"{where} AND {condition}", "f.cause", "f.effect", "f.sign")
        return pairs_of(await lookup.rows(FINDINGS, sql, {}, PairRow))

    return chains(await met(begins), await met(middle), await met(ends))


async def positive_pole(lookup: Lookup, iri: str) -> str:
    """Return the construct whose absence one is in the findings; else the construct itself."""
    sql = " UNION ".join(
        f"SELECT {end} AS iri FROM finding WHERE said_{end} = :iri AND {end} != :iri"
        for end in ROLES
    )
    rows = await lookup.rows(FINDINGS, sql, {"iri": iri}, _Positive)
    return rows[0].iri if rows else iri
