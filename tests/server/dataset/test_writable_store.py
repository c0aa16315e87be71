"""A store that changes in whole steps, in the process of the test."""

from __future__ import annotations

import json
import shutil
from dataclasses import asdict
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, Store

from smegraph.server.dataset.errors import ChangeUnfinished, DatasetUnusable, TermTooLong
from smegraph.server.dataset.writable_store import Change, WritableStore
from smegraph.server.engine.errors import InsufficientStorage

GRAPH = "urn:g"
PUT = Change(GRAPH, clear=True, keep=True, has_data=True)
ADD = Change(GRAPH, clear=False, keep=True, has_data=True)
DROP = Change(GRAPH, clear=True, keep=False, has_data=False)


def objects(store: WritableStore, graph: str | None = GRAPH) -> list[str]:
    return sorted(str(quad.object) for quad in store._quads(graph))


def seen(store: WritableStore, name: str) -> list[str]:
    """What a query that is answered from a snapshot sees."""
    shown = Store.read_only(str(store.folder / "snapshots" / store.snapshot(name)))
    return sorted(str(quad.object) for quad in shown)


def data(store: WritableStore, *values: str) -> Path:
    """A file of statements that is to come in."""
    path = store.folder / "uploads" / "new.nt"
    path.write_text("".join(f'<urn:a> <urn:b> "{value}" .\n' for value in values))
    return path


