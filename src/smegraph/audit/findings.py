"""What an audit looks for and what it finds, as values that people and programs can read."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Literal, TypeAlias

import pyoxigraph as ox

Level = Literal["error", "warning", "info"]
LEVELS: tuple[Level, ...] = ("error", "warning", "info")
Place: TypeAlias = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple | str


@dataclass(frozen=True)
class Check:
    """One thing to look for.

    Attributes:
        name: family and code, such as `oops/P06-cycle`; acceptances and tests use it.
        title: what is wrong where the check finds something, in words.
        level: how grave that is.
        source: the section of the specification, or the entry of the catalogue.
        remedy: what to do about it.
    """

    name: str
    title: str
    level: Level
    source: str
    remedy: str

    @property
    def family(self) -> str:
        """The catalogue that the check comes from."""
        return self.name.split("/", 1)[0]


@dataclass(frozen=True)
class Hit:
    """What a check found, before anyone looked where that stands."""

    place: Place
    value: str | None = None


@dataclass(frozen=True)
class Finding:
    """One thing that a check found.

    Attributes:
        check: the name of the check.
        level: its level.
        place: the term, sheet or file that it is about.
        value: what was found there.
        file: where the term is written (file and line), when that is known.
        explained: the reason for which it is accepted; None when nobody gave one.
    """

    check: str
    level: Level
    place: str
    value: str | None = None
    file: str | None = None
    explained: str | None = None


@dataclass(frozen=True)
class Outcome:
    """What became of one check: its findings, or why it was left out."""

    check: Check
    findings: tuple[Finding, ...] = ()
    skipped: str | None = None


@dataclass(frozen=True)
class Report:
    """What an audit found.

    Attributes:
        ontology: the IRI of the ontology.
        version: what it says its version is.
        full: whether everything was looked at, or the ontology by itself.
        outcomes: every check with what became of it, in the order of their names.
        seconds: how long it took; no part of the JSON, so that the same input gives the same bytes.
    """

    ontology: str
    version: str
    full: bool
    outcomes: Sequence[Outcome]
    seconds: dict[str, float] = field(default_factory=dict, compare=False)

    @property
    def findings(self) -> list[Finding]:
        """All findings, the gravest first, those without an explanation before the others."""
        found = (finding for outcome in self.outcomes for finding in outcome.findings)
        return sorted(found, key=_rank)

    def open(self, *levels: Level) -> list[Finding]:
        """Return the findings of the levels that nobody has explained."""
        return [f for f in self.findings if f.level in levels and f.explained is None]

    def counts(self) -> dict[str, int]:
        """Return how many checks ran and were left out, and how many findings of each kind."""
        ran = sum(outcome.skipped is None for outcome in self.outcomes)
        return {
            "checks": ran,
            "skipped": len(self.outcomes) - ran,
            "errors": len(self.open("error")),
            "warnings": len(self.open("warning")),
            "infos": len(self.open("info")),
            "explained": sum(finding.explained is not None for finding in self.findings),
        }

    def to_json(self) -> dict[str, object]:
        """Return the report as plain values; a check without findings is listed too."""
        return {
            "ontology": self.ontology,
            "version": self.version,
            "full": self.full,
            **self.counts(),
            "findings": [_filled(asdict(finding)) for finding in self.findings],
            "ran": [
                _filled({**asdict(o.check), "findings": len(o.findings), "skipped": o.skipped})
                for o in self.outcomes
            ],
        }

    @classmethod
    def from_json(cls, text: str) -> Report:
        """Return the report that `as_json` wrote."""
        values = json.loads(text)
        findings = [Finding(**entry) for entry in values["findings"]]
        outcomes = []
        for entry in values["ran"]:
            skipped, _ = entry.pop("skipped", None), entry.pop("findings")
            own = tuple(finding for finding in findings if finding.check == entry["name"])
            outcomes.append(Outcome(Check(**entry), own, skipped))
        return cls(values["ontology"], values["version"], values["full"], outcomes)

    def as_json(self) -> str:
        """Return the report as JSON, ending in a line end."""
        return json.dumps(self.to_json(), indent=2, ensure_ascii=False) + "\n"


def _rank(finding: Finding) -> tuple[bool, int, str, str, str]:
    level = LEVELS.index(finding.level)
    explained = finding.explained is not None
    return (explained, level, finding.check, finding.place, finding.value or "")


def _filled(values: dict[str, object]) -> dict[str, object]:
    return {key: value for key, value in values.items() if value is not None}


def hits_to_text(hits: Iterable[Hit]) -> str:
    """Return hits as JSON, to be kept; only places that are text can be."""
    return json.dumps([[str(hit.place), hit.value] for hit in hits], ensure_ascii=False)


def hits_from_text(text: str) -> list[Hit]:
    """Return the hits of `hits_to_text`.

    >>> hits_from_text(hits_to_text([Hit("README.md", "missing")]))
    [Hit(place='README.md', value='missing')]
    """
    return [Hit(place, value) for place, value in json.loads(text)]
