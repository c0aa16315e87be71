"""The estimates of effects as the page `/meta` looks them up, and the pairs that have some."""

from __future__ import annotations

from typing import Final

from smegraph.server.engine.engine import Engine
from smegraph.server.pages.asking import ask, load_query, record
from smegraph.server.pages.finding_tables import FINDINGS
from smegraph.server.pages.findings import Choice
from smegraph.server.pages.lookup import Insert, Lookup, Tables
from smegraph.synthesis.estimates import Estimate

_SCHEMA: Final = """
CREATE TABLE estimate (
    iri TEXT PRIMARY KEY, finding TEXT, statistic TEXT, kind TEXT, value REAL, error REAL, low REAL,
    high REAL, level REAL, cases INTEGER, sample TEXT, sample_label TEXT, adjusted INTEGER,
    reversed INTEGER, subgroup TEXT, model TEXT, locator TEXT, start INTEGER, study TEXT,
    controls INTEGER
) WITHOUT ROWID;
"""
_INDEXES: Final = "CREATE INDEX estimate_of ON estimate (finding)"


@record
class _Estimate:
    estimate: str
    finding: str
    statistic: str
    statistic_label: str
    value: float
    sample: str
    sample_label: str
    study_label: str
    controls: int
    error: float | None = None
    low: float | None = None
    high: float | None = None
    level: float | None = None
    cases: int | None = None
    sample_size: int | None = None
    adjusted: bool = False
    reversed: bool = False
    subgroup: str = ""
    model: str = ""
    locator: str = ""
    start: int = 0


async def _fill(engine: Engine, insert: Insert) -> None:
    await FINDINGS.fill(engine, insert)
    found = await ask(engine, load_query("effect-estimates"), _Estimate)
    rows = (
        (e.estimate, e.finding, e.statistic, e.statistic_label, e.value, e.error, e.low, e.high,
         e.level, e.sample_size if e.cases is None else e.cases, e.sample, e.sample_label,
         e.adjusted, e.reversed, e.subgroup, e.model, e.locator, e.start, e.study_label, e.controls)
        for e in found
    )  # fmt: skip
    await insert("estimate", rows)


ESTIMATES: Final = Tables(
    "estimates", FINDINGS.schema + _SCHEMA, _fill, f"{FINDINGS.indexes}; {_INDEXES}"
)
"""The tables of all findings, and beside them: estimate."""


@record
class EstimateRow:
    """An estimate as the page lists it; `is_turned` as in `Estimate`, `groups` with `; ` between.

    `statistic` is the IRI of the kind of number, `kind` what people call it.
    """

    iri: str
    statistic: str
    kind: str
    value: float
    error: float | None
    low: float | None
    high: float | None
    level: float | None
    cases: int | None
    sample: str
    sample_label: str
    adjusted: bool
    is_turned: bool
    subgroup: str
    model: str
    locator: str
    start: int
    study: str
    controls: int
    finding: str
    groups: str

    def estimate(self) -> Estimate:
        """Return it as what is combined."""
        return Estimate(
            key=self.iri,
            sample=self.sample,
            statistic=self.statistic.rpartition("/")[2],
            value=self.value,
            error=self.error,
            low=self.low,
            high=self.high,
            level=self.level,
            n=self.cases,
            is_turned=self.is_turned,
            is_part=bool(self.subgroup),
            is_adjusted=self.adjusted,
            controls=self.controls,
            place=(self.start, self.locator),
        )


GROUPS: Final = {
    "country": "country", "industry": "industry", "platform": "platform", "theme": "theme",
    "moderator": "moderator",
}  # fmt: skip
"""By what estimates can be grouped: tags of their findings."""


async def estimates(lookup: Lookup, chosen: Choice, by: str = "") -> list[EstimateRow]:
    """Return the estimates of a choice; `by` is empty or a key of `GROUPS`.

    One is turned where its measure is scored the other way round, or where its finding speaks of
    the absence of the cause or of the effect; twice turned is not turned.
    """
    groups = "''"
    if by:
        groups = (
            "COALESCE((SELECT GROUP_CONCAT(label, '; ') FROM (SELECT DISTINCT l.label AS label "
            "FROM tag t JOIN label l ON l.iri = t.thing "
            f"WHERE t.finding = f.iri AND t.kind = '{GROUPS[by]}' ORDER BY l.label)), '')"
        )
    sql = (
        "SELECT e.*, (e.reversed + (f.said_cause != f.cause) + (f.said_effect != f.effect)) % 2 "
        f"AS is_turned, {groups} AS groups FROM estimate e JOIN finding f ON f.iri = e.finding "
        f"WHERE {chosen.where()} ORDER BY e.sample_label, e.sample, e.start, e.iri"
    )
    return await lookup.rows(ESTIMATES, sql, {}, EstimateRow)


@record
class Pair:
    """A cause and an effect with estimates of one kind: how many, of how many samples."""

    cause: str
    effect: str
    statistic: str
    kind: str
    estimates: int
    samples: int


async def pairs(lookup: Lookup, chosen: Choice, most: int) -> list[Pair]:
    """Return the pairs that have estimates, those of most samples first."""
    sql = (
        "SELECT f.cause AS cause, f.effect AS effect, e.statistic AS statistic, e.kind AS kind, "
        "COUNT(*) AS estimates, COUNT(DISTINCT e.sample) AS samples "
        "FROM estimate e JOIN finding f ON f.iri = e.finding "
        f"WHERE {chosen.where()} GROUP BY 1, 2, 3, 4 "
        f"ORDER BY samples DESC, estimates DESC, cause, effect LIMIT {most}"
    )
    return await lookup.rows(ESTIMATES, sql, {}, Pair)
