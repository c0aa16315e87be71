"""Firms and channels as pages show them: who uses what, numbers of firms by year, and ratings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from smegraph.namespaces import ID, VOC
from smegraph.server.pages.asking import record
from smegraph.server.pages.channel_tables import CHANNELS, USES
from smegraph.server.pages.finding_tables import Label
from smegraph.server.pages.findings import quoted
from smegraph.server.pages.lookup import Lookup
from smegraph.server.pages.parameters import Stated, iri_of, read_choice, require

KINDS: Final = ("use", "planned", "non-use")

# The conditions on a row `u` of `used` and on a firm; `{}` stands for the list of values.
_OF_USE: Final = {
    "type": "u.channel IN (SELECT channel FROM type WHERE type IN ({}))",
    "channel": "u.channel IN ({})",
    "function": "u.function IN ({})",
    "basis": "u.basis IN ({})",
    "kind": "u.kind IN ({})",
}
_OF_FIRM: Final = {
    "study": "{0}.firm IN (SELECT firm FROM firm_tag WHERE kind = 'study' AND thing IN ({{}}))",
    "country": "{0}.firm IN (SELECT firm FROM firm_tag WHERE kind = 'country' AND thing IN ({{}}))",
    "firm": "{0}.firm IN ({{}})",
}
TITLES: Final = {
    "type": "Type of platform", "study": "Document", "country": "Country of the firm",
    "firm": "Name of the firm", "channel": "Channel", "function": "What for", "kind": "Use",
    "basis": "Evidence",
}  # fmt: skip
_STARTS: Final = {"type": VOC, "function": VOC, "basis": VOC}


@dataclass(frozen=True, slots=True)
class ChannelChoice(Stated):
    """A choice among firms and channels, as the parameters of an address state it."""

    def uses(self) -> str:
        """Return the SQL condition on a row `u` of `used`."""
        return self._where({**_OF_USE, **{n: t.format("u") for n, t in _OF_FIRM.items()}})

    def firms(self, row: str) -> str:
        """Return the SQL condition on a row with the column `firm`."""
        return self._where({name: text.format(row) for name, text in _OF_FIRM.items()})

    def _where(self, conditions: Mapping[str, str]) -> str:
        said = [
            conditions[name].format(
                ", ".join(quoted(self.iris.get((name, value), value)) for value in values)
            )
            for name, values in self.chosen.items()
            if name in conditions
        ]
        return " AND ".join(said) or "1"

    def query(self) -> str:
        """Return the SPARQL query for the same uses."""
        lines = []
        for line in USES.splitlines()[3:]:
            name, _, text = line.removeprefix("#? ").partition(" ")
            if not line.startswith("#? "):
                lines.append(line)
            elif name in self.chosen:
                lines.append(text.replace("$values", " ".join(self._terms(name))))
        return "\n".join(lines) + "\n"

    def _terms(self, name: str) -> list[str]:
        values = self.chosen[name]
        if name == "kind":
            return [f'"{value}"' for value in values]
        return [f"<{self.iris[name, value]}>" for value in values]


async def channel_labels(lookup: Lookup) -> dict[str, str]:
    """Return what people read of each thing that these pages name, by IRI."""
    found = await lookup.rows_once(CHANNELS, "SELECT iri, label FROM label", Label)
    return {one.iri: one.label for one in found}


def channel_choice(
    known: Mapping[str, str],
    parameters: Iterable[tuple[str, str]],
    names: Sequence[str],
    others: Iterable[str] = (),
) -> ChannelChoice:
    """Return the choice that the parameters of an address state; an empty one chooses nothing.

    Raises HttpProblem (400) for a parameter or a value that there is not, with what is meant.
    """

    def value_of(name: str, value: str) -> tuple[str, str]:
        if name == "kind":
            require(name, value, KINDS)
            return value, ""
        return value, iri_of(name, value, known, (_STARTS.get(name, ID),))

    stated = read_choice(parameters, names, others, value_of)
    return ChannelChoice(stated.chosen, stated.iris)


@record
class UseRow:
    """What a document says of a firm and a channel; `channel` may be empty (`EVERY`)."""

    fact: str
    label: str
    kind: str
    firm: str
    channel: str
    function: str
    phase: str
    year: int | None
    study: str
    locator: str
    basis: str


async def uses_of(
    lookup: Lookup, choice: ChannelChoice, *, limit: int = -1, offset: int = 0
) -> list[UseRow]:
    """Return what documents say of firms and channels, one row for each fact and function."""
    sql = (
        f"SELECT u.* FROM used u WHERE {choice.uses()} "
        "ORDER BY u.firm, u.channel, u.kind, u.fact, u.function LIMIT :limit OFFSET :offset"
    )
    return await lookup.rows(CHANNELS, sql, {"limit": limit, "offset": offset}, UseRow)


@record
class MatrixCell:
    """What is said of one firm and one channel: how many facts of each kind, and since when."""

    firm: str
    channel: str
    kind: str
    facts: int
    functions: int
    first: int | None
    phases: str


async def matrix_of(lookup: Lookup, choice: ChannelChoice) -> list[MatrixCell]:
    """Return the cells of firm by channel that are not empty."""
    sql = (
        "SELECT u.firm, u.channel, u.kind, COUNT(DISTINCT u.fact) AS facts, "
        "COUNT(DISTINCT NULLIF(u.function, '')) AS functions, MIN(u.year) AS first, "
        "COALESCE(GROUP_CONCAT(DISTINCT NULLIF(u.phase, '')), '') AS phases "
        f"FROM used u WHERE {choice.uses()} GROUP BY u.firm, u.channel, u.kind"
    )
    return await lookup.rows(CHANNELS, sql, {}, MatrixCell)


@record
class UseEvidence:
    """How many facts, of how many documents, rest on an evidence basis."""

    basis: str
    facts: int
    studies: int


async def use_evidence(lookup: Lookup, choice: ChannelChoice) -> list[UseEvidence]:
    """Return how much stands behind a choice, by basis."""
    sql = (
        "SELECT u.basis, COUNT(DISTINCT u.fact) AS facts, COUNT(DISTINCT u.study) AS studies "
        f"FROM used u WHERE {choice.uses()} GROUP BY u.basis ORDER BY facts DESC"
    )
    return await lookup.rows(CHANNELS, sql, {}, UseEvidence)


@record
class FunctionRow:
    """For what function how many firms use a channel."""

    function: str
    channel: str
    firms: int


async def functions_of(lookup: Lookup, choice: ChannelChoice) -> list[FunctionRow]:
    """Return the functions of channels that firms use, most firms first."""
    sql = (
        "SELECT u.function, u.channel, COUNT(DISTINCT u.firm) AS firms FROM used u "
        f"WHERE u.kind = 'use' AND u.function != '' AND {choice.uses()} "
        "GROUP BY u.function, u.channel ORDER BY u.function, firms DESC, u.channel"
    )
    return await lookup.rows(CHANNELS, sql, {}, FunctionRow)


@record
class _Value:
    iri: str


_VALUES: Final = {
    "type": "SELECT DISTINCT t.type AS iri FROM type t JOIN used u ON u.channel = t.channel",
    "study": "SELECT DISTINCT thing AS iri FROM firm_tag WHERE kind = 'study'",
    "country": "SELECT DISTINCT thing AS iri FROM firm_tag WHERE kind = 'country'",
    "firm": "SELECT DISTINCT firm AS iri FROM used",
    "channel": "SELECT DISTINCT channel AS iri FROM used WHERE channel != ''",
    "function": "SELECT DISTINCT function AS iri FROM used WHERE function != ''",
    "basis": "SELECT DISTINCT basis AS iri FROM used",
}


async def values_of(lookup: Lookup, name: str) -> list[str]:
    """Return the IRIs that can be chosen by one name."""
    return [one.iri for one in await lookup.rows(CHANNELS, _VALUES[name], {}, _Value)]


@record
class FirmRow:
    """A firm: since when it exists, and how many channels it uses."""

    iri: str
    label: str
    founded: int | None
    channels: int


async def firms_of(lookup: Lookup, choice: ChannelChoice) -> list[FirmRow]:
    """Return the firms that a document examines or says something of, by name."""
    sql = (
        "SELECT f.iri, f.label, f.founded, (SELECT COUNT(DISTINCT u.channel) FROM used u "
        "WHERE u.firm = f.iri AND u.kind = 'use') AS channels "
        "FROM (SELECT iri, iri AS firm, label, founded FROM firm) f WHERE "
        f"{choice.firms('f')} AND (f.iri IN (SELECT firm FROM firm_tag WHERE kind = 'study') "
        "OR f.iri IN (SELECT firm FROM used) OR f.iri IN (SELECT firm FROM measure)) "
        "ORDER BY f.label COLLATE NOCASE"
    )
    return await lookup.rows(CHANNELS, sql, {}, FirmRow)


@record
class TagRow:
    """What a firm is sorted by."""

    firm: str
    kind: str
    thing: str


async def firm_tags(lookup: Lookup, choice: ChannelChoice) -> dict[str, dict[str, list[str]]]:
    """Return what firms are sorted by: by firm, then by kind, as IRIs."""
    sql = f"SELECT t.* FROM firm_tag t WHERE {choice.firms('t')} ORDER BY t.rowid"
    found: dict[str, dict[str, list[str]]] = {}
    for tag in await lookup.rows(CHANNELS, sql, {}, TagRow):
        found.setdefault(tag.firm, {}).setdefault(tag.kind, []).append(tag.thing)
    return found


@record
class MeasureRow:
    """A number of a firm, printed in a document or computed from what is."""

    firm: str
    year: int | None
    name: str
    value: float
    computed: bool
    fact: str
    study: str
    locator: str
    currency: str


async def measures_of(lookup: Lookup, choice: ChannelChoice) -> list[MeasureRow]:
    """Return the numbers of firms, by firm, measure and year."""
    sql = (
        f"SELECT m.* FROM measure m WHERE {choice.firms('m')} "
        "ORDER BY m.firm, m.name, m.computed, m.year"
    )
    return await lookup.rows(CHANNELS, sql, {}, MeasureRow)


@record
class RatingRow:
    """How a document rates what a firm gains."""

    fact: str
    firm: str
    function: str
    benefit: str
    impact: int
    symbol: str
    study: str
    locator: str
    basis: str


async def ratings_of(lookup: Lookup, choice: ChannelChoice) -> list[RatingRow]:
    """Return the ratings, by function and benefit."""
    sql = (
        f"SELECT r.* FROM rating r WHERE {choice.firms('r')} "
        "ORDER BY r.function, r.benefit, r.firm, r.fact"
    )
    return await lookup.rows(CHANNELS, sql, {}, RatingRow)
