"""Find out what a path to be served holds: a release, a dataset, a store, or files of RDF."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final, Literal

from pyoxigraph import RdfFormat

from smegraph.release_files import MANIFEST, STORE, stated_version
from smegraph.store.errors import SourceError
from smegraph.store.syntax import Syntax, syntax_of
from smegraph.store.walking import LEADS_OUT, Walk

Kind = Literal["release", "dataset", "store", "files"]

# By the file's ending: the format, and about how many bytes one statement takes in it.
ENDINGS: Final = {
    ".ttl": (RdfFormat.TURTLE, 45),
    ".turtle": (RdfFormat.TURTLE, 45),
    ".n3": (RdfFormat.N3, 45),
    ".trig": (RdfFormat.TRIG, 45),
    ".nt": (RdfFormat.N_TRIPLES, 130),
    ".nq": (RdfFormat.N_QUADS, 180),
    ".rdf": (RdfFormat.RDF_XML, 90),
    ".xml": (RdfFormat.RDF_XML, 90),
    ".owl": (RdfFormat.RDF_XML, 90),
    ".jsonld": (RdfFormat.JSON_LD, 90),
    ".json": (RdfFormat.JSON_LD, 90),
}
PACKED: Final = (".gz", ".bz2")
# What such a file holds is not told by its ending.
_UNCERTAIN: Final = frozenset({".owl", ".rdf", ".xml"})
_RDF_SYNTAXES: Final[Mapping[Syntax, RdfFormat]] = {
    "RDF/XML": RdfFormat.RDF_XML,
    "Turtle": RdfFormat.TURTLE,
}
_CATALOG: Final = "catalog-v001.xml"  # Protégé's: where the files of imported ontologies lie

_PACKED_RATIO: Final = 12
_BYTES_IN_STORE: Final = 170  # for a statement
_ROCKSDB: Final = "CURRENT"  # RocksDB keeps this file in every database
_SHOWN: Final = 10


@dataclass(frozen=True, slots=True)
class RdfFile:
    """A file of RDF: where it lies, its name below the folder that is served, and its format."""

    path: Path
    name: str
    format: RdfFormat
    packed: bool


@dataclass(frozen=True, slots=True)
class Source:
    """What a path holds.

    Attributes:
        kind: "release" (made by `smegraph build`), "dataset" (made by `serve --writable`),
            "store" (an Oxigraph folder), or "files".
        path: the folder or file, without symbolic links.
        store: the folder of the Oxigraph store; None for files.
        files: the files to load, sorted by name; none where there is a store.
        skipped: names of files that are not loaded, as they are no RDF or lead elsewhere; behind
            the name stands the reason in brackets, unless the ending is no one of RDF.
        links_out: the names of links among those which lead out of the folder.
        follows_links: whether links that lead out of the folder were followed.
        version: the version of a release.
    """

    kind: Kind
    path: Path
    store: Path | None = None
    files: tuple[RdfFile, ...] = ()
    skipped: tuple[str, ...] = ()
    links_out: tuple[str, ...] = ()
    follows_links: bool = False
    version: str | None = None


def find_source(path: Path, *, follow_links: bool = False) -> Source:
    """Say what a path holds, without opening a store or parsing a file.

    In a folder hidden files, files of other endings, catalogs of Protégé, and links that lead out
    of the folder are skipped. An output folder of `smegraph build` stands for its current
    release.

    Args:
        path: a file or a folder; it may be a link itself.
        follow_links: whether links in a folder are followed that lead out of it.

    Raises SourceError: there is nothing, it cannot be read, or it holds no RDF.
    """
    try:
        found = path.resolve(strict=True)
        if (found / "current" / MANIFEST).is_file():
            found = (found / "current").resolve(strict=True)
        return _file(found) if not found.is_dir() else _folder(found, follow_links)
    except FileNotFoundError as error:
        raise SourceError(f"{path} does not exist. Name a folder or a file of RDF.") from error
    except (OSError, RuntimeError) as error:  # RuntimeError: symbolic links in a circle
        raise SourceError(f"{path} cannot be read: {error}.") from error


def _file(path: Path) -> Source:
    if not path.is_file():
        raise SourceError(f"{path} is neither a folder nor a regular file. {_remedy()}")
    file = _rdf_file(path, path.name)
    if file is None:
        raise SourceError(f"{path} has no ending of an RDF file. {_remedy()}")
    if isinstance(file, str):
        raise SourceError(f"{path} is {file}, and no RDF. Save it as RDF/XML or Turtle.")
    return Source("files", path, files=(file,))


def _folder(path: Path, follow_links: bool) -> Source:
    if (path / STORE / _ROCKSDB).is_file():
        if (path / MANIFEST).is_file():
            return Source("release", path, path / STORE, version=_version(path))
        return Source("dataset", path, path / STORE)
    if (path / _ROCKSDB).is_file():
        if path.name == STORE and (path.parent / MANIFEST).is_file():
            return _folder(path.parent, follow_links)
        return Source("store", path, path)
    walk = Walk(path, follow_links).run()
    files, skipped = _rdf_files(walk)
    out = tuple(_name(link, walk) for link, why in walk.refused if why == LEADS_OUT)
    if not files:
        shown = f" It holds {', '.join(skipped[:_SHOWN])}." if skipped else " It is empty."
        follow = " `--follow-links` lets the service follow links." if out else ""
        raise SourceError(f"{path} holds no file of RDF.{shown} {_remedy()}{follow}")
    return Source(
        "files", path, files=tuple(files), skipped=tuple(skipped), links_out=out,
        follows_links=follow_links,
    )  # fmt: skip


def _remedy() -> str:
    return (
        f"These endings would do: {' '.join(ENDINGS)}, also with {' or '.join(PACKED)}; or a "
        "folder that `smegraph build` or `smegraph serve --writable` made, or an Oxigraph store."
    )


def _version(release: Path) -> str:
    try:
        return stated_version(release)
    except ValueError as error:
        raise SourceError(
            f"{release / MANIFEST} does not say which version this is. Run `smegraph build`."
        ) from error


def _rdf_files(walk: Walk) -> tuple[list[RdfFile], list[str]]:
    """Return the files to load, each once, and the names of those to skip."""
    found: dict[Path, RdfFile] = {}
    skipped = [f"{_name(path, walk)} ({why})" for path, why in walk.refused]
    for path, target in walk.files:
        name = _name(path, walk)
        file = _rdf_file(target, name) if path.name != _CATALOG else None
        if isinstance(file, RdfFile):
            found.setdefault(file.path, file)
        else:
            skipped.append(f"{name} ({file})" if file else name)
    return sorted(found.values(), key=lambda file: file.name), sorted(skipped)


def _name(path: Path, walk: Walk) -> str:
    return path.relative_to(walk.folder).as_posix()


def _rdf_file(path: Path, name: str) -> RdfFile | Syntax | None:
    """Return a file with its format; the syntax that it has if that is no RDF; or nothing."""
    ending = _ending(name)
    if ending not in ENDINGS:
        return None
    format = ENDINGS[ending][0]
    if ending in _UNCERTAIN:
        status = path.stat()
        syntax = _known_syntax(path, status.st_mtime_ns, status.st_size) or "RDF/XML"
        if syntax not in _RDF_SYNTAXES:
            return syntax
        format = _RDF_SYNTAXES[syntax]
    return RdfFile(path, name, format, packed=name.lower().endswith(PACKED))


@lru_cache(maxsize=100_000)
def _known_syntax(path: Path, modified: int, size: int) -> Syntax | None:
    """Look into a file once for each of its states: a service asks each second what there is."""
    return syntax_of(path)


def _ending(name: str) -> str:
    """Return the ending of a file's name, without that of a packed one."""
    name = name.lower()
    return Path(name.removesuffix(next((end for end in PACKED if name.endswith(end)), ""))).suffix


