"""The fingerprint of the audit's code tells kept results from stale ones."""

from __future__ import annotations

from pathlib import Path

from smegraph.audit.fingerprint import code_digest, digest_modules


def modules(folder: Path, **texts: str) -> str:
    """The digest of a folder with these modules, which is made anew."""
    folder.mkdir(exist_ok=True)
    for path in folder.iterdir():
        path.unlink()
    for name, text in texts.items():
        (folder / f"{name}.py").write_text(text, "utf-8")
    return digest_modules(folder)


def test_same_code_elsewhere_has_the_same_digest(tmp_path: Path) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    assert modules(one, a="x = 1\n", b="") == modules(other, b="", a="x = 1\n")


def test_changed_renamed_added_or_moved_code_has_another_digest(tmp_path: Path) -> None:
    digests = {
        modules(tmp_path, a="x = 1\n", b=""),
        modules(tmp_path, a="x = 2\n", b=""),
        modules(tmp_path, c="x = 1\n", b=""),
        modules(tmp_path, a="x = 1\n", b="", c=""),
        modules(tmp_path, a="", b="x = 1\n"),
    }
    assert len(digests) == 5


def test_what_is_no_module_does_not_count(tmp_path: Path) -> None:
    before = modules(tmp_path, a="x = 1\n")
    (tmp_path / "a.pyc").write_bytes(b"\0")
    assert digest_modules(tmp_path) == before


def test_digest_of_the_audit_is_that_of_its_modules() -> None:
    import smegraph.audit as package

    assert code_digest() == digest_modules(Path(package.__path__[0]))
