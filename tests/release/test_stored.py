"""The store of a release holds its graphs and their union, however it came about."""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from smegraph.namespaces import GRAPH
from smegraph.ontology.terms import LABEL
from smegraph.release import stored
from smegraph.release.former import Former, digests_of
from smegraph.release.stored import write_store
from smegraph.results.formats import FORMATS
from smegraph.results.serialise import serialise
from smegraph.store import EmbeddedStore

_ONE, _ZERO_ONE = (f'"{n}"^^<http://www.w3.org/2001/XMLSchema#integer>' for n in ("1", "01"))
_VALUES = ['"A"', '"A"@en', _ONE, _ZERO_ONE, "<urn:a>", "<urn:b>", "_:x"]


def _line(value: str, subject: str = "a") -> str:
    return f"<urn:{subject}> <urn:p> {value} .\n"


_LINES = st.builds(_line, st.sampled_from(_VALUES), st.sampled_from("abc"))
_GRAPHS = st.dictionaries(
    st.sampled_from([GRAPH + name for name in ("one", "two", "three", "four")]),
    st.lists(_LINES, unique=True).map(sorted),
)


def written(folder: Path, graphs: Mapping[str, Sequence[str]]) -> Former:
    folder.mkdir()
    write_store(folder, graphs)
    return Former(folder, digests_of(graphs))


def held(folder: Path) -> list[str]:
    """The statements, whatever the labels of blank nodes, which the engine makes anew."""
    store = ox.Store.read_only(str(folder / "store"))
    return sorted(re.sub(r"_:\w+", "_:x", str(quad)) for quad in store)


@settings(max_examples=8, deadline=None)
@given(_GRAPHS, _GRAPHS)
@example({GRAPH + "one": [_line("_:x")]}, {GRAPH + "one": [_line("_:x")], GRAPH + "two": []})
@example(
    {GRAPH + "one": [_line("_:x")]},
    {GRAPH + "one": [_line(_ONE)], GRAPH + "two": [_line(_ZERO_ONE)]},
)
@example(
    {GRAPH + "one": [_line("<urn:a>")], GRAPH + "two": [_line("<urn:a>"), _line("<urn:b>")]},
    {GRAPH + "one": [_line("<urn:b>")], GRAPH + "three": [_line("<urn:b>")]},
)
def test_a_store_made_of_the_former_one_holds_what_one_made_anew_holds(
    before: dict[str, list[str]], after: dict[str, list[str]]
) -> None:
    with tempfile.TemporaryDirectory() as name, pytest.MonkeyPatch.context() as patch:
        patch.setattr(stored, "_WORTH_A_COPY", 2)  # always
        folders = [Path(name) / part for part in ("before", "after", "anew")]
        former = written(folders[0], before)
        folders[1].mkdir()
        counted = write_store(folders[1], after, digests_of(after), former)
        written(folders[2], after)
        assert held(folders[1]) == held(folders[2])
        assert counted == sum(map(len, after.values()))


def line(name: str, text: str) -> str:
    return f'<urn:{name}> <{LABEL}> "{text}" .\n'


def many(name: str) -> list[str]:
    return sorted(line(f"{name}{number}", "of many") for number in range(50))


def test_each_release_has_its_own_headers_and_takes_over_the_rest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A statement of a header that another graph holds as well stays in the union."""
    graphs = {GRAPH + "one": many("a"), GRAPH + "two": [line("b", "before")]}
    headers = [
        {GRAPH + "one": [line("one", text), line("b", "both")], GRAPH + "two": [line("two", text)]}
        for text in ("release 1", "release 2")
    ]
    (tmp_path / "before").mkdir()
    write_store(tmp_path / "before", graphs, headers=headers[0])
    former = Former(tmp_path / "before", digests_of(graphs), headers[0])
    graphs[GRAPH + "two"] = [line("b", "both")]
    headers[1][GRAPH + "one"].pop()
    (tmp_path / "anew").mkdir()
    write_store(tmp_path / "anew", graphs, headers=headers[1])
    monkeypatch.setattr(stored, "_write_all", lambda path, graphs: pytest.fail("written anew"))
    (tmp_path / "after").mkdir()
    counted = write_store(tmp_path / "after", graphs, digests_of(graphs), former, headers[1])
    assert counted == 50 + 1 + 2
    assert held(tmp_path / "after") == held(tmp_path / "anew")


def test_only_what_changed_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    graphs = {GRAPH + "one": many("a"), GRAPH + "two": [line("b", "before")]}
    former = written(tmp_path / "before", graphs)
    graphs[GRAPH + "two"] = [line("b", "after")]
    monkeypatch.setattr(stored, "_write_all", lambda path, graphs: pytest.fail("written anew"))
    (tmp_path / "after").mkdir()
    assert write_store(tmp_path / "after", graphs, digests_of(graphs), former) == 51
    assert len(ox.Store.read_only(str(tmp_path / "after" / "store"))) == 102


@pytest.mark.parametrize("fault", ["a graph is short", "a file is cut", "no store"])
def test_a_former_store_that_is_not_what_it_was_is_not_taken_over(
    tmp_path: Path, fault: str
) -> None:
    graphs = {GRAPH + "one": many("a"), GRAPH + "two": [line("b", "before")]}
    former = written(tmp_path / "before", graphs)
    if fault == "a graph is short":
        store = ox.Store(str(former.store))
        store.remove(next(iter(store.quads_for_pattern(None, None, None, ox.DefaultGraph()))))
        store.flush()
        del store
    elif fault == "a file is cut":
        for path in former.store.glob("*.sst"):
            path.write_bytes(path.read_bytes()[:40])
    else:
        shutil.rmtree(former.store)
    graphs[GRAPH + "two"] = [line("b", "after")]
    (tmp_path / "after").mkdir()
    write_store(tmp_path / "after", graphs, digests_of(graphs), former)
    written(tmp_path / "anew", graphs)
    assert held(tmp_path / "after") == held(tmp_path / "anew")


def test_triple_that_two_documents_state_is_counted_once_without_graph(tmp_path: Path) -> None:
    line = f'<https://w3id.org/smegraph/id/a> <{LABEL}> "A" .\n'
    assert write_store(tmp_path, {GRAPH + "one": [line], GRAPH + "two": [line]}) == 2
    store = EmbeddedStore(tmp_path / "store")
    counted = [
        serialise(store.query(f"SELECT (COUNT(*) AS ?n) {{ {pattern} }}"), FORMATS["csv"])
        for pattern in ("?s ?p ?o", "GRAPH ?g { ?s ?p ?o }")
    ]
    assert counted == [b"n\r\n1\r\n", b"n\r\n2\r\n"]
