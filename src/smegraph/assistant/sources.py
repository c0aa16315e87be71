"""Where an answer comes from: the works behind it, their documents and places, and how to cite."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from smegraph.assistant.asking import Asker, among, load_query, rows_of
from smegraph.client import IRI
from smegraph.namespaces import shorten

CAUTION: Final = (
    "A count says little without its basis: primary data, literature statement, synthesis or "
    "author argument. Count works, not findings (one work says its result several times), and do "
    "not read a count as the strength of an effect. Most works are told second-hand: the document "
    "in which a finding stands often reports another work."
)

_WORKS: Final = load_query("works")
_PLACES: Final = load_query("places")
_DATASET: Final = load_query("dataset")


def citations(asker: Asker, works: Iterable[str]) -> list[dict[str, str]]:
    """Return of each work its IRI, label, citation and DOI, in the order of their citations."""
    wanted = sorted(set(works))
    if not wanted:
        return []
    told: dict[str, dict[str, Any]] = {}
    authors: dict[str, dict[str, None]] = {}
    for row in rows_of(asker, among(_WORKS, "work", wanted)):
        told.setdefault(str(row.work), row._asdict())
        if row.author:
            authors.setdefault(str(row.work), {})[str(row.author)] = None
    found = []
    for iri, known in told.items():
        entry = {"work": shorten(iri), "label": str(known["label"])}
        entry["citation"] = cite(known, list(authors.get(iri, ())))
        if known["doi"]:
            entry["doi"] = f"https://doi.org/{known['doi']}"
        found.append(entry)
    return sorted(found, key=lambda entry: entry["citation"])


def cite(row: Mapping[str, Any], authors: list[str]) -> str:
    """Return one line that cites a work with what is known of it.

    >>> row = {"label": "Doe (2020)", "title": "On firms", "year": 2020, "journal": "A Journal",
    ...        "volume": "3", "issue": "1", "pages": "1-9", "doi": None}
    >>> cite(row, ["Doe, J.", "Roe, R."])
    'Doe, J., Roe, R. (2020). On firms. A Journal, 3(1), 1-9.'
    """
    if not row["title"] and not authors:
        return str(row["label"])
    issue = f"({row['issue']})" if row["issue"] else ""
    volume = f"{row['volume'] or ''}{issue}"
    where = ", ".join(str(part) for part in (row["journal"], volume, row["pages"]) if part)
    year = f" ({row['year']})" if row["year"] else ""
    parts = [f"{', '.join(authors) or row['label']}{year}", row["title"], where]
    return " ".join(f"{str(part).rstrip('.')}." for part in parts if part)


def places(asker: Asker, things: Iterable[str]) -> list[dict[str, str]]:
    """Return where facts stand, and where other things are mentioned: document and place."""
    wanted = sorted(set(things))
    if not wanted:
        return []
    rows = rows_of(asker, among(_PLACES, "thing", wanted))
    return [
        {name: _text(value) for name, value in row._asdict().items() if value is not None}
        for row in rows
    ]


def framed(
    asker: Asker, answer: Mapping[str, Any], works: Iterable[str], *, counts: bool = True
) -> dict[str, Any]:
    """Return an answer with the works behind it, the caution, and how to cite the graph."""
    found = {**answer, "sources": citations(asker, works)}
    if counts:
        found["caution"] = CAUTION
    for row in rows_of(asker, _DATASET):
        found["cite_as"] = str(row.text)
    return found


def _text(value: object) -> str:
    return shorten(str(value)) if isinstance(value, IRI) else str(value)
