"""Every error of some studies, or of all, without building anything."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from smegraph.errors import Problem
from smegraph.studies.errors import refuse_errors
from smegraph.studies.place import no_project
from smegraph.studies.project import Project
from smegraph.studies.reader import Ingested
from smegraph.studies.strangers import RECORD


def check_studies(project: Project, paths: Sequence[Path] = ()) -> list[Problem]:
    """Check the studies that hold the paths, or all when there are none.

    Raises:
        OntologyError: the ontology folder cannot be read.
    """
    results = _ingest(project, paths)
    problems = _problems(project, results)
    if not paths and not results:
        message, remedy = "There are no studies here.", no_project(project.data)
        problems.append(Problem(str(project.data), kind="no-data", message=message, remedy=remedy))
    return problems


def ingest_studies(project: Project, paths: Sequence[Path] = ()) -> list[Ingested]:
    """Return the statements of the studies that hold the paths, or of all when there are none.

    Raises:
        DataError: a sheet has an error; every one is named.
        OntologyError: the ontology folder cannot be read.
    """
    results = _ingest(project, paths)
    refuse_errors(_problems(project, results))
    return results


def _problems(project: Project, results: Sequence[Ingested]) -> list[Problem]:
    """Return what is wrong in folders, outside of all folders, and where that follows from."""
    found = [stranger.problem for stranger in project.strays]
    found += (problem for result in results for problem in result.problems)
    causes = {problem.follows for problem in found}
    if causes.difference(problem.file for problem in found):  # in the reference data
        others = (problem for problem in project.problems if problem.file in causes)
        found += (problem for problem in others if problem not in found)
    return found


def _ingest(project: Project, paths: Sequence[Path]) -> list[Ingested]:
    if not paths:
        return project.results
    names = {project.include(folder).name for folder in _folders(paths)}
    return [result for result in project.ingest(names) if result.folder.name in names]


def _folders(paths: Iterable[Path]) -> Iterator[Path]:
    """Yield the folders of sheets that paths mean: themselves, their parents, or those below."""
    for path in paths:
        if path.is_file():
            yield path.parent
        elif _has_sheets(path):
            yield path
        else:
            inner = [folder for folder in sorted(path.rglob("*")) if folder.is_dir()]
            yield from [folder for folder in inner if _has_sheets(folder)] or [path]


def _has_sheets(folder: Path) -> bool:
    return (folder / RECORD).is_file() or any(folder.glob("*.csv"))
