"""From what somebody asks for to what writes it; what does not fit together is told beforehand."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import IO, Literal, TypeAlias

import pyoxigraph as ox

from smegraph.bibliography.export import as_text, cited
from smegraph.bibliography.mapping import Mapping
from smegraph.export import tables
from smegraph.export.errors import ExportError
from smegraph.export.extract import Extract, Release
from smegraph.export.formats import ExportFormat
from smegraph.export.nanopub import nanopublications, serialized
from smegraph.export.rdf import write_rdf
from smegraph.graph.header import LICENSE
from smegraph.namespaces import GRAPH, ID
from smegraph.ontology.locate import ontology_dir
from smegraph.ontology.ontology import Ontology
from smegraph.ontology.schema import Schema
from smegraph.release.context import context_of

Scope: TypeAlias = Literal[
    "whole", "study", "graph", "ontology", "vocabulary", "about", "query", "class", "as"
]
Write: TypeAlias = Callable[[IO[bytes]], None]


@dataclass(frozen=True)
class Job:
    """An export: what is taken, and in which format.

    Attributes:
        scope: what is taken.
        value: the study, graph, concept, class or vocabulary by name, or the text of a query.
        form: the format.
        header: whether the file says what it is.
    """

    scope: Scope
    value: str
    form: ExportFormat
    header: bool = True


@dataclass(frozen=True)
class Prepared:
    """What writes an export, and what writes its metadata beside it, by the file's name."""

    write: Write
    metadata: Callable[[str], str] | None = None


# Decision 079: docs/decisions/079-exports.md
def prepare(release: Release, job: Job) -> Prepared:
    """Return what writes an export.

    Raises:
        ExportError: what is asked for is not there, or the format does not fit it.
    """
    if job.form.kind == "table":
        return _table(release, job)
    if job.scope == "class":
        name = job.value.removeprefix("sme:")
        raise ExportError(
            f"--class makes a table, csv or parquet. As {job.form.name}, "
            f"-e 'CONSTRUCT WHERE {{ ?x a sme:{name} ; ?p ?o }}' does.",
            "format",
        )
    if job.form.name == "functional" and job.scope != "ontology":
        raise ExportError(
            "Functional syntax holds an ontology: --ontology. Turtle holds the rest.", "format"
        )
    if job.form.kind == "references":
        return Prepared(_references(release, job))
    extract = _extract(release, job)
    if job.form.kind == "nanopubs":
        return Prepared(_nanopubs(release, extract))
    if job.form.kind == "dataset" and not extract.graphs:
        raise ExportError(
            f"{job.form.name} holds named graphs, and this is one graph without a name: turtle, "
            "ntriples, jsonld or rdfxml does.",
            "format",
        )
    if not job.header:
        extract = replace(extract, header=())
    context = context_of(
        release.store.triples(GRAPH + "ontology"), release.store.triples(GRAPH + "vocabulary")
    )
    return Prepared(lambda file: write_rdf(extract, job.form, file, context))


def _extract(release: Release, job: Job) -> Extract:
    taken: dict[Scope, Callable[[], Extract]] = {
        "whole": release.whole,
        "study": lambda: release.study(job.value),
        "graph": lambda: release.graph(job.value),
        "ontology": release.ontology,
        "vocabulary": lambda: release.graph("vocabulary"),
        "about": lambda: release.about(job.value),
        "query": lambda: release.query(job.value),
        "as": lambda: release.crosswalk(job.value),
    }
    return taken[job.scope]()


def _table(release: Release, job: Job) -> Prepared:
    if job.scope == "query":
        table = tables.solutions_table(release, job.value)
    elif job.scope == "class":
        ontology = Ontology.load(ontology_dir())
        table = tables.class_table(release, ontology, Schema.read(ontology), job.value)
    else:
        raise ExportError(
            f"{job.form.name} is a table: of the things of a class (--class Firm), or the answer "
            "to a SELECT query (--query FILE, -e).",
            "format",
        )
    if job.form.name == "parquet":
        return Prepared(partial(tables.write_parquet, table))
    told = partial(tables.metadata, table, release=release.version)
    return Prepared(partial(tables.write_csv, table), told if job.header else None)


def _references(release: Release, job: Job) -> Write:
    ontology = Ontology.load(ontology_dir())
    mapping = Mapping.read(ontology, Schema.read(ontology))
    works = cited(release, set(_named(release, job)), mapping)
    if not works:
        raise ExportError("No works stand behind this: nothing in it is a work of the graph.")
    text = as_text(works, job.form.name, mapping)
    if job.header and job.form.name == "bibtex":  # the other two have no place for it
        text = f"% Works of smegraph, release {release.version}, {LICENSE}\n\n{text}"
    return lambda file: _write(file, text.encode("utf-8"))


def _nanopubs(release: Release, extract: Extract) -> Write:
    ontology = Ontology.load(ontology_dir())
    quads = [*nanopublications(release, ontology, extract.triples())]
    if not quads:
        raise ExportError(
            "There is no finding in this; nanopublications are made of findings: those of a study, "
            "all on a concept, or all.",
            "format",
        )
    return lambda file: _write(file, serialized(quads))


def _named(release: Release, job: Job) -> Iterator[str]:
    """Yield the IRIs of things that an extract, or the answer to a SELECT query, names."""
    if job.scope == "query" and release.is_select(job.value):
        terms = (term for row in release.solutions(job.value) for term in row)
    else:
        extract = _extract(release, job)
        terms = (term for triple in extract.triples() for term in (triple.subject, triple.object))
    for term in terms:
        if isinstance(term, ox.NamedNode) and term.value.startswith(ID):
            yield term.value


def _write(file: IO[bytes], text: bytes) -> None:
    file.write(text)
