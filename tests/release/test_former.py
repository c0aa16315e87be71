"""A release is taken over from only where the same code has written it, and it is sound."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from smegraph.release import former
from smegraph.release.former import WRITTEN, Former, digests_of, written
from smegraph.release.releases import Releases
from smegraph.release_files import MANIFEST, REPORT

ONE, TWO = "https://w3id.org/smegraph/graph/one", "https://w3id.org/smegraph/graph/two"
DIGESTS = digests_of({ONE: ["a\n"], TWO: ["b\n"]})


@pytest.fixture
def release(tmp_path: Path) -> Path:
    """A release with the Turtle of one graph and what its report says of it."""
    (tmp_path / "turtle").mkdir()
    (tmp_path / "turtle" / "one.ttl").write_text("one\u2028\r\n", "utf-8", newline="")
    (tmp_path / REPORT).write_text(json.dumps({WRITTEN: written(DIGESTS)}), "utf-8")
    return tmp_path


def test_an_unchanged_graph_has_its_turtle_as_it_was(release: Path) -> None:
    found = Former.of(release)
    assert found
    assert found.turtle(ONE, DIGESTS[ONE]) == "one\u2028\r\n"


def test_a_changed_graph_has_none(release: Path) -> None:
    found = Former.of(release)
    assert found
    assert found.turtle(ONE, DIGESTS[TWO]) is None


def test_the_headers_of_a_release_are_remembered(release: Path) -> None:
    headers = {ONE: ["c\n"]}
    (release / REPORT).write_text(json.dumps({WRITTEN: written(DIGESTS, headers)}), "utf-8")
    found = Former.of(release)
    assert found
    assert found.headers == headers


def test_other_code_has_written_another_form(
    release: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(former, "writer", lambda: "other")
    assert Former.of(release) is None


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"written": 1}', '{"written": {"by": "x"}}'])
def test_a_report_that_says_nothing_of_it_gives_nothing(release: Path, text: str) -> None:
    (release / REPORT).write_text(text, "utf-8")
    assert Former.of(release) is None


def test_a_release_that_is_not_sound_gives_nothing(release: Path, tmp_path: Path) -> None:
    releases = Releases(tmp_path / "out")
    assert releases.former() is None
    releases.folder.mkdir(parents=True)
    release.joinpath(MANIFEST).write_text('{"version": "v", "files": {"no": {}}}', "utf-8")
    releases.path("v").symlink_to(release)
    releases.current.symlink_to(releases.path("v"))
    assert releases.former() is None
