"""The formats of exports; which one is meant, by its name or by the ending of a file's name."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal, TypeAlias

import pyoxigraph as ox

from smegraph.export.errors import ExportError
from smegraph.suggest import did_you_mean

Kind: TypeAlias = Literal["graph", "dataset", "nanopubs", "table", "references"]
Compression: TypeAlias = Literal["none", "gzip", "zstd"]


@dataclass(frozen=True, slots=True)
class ExportFormat:
    """A format: its short name, the endings of files (the usual one first), and its kind.

    `engine` is the engine's own writer, where that is used.
    """

    name: str
    endings: tuple[str, ...]
    media_type: str
    kind: Kind
    engine: ox.RdfFormat | None = None


FORMATS: Final = {
    found.name: found
    for found in (
        ExportFormat("turtle", (".ttl",), "text/turtle", "graph"),
        ExportFormat(
            "ntriples", (".nt",), "application/n-triples", "graph", ox.RdfFormat.N_TRIPLES
        ),
        ExportFormat(
            "rdfxml", (".rdf", ".owl", ".xml"), "application/rdf+xml", "graph", ox.RdfFormat.RDF_XML
        ),
        ExportFormat("jsonld", (".jsonld",), "application/ld+json", "graph"),
        ExportFormat("functional", (".ofn",), "text/owl-functional", "graph"),
        ExportFormat("trig", (".trig",), "application/trig", "dataset"),
        ExportFormat("nanopub", (".nanopub.trig",), "application/trig", "nanopubs"),
        ExportFormat("nquads", (".nq",), "application/n-quads", "dataset", ox.RdfFormat.N_QUADS),
        ExportFormat("csv", (".csv",), "text/csv", "table"),
        ExportFormat("parquet", (".parquet",), "application/vnd.apache.parquet", "table"),
        ExportFormat("bibtex", (".bib",), "application/x-bibtex", "references"),
        ExportFormat("ris", (".ris",), "application/x-research-info-systems", "references"),
        ExportFormat(
            "csl", (".csl.json", ".json"), "application/vnd.citationstyles.csl+json", "references"
        ),
    )
}
_COMPRESSIONS: Final[dict[str, Compression]] = {".gz": "gzip", ".zst": "zstd"}


def chosen(
    target: Path | None, form: str | None, compress: Compression | None
) -> tuple[ExportFormat, Compression]:
    """Return the format and the compression that are meant.

    Args:
        target: the file; None stands for standard output.
        form: the format's name; without it, the ending of the file's name tells.
        compress: without it, the ending of the file's name tells.

    Raises:
        ExportError: neither tells the format, or they contradict each other.

    >>> found, compression = chosen(Path("all.nq.gz"), None, None)
    >>> found.name, compression
    ('nquads', 'gzip')
    """
    name = target.name.lower() if target else ""
    packed = next((one for end, one in _COMPRESSIONS.items() if name.endswith(end)), None)
    if packed:
        name = name.rpartition(".")[0]
    if packed and compress not in (None, packed):
        raise ExportError(f"{target} ends as a file of {packed} does; leave --compress out.")
    by_ending = _by_ending(name)
    if form is not None:
        if by_ending and by_ending.name != form:
            raise ExportError(
                f"{target} ends as {by_ending.name} does, and --format says {form}. Leave one out."
            )
        return FORMATS[form], compress or packed or "none"
    if by_ending is None:
        raise ExportError(_unknown(target, name))
    return by_ending, compress or packed or "none"


def _by_ending(name: str) -> ExportFormat | None:
    found = ((end, one) for one in FORMATS.values() for end in one.endings if name.endswith(end))
    return max(found, key=lambda pair: len(pair[0]), default=(None, None))[1]


def _unknown(target: Path | None, name: str) -> str:
    known = [end for one in FORMATS.values() for end in one.endings]
    if target is None:
        return f"Standard output has no ending: --format is one of {', '.join(FORMATS)}."
    endings = f"Known are {', '.join(known)}, each with .gz or .zst behind it or without."
    hint = did_you_mean(Path(name).suffix, known, endings)
    return f"The ending of {target} tells no format. {hint} --format names one as well."
