"""A release that is published: checked against the last one, frozen, described and packed."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from jinja2 import Environment, PackageLoader, StrictUndefined

from smegraph.files import replace_file
from smegraph.graph.header import DATASET
from smegraph.graph.triples import iri_of, named, parts
from smegraph.namespaces import DCTERMS, GRAPH, ID
from smegraph.ontology.deprecations import update_text
from smegraph.ontology.versions import (
    TERMS_LIST,
    THINGS_LIST,
    VERSIONS,
    frozen_versions,
    is_term,
    list_text,
    read_list,
)
from smegraph.publishing.archive import CHECKSUMS, checksums, digest_line, files_below, pack
from smegraph.publishing.citation import CITATION, Citation
from smegraph.publishing.crate import CRATE, crate
from smegraph.publishing.difference import Difference, compare
from smegraph.publishing.errors import Disappeared, PublishingError
from smegraph.publishing.frozen import HEADER_FILE, frozen_text, header_text
from smegraph.publishing.semver import Judgement, Level, Version, check_version, judge
from smegraph.publishing.sides import Side, open_side
from smegraph.publishing.things import Things, text_of
from smegraph.publishing.words import Words, as_text, in_words
from smegraph.release_files import MANIFEST, ONTOLOGY_FILE, TRIG, stated_version
from smegraph.studies.project import Project

RELEASES: Final = "releases"
_LISTED: Final = 50  # of a kind, in CHANGES.md
_GONE: Final = 5  # shown of what disappeared
_DOI: Final = "http://purl.org/ontology/bibo/doi"
_LICENSES: Final = {"LICENSE": "LICENSE", "ontology/LICENSE": "LICENSE-data"}
_TEMPLATES: Final = Environment(
    loader=PackageLoader("smegraph.publishing"), undefined=StrictUndefined,
    keep_trailing_newline=True, trim_blocks=True, lstrip_blocks=True, autoescape=False,
)  # fmt: skip

Build = Callable[[], Path]
"""What builds what is out of date, and returns the release."""


@dataclass(frozen=True)
class Order:
    """What should be published.

    Attributes:
        version: its version.
        day: the day that it bears.
        root: the project, with `CITATION.cff`.
        project: its ontology and data.
        out: the folder of published releases.
        notes: what people say of it, in Markdown.
        since: what it is compared with; None takes the last release that was published.
    """

    version: Version
    day: date
    root: Path
    project: Project
    out: Path
    notes: str = ""
    since: str | None = None


@dataclass(frozen=True)
class Published:
    """What was published.

    Attributes:
        folder: its files.
        archive: the same, packed.
        last: the version before it.
        judgement: how much changed since; None for the first.
    """

    folder: Path
    archive: Path
    last: str | None
    judgement: Judgement | None


@dataclass(frozen=True)
class _Last:
    """The release before: its version, what it said, and whether that is all of it."""

    version: Version
    side: Side
    whole: bool


@dataclass(frozen=True)
class _Compared:
    """What changed since the release before."""

    last: _Last
    difference: Difference
    words: Words
    judgement: Judgement


# Decision 081: docs/decisions/081-published-releases.md
def publish(order: Order, build: Build) -> Published:
    """Publish what the project holds, as one version.

    First all is checked; then the project gets what stays (header, frozen ontology, lists of IRIs,
    citation), is built once more, and the build is described and packed.

    Raises:
        PublishingError: the version, or what was published before, forbids it; nothing was changed.
        SmegraphError: the project cannot be built.
    """
    side = open_side(str(build()))
    last = _last(order)
    compared = _compare(last, side) if last else None
    if compared:
        check_version(order.version, compared.last.version, compared.judgement)
    _refuse_gaps(order.project, Things(side))
    Citation.read(order.root, str(order.version), order.day, ())
    _write_project(order, side, compared)
    release = build()
    side = open_side(str(release))
    compared = _compare(last, side) if last else None
    citation = Citation.read(order.root, str(order.version), order.day, _sources(side))
    folder, archive = _write(order, release, citation, compared)
    told = compared.judgement if compared else None
    return Published(folder, archive, str(last.version) if last else None, told)


def _last(order: Order) -> _Last | None:
    """Return the release before the one that is to be published.

    Where only the frozen ontology of it is at hand, that is what can be compared.
    """
    if order.since is not None:
        name = Path(order.since).name.removeprefix("smegraph-")
        return _Last(Version.parse(name), open_side(order.since, order.out), whole=True)
    known = [p.parent.name for p in order.out.glob(f"*/{TRIG}") if p.parent.name[0] != "."]
    folders = {Version.parse(name): order.out / name for name in known}
    files = {
        Version.parse(name): path
        for name, path in frozen_versions(order.project.ontology_folder).items()
    }
    before = [version for version in {*folders, *files} if version < order.version]
    later = [version for version in {*folders, *files} if version > order.version]
    if later:
        raise PublishingError(
            f"{order.version} would come after {max(later)}, which was published already; "
            f"{max(later).next(Level.PATCH)} or more would be right."
        )
    if not before:
        return None
    version = max(before)
    if version in folders:
        return _Last(version, open_side(str(folders[version])), whole=True)
    alone = open_side(str(files[version]))
    graphs = {GRAPH + "ontology": next(iter(alone.graphs.values()))}
    return _Last(version, Side(str(version), graphs, {}), whole=False)


def _compare(last: _Last, side: Side) -> _Compared:
    new = side if last.whole else side.only(last.side.graphs)
    difference = compare(last.side, new)
    words = in_words(difference)
    return _Compared(last, difference, words, judge(difference, words))


def _published(project: Project) -> list[str]:
    """Return every IRI that was published before."""
    terms = read_list(project.ontology_folder / VERSIONS / TERMS_LIST)
    return [*terms, *read_list(project.data / THINGS_LIST)]


def own_iris(things: Things) -> set[str]:
    """Return the IRIs of a release that stay: its terms and things, its graphs and the dataset.

    What a graph names below itself is counted anew for each release, as partitions are.
    """
    stay = (iri for iri in things.own if not (iri.startswith(GRAPH) and "#" in iri))
    return {*stay, *filter(None, things.side.graphs), DATASET}


def _refuse_gaps(project: Project, things: Things) -> None:
    gone = sorted(set(_published(project)) - own_iris(things))
    if gone:
        more = f" and {len(gone) - _GONE} more" if gone[_GONE:] else ""
        shown = ", ".join(gone[:_GONE]) + more
        raise Disappeared(
            f"{len(gone)} IRIs that were published are no more: {shown}. No version allows that: "
            "no IRI ever disappears. Keep a term with owl:deprecated and dcterms:isReplacedBy; "
            "say in ontology/vocabulary/replaced-things.ttl what took the place of a thing.",
            tuple(gone),
        )


def _write_project(order: Order, side: Side, compared: _Compared | None) -> None:
    """Give the project what stays of a release: header, frozen ontology, IRIs, citation."""
    ontology = order.project.ontology_folder
    header = ontology / HEADER_FILE
    prior = str(compared.last.version) if compared else None
    compatible = compared is None or compared.judgement.level < Level.MAJOR
    text = header.read_text("utf-8")
    _put(header, header_text(text, str(order.version), order.day, prior, compatible=compatible))
    (ontology / VERSIONS).mkdir(exist_ok=True)
    try:
        _freeze(ontology, str(order.version), frozen_text(ontology))
    except PublishingError:
        _put(header, text)
        raise
    iris = {*_published(order.project), *own_iris(Things(side))}
    _put(ontology / VERSIONS / TERMS_LIST, list_text(filter(is_term, iris)))
    _put(order.project.data / THINGS_LIST, list_text(i for i in iris if not is_term(i)))
    told = Citation.read(order.root, str(order.version), order.day, ())
    _put(order.root / CITATION, told.text)


def _freeze(ontology: Path, version: str, text: str) -> None:
    path = ontology / VERSIONS / f"{version}.ttl"
    if path.is_file() and path.read_text("utf-8") != text:
        raise PublishingError(
            f"{path} says something else than the ontology does now. What was published stays as "
            "it is: take the next version, or remove the file if nobody has it yet."
        )
    _put(path, text)


def _put(path: Path, text: str) -> None:
    """Write a file where it says something else, so that one that is right keeps its time."""
    data = text.encode("utf-8")
    if not path.is_file() or path.read_bytes() != data:
        replace_file(path, data)


def _sources(side: Side) -> tuple[str, ...]:
    """Return the DOIs of the documents from which graphs were coded."""
    source, doi = named(DCTERMS + "source"), named(_DOI)
    works = {
        value
        for lines in side.headers.values()
        for text in lines
        for _, predicate, value in [parts(text)]
        if predicate == source and iri_of(value).startswith(ID)
    }
    found = set()
    for lines in side.graphs.values():
        for text in lines:
            if doi in text and text.split(" ", 1)[0] in works:
                _, predicate, value = parts(text)
                if predicate == doi:
                    found.add(text_of(value))
    return tuple(sorted(found))


def _write(
    order: Order, release: Path, citation: Citation, compared: _Compared | None
) -> tuple[Path, Path]:
    """Write the folder and the archive; what is there already must be the same."""
    name = f"smegraph-{order.version}"
    making = order.out / f".making-{order.version}"
    folder, archive = order.out / str(order.version), order.out / f"{name}.tar.gz"
    shutil.rmtree(making, ignore_errors=True)
    try:
        making.mkdir(parents=True)
        _copy(release, making)
        _copy_licenses(order.root, making)
        frozen = order.project.ontology_folder / VERSIONS / f"{order.version}.ttl"
        shutil.copyfile(frozen, making / ONTOLOGY_FILE)
        _describe(order, making, release, citation, compared)
        data = pack(making, name, order.day)
        if folder.exists():
            _refuse_other(folder, making)
        else:
            making.rename(folder)
        _put_bytes(archive, data)
        _put(order.out / f"{archive.name}.sha256", digest_line(data, archive.name))
    finally:
        shutil.rmtree(making, ignore_errors=True)
    return folder, archive


def _put_bytes(path: Path, data: bytes) -> None:
    if not path.is_file() or path.read_bytes() != data:
        replace_file(path, data)


def _refuse_other(folder: Path, making: Path) -> None:
    if checksums(folder) != checksums(making):
        raise PublishingError(
            f"{folder} was published with other files. What was published stays as it is: take the "
            "next version, or remove the folder if nobody has it yet."
        )


def _copy(release: Path, folder: Path) -> None:
    """Copy what the manifest of a release lists: all but its store and the report of its build."""
    manifest = json.loads((release / MANIFEST).read_text("utf-8"))
    for name in (*manifest["files"], MANIFEST):
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(release / name, target)


def _copy_licenses(root: Path, folder: Path) -> None:
    for name, target in _LICENSES.items():
        if (root / name).is_file():
            shutil.copyfile(root / name, folder / target)


def _describe(
    order: Order, folder: Path, release: Path, citation: Citation, compared: _Compared | None
) -> None:
    version = str(order.version)
    _put(folder / CITATION, citation.text)
    _put(folder / ".zenodo.json", _json(citation.zenodo()))
    _put(folder / "datacite.json", _json(citation.datacite()))
    _put(folder / "CHANGES.md", _changes(order, compared))
    for name, text in _migration(order, compared).items():
        (folder / "migration").mkdir(exist_ok=True)
        _put(folder / "migration" / name, text)
    iris = list_text(_published(order.project))
    _put(folder / "iris.txt", iris)
    told = {
        "citation": citation, "version": version, "build": stated_version(release),
        "count": sum(not text.startswith("#") for text in iris.splitlines()),
        "migrates": (folder / "migration").is_dir(),
    }  # fmt: skip
    _put(folder / "README.md", _TEMPLATES.get_template("README.md").render(told))
    _put(folder / CRATE, _json(crate(citation, folder, files_below(folder))))
    _put(folder / CHECKSUMS, checksums(folder))


def _json(value: object) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"


def _changes(order: Order, compared: _Compared | None) -> str:
    said: Mapping[str, object] = {
        "version": str(order.version),
        "day": order.day.isoformat(),
        "notes": order.notes.strip(),
        "last": str(compared.last.version) if compared else None,
        "whole": compared is None or compared.last.whole,
        "judgement": compared and compared.judgement,
        "text": compared and as_text(compared.difference, compared.words, _LISTED).rstrip(),
    }
    return _TEMPLATES.get_template("CHANGES.md").render(said)


def _migration(order: Order, compared: _Compared | None) -> dict[str, str]:
    """Return the updates that put new terms into the place of those that were deprecated."""
    if compared is None:
        return {}
    replaced = {one.thing.iri: one.successor for one in compared.words.deprecated if one.successor}
    if not replaced:
        return {}
    text = update_text(order.project.ontology, replaced)
    name = f"{compared.last.version}-to-{order.version}.ru"
    return {name: f"{text}\n"}
