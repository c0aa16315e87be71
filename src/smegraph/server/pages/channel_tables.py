"""The tables of firms and channels: uses, types, firms, numbers of firms by year, ratings."""

from __future__ import annotations

from typing import Final

from smegraph.server.engine.engine import Engine
from smegraph.server.pages.asking import ask, load_query, record
from smegraph.server.pages.findings import short
from smegraph.server.pages.lookup import Insert, Tables

USES: Final = load_query("channel-uses")
EVERY: Final = ""  # stands for all channels, where a document says that a firm uses none

_SCHEMA: Final = """
CREATE TABLE used (
    fact TEXT, label TEXT, kind TEXT, firm TEXT, channel TEXT, function TEXT, phase TEXT,
    year INTEGER, study TEXT, locator TEXT, basis TEXT
);
CREATE TABLE type (channel TEXT, type TEXT);
CREATE TABLE firm (iri TEXT PRIMARY KEY, label TEXT, founded INTEGER) WITHOUT ROWID;
CREATE TABLE firm_tag (firm TEXT, kind TEXT, thing TEXT);
CREATE TABLE measure (
    firm TEXT, year INTEGER, name TEXT, value REAL, computed INTEGER, fact TEXT, study TEXT,
    locator TEXT, currency TEXT
);
CREATE TABLE rating (
    fact TEXT, firm TEXT, function TEXT, benefit TEXT, impact INTEGER, symbol TEXT, study TEXT,
    locator TEXT, basis TEXT
);
CREATE TABLE label (iri TEXT PRIMARY KEY, label TEXT) WITHOUT ROWID;
"""

_INDEXES: Final = """
CREATE INDEX used_by ON used (firm, channel);
CREATE INDEX type_of ON type (channel, type);
CREATE INDEX firm_tag_of ON firm_tag (firm, kind);
CREATE INDEX measure_of ON measure (firm, name);
ANALYZE
"""


@record
class _Used:
    fact: str
    kind: str
    firm: str
    firm_label: str
    study: str
    study_label: str
    basis: str
    basis_label: str
    label: str = ""
    channel: str = EVERY
    channel_label: str = ""
    function: str = ""
    function_label: str = ""
    phase_label: str = ""
    year: int | None = None
    locator: str = ""


@record
class _Type:
    channel: str
    type: str
    type_label: str


@record
class _Firm:
    firm: str
    label: str
    founded: int | None = None


@record
class _FirmTag:
    firm: str
    kind: str
    thing: str
    label: str = ""


@record
class _Measure:
    firm: str
    measure_label: str
    value: float
    computed: bool
    fact: str
    study: str = ""
    year: int | None = None
    locator: str = ""
    currency: str = ""


@record
class _Rating:
    fact: str
    firm: str
    benefit: str
    impact: int
    study: str
    study_label: str
    basis: str
    basis_label: str
    benefit_label: str = ""
    function: str = ""
    function_label: str = ""
    symbol: str = ""
    locator: str = ""


async def _fill(engine: Engine, insert: Insert) -> None:
    used = await ask(engine, USES, _Used)
    rows = (
        (u.fact, u.label, u.kind, u.firm, u.channel, u.function, u.phase_label, u.year, u.study,
         u.locator, u.basis)
        for u in used
    )  # fmt: skip
    await insert("used", rows)
    names: dict[str, str] = {}
    for u in used:
        names |= {u.firm: u.firm_label, u.channel: u.channel_label, u.study: u.study_label,
                  u.function: u.function_label, u.basis: u.basis_label}  # fmt: skip
    types = await ask(engine, load_query("channel-types"), _Type)
    await insert("type", ((t.channel, t.type) for t in types))
    names |= {t.type: t.type_label for t in types}
    firms = await ask(engine, load_query("firms"), _Firm)
    await insert("firm", ((f.firm, f.label, f.founded) for f in firms))
    names |= {f.firm: f.label for f in firms}
    tags = await ask(engine, load_query("firm-tags"), _FirmTag)
    await insert("firm_tag", ((t.firm, t.kind, t.thing) for t in tags))
    names |= {t.thing: t.label or short(t.thing) for t in tags}
    names |= await _fill_numbers(engine, insert)
    names.pop(EVERY, None)
    await insert("label", names.items())


async def _fill_numbers(engine: Engine, insert: Insert) -> dict[str, str]:
    measures = await ask(engine, load_query("firm-years"), _Measure)
    rows = (
        (m.firm, m.year, m.measure_label, m.value, m.computed, m.fact, m.study, m.locator,
         m.currency)
        for m in measures
    )  # fmt: skip
    await insert("measure", rows)
    ratings = await ask(engine, load_query("firm-ratings"), _Rating)
    rated = (
        (r.fact, r.firm, r.function, r.benefit, r.impact, r.symbol, r.study, r.locator, r.basis)
        for r in ratings
    )
    await insert("rating", rated)
    names: dict[str, str] = {}
    for r in ratings:
        names |= {r.benefit: r.benefit_label, r.function: r.function_label,
                  r.study: r.study_label, r.basis: r.basis_label}  # fmt: skip
    return names


CHANNELS: Final = Tables("channels", _SCHEMA, _fill, _INDEXES)
"""Tables of firms and channels: used, type, firm, firm_tag, measure, rating, label."""
