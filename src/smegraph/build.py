"""``smegraph build``: from the sheets and the ontology to a release."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from smegraph import __version__
from smegraph.audit.gate import audit_ontology, refuse
from smegraph.coverage import as_json, cover_datasets, to_document
from smegraph.errors import DataError, OntologyError, Problem, ReleaseError, count_errors
from smegraph.graph.derive import Rules
from smegraph.ontology.ontology import Ontology
from smegraph.ontology.schema import Schema
from smegraph.release.exports import write_exports, write_store
from smegraph.release.releases import AUDIT, COVERAGE, REPORT, Releases, version_of
from smegraph.studies.folder import Dataset, find_datasets
from smegraph.studies.ingest import ingest, require_clean
from smegraph.studies.passages import digest_of

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
    ontology_folder: Path,
    data: Path,
    out: Path,
    *,
    reason: bool = True,
    sources: Mapping[str, Path] | None = None,
    progress: Progress = lambda done, total, step: None,
) -> Built:
    """Build what is out of date and switch to it.

    Args:
        ontology_folder: the ontology.
        data: the folder with ``reference/`` and ``studies/``.
        out: where releases go.
        reason: whether HermiT gates the studies and fills ``graph/inferred``.
        sources: source documents by file name, to prove passages against; the release then holds
            how much of them is coded.
        progress: is told how many steps are done, how many there are, and the next one's name.

    Raises:
        SmegraphError: the sheets, the ontology or the disk do not allow a release; the former
            release is left as it was.
    """
    ontology = Ontology.load(ontology_folder)
    schema, rules = Schema.read(ontology), Rules.load(ontology_folder)
    datasets = find_datasets(data, schema)
    if not datasets:
        raise OntologyError(f"{data} holds neither reference/ nor studies/.")
    extras = {}  # what the release holds beside its graphs, by file name
    if sources is not None:  # a promise to prove passages holds for an unchanged input too
        require_clean(ingest(datasets, ontology, schema, sources=sources))
        covered = to_document(cover_datasets(datasets, ontology, sources))
        extras[COVERAGE] = as_json(covered) + "\n"
    releases = Releases(out)
    with releases.lock():
        extras[AUDIT] = _audit(ontology, releases)
        files = list(_inputs(ontology, rules, datasets, ontology_folder))
        conditions = (f"{name}={digest_of(text)}" for name, text in extras.items())
        version = version_of(files, __version__, f"reason={reason}", *conditions)
        if releases.is_sound(version):
            _refuse_strangers(datasets)
            releases.switch(version)
            return Built(releases.path(version), fresh=False)
        return _build_new(
            releases, version, ontology, schema, rules, datasets, extras,
            reason=reason, progress=progress,
        )  # fmt: skip


def _audit(ontology: Ontology, releases: Releases) -> str:
    """What the audit finds in the ontology; an error that nobody has explained is a refusal."""
    try:
        report = audit_ontology(ontology, releases.cache / "audit")
    except OSError as error:
        raise ReleaseError(f"The build cannot write what it keeps: {error}") from error
    refuse(report)
    return report.as_json()


def _build_new(
    releases: Releases,
    version: str,
    ontology: Ontology,
    schema: Schema,
    rules: Rules,
    datasets: list[Dataset],
    extras: Mapping[str, str],
    *,
    reason: bool,
    progress: Progress,
) -> Built:
    steps = _Steps(2 + len(datasets) * (2 if reason else 1) + reason, progress)
    from smegraph.graph.pipeline import (
        GraphBuilder,  # brings owlready2, which an unchanged build spares
    )

    started = time.perf_counter()
    steps("read the sheets")
    results = ingest(datasets, ontology, schema)
    require_clean(results)
    seconds = {"ingest": time.perf_counter() - started}
    builder = GraphBuilder(ontology, schema, rules, releases.cache, reason=reason, progress=steps)
    try:
        graphs = builder.build(results)
    except OSError as error:  # the cache, or HermiT's temporary files
        raise ReleaseError(f"The build cannot write what it keeps: {error}") from error
    steps("write the release")
    with releases.new(version) as folder:
        begun = time.perf_counter()
        write_exports(folder, graphs.triples)
        quads = write_store(folder, graphs.triples)
        _copy_questions(ontology.folder, folder)
        for name, extra in extras.items():
            (folder / name).write_text(extra, encoding="utf-8")
        seconds |= {**graphs.seconds, "write": time.perf_counter() - begun}
        report = {
            "version": version,
            "smegraph": __version__,
            "built": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
            "reasoned": reason,
            "quads": quads,
            "graphs": {graph: len(lines) for graph, lines in sorted(graphs.triples.items())},
            "seconds": {step: round(value, 3) for step, value in seconds.items()},
            "warnings": [problem.to_json() for problem in graphs.warnings],
        }
        text = json.dumps(report, indent=2, ensure_ascii=False) + "\n"
        (folder / REPORT).write_text(text, encoding="utf-8")
    releases.switch(version)
    return Built(releases.path(version), True, quads, graphs.warnings)


def _inputs(
    ontology: Ontology, rules: Rules, datasets: Sequence[Dataset], folder: Path
) -> Iterator[tuple[str, Path]]:
    """Every file that decides what is in a release, under the name that it has in any checkout.

    The code is among them, so that a release never outlives the rules that made it; what serves
    releases is not.
    """
    package = Path(__file__).parent
    for path in sorted(package.rglob("*.py")):
        name = path.relative_to(package).as_posix()
        if not name.startswith(("server/", "_ontology/")):
            yield f"code/{name}", path
    questions = sorted((folder / "questions").glob("*"))
    for path in (*ontology.files, *rules.files, *questions):
        yield f"ontology/{path.relative_to(folder).as_posix()}", path
    for dataset in datasets:
        for path, sheet in dataset.files:
            yield f"data/{dataset.scope}/{dataset.name}/{sheet.name}/{path.name}", path


def _refuse_strangers(datasets: Sequence[Dataset]) -> None:
    """Files that are no sheet change no version, and are errors all the same."""
    problems = [problem for dataset in datasets for problem in dataset.problems]
    if count_errors(problems):
        raise DataError(problems)


def _copy_questions(ontology: Path, folder: Path) -> None:
    questions = ontology / "questions"
    if questions.is_dir():
        shutil.copytree(questions, folder / "questions")
