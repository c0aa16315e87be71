"""Passages: offsets count code points, and a phrase is found however its lines break."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smegraph.errors import SmegraphError
from smegraph.studies.passages import Passage, Source, digest_of, find_sources, locate

TEXT = "The firm\r\nlearned 🏢 fast.  The firm\n grew."


@pytest.fixture
def document(tmp_path: Path) -> Path:
    path = tmp_path / "document.txt"
    path.write_bytes(TEXT.encode("utf-8"))
    return path


def test_a_digest_is_the_sha_256_of_the_text_in_utf_8() -> None:
    assert digest_of("32 000 €") == hashlib.sha256("32 000 €".encode()).hexdigest()


def test_a_phrase_is_found_across_the_ends_of_lines(document: Path) -> None:
    (found,) = locate(document, "firm learned 🏢 fast")
    assert TEXT[found.start : found.end] == "firm\r\nlearned 🏢 fast"
    assert found.digest == digest_of("firm\r\nlearned 🏢 fast")


def test_every_place_of_a_phrase_is_found(document: Path) -> None:
    assert [passage.start for passage in locate(document, "The firm")] == [0, 27]


def test_a_passage_runs_to_the_nearest_end(document: Path) -> None:
    found = [TEXT[p.start : p.end] for p in locate(document, "The", "fast.")]
    assert found == ["The firm\r\nlearned 🏢 fast."]


def test_signs_of_patterns_are_text(document: Path) -> None:
    with pytest.raises(SmegraphError, match="holds no such passage"):
        locate(document, "The .*")


def test_a_document_that_is_not_utf_8_is_named(tmp_path: Path) -> None:
    path = tmp_path / "old.txt"
    path.write_bytes("Käytännön".encode("cp1252"))
    with pytest.raises(SmegraphError, match=r"old\.txt is not UTF-8"):
        locate(path, "K")


@given(st.text(), st.integers(0, 50), st.integers(0, 50))
def test_what_was_located_holds_in_the_source(text: str, start: int, length: int) -> None:
    passage = text[start : start + length]
    assert Source(text).holds(start, start + length, digest_of(passage))
    assert not Source(text).holds(start, start + length, digest_of(passage + "x"))


def test_located_passages_hold_in_the_source(document: Path) -> None:
    source = Source(document.read_bytes().decode("utf-8"))
    for passage in locate(document, "firm", "."):
        assert isinstance(passage, Passage)
        assert source.holds(passage.start, passage.end, passage.digest)


def test_sources_are_files_by_name(tmp_path: Path, document: Path) -> None:
    (tmp_path / "folder").mkdir()
    assert find_sources(tmp_path) == {"document.txt": document}
