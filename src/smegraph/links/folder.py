"""Where links lie: `ontology/mappings/`, and `data/links/` for those of one's own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

from smegraph.errors import Problem
from smegraph.links.model import MappingSet
from smegraph.links.sssom import ENDING, read_sssom
from smegraph.links.turtle import read_turtle
from smegraph.namespaces import BASE
from smegraph.release_files import MAPPINGS

FOLDER: Final = MAPPINGS  # of the ontology, and of a release
OWN: Final = "links"  # of the data
TURTLE: Final = ".ttl"
_BESIDE: Final = (".md", ".rq")  # texts for people, and rules


def link_files(ontology: Path, data: Path) -> list[Path]:
    """Return the files of links of a project, those of the ontology first."""
    folders = ((ontology / FOLDER, (ENDING,)), (data / OWN, (ENDING, TURTLE)))
    return [
        path
        for folder, endings in folders
        for path in sorted(folder.glob("*"))
        if path.name.endswith(endings) and path.name[0] not in ".~"
    ]


def read_sets(ontology: Path, data: Path, shown: Callable[[Path], str] = str) -> list[MappingSet]:
    """Return all files of links, each with what is wrong with it by itself.

    Args:
        ontology: the folder of the ontology.
        data: the folder of the data.
        shown: gives a path as people see it.

    Raises:
        OSError: a file cannot be read.
    """
    sets = []
    for path in link_files(ontology, data):
        read = read_sssom if path.name.endswith(ENDING) else read_turtle
        found = read(path, shown(path))
        found.is_shared = path.parent == ontology / FOLDER
        _check_id(found)
        sets.append(found)
    return sets


def strangers(ontology: Path, data: Path, shown: Callable[[Path], str] = str) -> list[Problem]:
    """Return what is wrong with files that lie beside files of links and are none."""
    known = {*link_files(ontology, data)}
    return [
        Problem(
            shown(path), None, None, "unknown-file", f'"{path.name}" is no file of links.',
            path.name, f"Name it <set>{ENDING}, or move it elsewhere.",
        )
        for folder in (ontology / FOLDER, data / OWN)
        for path in sorted(folder.glob("*"))
        if path not in known and path.suffix not in _BESIDE and path.name[0] not in ".~"
    ]  # fmt: skip


def _check_id(found: MappingSet) -> None:
    """Note where a set of the ontology has another IRI than its file's name tells."""
    wanted = f"{BASE}{FOLDER}/{found.name}"
    if found.is_shared and found.iri and found.iri != wanted:
        message = f"The set is called {found.iri}, and its file {found.path.name}."
        row, remedy = found.places.get("mapping_set_id"), f"Write {wanted}."
        place = (row, "mapping_set_id", "wrong-set-id", message, found.iri, remedy)
        found.problems.append(Problem(found.shown, *place))
