"""The whole recipe on one page: read, check, audit, validate, reason, derive, and release."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from smegraph.audit.gate import audit_ontology, refuse
from smegraph.coverage import as_json, cover_folders, to_document
from smegraph.errors import Problem
from smegraph.graph.question_graph import graphs_beside
from smegraph.graph.shapes_file import shapes_turtle
from smegraph.links.errors import refuse_errors as refuse_links
from smegraph.ontology.errors import OntologyError
from smegraph.ontology.versions import frozen_versions, version_files
from smegraph.release.errors import ReleaseError
from smegraph.release.exports import write_exports
from smegraph.release.former import WRITTEN, digests_of, written
from smegraph.release.releases import Releases, version_of
from smegraph.release.stored import write_store
from smegraph.release_files import (
    AUDIT,
    COVERAGE,
    MAPPINGS,
    ONTOLOGY_FILE,
    QUESTIONS,
    REPORT,
    SHAPES,
    VERSIONS,
)
from smegraph.studies.errors import refuse_errors
from smegraph.studies.ingest import uncollected
from smegraph.studies.passages import digest_of
from smegraph.studies.place import no_project
from smegraph.studies.project import Project
from smegraph.version import __version__

# The rooms whose code decides what is in a release: a change in one of them makes a new version.
# What the audit and the coverage say goes into the version as it was said, whoever said it.
DECIDING: Final = (
    "build",
    "graph",
    "links",
    "namespaces",
    "ontology",
    "release",
    "sheets",
    "studies",
)

Progress = Callable[[int, int, str], None]


class _Steps:
    """Counts the steps of a build for whoever watches: done, all, and the one that begins."""

    def __init__(self, total: int, report: Progress) -> None:
        self.done, self.total, self.report = 0, total, report

    def __call__(self, step: str) -> None:
        self.report(self.done, self.total, step)
        self.done += 1


@dataclass(frozen=True)
class Built:
    """What a build did.

    Attributes:
        release: the folder of the release that now serves.
        fresh: whether it was built now; False when it was there already.
        quads: statements in the named graphs, when it was built now.
        warnings: what the sheets and shapes warn of, when it was built now.
    """

    release: Path
    fresh: bool
    quads: int = 0
    warnings: Sequence[Problem] = ()


def build(
    project: Project,
    out: Path,
    *,
    reason: bool = True,
    progress: Progress = lambda done, total, step: None,
) -> Built:
    """Build what is out of date and switch to it.

    Args:
        project: ontology and studies; where it has sources, passages are proved against them, and
            the release holds how much of them is coded.
        out: where releases go.
        reason: whether HermiT gates the studies and fills `graph/inferred`.
        progress: is told how many steps are done, how many there are, and the next one's name.

    Raises:
        SmegraphError: the sheets, the ontology or the disk do not allow a release; the former
            release is left as it was.
    """
    if not project.folders:
        message = f"{project.data} holds neither reference/ nor studies/."
        raise OntologyError(f"{message} {no_project(project.data)}")
    extras = {}  # what the release holds beside its graphs, by file name
    if project.sources is not None:  # a promise to prove passages holds for an unchanged input too
        _ = project.clean_results
        covered = cover_folders(project.folders, project.ontology, project.sources)
        extras[COVERAGE] = as_json(to_document(covered)) + "\n"
    releases = Releases(out)
    with releases.lock():
        extras[AUDIT] = _audit(project, releases)
        conditions = [f"{name}={digest_of(text)}" for name, text in extras.items()]
        version = version_of(_inputs(project), __version__, f"reason={reason}", *conditions)
        if releases.is_sound(version):
            # Files that are no sheet change no version, and are errors all the same.
            refuse_errors(project.strangers)
            refuse_links(project.strange_links)
            releases.switch(version)
            return Built(releases.path(version), fresh=False)
        with uncollected():
            return _build_new(project, releases, version, extras, reason=reason, progress=progress)


def _audit(project: Project, releases: Releases) -> str:
    """Return what the audit finds in the ontology; refuse an error that nobody has explained."""
    try:
        report = audit_ontology(project, releases.cache / "audit")
    except OSError as error:
        raise ReleaseError(f"The build cannot write what it keeps: {error}") from error
    refuse(report)
    return report.as_json()


def _build_new(
    project: Project,
    releases: Releases,
    version: str,
    extras: Mapping[str, str],
    *,
    reason: bool,
    progress: Progress,
) -> Built:
    from smegraph.graph.pipeline import GraphBuilder  # brings owlready2, which takes a moment

    steps = _Steps(2 + len(project.folders) * (2 if reason else 1) + reason, progress)
    started = time.perf_counter()
    steps("read the sheets")
    results, links = project.clean_results, project.clean_links
    seconds = {"ingest": time.perf_counter() - started}
    builder = GraphBuilder(
        project.ontology, project.schema, project.rules, releases.cache,
        reason=reason, progress=steps, release=version,
        beside=graphs_beside(project.ontology_folder),
    )  # fmt: skip
    try:
        graphs = builder.build(results, links, project.known)
    except OSError as error:  # the cache, or HermiT's temporary files
        raise ReleaseError(f"The build cannot write what it keeps: {error}") from error
    steps("write the release")
    with releases.new(version) as folder:
        begun = time.perf_counter()
        digests = digests_of(graphs.triples)
        former = releases.former()
        write_exports(folder, graphs.triples, digests, former, graphs.headers)
        quads = write_store(folder, graphs.triples, digests, former, graphs.headers)
        _copy_questions(project.ontology_folder, folder)
        _copy_links(project, folder)
        _copy_versions(project.ontology_folder, folder)
        shapes = shapes_turtle(project.ontology, version)
        (folder / SHAPES).write_text(shapes, encoding="utf-8")
        for name, extra in extras.items():
            (folder / name).write_text(extra, encoding="utf-8")
        seconds |= {**graphs.seconds, "write": time.perf_counter() - begun}
        report = {
            "version": version,
            "smegraph": __version__,
            "built": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
            "reasoned": reason,
            "quads": quads,
            "graphs": {
                graph: len({*lines, *graphs.headers.get(graph, ())})
                for graph, lines in sorted(graphs.triples.items())
            },
            WRITTEN: written(digests, graphs.headers),
            "seconds": {step: round(value, 3) for step, value in seconds.items()},
            "warnings": [problem.to_json() for problem in graphs.warnings],
        }
        text = json.dumps(report, indent=2, ensure_ascii=False) + "\n"
        (folder / REPORT).write_text(text, encoding="utf-8")
    releases.switch(version)
    return Built(releases.path(version), True, quads, graphs.warnings)


# Decision 011: docs/decisions/011-release-versions.md
def _inputs(project: Project) -> Iterator[tuple[str, Path]]:
    """Yield every file that decides what is in a release, named as it is in any checkout."""
    for path in deciding_code():
        yield f"code/{path.relative_to(_PACKAGE).as_posix()}", path
    folder = project.ontology_folder
    questions = sorted(path for path in (folder / QUESTIONS).rglob("*") if path.is_file())
    published = version_files(folder)
    for path in (*project.ontology.files, *project.rules.files, *questions, *published):
        yield f"ontology/{path.relative_to(folder).as_posix()}", path
    for path in project.link_files:
        yield f"{MAPPINGS}/{path.parent.name}/{path.name}", path
    for study in project.folders:
        for path, sheet in study.files:
            yield f"data/{study.scope}/{study.name}/{sheet.name}/{path.name}", path


_PACKAGE: Final = Path(__file__).parent
_CODE: Final = (".py", ".rq")  # queries stand beside the modules


def deciding_code(package: Path = _PACKAGE) -> Iterator[Path]:
    """Yield the modules and queries of a package whose code decides what is in a release.

    They are among the inputs of a build, so that a release never outlives the rules that made it.
    What asks a release or serves it is not.
    """
    for room in DECIDING:
        module = package / f"{room}.py"
        files = [module] if module.is_file() else sorted((package / room).rglob("*"))
        yield from (path for path in files if path.suffix in _CODE)


def _copy_questions(ontology: Path, folder: Path) -> None:
    questions = ontology / QUESTIONS
    if questions.is_dir():
        shutil.copytree(questions, folder / QUESTIONS)


def _copy_links(project: Project, folder: Path) -> None:
    """Put the files of links, and the rules that make some, into a release."""
    rules = (path for path in project.rules.files if path.parent.name == MAPPINGS)
    files = [*project.link_files, *rules]
    if files:
        (folder / MAPPINGS).mkdir()
    for path in files:
        shutil.copyfile(path, folder / MAPPINGS / path.name)


# Decision 081: docs/decisions/081-published-releases.md
def _copy_versions(ontology: Path, folder: Path) -> None:
    """Put every published version of the ontology into a release, so that a service has them."""
    for version, path in frozen_versions(ontology).items():
        place = folder / VERSIONS / version
        place.mkdir(parents=True)
        shutil.copyfile(path, place / ONTOLOGY_FILE)