def fingerprint(source: Source) -> str:
    """Return a name for the state of the data: it changes when the data does.

    For a release it is its version, else twelve hexadecimal digits made of the names, sizes and
    times of the files. Raises SourceError when they have gone.
    """
    if source.version is not None:
        return source.version
    digest = hashlib.sha256()
    try:
        for path, name in _data_files(source):
            status = path.stat()
            digest.update(f"{name}\0{status.st_size}\0{status.st_mtime_ns}\n".encode())
    except OSError as error:
        raise SourceError(f"{source.path} cannot be read any more: {error}.") from error
    return digest.hexdigest()[:12]


def _data_files(source: Source) -> Iterator[tuple[Path, str]]:
    yield from ((file.path, file.name) for file in source.files)
    if source.store is not None:
        # RocksDB writes its LOG and LOCK whenever it is opened; the data lie in these.
        kept = (path for path in source.store.iterdir() if path.suffix in (".sst", ".log"))
        yield from ((path, path.name) for path in sorted(kept))


def estimate(source: Source) -> int:
    """Return about how many statements a source holds, from the sizes of its files.

    It is meant for choosing between memory and disk, and may be wrong by a factor of three.
    """
    return sum(map(_statements, source.files)) + sum(
        path.stat().st_size // _BYTES_IN_STORE for path, _ in _data_files(source) if source.store
    )


def _statements(file: RdfFile) -> int:
    size = file.path.stat().st_size * (_PACKED_RATIO if file.packed else 1)
    return size // ENDINGS[_ending(file.name)][1]
