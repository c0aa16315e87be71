"""How a release is cited: CITATION.cff, and what Zenodo and DataCite ask for.

Who made it, its title and its licence stand in the project's own `CITATION.cff` (Citation File
Format 1.2.0); nothing is guessed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

import yaml

from smegraph.namespaces import BASE
from smegraph.publishing.errors import PublishingError

CITATION: Final = "CITATION.cff"
_NEEDED: Final = ("cff-version", "message", "title", "abstract", "authors", "license")
_LICENSES: Final = {
    "CC-BY-4.0": "https://creativecommons.org/licenses/by/4.0/",
    "Apache-2.0": "https://www.apache.org/licenses/LICENSE-2.0",
}
DATA_LICENSE: Final = "CC-BY-4.0"


@dataclass(frozen=True)
class Author:
    """Somebody who is cited: a person, or a group with one name."""

    name: str
    family: str | None = None
    given: str | None = None
    orcid: str | None = None
    affiliation: str | None = None

    @classmethod
    def of(cls, entry: dict[str, Any]) -> Author:
        """Return the author of an entry of CITATION.cff."""
        family, given = entry.get("family-names"), entry.get("given-names")
        name = entry.get("name") or ", ".join(part for part in (family, given) if part)
        return cls(name, family, given, entry.get("orcid"), entry.get("affiliation"))


@dataclass(frozen=True)
class Citation:
    """What a project says of how to cite it.

    Attributes:
        text: its `CITATION.cff`, with version and date of the release.
        version: the version of the release.
        day: its day.
        title: the title.
        abstract: what it is, in a sentence or two.
        authors: who made it.
        keywords: what it is about.
        doi: its DOI where the file has one.
        sources: the DOIs of the documents that it was coded from.
    """

    text: str
    version: str
    day: date
    title: str
    abstract: str
    authors: tuple[Author, ...]
    keywords: tuple[str, ...]
    doi: str | None
    sources: tuple[str, ...]

    @classmethod
    def read(cls, root: Path, version: str, day: date, sources: tuple[str, ...]) -> Citation:
        """Return what the file of a project says, for a version of a day.

        Raises:
            PublishingError: there is none, or it lacks something.
        """
        path = root / CITATION
        try:
            text = released(path.read_text("utf-8"), version, day)
            told = yaml.safe_load(text)
        except FileNotFoundError as error:
            raise PublishingError(
                f"{path} is missing, so that nobody knows whom to cite. A file with "
                f"{', '.join(_NEEDED)} would be right (https://citation-file-format.github.io)."
            ) from error
        except yaml.YAMLError as error:
            raise PublishingError(f"{path} is no YAML: {error}") from error
        missing = [name for name in _NEEDED if not (isinstance(told, dict) and told.get(name))]
        if missing:
            raise PublishingError(f"{path} lacks {', '.join(missing)} (CFF 1.2.0).")
        return cls(
            text, version, day, told["title"], told["abstract"],
            tuple(Author.of(entry) for entry in told["authors"]),
            tuple(told.get("keywords") or ()), told.get("doi"), sources,
        )  # fmt: skip

    @property
    def sentence(self) -> str:
        """The citation in one line."""
        who = "; ".join(author.name for author in self.authors)
        where = f"https://doi.org/{self.doi}" if self.doi else BASE
        return f"{who} ({self.day.year}). {self.title} (version {self.version}). {where}"

    def zenodo(self) -> dict[str, object]:
        """Return what `.zenodo.json` holds (Zenodo, deposit metadata)."""
        return {
            "title": self.title,
            "upload_type": "dataset",
            "description": self.abstract,
            "creators": [_zenodo_creator(author) for author in self.authors],
            "version": self.version,
            "publication_date": self.day.isoformat(),
            "access_right": "open",
            "license": DATA_LICENSE.lower(),
            "keywords": list(self.keywords),
            "related_identifiers": [
                {"identifier": BASE, "relation": "isIdenticalTo", "resource_type": "dataset"},
                *(
                    {"identifier": doi, "relation": "isDerivedFrom", "scheme": "doi"}
                    for doi in self.sources
                ),
            ],
        }

    def datacite(self) -> dict[str, object]:
        """Return the metadata in the JSON of DataCite's schema 4.5."""
        return {
            **({"doi": self.doi} if self.doi else {}),
            "url": BASE,
            "creators": [_datacite_creator(author) for author in self.authors],
            "titles": [{"title": self.title}],
            "publisher": {"name": self.authors[0].name},
            "publicationYear": str(self.day.year),
            "types": {"resourceTypeGeneral": "Dataset", "resourceType": "Knowledge graph"},
            "subjects": [{"subject": word} for word in self.keywords],
            "dates": [{"date": self.day.isoformat(), "dateType": "Issued"}],
            "language": "en",
            "version": self.version,
            "rightsList": [
                {
                    "rightsIdentifier": DATA_LICENSE.lower(),
                    "rightsIdentifierScheme": "SPDX",
                    "schemeUri": "https://spdx.org/licenses/",
                    "rightsUri": license_iri(DATA_LICENSE),
                }
            ],
            "descriptions": [{"description": self.abstract, "descriptionType": "Abstract"}],
            "relatedIdentifiers": [
                {
                    "relatedIdentifier": doi,
                    "relatedIdentifierType": "DOI",
                    "relationType": "IsDerivedFrom",
                }
                for doi in self.sources
            ],
            "schemaVersion": "http://datacite.org/schema/kernel-4",
        }


def license_iri(name: str) -> str:
    """Return the IRI of a licence that SPDX names."""
    return _LICENSES[name]


def released(text: str, version: str, day: date) -> str:
    """Return a CITATION.cff with the version and the day of a release; all else stays.

    >>> released('version: 0.1.0\\n', "0.2.0", date(2027, 1, 2))
    "version: 0.2.0\\ndate-released: '2027-01-02'\\n"
    """
    text = re.sub(r"^date-released:.*\n?", "", text, flags=re.MULTILINE)
    line = f"version: {version}\ndate-released: '{day.isoformat()}'\n"
    text, count = re.subn(r"^version:.*\n", line, text, flags=re.MULTILINE)
    return text if count else f"{text.rstrip()}\n{line}"


def _zenodo_creator(author: Author) -> dict[str, str]:
    found = {"name": author.name}
    if author.orcid:
        found["orcid"] = author.orcid.rsplit("/", 1)[-1]
    if author.affiliation:
        found["affiliation"] = author.affiliation
    return found


def _datacite_creator(author: Author) -> dict[str, object]:
    if author.family is None:
        return {"name": author.name, "nameType": "Organizational"}
    found: dict[str, object] = {
        "name": author.name, "nameType": "Personal", "familyName": author.family,
    }  # fmt: skip
    if author.given:
        found["givenName"] = author.given
    if author.orcid:
        found["nameIdentifiers"] = [
            {
                "nameIdentifier": author.orcid,
                "nameIdentifierScheme": "ORCID",
                "schemeUri": "https://orcid.org",
            }
        ]
    return found