@pytest.fixture
def store(folder: Path) -> WritableStore:
    """A store with one statement in a graph."""
    return WritableStore(folder)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The folder of a dataset with one statement in a graph, which nobody has open."""
    made = WritableStore(tmp_path / "data")
    made.update(f'INSERT DATA {{ GRAPH <{GRAPH}> {{ <urn:a> <urn:b> "old" }} }}', None, {})
    return made.folder


# ------------------------------------------------------------------------------------- changes


def test_an_update_is_there_when_the_store_is_opened_again(folder: Path) -> None:
    assert objects(WritableStore(folder)) == ['"old"']


def test_putting_a_graph_takes_the_place_of_what_it_had(store: WritableStore) -> None:
    store.change(PUT, data(store, "new", "newer"), "before")
    assert objects(store) == ['"new"', '"newer"']


def test_adding_to_a_graph_keeps_what_it_had(store: WritableStore) -> None:
    store.change(ADD, data(store, "new"), "before")
    assert objects(store) == ['"new"', '"old"']


def test_dropping_a_graph_removes_its_name_too(store: WritableStore) -> None:
    assert store.exists(GRAPH)
    store.change(DROP, None, "before")
    assert not store.exists(GRAPH)


def test_an_empty_graph_exists(store: WritableStore) -> None:
    store.change(Change("urn:h", clear=False, keep=True, has_data=False), None, "before")
    assert store.exists("urn:h")


def test_the_default_graph_exists_when_it_holds_something(store: WritableStore) -> None:
    assert not store.exists(None)
    store.change(Change(None, clear=False, keep=True, has_data=True), data(store, "d"), "before")
    assert store.exists(None)
    assert objects(store, None) == ['"d"']
    assert objects(store) == ['"old"']


def test_a_change_uses_its_file_up_and_leaves_nothing_behind(store: WritableStore) -> None:
    store.change(PUT, data(store, "new"), "before")
    assert not list((store.folder / "uploads").iterdir())
    assert not list((store.folder / "pending").iterdir())


# ------------------------------------------------------------------------------------- crashes


def test_a_change_that_stands_is_carried_out_when_the_dataset_is_opened(folder: Path) -> None:
    store = WritableStore(folder)
    store._record(PUT, data(store, "new"), "before")
    del store
    again = WritableStore(folder)
    assert objects(again) == ['"new"']
    assert not list((folder / "pending").iterdir())


def test_a_change_that_was_carried_out_half_is_carried_out_again(folder: Path) -> None:
    store = WritableStore(folder)
    store._record(PUT, data(store, "new", "newer"), "before")
    store.update(f"CLEAR GRAPH <{GRAPH}>", None, {})
    store.update(f'INSERT DATA {{ GRAPH <{GRAPH}> {{ <urn:a> <urn:b> "new" }} }}', None, {})
    del store
    assert objects(WritableStore(folder)) == ['"new"', '"newer"']


def test_data_without_a_change_that_stands_are_no_change(folder: Path) -> None:
    (folder / "pending" / "data.nt").write_text('<urn:a> <urn:b> "new" .\n')
    (folder / "pending" / "change.json.new").write_text(json.dumps(asdict(PUT)))
    assert objects(WritableStore(folder)) == ['"old"']


UNREADABLE = [
    f'<urn:a> <urn:b> "{"x" * (17 * 2**20)}" .\n',
    "<urn:a> <urn:b> <urn:c> .\n<urn:a <urn:b> .\n",
]


@pytest.mark.parametrize("text", UNREADABLE, ids=["too long", "malformed"])
def test_a_change_that_cannot_be_read_is_set_aside(folder: Path, text: str) -> None:
    store = WritableStore(folder)
    store._make_snapshot("before")
    written = folder / "uploads" / "new.nt"
    written.write_text(text)
    store._record(PUT, written, "before")
    store.update(f"CLEAR GRAPH <{GRAPH}>", None, {})  # as far as it had come
    del store
    again = WritableStore(folder)
    assert objects(again) == ['"old"']
    (notice,) = again.notices
    (place,) = (folder / "set-aside").iterdir()
    assert str(place) in notice
    assert "as before it" in notice
    assert (place / "data.nt").read_text() == text
    assert not list((folder / "pending").iterdir())
    again.update("INSERT DATA { <urn:a> <urn:b> 1 }", None, {})
    del again
    assert WritableStore(folder).notices == []


def test_where_no_copy_is_left_a_change_that_is_set_aside_says_so(folder: Path) -> None:
    for _ in range(2):
        (folder / "pending" / "change.json").write_text("{")
        store = WritableStore(folder)
        assert objects(store) == ['"old"']
        assert "no copy from before" in store.notices[0]
        del store
    assert len([*(folder / "set-aside").iterdir()]) == 2


@pytest.mark.parametrize("store_is_left", [False, True])
def test_a_crash_while_a_copy_takes_the_store_s_place_is_made_good(
    folder: Path, store_is_left: bool
) -> None:
    store = WritableStore(folder)
    store._make_snapshot("before")
    store.update(f"CLEAR GRAPH <{GRAPH}>", None, {})
    del store
    (folder / "snapshots" / "before").rename(folder / "store.restored")
    if not store_is_left:
        shutil.rmtree(folder / "store")
    assert objects(WritableStore(folder)) == ['"old"']


# ------------------------------------------------------------------------------------ identity


def test_a_dataset_is_known_again_and_another_is_not_opened_in_its_place(folder: Path) -> None:
    identity = WritableStore(folder).identity
    assert WritableStore(folder, identity=identity).identity == identity
    folder.rename(folder.with_name("away"))
    with pytest.raises(DatasetUnusable, match="is its disk mounted"):
        WritableStore(folder, identity=identity)
    assert not folder.exists()
    WritableStore(folder)
    with pytest.raises(DatasetUnusable, match="is its disk mounted"):
        WritableStore(folder, identity=identity)


def test_a_store_whose_folder_has_gone_changes_nothing(folder: Path) -> None:
    store = WritableStore(folder)
    folder.rename(folder.with_name("away"))
    with pytest.raises(DatasetUnusable):
        store.update("INSERT DATA { <urn:a> <urn:b> 1 }", None, {})
    with pytest.raises(DatasetUnusable):
        store.change(PUT, None, "before")
    with pytest.raises(DatasetUnusable):
        store.snapshot("later")
    assert not folder.exists()


# ------------------------------------------------------------------------------- long literals


@pytest.mark.parametrize(
    "function", ["CONCAT(?c, ?c)", "REPLACE(?c, 'o', 'xxxx')", "IRI(CONCAT('urn:', ?c, ?c))"]
)
def test_an_update_that_would_make_too_long_a_term_changes_nothing(
    folder: Path, function: str
) -> None:
    store = WritableStore(folder)
    store.update(f'INSERT DATA {{ <urn:a> <urn:b> "{"o" * 600}" }}', None, {})
    grow = f"INSERT {{ ?a <urn:more> ?d }} WHERE {{ ?a <urn:b> ?c BIND({function} AS ?d) }}"
    with pytest.raises(TermTooLong, match="The value of <urn:more> of <urn:a> would be"):
        store.update(grow, None, {}, longest=1000)
    assert len(objects(store, None)) == 1
    store.update(grow, None, {}, longest=3000)
    assert len(objects(store, None)) == 2
    assert not list((folder / "uploads").iterdir())


# ----------------------------------------------------------------------------------- snapshots


def test_a_snapshot_never_changes(store: WritableStore) -> None:
    first = Store.read_only(str(store.folder / "snapshots" / store.snapshot("one")))
    store.change(PUT, data(store, "new"), "before")
    assert [str(quad.object) for quad in first] == ['"old"']
    assert seen(store, "two") == ['"new"']


def test_a_change_that_fails_midway_is_never_seen(
    store: WritableStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(path: Path, graph: str | None) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(store, "_insert", fail)
    with pytest.raises(ChangeUnfinished):
        store.change(PUT, data(store, "new"), "before")
    assert objects(store) == []
    assert store.snapshot("after") == "before"
    assert seen(store, "after") == ['"old"']


# ------------------------------------------------------------------------------------- editing


def test_an_edit_sees_one_graph_and_writes_the_outcome(
    store: WritableStore, tmp_path: Path
) -> None:
    def edit(copy: Store) -> None:
        assert len(copy) == 1
        copy.update('INSERT DATA { <urn:a> <urn:b> "new" }')

    assert store.edit(GRAPH, edit, tmp_path / "out.nt")
    assert sorted((tmp_path / "out.nt").read_text().splitlines()) == [
        '<urn:a> <urn:b> "new" .',
        '<urn:a> <urn:b> "old" .',
    ]
    assert objects(store) == ['"old"']


def test_an_edit_that_makes_other_graphs_writes_nothing(
    store: WritableStore, tmp_path: Path
) -> None:
    made = store.edit(GRAPH, lambda copy: copy.add_graph(NamedNode("urn:h")), tmp_path / "out.nt")
    assert not made
    assert not (tmp_path / "out.nt").exists()


# ------------------------------------------------------------------------------------ refusals


def test_nothing_is_begun_for_which_there_is_no_room(tmp_path: Path) -> None:
    store = WritableStore(tmp_path / "data", keep_free=10**18)
    with pytest.raises(InsufficientStorage):
        store.update("INSERT DATA { <urn:a> <urn:b> 1 }", None, {})
    with pytest.raises(InsufficientStorage):
        store.change(ADD, data(store, "new"), "before")
    assert not list((store.folder / "pending").iterdir())
    assert not store.exists(GRAPH)


def test_a_dataset_that_is_open_is_not_opened_twice(store: WritableStore) -> None:
    with pytest.raises(DatasetUnusable, match="Another process has"):
        WritableStore(store.folder, wait=0.0)


def test_a_file_is_no_dataset(tmp_path: Path) -> None:
    (tmp_path / "data").touch()
    with pytest.raises(DatasetUnusable, match="is a file"):
        WritableStore(tmp_path / "data")


def test_a_folder_of_other_things_is_left_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "cities.ttl").touch()
    with pytest.raises(DatasetUnusable, match=r"holds 'cities\.ttl' and no dataset"):
        WritableStore(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["cities.ttl"]


def test_a_folder_that_has_tokens_and_no_store_yet_becomes_a_dataset(tmp_path: Path) -> None:
    for name in ("tokens.json", "tokens.lock", ".tokens-x1"):
        (tmp_path / name).touch()
    assert not WritableStore(tmp_path).exists(None)
