"""What was published before: frozen versions of the ontology, and lists of IRIs that stay.

`ontology/versions/` holds `<version>.ttl` for each version that was published, and `iris.txt`, the
terms. The data has a list of its own beside it, `published-iris.lst`: it goes where the data goes,
and a project with other data has none or another.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from smegraph.namespaces import BASE, ONTOLOGY, VOC
from smegraph.ontology.errors import OntologyError

VERSIONS: Final = "versions"
TERMS_LIST: Final = "iris.txt"
THINGS_LIST: Final = "published-iris.lst"
VERSION: Final = re.compile(r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)")

_HEAD: Final = f"# IRIs that were published, below {BASE}: none of them ever disappears.\n"


# Decision 081: docs/decisions/081-published-releases.md
def frozen_versions(ontology: Path) -> dict[str, Path]:
    """Return the file of each version of an ontology folder that was published, oldest first."""
    found = {
        path.stem: path
        for path in (ontology / VERSIONS).glob("*.ttl")
        if VERSION.fullmatch(path.stem)
    }
    return dict(sorted(found.items(), key=lambda pair: [int(n) for n in pair[0].split(".")]))


def version_files(ontology: Path) -> list[Path]:
    """Return every file about what was published."""
    return sorted(path for path in (ontology / VERSIONS).glob("*") if path.is_file())


def is_term(iri: str) -> bool:
    """Whether an IRI is one of the ontology or the vocabulary, and not of the data."""
    return iri.startswith((ONTOLOGY, VOC))


def read_list(path: Path) -> list[str]:
    """Return the IRIs of a list; none where there is no list.

    Raises:
        OntologyError: a line is no part of an IRI.
    """
    if not path.is_file():
        return []
    lines = path.read_text("utf-8").splitlines()
    for number, text in enumerate(lines, start=1):
        if not text or (re.search(r"[\s<>\"{}|\\^`]", text) and not text.startswith("#")):
            raise OntologyError(
                f"{path} line {number}: {text!r} is no part of an IRI below {BASE}; each line "
                "holds one, such as ontology#Finding."
            )
    return [BASE + text for text in lines if not text.startswith("#")]


def list_text(iris: Iterable[str]) -> str:
    """Return the text of a list: one IRI in each line, sorted, each once."""
    return _HEAD + "".join(f"{text}\n" for text in sorted({iri.removeprefix(BASE) for iri in iris}))
