"""RO-Crate metadata of a release (RO-Crate 1.1)."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path, PurePosixPath
from typing import Final

from smegraph.namespaces import BASE
from smegraph.publishing.citation import DATA_LICENSE, Author, Citation, license_iri

CRATE: Final = "ro-crate-metadata.json"
_CONTEXT: Final = "https://w3id.org/ro/crate/1.1/context"
_PROFILE: Final = "https://w3id.org/ro/crate/1.1"
_PUBLISHER: Final = "#project"
MEDIA_TYPES: Final = {
    ".cff": "application/yaml", ".csv": "text/csv", ".html": "text/html",
    ".json": "application/json", ".jsonld": "application/ld+json", ".lst": "text/plain",
    ".md": "text/markdown", ".nq": "application/n-quads", ".nt": "application/n-triples",
    ".rdf": "application/rdf+xml", ".rq": "application/sparql-query",
    ".ru": "application/sparql-update", ".trig": "application/trig", ".ttl": "text/turtle",
    ".txt": "text/plain", ".yaml": "application/yaml",
}  # fmt: skip
_ABOUT: Final = {
    "CHANGES.md": "What changed since the version before, in words",
    "CITATION.cff": "How to cite this release",
    "README.md": "What is in this archive, and how to use it",
    "datacite.json": "Metadata for a DOI of DataCite",
    "ontology.ttl": "The ontology of this version",
    "smegraph.trig": "All named graphs",
}


def crate(citation: Citation, folder: Path, files: Iterable[str]) -> dict[str, object]:
    """Return the metadata of a folder with some files (RO-Crate 1.1, sections 4 to 6).

    Args:
        citation: how the release is cited.
        folder: where the files lie.
        files: their paths below the folder, with slashes; the metadata itself is none of them.
    """
    names = sorted(files)
    authors = [_author(author) for author in citation.authors]
    descriptor = {
        "@id": CRATE,
        "@type": "CreativeWork",
        "conformsTo": {"@id": _PROFILE},
        "about": {"@id": "./"},
    }
    license_ = {
        "@id": license_iri(DATA_LICENSE),
        "@type": "CreativeWork",
        "name": DATA_LICENSE,
        "description": "Creative Commons Attribution 4.0 International",
    }
    sources = [
        {"@id": f"https://doi.org/{doi}", "@type": "ScholarlyArticle", "name": f"doi:{doi}"}
        for doi in citation.sources
    ]
    project = {"@id": _PUBLISHER, "@type": "Organization", "name": "smegraph", "url": BASE}
    parts = [_file(folder, name) for name in names]
    return {
        "@context": _CONTEXT,
        "@graph": [
            descriptor,
            _root(citation, authors, names),
            license_,
            project,
            *authors,
            *sources,
            *parts,
        ],
    }


def _root(
    citation: Citation, authors: list[dict[str, object]], names: list[str]
) -> dict[str, object]:
    """Return what the release itself is (RO-Crate 1.1, section 4.2)."""
    return {
        "@id": "./",
        "@type": "Dataset",
        "name": citation.title,
        "description": citation.abstract,
        "datePublished": citation.day.isoformat(),
        "version": citation.version,
        "license": {"@id": license_iri(DATA_LICENSE)},
        "author": _one_or_all([{"@id": author["@id"]} for author in authors]),
        "publisher": {"@id": _PUBLISHER},
        "keywords": ", ".join(citation.keywords),
        "url": BASE,
        "creditText": citation.sentence,
        "hasPart": [{"@id": name} for name in names],
        "isBasedOn": _one_or_all([{"@id": f"https://doi.org/{doi}"} for doi in citation.sources]),
    }


def _one_or_all(values: list[dict[str, object]]) -> object:
    """Return one value by itself, as section 3 of the specification wants it, or all of them."""
    return values[0] if len(values) == 1 else values


def _author(author: Author) -> dict[str, object]:
    if author.family is None:
        return {"@id": "#" + "-".join(author.name.split()), "@type": "Organization",
                "name": author.name, "url": BASE}  # fmt: skip
    found: dict[str, object] = {
        "@id": author.orcid or "#" + "-".join(author.name.replace(",", "").split()),
        "@type": "Person", "name": author.name, "familyName": author.family,
    }  # fmt: skip
    if author.given:
        found["givenName"] = author.given
    if author.affiliation:
        found["affiliation"] = author.affiliation
    return found


def _file(folder: Path, name: str) -> dict[str, object]:
    found: dict[str, object] = {
        "@id": name,
        "@type": "File",
        "name": _ABOUT.get(name, name),
        "contentSize": str((folder / name).stat().st_size),
    }
    return found | {"encodingFormat": MEDIA_TYPES.get(PurePosixPath(name).suffix, "text/plain")}
