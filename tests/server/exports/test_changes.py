"""What changed since the release before, found by a process with a limit of its own."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from smegraph.server.exports.changes import changes_since, former_release
from smegraph.server.exports.errors import ExportTooSlow
from smegraph.server.http.problems import HttpProblem
from tests.server.exports.releases import trig, write_releases


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_releases(tmp_path_factory.mktemp("changes") / "releases")


def test_the_release_before_is_the_last_that_was_built_earlier(release: Path) -> None:
    former = former_release(release)
    assert former is not None
    assert former.name == "bbb"
    assert former_release(former.parent / "aaa") is None


def test_releases_that_may_not_be_listed_are_none(
    release: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(self: Path) -> None:
        raise PermissionError(13, "Permission denied", str(self))

    monkeypatch.setattr(Path, "iterdir", refuse)
    assert former_release(release) is None


def test_changes_are_those_that_the_command_tells(release: Path) -> None:
    told = asyncio.run(changes_since(release.parent / "bbb", release))
    assert [thing["label"] for thing in told["added"]] == ["Firm B"]
    assert (told["removed"], len(told["findings"])) == ([], 1)


def test_what_cannot_be_compared_is_told(release: Path, tmp_path: Path) -> None:
    broken = trig(tmp_path / "broken", "", "positive", 1)
    (broken / "smegraph.trig").write_text("graph:a {", "utf-8")
    with pytest.raises(HttpProblem, match="cannot be read"):
        asyncio.run(changes_since(broken, release))
    lines = "".join(f"id:firm-{n} sme:founded {n} . " for n in range(50_000))
    large = trig(tmp_path / "large", "", "positive", 1, lines)
    with pytest.raises(HttpProblem, match="more memory"):
        asyncio.run(changes_since(large, release, memory=2**20))
    with pytest.raises(ExportTooSlow):
        asyncio.run(changes_since(release, release, timeout=0.001))
