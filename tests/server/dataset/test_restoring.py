"""A store goes back to a snapshot; a change goes out of the way."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyoxigraph import NamedNode, Quad, Store

from smegraph.server.dataset.restoring import finish_restoring, restore, set_aside

OLD, NEW = (Quad(NamedNode("urn:s"), NamedNode("urn:p"), NamedNode(f"urn:{n}")) for n in (1, 2))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A dataset with a snapshot of what it held before its last change."""
    store = Store(str(tmp_path / "store"))
    store.add(OLD)
    store.backup(str(tmp_path / "snapshot"))
    store.add(NEW)
    return tmp_path


def held(folder: Path) -> set[Quad]:
    return {*Store(str(folder / "store"))}


def test_a_store_goes_back_to_what_a_snapshot_holds(folder: Path) -> None:
    assert held(folder) == {OLD, NEW}
    restore(folder, folder / "snapshot")
    assert held(folder) == {OLD}
    Store(str(folder / "store")).add(NEW)
    assert {*Store.read_only(str(folder / "snapshot"))} == {OLD}
    assert sorted(path.name for path in folder.iterdir()) == ["snapshot", "store"]


def test_restoring_after_a_crash_begins_again(folder: Path) -> None:
    (folder / "store.restored.new").mkdir()
    (folder / "store.restored.new" / "half").touch()
    finish_restoring(folder)
    assert held(folder) == {OLD, NEW}
    restore(folder, folder / "snapshot")
    assert held(folder) == {OLD}


def test_changes_that_are_set_aside_have_a_place_each(tmp_path: Path) -> None:
    pending = tmp_path / "pending"
    pending.mkdir()
    places = []
    for number in range(3):
        (pending / "change.json").write_text(str(number))
        if number:
            (pending / "data.nt").write_text(f"data {number}")
        places.append(set_aside(tmp_path))
        assert not [*pending.iterdir()]
    assert len({*places}) == 3
    for number, place in enumerate(places):
        assert place.parent == tmp_path / "set-aside"
        assert (place / "change.json").read_text() == str(number)
        assert (place / "data.nt").exists() == (number > 0)
