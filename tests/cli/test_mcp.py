"""`smegraph mcp` says what it lacks."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest
from click.testing import CliRunner

from smegraph.cli.main import main


def test_without_its_extra_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    done = CliRunner().invoke(main, ["mcp"])
    assert done.exit_code == 1
    assert "pip install 'smegraph[mcp]'" in done.stderr


def test_a_place_with_nothing_to_ask_is_told(tmp_path: Path) -> None:
    pytest.importorskip("mcp")
    done = CliRunner().invoke(main, ["mcp", str(tmp_path / "nothing")])
    assert done.exit_code == 1
    assert "nothing" in done.stderr
