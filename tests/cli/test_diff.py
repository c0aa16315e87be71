"""`smegraph diff` compares releases and files."""

from __future__ import annotations

import json
from pathlib import Path

import pyoxigraph as ox
import pytest
from click.testing import CliRunner

from smegraph.cli.main import main


@pytest.fixture
def files(tmp_path: Path) -> tuple[str, str]:
    """Two Turtle files that differ in a value."""
    for name, value in (("a", 1), ("b", 2)):
        text = f"<urn:x> <urn:p> {value}, [ <urn:q> {value} ] ."
        (tmp_path / f"{name}.ttl").write_text(text, "utf-8")
    return str(tmp_path / "a.ttl"), str(tmp_path / "b.ttl")


def run(*arguments: str) -> str:
    done = CliRunner().invoke(main, ["diff", *arguments])
    assert done.exit_code == 0, done.output
    return done.output


def test_text_is_for_people(files: tuple[str, str]) -> None:
    assert "3 statements more, 3 less" in run(*files)


def test_json_is_for_programs(files: tuple[str, str]) -> None:
    assert json.loads(run("--format", "json", *files))["graphs"][""]["added"] == 3


def test_update_is_a_patch(files: tuple[str, str]) -> None:
    store, wanted = ox.Store(), ox.Store()
    store.load(path=files[0])
    wanted.load(path=files[1])
    store.update(run("--format", "update", *files))
    found = [ox.Dataset(store), ox.Dataset(wanted)]
    for data in found:
        data.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    assert found[0] == found[1]


def test_what_is_no_side_is_an_error(files: tuple[str, str]) -> None:
    done = CliRunner().invoke(main, ["diff", files[0], "0.0.9"])
    assert done.exit_code == 1
    assert "0.0.9 is no file" in done.output
