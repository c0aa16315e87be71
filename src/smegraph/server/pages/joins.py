"""From things to facts: which facts name the things of all parts of a search together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from smegraph.namespaces import VOC
from smegraph.server.pages.asking import record
from smegraph.server.pages.lookup import Lookup, Tables, Values

FACETS: Final = ("kind", "basis", "hedged", "wanted")
"""By what facts are chosen, beside the things that they name."""

_MAY_BE: Final = """
WITH m AS MATERIALIZED (
    SELECT json_extract(value, '$[0]') AS part, json_extract(value, '$[1]') AS thing,
           json_extract(value, '$[2]') AS far
    FROM json_each(:joining)
),
"""
_ANY_PART: Final = """
hit AS (
    SELECT l.fact, m.part, MIN(m.far) AS far
    FROM m CROSS JOIN link l ON l.thing = m.thing
    GROUP BY l.fact, m.part
),
"""
_EVERY_PART: Final = """
rare AS (
    SELECT DISTINCT l.fact
    FROM m CROSS JOIN link l ON l.thing = m.thing WHERE m.part IN (:rarest, -1)
),
hit AS (
    SELECT l.fact, m.part, MIN(m.far) AS far
    FROM rare CROSS JOIN link l ON l.fact = rare.fact JOIN m ON m.thing = l.thing
    GROUP BY l.fact, m.part
),
"""
_JOINED: Final = """
joined AS (
    SELECT fact, SUM(far) AS far, CASE WHEN MIN(part) < 0 THEN :parts ELSE COUNT(*) END AS parts
    FROM hit GROUP BY fact
)
"""
_BEST_FIRST: Final = (
    f"f.rank > 1, far, f.rank, f.basis != '{VOC}primary-data', f.restates, f.study, f.iri"
)
_COLUMNS: Final = (
    "f.id, f.iri, f.said, k.label AS kind, f.basis, f.hedged, f.study, f.locator, f.cause, "
    "f.effect, f.sign, f.wanted, f.restates"
)


@dataclass(frozen=True, slots=True)
class Asked:
    """The facts that are asked for.

    Attributes:
        joining: what each part may be in a fact (`matching.joining`).
        parts: how many parts there are.
        chosen: the values that are chosen of some facets, as the tables have them.
        iris: the IRI of each of these that stands for one.
        restated: whether facts that only say another one again are shown, too.
        rarest: the part that fewest facts name, where only facts that name all parts are wanted:
            the others are looked for among its facts. None where any parts do.
    """

    joining: str
    parts: int
    chosen: Mapping[str, str]
    restated: bool
    iris: Mapping[str, str] = field(default_factory=dict)
    rarest: int | None = None

    def values(self, **others: str | int) -> Values:
        """Return the values of a query's variables."""
        rarest: dict[str, str | int] = {} if self.rarest is None else {"rarest": self.rarest}
        return {"joining": self.joining, "parts": self.parts, **rarest, **self.chosen, **others}

    def joined(self) -> str:
        """Return the SQL of the facts: `joined`, made of each `hit` of a part in a fact."""
        return _MAY_BE + (_ANY_PART if self.rarest is None else _EVERY_PART) + _JOINED

    def where(self) -> str:
        """Return the SQL condition on a row `f` of `fact`."""
        conditions = [f"f.{name} = :{name}" for name in self.chosen]
        if not self.restated:
            conditions.append("f.restates = 0")
        return " AND ".join(conditions) or "1"


@record
class _Group:
    parts: int
    kind: str
    basis: str
    hedged: str
    wanted: str
    restates: int
    facts: int


@dataclass(frozen=True, slots=True)
class Tally:
    """How many facts there are.

    Attributes:
        most: how many parts the facts join at the most.
        total: how many facts do that and are chosen.
        by: how many there would be with each value of each facet.
    """

    most: int
    total: int
    by: Mapping[str, Mapping[str, int]]


async def tally(lookup: Lookup, tables: Tables, asked: Asked) -> Tally:
    """Return how many facts join most parts, by each facet."""
    where = "1" if asked.restated else "f.restates = 0"
    sql = (
        f"{asked.joined()} SELECT j.parts, f.kind, f.basis, f.hedged, f.wanted, f.restates, "
        f"COUNT(*) AS facts FROM joined j JOIN fact f ON f.id = j.fact WHERE {where} "
        "GROUP BY 1, 2, 3, 4, 5, 6"
    )
    groups = await lookup.rows(tables, sql, asked.values(), _Group)
    most = max((group.parts for group in groups), default=0)
    kept = [group for group in groups if group.parts == most]
    by: dict[str, Counter[str]] = {name: Counter() for name in FACETS}
    total = 0
    for group in kept:
        misses = [name for name, value in asked.chosen.items() if getattr(group, name) != value]
        total += 0 if misses else group.facts
        for name in FACETS:
            if not [other for other in misses if other != name]:
                by[name][getattr(group, name)] += group.facts
    return Tally(most, total, by)


@record
class MayBe:
    """A thing that a part may be in a fact."""

    part: int
    iri: str


