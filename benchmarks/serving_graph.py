"""A made-up graph of firms, firm-years, uses of channels and findings; the same bytes each time."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

SEED = 20_240_501
YEARS = range(2014, 2020)
FIRMS_PER_WORK = 40
FINDINGS_PER_WORK = 10
CHANNELS = 40
CHANNEL_GROUPS = 8
PLACES = 60

BASE = "https://w3id.org/smegraph/"
ID = f"{BASE}id/"
_SME = f"{BASE}ontology#"
_VOC = f"{BASE}vocab/"
_XSD = "http://www.w3.org/2001/XMLSchema#"
_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
_LABEL = "http://www.w3.org/2000/01/rdf-schema#label"
_BROADER = "http://www.w3.org/2004/02/skos/core#broader"
_THEMES = ("trust", "psychic distance", "export intensity", "brand", "cost", "speed", "learning")


@dataclass(frozen=True)
class Graph:
    """A file of N-Triples and what is in it; all triples are in the default graph."""

    path: Path
    triples: int
    firm_years: int


def firm_year(number: int) -> str:
    """The IRI of a firm-year; they are numbered from 0."""
    return f"{ID}firm-year-{number:07}"


def firm_year_label(number: int) -> str:
    """The label of a firm-year, which no other has."""
    return f"Firm-year no. {number:07}"


def write(path: Path, triples: int) -> Graph:
    """Write a graph of at least so many triples."""
    firms = firms_for(triples)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="ascii", newline="\n") as file:
        file.writelines(lines(firms))
    with path.open("rb") as file:
        count = sum(1 for _ in file)
    if count < triples:
        raise ValueError(f"{path} has {count} triples where {triples} were wanted.")
    return Graph(path, count, firms * len(YEARS))


def firms_for(triples: int) -> int:
    """How many firms make at least so many triples."""
    return triples // (50 * FIRMS_PER_WORK) * FIRMS_PER_WORK + FIRMS_PER_WORK


def lines(firms: int) -> Iterator[str]:
    """The triples of so many firms, each of them once, as lines of N-Triples."""
    chance = random.Random(SEED)
    yield from _channels()
    for work in range(firms // FIRMS_PER_WORK):
        yield from _findings(work, chance)
    for firm in range(firms):
        yield from _firm(firm, chance)


def _channels() -> Iterator[str]:
    """Channels in groups, the groups in pairs, the pairs under one root."""
    for number in range(CHANNELS):
        channel = f"channel-{number:02}"
        yield _link(channel, _TYPE, f"{_SME}Channel")
        yield _literal(channel, _LABEL, f"Channel {number}")
        yield _link(channel, _BROADER, f"{ID}channel-group-{number % CHANNEL_GROUPS}")
    for number in range(CHANNEL_GROUPS):
        pair = f"channel-pair-{number // 2}"
        yield _link(f"channel-group-{number}", _BROADER, ID + pair)
        if number % 2:
            yield _link(pair, _BROADER, f"{ID}channel-root")


def _findings(work: int, chance: random.Random) -> Iterator[str]:
    for number in range(FINDINGS_PER_WORK):
        finding = f"finding-{work:04}-{number}"
        cause, effect = chance.sample(_THEMES, 2)
        size = chance.randrange(100)
        yield _link(finding, _TYPE, f"{_SME}Finding")
        yield _literal(finding, _LABEL, f"Finding {number} of work {work}")
        yield _literal(finding, f"{_SME}statement", f"More {cause} gives {size} % more {effect}.")
        yield _link(finding, f"{_SME}direction", _VOC + chance.choice(("positive", "negative")))
        yield _link(finding, f"{_SME}reportedIn", f"{ID}work-{work:04}")


def _firm(number: int, chance: random.Random) -> Iterator[str]:
    firm = f"firm-{number:06}"
    yield _link(firm, _TYPE, f"{_SME}Firm")
    yield _literal(firm, _LABEL, f"Firm No. {number:06}")
    yield _link(firm, f"{_SME}basedIn", f"{ID}place-{chance.randrange(PLACES):02}")
    yield _link(firm, f"{_SME}caseIn", f"{ID}work-{number // FIRMS_PER_WORK:04}")
    yield _typed(firm, f"{_SME}foundedIn", str(chance.randrange(1950, 2014)), "integer")
    for place, year in enumerate(YEARS):
        yield from _firm_year(number * len(YEARS) + place, ID + firm, year, chance)
    for use in range(chance.randrange(4)):
        yield from _use(f"platform-use-{number:06}-{use}", ID + firm, chance)


def _firm_year(number: int, firm: str, year: int, chance: random.Random) -> Iterator[str]:
    name = f"firm-year-{number:07}"
    turnover = chance.randrange(20_000, 9_000_000)
    yield _link(name, _TYPE, f"{_SME}FirmObservation")
    yield _literal(name, _LABEL, firm_year_label(number))
    yield _link(name, f"{_SME}ofFirm", firm)
    yield _typed(name, f"{_SME}year", str(year), "integer")
    yield _typed(name, f"{_SME}headcount", str(chance.randrange(1, 250)), "integer")
    yield _typed(name, f"{_SME}turnover", f"{turnover}.5", "decimal")
    if chance.random() < 0.8:
        exports = chance.randrange(turnover)
        yield _typed(name, f"{_SME}exports", f"{exports}.5", "decimal")


def _use(name: str, firm: str, chance: random.Random) -> Iterator[str]:
    yield _link(name, _TYPE, f"{_SME}PlatformUse")
    yield _link(name, f"{_SME}ofFirm", firm)
    yield _link(name, f"{_SME}onChannel", f"{ID}channel-{chance.randrange(CHANNELS):02}")
    yield _typed(name, f"{_SME}year", str(chance.choice(YEARS)), "integer")
    yield _link(name, f"{_SME}usePhase", _VOC + chance.choice(("observed", "planned")))


def _link(name: str, predicate: str, target: str) -> str:
    return f"<{ID}{name}> <{predicate}> <{target}> .\n"


def _literal(name: str, predicate: str, text: str) -> str:
    return f'<{ID}{name}> <{predicate}> "{text}" .\n'


def _typed(name: str, predicate: str, text: str, datatype: str) -> str:
    return f'<{ID}{name}> <{predicate}> "{text}"^^<{_XSD}{datatype}> .\n'
