"""Releases: made beside, switched to in one step, swept, kept, and known to be whole."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import pyoxigraph as ox
import pytest

from smegraph.files import digest_file
from smegraph.release.errors import ReleaseError
from smegraph.release.releases import KEPT, MANIFEST, Releases, version_of

Damage: TypeAlias = Callable[[Path], object]


def make(releases: Releases, version: str, text: str = "data") -> Path:
    """A small release, switched to."""
    with releases.lock():
        with releases.new(version) as folder:
            (folder / "turtle").mkdir()
            (folder / "turtle" / "one.ttl").write_text(text, "utf-8")
            (folder / "report.json").write_text('{"built": "now"}', "utf-8")
            store = ox.Store(str(folder / "store"))
            store.add(ox.Quad(ox.NamedNode("urn:a"), ox.NamedNode("urn:b"), ox.Literal(text)))
            store.flush()
            del store
        releases.switch(version)
    return releases.path(version)


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_version_follows_names_contents_and_conditions_alone(tmp_path: Path) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    one.write_text("text", "utf-8")
    other.write_text("text", "utf-8")
    version = version_of([("a", one), ("b", other)], "0.1")
    assert version == version_of([("b", one), ("a", other)], "0.1")
    changed = [
        version_of([("a", one), ("b", other)], "0.2"),
        version_of([("a", one), ("c", other)], "0.1"),
        version_of([("a", one)], "0.1"),
    ]
    other.write_text("text.", "utf-8")
    changed.append(version_of([("a", one), ("b", other)], "0.1"))
    assert len({version, *changed}) == 5
    assert len(version) == 12


def test_folder_without_a_release_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(ReleaseError, match="`smegraph build` makes one"):
        Releases(tmp_path / "nowhere").current_release()
    assert not (tmp_path / "nowhere").exists()


def test_current_points_to_the_release_that_was_switched_to(tmp_path: Path) -> None:
    releases = Releases(tmp_path)
    for version in ("one", "two", "one"):
        made = releases.path(version)
        if made.exists():
            releases.switch(version)
        else:
            make(releases, version)
        assert releases.current_release() == made.resolve()


def test_link_holds_where_the_output_folder_is_moved(tmp_path: Path) -> None:
    make(Releases(tmp_path / "before"), "one")
    (tmp_path / "before").rename(tmp_path / "after")
    moved = Releases(tmp_path / "after")
    assert moved.current_release() == moved.path("one").resolve()


def test_manifest_lists_data_and_neither_store_nor_report(tmp_path: Path) -> None:
    made = make(Releases(tmp_path), "one")
    manifest = json.loads((made / MANIFEST).read_text("utf-8"))
    data = made / "turtle" / "one.ttl"
    entry = {"bytes": 4, "sha256": digest_file(data)}
    assert manifest == {"version": "one", "files": {"turtle/one.ttl": entry}}


def test_release_that_fails_leaves_nothing(tmp_path: Path) -> None:
    releases = Releases(tmp_path)
    make(releases, "one")

    def fail() -> None:
        with releases.lock(), releases.new("two") as folder:
            (folder / "half.ttl").write_text("half", "utf-8")
            raise ReleaseError("no more")

    with pytest.raises(ReleaseError, match="no more"):
        fail()
    assert names(releases.folder) == {"one"}
    assert releases.current_release().name == "one"


def test_disk_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", "utf-8")
    releases = Releases(tmp_path / "file" / "out")
    with pytest.raises(ReleaseError, match="cannot be written"), releases.lock():
        pytest.fail("A file was taken for a folder.")


def test_second_build_is_refused_by_the_name_of_the_folder(tmp_path: Path) -> None:
    with Releases(tmp_path).lock():
        with pytest.raises(ReleaseError) as caught, Releases(tmp_path).lock():
            pytest.fail("Two builds hold one folder.")
        assert str(caught.value) == f"Another build is at work in {tmp_path}."
    with Releases(tmp_path).lock():
        pass


def test_what_killed_builds_left_is_swept(tmp_path: Path) -> None:
    releases = Releases(tmp_path)
    make(releases, "one")
    for rest in ("releases/.building-1", "releases/.damaged-one-1", "cache/reasoned"):
        (tmp_path / rest).mkdir(parents=True)
        (tmp_path / rest / "half.99.tmp").write_text("half", "utf-8")
    (tmp_path / "cache" / "reasoned" / "whole.nt").write_text("", "utf-8")
    (tmp_path / ".current-99").symlink_to("releases/gone")
    with releases.lock():
        assert names(tmp_path) == {".lock", "cache", "current", "releases"}
        assert names(releases.folder) == {"one"}
        assert names(tmp_path / "cache" / "reasoned") == {"whole.nt"}


@pytest.mark.parametrize(
    "damage",
    [
        lambda made: (made / "turtle" / "one.ttl").write_text("dato", "utf-8"),
        lambda made: (made / "turtle" / "one.ttl").unlink(),
        lambda made: (made / MANIFEST).unlink(),
        lambda made: (made / MANIFEST).write_text('{"version": ', "utf-8"),
        lambda made: (made / MANIFEST).write_text('{"files": []}', "utf-8"),
        lambda made: (made / MANIFEST).write_text('{"files": {}}', "utf-8"),
        lambda made: (made / MANIFEST).write_text("[]", "utf-8"),
        lambda made: (made / MANIFEST).write_text('{"files": {"turtle/one.ttl": 4}}', "utf-8"),
        lambda made: shutil.rmtree(made / "store"),
        lambda made: (made / "store" / "CURRENT").write_text("", "utf-8"),
    ],
    ids=[
        "changed", "lost", "no manifest", "half a manifest", "files are a list", "no files",
        "manifest is a list", "no digest", "no store", "store has no beginning",
    ],
)  # fmt: skip
def test_damage_is_noticed_and_mended_by_the_same_version(tmp_path: Path, damage: Damage) -> None:
    releases = Releases(tmp_path)
    made = make(releases, "one")
    assert releases.is_sound("one")
    damage(made)
    assert not releases.is_sound("one")
    make(releases, "one")
    assert releases.is_sound("one")
    assert names(releases.folder) == {"one"}


def test_release_that_is_not_there_is_not_sound(tmp_path: Path) -> None:
    assert not Releases(tmp_path).is_sound("one")


def test_only_the_newest_releases_are_kept(tmp_path: Path) -> None:
    releases = Releases(tmp_path)
    for number in range(KEPT + 2):
        made = make(releases, f"r{number}")
        os.utime(made, (number, number))
    assert names(releases.folder) == {f"r{number}" for number in range(2, KEPT + 2)}


def test_current_release_is_kept_however_old(tmp_path: Path) -> None:
    releases = Releases(tmp_path)
    for number in range(KEPT + 1):
        os.utime(make(releases, f"r{number}"), (number, number))
    assert "r1" in names(releases.folder)
    releases.switch("r1")
    assert releases.current_release().name == "r1"
    newest = {f"r{number}" for number in range(2, KEPT + 1)}
    assert names(releases.folder) == {"r1", *newest}
    with releases.lock(), releases.new("beside"):
        pass
    releases.switch("r1")
    assert names(releases.folder) == {"r1", "beside", *newest} - {"r2"}
