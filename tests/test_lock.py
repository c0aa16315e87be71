"""The pinned packages have hashes, and `make lock` renews them."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tools.lock import FILES, ROOT, LockError, Pin, parsed, renewed

A, B, C = "a" * 64, "b" * 64, "c" * 64
GIVEN = f"""\
# What serving needs.
-r build.txt
zeta==2.0 \\
    --hash=sha256:{A}
Alpha_Beta==1.0; python_version < '3.14'
"""


@pytest.mark.parametrize("name", FILES)
def test_every_pin_has_the_hashes_of_its_files(name: str) -> None:
    pins = parsed((ROOT / name).read_text("utf-8")).pins
    assert len(pins) > 5
    assert [pin.line for pin in pins if not pin.hashes] == []


@pytest.mark.parametrize("name", FILES)
def test_a_file_is_in_the_one_order_and_form(name: str) -> None:
    text = (ROOT / name).read_text("utf-8")
    assert text == str(parsed(text))
    keys = [pin.key for pin in parsed(text).pins]
    assert keys == sorted(set(keys))


@pytest.mark.parametrize("name", FILES)
def test_a_file_names_no_index(name: str) -> None:
    text = (ROOT / name).read_text("utf-8")
    assert not re.search(r"://|--(extra-)?index|--find-links|--trusted", text)


def test_every_file_of_pins_is_known() -> None:
    found = [*ROOT.glob("requirements/*.txt"), *ROOT.glob("*/requirements*.txt")]
    assert {str(path.relative_to(ROOT)) for path in found} == {*FILES}


@pytest.mark.parametrize("name", ["pydantic_core", "PyYAML", "uvloop", "httptools", "MarkupSafe"])
def test_a_compiled_package_has_a_file_for_each_platform_and_its_source(name: str) -> None:
    pins = parsed((ROOT / "requirements/run.txt").read_text("utf-8")).pins
    (pin,) = [pin for pin in pins if pin.name == name]
    assert len(pin.hashes) > 20  # four Pythons, three systems, two architectures at least


def test_reading_and_writing_sorts_and_keeps_what_people_wrote() -> None:
    found = parsed(GIVEN)
    assert found.pins[0] == Pin("zeta", "2.0", "", (A,))
    assert found.pins[1].key == "alpha-beta"
    assert str(found) == (
        "# What serving needs.\n-r build.txt\nAlpha_Beta==1.0; python_version < '3.14'\n"
        f"zeta==2.0 \\\n    --hash=sha256:{A}\n"
    )


def test_hashes_are_renewed_and_nothing_else() -> None:
    found = renewed(parsed(GIVEN), {"zeta": [C, B, C], "alpha-beta": [A]})
    assert str(found) == (
        "# What serving needs.\n-r build.txt\n"
        f"Alpha_Beta==1.0; python_version < '3.14' \\\n    --hash=sha256:{A}\n"
        f"zeta==2.0 \\\n    --hash=sha256:{B} \\\n    --hash=sha256:{C}\n"
    )


def test_a_version_of_which_the_index_has_nothing_is_named() -> None:
    with pytest.raises(LockError, match=r"has no file of Alpha_Beta==1\.0"):
        renewed(parsed(GIVEN), {"zeta": [B]})


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("zeta>=2.0", "name==1.2.3 would be right"),
        ("zeta", "name==1.2.3 would be right"),
        ("--index-url https://example.org", "name==1.2.3 would be right"),
        ("zeta @ https://example.org/zeta.whl", "name==1.2.3 would be right"),
        (f"zeta==2.0 --hash=sha256:{A[:-1]}", "no SHA-256"),
        ("zeta==2.0 --hash=md5:0123", "no SHA-256"),
    ],
)
def test_what_is_no_pin_is_refused(line: str, said: str) -> None:
    with pytest.raises(LockError, match=re.escape(said)):
        parsed(f"# Pins.\n{line}\n")


def lock(folder: Path, script: str) -> subprocess.CompletedProcess[str]:
    """Renew a file, with a program in the place of uv."""
    (folder / "pins.txt").write_text(GIVEN, "utf-8")
    (folder / "uv").write_text(f"#!/bin/sh\n{script}\n")
    (folder / "uv").chmod(0o755)
    return subprocess.run(
        [sys.executable, "-m", "tools.lock", str(folder / "pins.txt")],
        cwd=ROOT, env={**os.environ, "PATH": f"{folder}:{os.environ['PATH']}"},
        capture_output=True, text=True, check=False,
    )  # fmt: skip


without_uv = pytest.mark.skipif(
    subprocess.run([sys.executable, "-c", "import uv"], capture_output=True).returncode == 0,
    reason="the real uv is here",
)


@without_uv
def test_the_index_is_asked_for_the_versions_alone(tmp_path: Path) -> None:
    script = f"tee {tmp_path}/asked | sed 's/$/ --hash=sha256:{C}/' | tr '[:upper:]_' '[:lower:]-'"
    done = lock(tmp_path, script)
    assert (done.returncode, done.stderr) == (0, "")
    assert (tmp_path / "asked").read_text() == "zeta==2.0\nAlpha_Beta==1.0\n"
    assert (tmp_path / "pins.txt").read_text().count(f"sha256:{C}") == 2
    assert A not in (tmp_path / "pins.txt").read_text()


@without_uv
def test_a_file_stays_as_it_is_when_the_index_cannot_be_asked(tmp_path: Path) -> None:
    done = lock(tmp_path, "echo 'no such version' >&2; exit 1")
    assert done.returncode == 1
    assert "stays as it is: no such version" in done.stderr
    assert (tmp_path / "pins.txt").read_text() == GIVEN
