"""`smegraph format`: Turtle in canonical order, or which files are not in it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.conftest import StudyCopy


def test_the_command_checks_without_writing_and_writes_without_checking(
    study: StudyCopy, tmp_path: Path
) -> None:
    path = tmp_path / "a.ttl"
    path.write_text("<urn:b> <urn:p> 1 . <urn:a> <urn:p> 1 .", encoding="utf-8")
    before = path.read_bytes()
    checked = study.run("format", "--check", str(path))
    assert (checked.exit_code, path.read_bytes()) == (1, before)
    assert "is not in canonical order" in checked.output
    assert study.run("format", str(path)).exit_code == 0
    assert study.run("format", "--check", str(path)).exit_code == 0
    assert path.read_bytes() != before
