"""What the page on the direction of effects counts: works by column, and how works were made."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from smegraph.server.engine.engine import Engine
from smegraph.server.pages.asking import ask, load_query, record
from smegraph.server.pages.finding_tables import FINDINGS
from smegraph.server.pages.findings import Choice, quoted
from smegraph.server.pages.lookup import Insert, Lookup, Tables
from smegraph.synthesis.directions import Direction, Said, directions

EVERYTHING: Final = ""
"""The column that stands for all columns together."""
NOT_TOLD: Final = "not told"
_PRIMARY: Final = "/primary-data"

COLUMNS: Final = {
    "causes": "(SELECT family FROM construct WHERE iri = f.cause)",
    "families": "(SELECT family FROM construct WHERE iri = f.effect)",
    "outcomes": "f.effect",
}
"""What the columns of a plot can be: the name, and SQL on a row `f` of `finding`."""

_SCHEMA: Final = """
CREATE TABLE made (work TEXT, kind TEXT, label TEXT);
CREATE TABLE sample (work TEXT, sample TEXT, size INTEGER);
"""
_INDEXES: Final = "CREATE INDEX made_of ON made (work); CREATE INDEX sample_of ON sample (work)"


@record
class _Made:
    work: str
    kind: str
    label: str


@record
class _Sample:
    work: str
    sample: str
    size: int


async def _fill(engine: Engine, insert: Insert) -> None:
    made = await ask(engine, load_query("direction-works"), _Made)
    await insert("made", ((one.work, one.kind, one.label) for one in made))
    samples = await ask(engine, load_query("direction-samples"), _Sample)
    await insert("sample", ((one.work, one.sample, one.size) for one in samples))


WORKS: Final = Tables("directions", _SCHEMA, _fill, _INDEXES)
"""Tables of how works were made: made (method, platform), sample."""


@record
class _Counted:
    work: str
    column: str | None
    sign: str
    basis: str
    findings: int
    hedged: int


@dataclass(frozen=True, slots=True)
class Work:
    """A row of the plot: a work, how it was made, and its direction in each column.

    Attributes:
        iri: its IRI.
        is_primary: whether what it says here are results of its own data.
        bases: the IRIs of what its row rests on.
        directions: its direction by column; of `EVERYTHING` in all of them together.
        left: how many findings are told of it second-hand beside its own, and so are not here.
        method: its kind of study.
        sizes: how large its samples are, as told, the largest first; each number once.
        platforms: the types of platforms that it studied.
    """

    iri: str
    is_primary: bool
    bases: tuple[str, ...]
    directions: Mapping[str, Direction]
    left: int
    method: str = NOT_TOLD
    sizes: tuple[int, ...] = ()
    platforms: tuple[str, ...] = ()


async def works(lookup: Lookup, chosen: Choice, columns: str) -> list[Work]:
    """Return the works of a choice with their directions, those with primary data first.

    `columns` is a key of `COLUMNS`. Of a work whose own data are coded, only what these say counts.
    """
    sql = (
        f"SELECT t.thing AS work, {COLUMNS[columns]} AS 'column', f.sign AS sign, "
        "f.basis AS basis, COUNT(*) AS findings, SUM(f.hedged) AS hedged "
        "FROM finding f JOIN tag t ON t.finding = f.iri AND t.kind = 'work' "
        f"WHERE {chosen.where()} GROUP BY 1, 2, 3, 4 ORDER BY 1"
    )
    by_work: dict[str, list[_Counted]] = {}
    for row in await lookup.rows(FINDINGS, sql, {}, _Counted):
        by_work.setdefault(row.work, []).append(row)
    made = await _made(lookup, by_work)
    sizes = await _sizes(lookup, by_work)
    found = [
        _work(iri, rows, made.get(iri, {}), sizes.get(iri, ())) for iri, rows in by_work.items()
    ]
    return sorted(found, key=_rank)


def _rank(one: Work) -> tuple[bool, bool, str, int, str]:
    """Return what works are sorted by: primary data, method, falling size of the sample."""
    unknown, size = one.method == NOT_TOLD, max(one.sizes, default=0)
    return not one.is_primary, unknown, one.method, -size, one.iri


def _work(
    iri: str, rows: list[_Counted], made: Mapping[str, list[str]], sizes: tuple[int, ...]
) -> Work:
    own = [row for row in rows if row.basis.endswith(_PRIMARY)]
    taken = own or rows
    said = [
        Said(iri, column, row.sign.rpartition("/")[2], row.findings, row.hedged)
        for row in taken
        for column in (EVERYTHING, row.column or NOT_TOLD)
    ]
    return Work(
        iri=iri,
        is_primary=bool(own),
        bases=tuple(sorted({row.basis for row in taken})),
        directions={column: found for (_, column), found in directions(said).items()},
        left=sum(row.findings for row in rows) - sum(row.findings for row in taken),
        method=", ".join(made.get("method", [])) or NOT_TOLD,
        sizes=sizes,
        platforms=tuple(made.get("platform", ())),
    )


def _listed(iris: Iterable[str]) -> str:
    return ", ".join(map(quoted, iris))


async def _made(lookup: Lookup, iris: Iterable[str]) -> dict[str, dict[str, list[str]]]:
    """Return by work, and by what is told, how it was made."""
    sql = f"SELECT work, kind, label FROM made WHERE work IN ({_listed(iris)}) ORDER BY label"
    told: dict[str, dict[str, list[str]]] = {}
    for row in await lookup.rows(WORKS, sql, {}, _Made):
        told.setdefault(row.work, {}).setdefault(row.kind, []).append(row.label)
    return told


async def _sizes(lookup: Lookup, iris: Iterable[str]) -> dict[str, tuple[int, ...]]:
    sql = (
        "SELECT work, sample, size FROM sample "
        f"WHERE work IN ({_listed(iris)}) ORDER BY size DESC, sample"
    )
    told: dict[str, tuple[int, ...]] = {}
    for row in await lookup.rows(WORKS, sql, {}, _Sample):
        known = told.get(row.work, ())
        if row.size not in known:  # A sample that is told of twice is one.
            told[row.work] = (*known, row.size)
    return told


@record
class Offered:
    """An effect of which works say something.

    Attributes:
        construct: its IRI.
        works: how many works say something of it, or of what is below it.
        primary: how many of them by data of their own.
        findings: how many findings there are.
    """

    construct: str
    works: int
    primary: int
    findings: int


async def offered(lookup: Lookup, chosen: Choice, most: int) -> list[Offered]:
    """Return the effects of which most works say something, most works first."""
    sql = (
        "SELECT a.above AS construct, COUNT(DISTINCT t.thing) AS works, "
        f"COUNT(DISTINCT CASE WHEN f.basis LIKE '%{_PRIMARY}' THEN t.thing END) AS 'primary', "
        "COUNT(DISTINCT f.iri) AS findings "
        "FROM finding f JOIN above a ON a.construct = f.effect "
        "JOIN tag t ON t.finding = f.iri AND t.kind = 'work' "
        f"WHERE {chosen.where()} GROUP BY a.above "
        f"ORDER BY works DESC, findings DESC, construct LIMIT {most}"
    )
    return await lookup.rows(FINDINGS, sql, {}, Offered)


@record
class _Wanted:
    construct: str
    desirability: str


async def desirability(lookup: Lookup) -> dict[str, str]:
    """Return the IRI of whether firms want it, by construct, where somebody judged that."""
    sql = "SELECT iri AS construct, desirability FROM construct WHERE desirability != ''"
    rows = await lookup.rows(FINDINGS, sql, {}, _Wanted)
    return {row.construct: row.desirability for row in rows}
