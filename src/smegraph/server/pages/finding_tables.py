"""The tables of all findings, which pages on the evidence look up."""

from __future__ import annotations

from typing import Final

from smegraph.server.engine.engine import Engine
from smegraph.server.pages.asking import ask, load_query, record
from smegraph.server.pages.lookup import Insert, Tables

_SCHEMA: Final = """
CREATE TABLE finding (
    iri TEXT PRIMARY KEY, statement TEXT, said_cause TEXT, said_effect TEXT, said_sign TEXT,
    cause TEXT, effect TEXT, sign TEXT, basis TEXT, hedged INTEGER, study TEXT, locator TEXT,
    confidence TEXT, test TEXT, restates INTEGER
) WITHOUT ROWID;
CREATE TABLE tag (finding TEXT, kind TEXT, thing TEXT);
CREATE TABLE label (iri TEXT PRIMARY KEY, label TEXT) WITHOUT ROWID;
CREATE TABLE construct (iri TEXT PRIMARY KEY, family TEXT, desirability TEXT) WITHOUT ROWID;
CREATE TABLE above (construct TEXT, above TEXT);
CREATE TABLE influence (finding TEXT, kind TEXT, construct TEXT, direction TEXT, fact TEXT);
CREATE TABLE condition (finding TEXT, text TEXT);
CREATE TABLE family (number INTEGER PRIMARY KEY, iri TEXT UNIQUE);
CREATE TABLE basis (number INTEGER PRIMARY KEY, iri TEXT UNIQUE);
CREATE TABLE work (number INTEGER PRIMARY KEY, iri TEXT UNIQUE);
CREATE TABLE found_by (
    finding TEXT, work INTEGER, basis INTEGER, cause_family INTEGER, effect_family INTEGER,
    PRIMARY KEY (finding, work)
) WITHOUT ROWID;
"""

# Works are counted by numbers: SQLite takes three times as long to tell texts apart.
_INDEXES: Final = """
CREATE INDEX tag_of_finding ON tag (finding, kind);
INSERT INTO family (iri) SELECT DISTINCT family FROM construct;
INSERT INTO basis (iri) SELECT DISTINCT basis FROM finding;
INSERT INTO work (iri) SELECT DISTINCT thing FROM tag WHERE kind = 'work';
INSERT OR IGNORE INTO found_by
    SELECT f.iri, w.number, b.number, cf.number, ef.number FROM finding f
    JOIN tag t ON t.finding = f.iri AND t.kind = 'work' JOIN work w ON w.iri = t.thing
    JOIN basis b ON b.iri = f.basis
    LEFT JOIN construct c ON c.iri = f.cause LEFT JOIN family cf ON cf.iri = c.family
    LEFT JOIN construct e ON e.iri = f.effect LEFT JOIN family ef ON ef.iri = e.family;
CREATE INDEX finding_of_choice ON finding (restates, basis, sign, hedged, cause, effect);
CREATE INDEX tag_of_thing ON tag (kind, thing);
CREATE INDEX finding_of_cause ON finding (cause);
CREATE INDEX finding_of_effect ON finding (effect);
CREATE INDEX above_of ON above (above, construct);
CREATE INDEX influence_of ON influence (finding);
CREATE INDEX condition_of ON condition (finding);
ANALYZE
"""


@record
class _Finding:
    finding: str
    statement: str
    cause: str
    effect: str
    sign: str
    polar_cause: str
    polar_effect: str
    polar_sign: str
    basis: str
    hedged: bool
    study: str
    restates: int
    locator: str = ""
    confidence: str = ""
    test: str = ""


@record
class _Tag:
    finding: str
    kind: str
    thing: str


@record
class _Construct:
    construct: str
    label: str
    family: str
    family_label: str
    desirability: str = ""
    desirability_label: str = ""


@record
class _Above:
    construct: str
    above: str


@record
class _Influence:
    finding: str
    kind: str
    construct: str
    label: str
    direction: str
    direction_label: str
    fact: str


@record
class _Condition:
    finding: str
    condition: str


@record
class _Label:
    thing: str
    label: str


async def _fill(engine: Engine, insert: Insert) -> None:
    found = await ask(engine, load_query("findings"), _Finding)
    rows = (
        (f.finding, f.statement, f.cause, f.effect, f.sign, f.polar_cause, f.polar_effect,
         f.polar_sign, f.basis, f.hedged, f.study, f.locator, f.confidence, f.test, f.restates)
        for f in found
    )  # fmt: skip
    await insert("finding", rows)
    tags = await ask(engine, load_query("finding-tags"), _Tag)
    await insert("tag", ((t.finding, t.kind, t.thing) for t in tags))
    constructs = await ask(engine, load_query("constructs"), _Construct)
    await insert("construct", ((c.construct, c.family, c.desirability) for c in constructs))
    await insert("label", ((c.construct, c.label) for c in constructs))
    wanted = {c.desirability: c.desirability_label for c in constructs if c.desirability}
    await insert("label", wanted.items())
    families = {c.family: c.family_label.removeprefix("family: ") for c in constructs}
    await insert("label", families.items())
    labels = await ask(engine, load_query("finding-labels"), _Label)
    await insert("label", ((one.thing, one.label) for one in labels))
    above = await ask(engine, load_query("constructs-above"), _Above)
    await insert("above", ((a.construct, a.above) for a in above))
    await _fill_circumstances(engine, insert)


async def _fill_circumstances(engine: Engine, insert: Insert) -> None:
    found = await ask(engine, load_query("finding-influences"), _Influence)
    rows = ((i.finding, i.kind, i.construct, i.direction, i.fact) for i in found)
    await insert("influence", rows)
    await insert("label", ((i.construct, i.label) for i in found))
    await insert("label", ((i.direction, i.direction_label) for i in found))
    conditions = await ask(engine, load_query("finding-conditions"), _Condition)
    await insert("condition", ((c.finding, c.condition) for c in conditions))


FINDINGS: Final = Tables("findings", _SCHEMA, _fill, _INDEXES)
"""Tables of all findings: finding, tag, label, construct, above, influence, condition, found_by.

A moderation or a mediation is an influence; its direction is the kind of a mediation.
"""


@record
class Label:
    """A thing and what people read of it."""

    iri: str
    label: str
