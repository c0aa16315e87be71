"""From what a researcher names (an address, a release, a folder or file of RDF) to a connection."""

from __future__ import annotations

import fcntl
import os
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Final

from pyoxigraph import Store

from smegraph.client.connection import Connection
from smegraph.client.errors import CannotConnect
from smegraph.client.local import LocalBackend
from smegraph.errors import SmegraphError
from smegraph.store.embedded import EmbeddedStore, store_union

_SCHEMES: Final = ("http://", "https://")


def connect(
    source: str | os.PathLike[str] | Store | EmbeddedStore = "build",
    *,
    token: str | None = None,
    timeout: float | None = 60.0,
) -> Connection:
    """Connect to a service, or open data in this process.

    >>> import smegraph, tempfile
    >>> from pathlib import Path
    >>> from smegraph.client import IRI
    >>> folder = tempfile.TemporaryDirectory()
    >>> file = Path(folder.name) / "firms.ttl"
    >>> _ = file.write_text('''
    ... @prefix sme: <https://w3id.org/smegraph/ontology#> .
    ... @prefix id: <https://w3id.org/smegraph/id/> .
    ... id:firm-a a sme:Firm ; sme:founded 2014 .
    ... id:firm-b a sme:Firm ; sme:founded 2015 .
    ... ''')
    >>> graph = smegraph.connect(file)

    `select` returns rows: tuples whose values also go by name.

    >>> rows = graph.select("SELECT ?firm ?founded { ?firm sme:founded ?founded } ORDER BY ?firm")
    >>> rows
    firm       founded
    ---------- -------
    id:firm-a  2014
    id:firm-b  2015
    (2 rows)
    >>> [row.founded + 1 for row in rows]
    [2015, 2016]
    >>> firm, founded = rows[0]
    >>> firm
    rdflib.term.URIRef('https://w3id.org/smegraph/id/firm-a')

    `rows.to_pandas()` and `rows.to_polars()` make frames, where those libraries are installed.
    Values go into a query by name, and never become another part of it:

    >>> query = "ASK { ?firm sme:founded ?year }"
    >>> graph.ask(query, {"firm": IRI("https://w3id.org/smegraph/id/firm-a"), "year": 2014})
    True

    `construct` and `describe` return an `rdflib.Graph`:

    >>> len(graph.construct("CONSTRUCT WHERE { ?firm a sme:Firm }"))
    2

    What is wrong is an exception that says where:

    >>> graph.select("SELECT ?firm { ?firm a }")
    Traceback (most recent call last):
    smegraph.client.errors.MalformedQuery: Line 1, column 24: '}' cannot stand here; expected ...
    >>> graph.close()
    >>> folder.cleanup()

    A service takes the place of the file, `smegraph.connect("http://127.0.0.1:8000/")`, and the
    rest stays the same.

    Args:
        source: the address of a smegraph service, or of any SPARQL 1.1 endpoint (http or https);
            or a path: a release, the folder that holds releases (`build` in the working folder,
            when nothing is named), a folder or file of RDF, an Oxigraph store; or an open store.
            The prefixes of smegraph need no declaration, but at other services than smegraph's.
        token: a bearer token that goes with every request to a service.
        timeout: the seconds that a service may take for one answer, when a query names no other;
            None waits without end. A query in this process cannot be stopped.

    Raises:
        CannotConnect: there is nothing at the path, the service does not answer, or it is no
            SPARQL endpoint.
        NotAuthorized: the service wants another token.
        ValueError: `timeout` is not above zero.
    """
    if timeout is not None and timeout <= 0:
        raise ValueError(f"timeout is {timeout}; it is a number of seconds above 0, or None")
    if isinstance(source, Store | EmbeddedStore):
        return Connection(LocalBackend(_embedded(source), "an open store"))
    name = os.fspath(source)
    if name.lower().startswith(_SCHEMES):
        return _remote(name, token, timeout)
    return Connection(LocalBackend(_open(Path(name)), name))


def _remote(url: str, token: str | None, timeout: float | None) -> Connection:
    from smegraph.client.remote import find_endpoint
    from smegraph.client.transport import HttpTransport  # httpx is loaded only when it is needed

    transport = HttpTransport(home=url, token=token, timeout=timeout)
    with ExitStack() as undo:
        undo.callback(transport.close)
        connection = Connection(find_endpoint(url, transport))
        undo.pop_all()
        return connection


def _embedded(store: Store | EmbeddedStore) -> EmbeddedStore:
    return store if isinstance(store, EmbeddedStore) else EmbeddedStore(store, stored_union=False)


def _open(path: Path) -> EmbeddedStore:
    """Open what a path holds; the default graph is the union of all graphs, as at the service."""
    from smegraph.store.loading import load_files  # the service's own reading of paths
    from smegraph.store.sources import find_source

    try:
        source = find_source(path)
        if source.kind == "release" and source.store is not None:
            return EmbeddedStore(source.store)
        if source.store is not None:
            _check_writer(source.store)
            return EmbeddedStore(source.store, stored_union=False)
        store = Store()
        load_files(source, store)
    except (SmegraphError, OSError) as error:
        raise CannotConnect(f"{error}{_hint(path)}") from error
    store_union(store)
    return EmbeddedStore(store, stored_union=True)


def _check_writer(folder: Path) -> None:
    """Refuse a store that a process is writing to: what a reader finds there is undefined."""
    with suppress(FileNotFoundError, PermissionError), (folder / "LOCK").open("r+b") as lock:
        try:
            fcntl.lockf(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise CannotConnect(
                f"A service is writing to {folder}. Connect to its address instead."
            ) from error


def _hint(path: Path) -> str:
    if path.exists():
        return ""
    return " A service goes by its whole address, such as http://127.0.0.1:8000/."