async def may_be(lookup: Lookup, tables: Tables, joining: str) -> list[MayBe]:
    """Return the things of each part (`matching.joining`) by their IRIs."""
    sql = (
        "SELECT DISTINCT json_extract(value, '$[0]') AS part, t.iri FROM json_each(:joining) "
        "JOIN thing t ON t.id = json_extract(value, '$[1]') ORDER BY part, t.iri"
    )
    return await lookup.rows(tables, sql, {"joining": joining}, MayBe)


@record
class FactRow:
    """A fact as a search lists it: IRIs, and what stands in the graph; texts may be empty."""

    id: int
    iri: str
    said: str
    kind: str
    basis: str
    hedged: str
    study: str
    locator: str
    cause: str
    effect: str
    sign: str
    wanted: str
    restates: int


async def facts(
    lookup: Lookup, tables: Tables, asked: Asked, most: int, *, limit: int, offset: int
) -> list[FactRow]:
    """Return the facts that join so many parts, the best first."""
    sql = (
        f"{asked.joined()} SELECT {_COLUMNS} FROM joined j JOIN fact f ON f.id = j.fact "
        f"JOIN fact_kind k ON k.kind = f.kind WHERE j.parts = :most AND {asked.where()} "
        f"ORDER BY {_BEST_FIRST} LIMIT :limit OFFSET :offset"
    )
    values = asked.values(most=most, limit=limit, offset=offset)
    return await lookup.rows(tables, sql, values, FactRow)


@record
class Backing:
    """How many facts there are on one evidence basis, and of how many works."""

    basis: str
    facts: int
    works: int


async def backing(lookup: Lookup, tables: Tables, asked: Asked, most: int) -> list[Backing]:
    """Return on what the facts rest that join so many parts."""
    sql = (
        f"{asked.joined()} SELECT f.basis, COUNT(DISTINCT f.id) AS facts, "
        "COUNT(DISTINCT l.thing) AS works "
        "FROM joined j JOIN fact f ON f.id = j.fact "
        "LEFT JOIN link l ON l.fact = f.id AND l.role = 1 "
        f"WHERE j.parts = :most AND {asked.where()} GROUP BY f.basis ORDER BY facts DESC, f.basis"
    )
    return await lookup.rows(tables, sql, asked.values(most=most), Backing)


@record
class PartRow(FactRow):
    """A fact that names a thing of one part, and how many facts do."""

    part: int
    facts: int


async def of_each(lookup: Lookup, tables: Tables, asked: Asked, count: int) -> list[PartRow]:
    """Return of each part the first facts that name its things."""
    sql = (
        f"{asked.joined()}, placed AS (SELECT {_COLUMNS}, h.part, "
        "COUNT(*) OVER (PARTITION BY h.part) AS facts, "
        f"ROW_NUMBER() OVER (PARTITION BY h.part ORDER BY {_BEST_FIRST}) AS place "
        "FROM hit h JOIN fact f ON f.id = h.fact JOIN fact_kind k ON k.kind = f.kind "
        f"WHERE h.part >= 0 AND {asked.where()}) "
        "SELECT id, iri, said, kind, basis, hedged, study, locator, cause, effect, sign, wanted, "
        "restates, part, facts FROM placed WHERE place <= :count ORDER BY part, place"
    )
    return await lookup.rows(tables, sql, asked.values(count=count), PartRow)


@record
class LinkRow:
    """A thing that a fact names: in a role (0), as the work that found it (1), as document (2)."""

    fact: int
    role: int
    iri: str
    label: str


async def named_in(lookup: Lookup, tables: Tables, ids: Iterable[int]) -> dict[int, list[LinkRow]]:
    """Return the things that facts name, by the number of the fact."""
    numbers = ", ".join(str(number) for number in ids)
    sql = (
        "SELECT l.fact, l.role, t.iri, t.label FROM link l JOIN thing t ON t.id = l.thing "
        f"WHERE l.fact IN ({numbers}) ORDER BY l.fact, l.role, t.label, t.iri"
    )
    found: dict[int, list[LinkRow]] = {}
    for row in await lookup.rows(tables, sql, {}, LinkRow):
        found.setdefault(row.fact, []).append(row)
    return found


@record
class _Label:
    iri: str
    label: str


async def labels_of(lookup: Lookup, tables: Tables, iris: Sequence[str]) -> dict[str, str]:
    """Return what people read of things, by IRI."""
    marks = {f"i{number}": iri for number, iri in enumerate(dict.fromkeys(iris))}
    if not marks:
        return {}
    sql = f"SELECT iri, label FROM thing WHERE iri IN ({', '.join(f':{name}' for name in marks)})"
    return {row.iri: row.label for row in await lookup.rows(tables, sql, marks, _Label)}


@record
class ThingBacking:
    """How many facts name a thing, on one evidence basis."""

    thing: int
    basis: str
    facts: int


async def backing_of(
    lookup: Lookup, tables: Tables, ids: Iterable[int]
) -> dict[int, list[ThingBacking]]:
    """Return on what the facts rest that name things, by the number of the thing."""
    numbers = ", ".join(str(number) for number in ids)
    sql = (
        f"SELECT thing, basis, facts FROM backing WHERE thing IN ({numbers}) "
        "ORDER BY thing, facts DESC, basis"
    )
    found: dict[int, list[ThingBacking]] = {}
    for row in await lookup.rows(tables, sql, {}, ThingBacking):
        found.setdefault(row.thing, []).append(row)
    return found
