"""What `smegraph.connect` opens, and what it says of what it cannot open."""

from __future__ import annotations

import multiprocessing
import subprocess
import sys
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Store

import smegraph
from smegraph.client import CannotConnect, ClientError
from smegraph.store import EmbeddedStore
from tests.client.conftest import ONE_ROW, TRUE, Say, problem, reply

NAMED, P = NamedNode("http://example.org/graph"), NamedNode("http://example.org/p")
COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
TWO = [Quad(P, P, Literal(1)), Quad(P, P, Literal(2), NAMED), Quad(P, P, Literal(1), NAMED)]


def filled(quads: list[Quad]) -> Store:
    store = Store()
    store.extend(quads)
    return store


def count(source: object) -> object:
    with smegraph.connect(source) as connection:  # type: ignore[arg-type]
        return connection.select(COUNT)[0].n


def test_a_release_opens_and_so_does_the_folder_that_holds_it(
    release: Path, tmp_path: Path
) -> None:
    (tmp_path / "current").symlink_to(release)
    assert count(tmp_path) == count(str(release)) == count(release)


def test_no_argument_opens_build_in_the_working_folder(
    release: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "build").mkdir()
    (tmp_path / "build" / "current").symlink_to(release)
    monkeypatch.chdir(tmp_path)
    with smegraph.connect() as connection:
        assert connection.ask("ASK { ?firm a sme:Firm }")
        assert repr(connection) == "<smegraph connection to build>"


@pytest.mark.parametrize("as_folder", [False, True])
def test_a_file_or_folder_of_rdf_opens_with_the_union_of_its_graphs(
    tmp_path: Path, as_folder: bool
) -> None:
    file = tmp_path / "data.trig"
    filled(TWO).dump(str(file), RdfFormat.TRIG)
    assert count(tmp_path if as_folder else file) == 2


def test_a_store_on_disk_opens_with_the_union_of_its_graphs(tmp_path: Path) -> None:
    store = Store(str(tmp_path))
    store.extend(TWO)
    store.flush()
    del store
    assert count(tmp_path) == 2


def test_an_open_store_is_asked_as_it_is() -> None:
    store = filled(TWO)
    assert count(store) == count(EmbeddedStore(store, stored_union=False)) == 2


def _hold(path: Path, ready: object, done: object) -> None:
    store = Store(str(path))
    ready.set()  # type: ignore[attr-defined]
    done.wait(60)  # type: ignore[attr-defined]
    del store


def test_a_store_that_a_process_writes_to_is_refused(tmp_path: Path) -> None:
    spawn = multiprocessing.get_context("spawn")
    ready, done = spawn.Event(), spawn.Event()
    writer = spawn.Process(target=_hold, args=(tmp_path, ready, done))
    writer.start()
    try:
        assert ready.wait(60)
        with pytest.raises(CannotConnect, match="is writing to"):
            smegraph.connect(tmp_path)
    finally:
        done.set()
        writer.join(60)


def test_a_missing_path_is_named_with_what_would_do(tmp_path: Path) -> None:
    with pytest.raises(CannotConnect, match=r"does not exist.*http://127\.0\.0\.1:8000/"):
        smegraph.connect(tmp_path / "nothing")


def test_a_folder_without_rdf_is_refused_with_the_endings_that_would_do(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("")
    with pytest.raises(CannotConnect, match=r"notes\.txt.*\.ttl"):
        smegraph.connect(tmp_path)


def test_a_broken_file_is_refused_with_the_place_of_the_fault(tmp_path: Path) -> None:
    (tmp_path / "data.ttl").write_text("<http://a/> <http://b/>\n.\n")
    with pytest.raises(CannotConnect, match=r"data\.ttl, line 2"):
        smegraph.connect(tmp_path)


def test_an_address_may_be_that_of_the_service_or_of_its_endpoint(address: str) -> None:
    base = address.rstrip("/")
    for given in (base, f"{base}/", f"{base}/sparql"):
        with smegraph.connect(given) as connection:
            assert repr(connection) == f"<smegraph connection to {base}/sparql>"


def test_a_service_that_does_not_answer_is_told(address: str) -> None:
    with pytest.raises(CannotConnect, match="There is no answer from"):
        smegraph.connect("http://127.0.0.1:1/")


@pytest.mark.parametrize("url", ["http://", "http://a b/", "http://127.0.0.1:99999999/"])
def test_what_is_no_address_is_refused(url: str) -> None:
    with pytest.raises(CannotConnect):
        smegraph.connect(url)


def test_a_page_for_people_is_no_endpoint(address: str) -> None:
    with pytest.raises(CannotConnect, match="is no SPARQL endpoint"):
        smegraph.connect(f"{address.rstrip('/')}/health")


def test_an_address_that_answers_with_a_page_is_told_as_one(say: Say) -> None:
    with pytest.raises(CannotConnect, match="text/html"):
        say(probe=reply("<html>", "text/html"))


def test_a_service_that_wants_a_token_says_so(say: Say) -> None:
    with pytest.raises(ClientError) as caught:
        say(probe=problem("unauthorized", 401, "A token is needed."))
    assert type(caught.value).__name__ == "NotAuthorized"


def test_the_endpoint_is_where_a_redirect_leads(say: Say) -> None:
    service, connection = say(reply(ONE_ROW))
    moved = f"{service.address}?query=ASK+%7B%7D"
    _, other = say(reply(ONE_ROW), probe=reply("", status=301, Location=moved))
    assert repr(other) == repr(connection)


def test_the_token_goes_with_every_request(say: Say) -> None:
    service, connection = say(reply(ONE_ROW), TRUE, token="secret")
    connection.select("SELECT * {}")
    assert service.asked[0].headers["authorization"] == "bearer secret"


def test_importing_smegraph_imports_no_library_yet() -> None:
    code = "import sys, smegraph; print({'rdflib', 'pyoxigraph', 'httpx'} & {*sys.modules})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"


def test_the_package_shows_what_it_offers_and_nothing_else() -> None:
    assert "connect" in dir(smegraph)
    with pytest.raises(AttributeError, match="no attribute 'conect'"):
        smegraph.conect  # noqa: B018
