"""The findings as pages count and list them, and the choice among them that an address states."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from smegraph.namespaces import ID, VOC
from smegraph.server.pages.asking import load_query, record
from smegraph.server.pages.finding_tables import (
    FINDINGS,
    Label,
)
from smegraph.server.pages.lookup import Lookup
from smegraph.server.pages.parameters import Stated, iri_of, read_choice, require

ASKED: Final = load_query("findings-asked")
_FAMILY: Final = VOC + "scheme-family-"
_YES, _NO = "yes", "no"


@dataclass(frozen=True, slots=True)
class Facet:
    """Something by which findings are chosen.

    Attributes:
        name: the parameter of the address.
        title: what people read, in the middle of a sentence.
        condition: SQL on a row `f` of `finding`; `{}` stands for the list of values.
        starts: what may stand before the value in an IRI; empty for values that are none.
        choices: SQL of the values that there are; without it nothing is offered in a form.
    """

    name: str
    title: str
    condition: str
    starts: tuple[str, ...] = (VOC, ID)
    choices: str = ""


def _column(name: str, title: str, start: str) -> Facet:
    choices = f"SELECT DISTINCT {name} AS iri FROM finding"
    return Facet(name, title, f"f.{name} IN ({{}})", (start,), choices)


def _tagged(kind: str, title: str, start: str) -> Facet:
    return Facet(
        kind,
        title,
        f"f.iri IN (SELECT finding FROM tag WHERE kind = '{kind}' AND thing IN ({{}}))",
        (start,),
        f"SELECT DISTINCT thing AS iri FROM tag WHERE kind = '{kind}'",
    )


def _construct(name: str, title: str) -> Facet:
    condition = f"f.{name} IN (SELECT construct FROM above WHERE above IN ({{}}))"
    return Facet(name, title, condition, (VOC,))


def _family(name: str, title: str, column: str) -> Facet:
    condition = f"f.{column} IN (SELECT iri FROM construct WHERE family IN ({{}}))"
    return Facet(name, title, condition, (_FAMILY,), "SELECT DISTINCT family AS iri FROM construct")


FACETS: Final = (
    _column("basis", "evidence", VOC),
    Facet("hedged", "with a reserve", "f.hedged IN ({})", ()),
    _column("sign", "direction", VOC),
    Facet(
        "wanted", "firms want the effect",
        "f.effect IN (SELECT iri FROM construct WHERE desirability IN ({}))", (VOC,),
        "SELECT DISTINCT desirability AS iri FROM construct WHERE desirability != ''",
    ),
    _column("study", "document", ID),
    _tagged("theme", "theme", VOC),
    _tagged("platform", "platform", ID),
    _tagged("country", "country", ID),
    _tagged("industry", "industry", VOC),
    _tagged("theory", "theory", VOC),
    _tagged("firm", "firm", ID),
    _tagged("work", "work", ID),
    _tagged("moderator", "moderator", VOC),
    _tagged("mediator", "mediator", VOC),
    _family("causes", "family of the cause", "cause"),
    _family("effects", "family of the effect", "effect"),
    _construct("cause", "cause"),
    _construct("effect", "effect"),
    Facet("restated", "restatements", "1", ()),
)  # fmt: skip
_BY_NAME: Final = {facet.name: facet for facet in FACETS}
_ANSWERS: Final = {"hedged": (_YES, _NO), "restated": (_YES,)}


@dataclass(frozen=True, slots=True)
class Choice(Stated):
    """A choice among the findings, as the parameters of an address state it."""

    def where(self) -> str:
        """Return the SQL condition on a row `f` of `finding`; IRIs stand in it as `quoted`."""
        conditions = [
            "(" + _BY_NAME[name].condition.format(", ".join(self._sql(name))) + ")"
            for name in self.chosen
            if name != "restated"
        ]
        if "restated" not in self.chosen:
            conditions.append("f.restates = 0")
        return " AND ".join(conditions) or "1"

    def _sql(self, name: str) -> list[str]:
        if name == "hedged":
            return [str(int(value == _YES)) for value in self.chosen[name]]
        return [quoted(self.iris[name, value]) for value in self.chosen[name]]

    def query(self, asked: str = "") -> str:
        """Return the SPARQL query for the same findings, or for what else is asked of them.

        In another query, a line `#! chosen` stands where the choice is to be stated.
        """
        if asked:
            chosen = self._lines([line for line in ASKED.splitlines() if line.startswith("#? ")])
            return asked.replace("#! chosen\n", "".join(f"{line}\n" for line in chosen))
        return "\n".join(self._lines(ASKED.splitlines()[2:])) + "\n"

    def _lines(self, asked: list[str]) -> list[str]:
        lines = []
        for line in asked:
            if not line.startswith("#? "):
                lines.append(line)
                continue
            name, _, text = line.removeprefix("#? ").partition(" ")
            if name == "restated":
                if name not in self.chosen:
                    lines.append(text)
            elif name in self.chosen:
                lines.append(text.replace("$values", " ".join(self._sparql(name))))
        return lines

    def _sparql(self, name: str) -> list[str]:
        if name == "hedged":
            return [str(value == _YES).lower() for value in self.chosen[name]]
        return [f"<{self.iris[name, value]}>" for value in self.chosen[name]]


def quoted(text: str) -> str:
    """Return a text as it stands in SQL.

    >>> quoted("it's")
    "'it''s'"
    """
    return "'" + text.replace("'", "''") + "'"


async def labels(lookup: Lookup) -> dict[str, str]:
    """Return what people read of each thing that findings name, by IRI."""
    found = await lookup.rows_once(FINDINGS, "SELECT iri, label FROM label", Label)
    return {one.iri: one.label for one in found}


async def choice(
    lookup: Lookup, parameters: Iterable[tuple[str, str]], others: Iterable[str] = ()
) -> Choice:
    """Return the choice that the parameters of an address state; an empty one chooses nothing.

    Args:
        lookup: the tables.
        parameters: the parameters of the address, each with its value.
        others: the names of parameters that the page reads itself.

    Raises HttpProblem (400) for a parameter or a value that there is not, with what is meant.
    """
    known = await labels(lookup)

    def value_of(name: str, value: str) -> tuple[str, str]:
        if name in _ANSWERS:
            require(name, value, _ANSWERS[name])
            return value, ""
        return value, iri_of(name, value, known, _BY_NAME[name].starts)

    stated = read_choice(parameters, [*_BY_NAME], others, value_of)
    return Choice(stated.chosen, stated.iris)


def short(iri: str) -> str:
    """Return the value that stands for an IRI in an address.

    >>> short("https://w3id.org/smegraph/vocab/primary-data")
    'primary-data'
    """
    for start in (_FAMILY, VOC, ID):
        if iri.startswith(start):
            return iri.removeprefix(start)
    return iri


@dataclass(frozen=True, slots=True)
class Option:
    """A value that can be chosen in a form."""

    value: str
    label: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Field:
    """A field of the form above a figure."""

    name: str
    title: str
    options: tuple[Option, ...]


@record
class _Value:
    iri: str


async def fields(lookup: Lookup, choice: Choice, names: Iterable[str]) -> list[Field]:
    """Return the fields of a form for some facets, with the values that the findings have."""
    known = await labels(lookup)
    made = []
    for facet in (_BY_NAME[name] for name in names):
        taken = choice.chosen.get(facet.name, ())
        if facet.name in _ANSWERS:
            values = [(answer, answer) for answer in _ANSWERS[facet.name]]
        else:
            found = await lookup.rows_once(FINDINGS, facet.choices, _Value)
            values = sorted(
                ((short(one.iri), known.get(one.iri, short(one.iri))) for one in found),
                key=lambda pair: pair[1].casefold(),
            )
        options = tuple(Option(value, label, value in taken) for value, label in values)
        made.append(Field(facet.name, facet.title, options))
    return made


@record
class FoundRow:
    """A finding as pages list it.

    Attributes:
        iri: its IRI.
        statement: what it says.
        cause, effect, sign: IRIs; of a finding on an absence, the construct itself and the sign
            turned round.
        said_cause, said_effect, said_sign: the same as the document says it.
        basis: the IRI of its evidence basis.
        hedged: whether the document makes a reserve.
        study: the IRI of the document.
        locator: where it stands there; may be empty.
        confidence: how sure the coder is; may be empty.
        test: the IRI of the outcome of a test; may be empty.
        restates: of how many findings it is a restatement.
        works: the IRIs of the works that found it, with spaces between.
    """

    iri: str
    statement: str
    said_cause: str
    said_effect: str
    said_sign: str
    cause: str
    effect: str
    sign: str
    basis: str
    hedged: bool
    study: str
    locator: str
    confidence: str
    test: str
    restates: int
    works: str = ""

    @property
    def is_turned(self) -> bool:
        """Whether the document speaks of the absence of the cause or of the effect."""
        return (self.said_cause, self.said_effect) != (self.cause, self.effect)


_WORKS: Final = (
    "(SELECT GROUP_CONCAT(thing, ' ') FROM tag WHERE finding = f.iri AND kind = 'work') AS works"
)


# What rests on data of its own comes first, what the authors only argue last.
_BASES: Final = ("primary-data", "synthesis", "literature-statement", "author-argument")
_RANK: Final = (
    "CASE f.basis "
    + " ".join(f"WHEN {quoted(VOC + name)} THEN {rank}" for rank, name in enumerate(_BASES))
    + f" ELSE {len(_BASES)} END"
)


async def found(
    lookup: Lookup, choice: Choice, condition: str = "1", *, limit: int = -1, offset: int = 0
) -> list[FoundRow]:
    """Return the findings of a choice that meet a condition, those with own data first.

    Args:
        lookup: the tables.
        choice: the choice.
        condition: SQL on a row `f` of `finding`.
        limit: how many at most; a negative number for all.
        offset: how many come before the first.
    """
    sql = (
        f"SELECT f.*, {_WORKS} FROM finding f WHERE {choice.where()} AND ({condition}) "
        f"ORDER BY {_RANK}, f.hedged, f.cause, f.effect, f.study, f.iri "
        "LIMIT :limit OFFSET :offset"
    )
    return await lookup.rows(FINDINGS, sql, {"limit": limit, "offset": offset}, FoundRow)


async def works_behind(lookup: Lookup, choice: Choice, condition: str = "1") -> list[str]:
    """Return the IRIs of the works that found what is chosen, and of the documents that say so."""
    where = f"{choice.where()} AND ({condition})"
    sql = (
        "SELECT t.thing AS iri FROM finding f "
        f"JOIN tag t ON t.finding = f.iri AND t.kind = 'work' WHERE {where} "
        f"UNION SELECT f.study FROM finding f WHERE {where} ORDER BY 1"
    )
    return [row.iri for row in await lookup.rows(FINDINGS, sql, {}, _Value)]


@record
class Evidence:
    """How much there is of one evidence basis."""

    basis: str
    findings: int
    works: int


async def evidence(lookup: Lookup, choice: Choice, condition: str = "1") -> list[Evidence]:
    """Return how many findings and works there are of each basis, most findings first."""
    where = f"{choice.where()} AND ({condition})"
    sql = (
        "SELECT basis, SUM(findings) AS findings, SUM(works) AS works FROM ("
        "SELECT f.basis AS basis, COUNT(*) AS findings, 0 AS works FROM finding f "
        f"WHERE {where} GROUP BY 1 UNION ALL "
        "SELECT f.basis, 0, COUNT(DISTINCT w.work) FROM finding f CROSS JOIN found_by w "
        f"ON w.finding = f.iri WHERE {where} GROUP BY 1"
        ") GROUP BY basis ORDER BY 2 DESC, 1"
    )
    return await lookup.rows(FINDINGS, sql, {}, Evidence)
