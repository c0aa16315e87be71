"""Files as people have them: encodings, endings, formats."""

from __future__ import annotations

import codecs
from pathlib import Path

import pytest

from smegraph.bibliography import source
from smegraph.bibliography.errors import BibliographyError
from smegraph.bibliography.source import read_references

BIB = "@book{a, title = {Café}}"
RIS = "TY  - BOOK\nTI  - Café\nER  - \n"
CSL = '[{"id": "a", "title": "Café"}]'


def titles(path: Path, **options: str) -> list[str]:
    fields = [record.fields for record in read_references(path, **options).records]
    return [found.get("title", found.get("TI", "")) for found in fields]


def refuse(path: Path, **options: str) -> str:
    with pytest.raises(BibliographyError) as caught:
        read_references(path, **options)
    return str(caught.value)


@pytest.mark.parametrize(("text", "form"), [(BIB, "bibtex"), (RIS, "ris"), (CSL, "csl")])
@pytest.mark.parametrize("ending", [".bib", ".ris", ".json", ".txt", ""])
def test_what_a_file_holds_decides_its_format(
    tmp_path: Path, text: str, form: str, ending: str
) -> None:
    path = tmp_path / f"refs{ending}"
    path.write_text(text, encoding="utf-8")
    assert read_references(path).form == form
    assert titles(path) == ["Café"]


@pytest.mark.parametrize("text", [BIB, RIS, CSL])
@pytest.mark.parametrize(
    "data",
    [
        lambda text: text.encode(),
        lambda text: codecs.BOM_UTF8 + text.encode(),
        lambda text: text.encode("utf-16"),
        lambda text: text.encode("utf-32"),
        lambda text: text.replace("\n", "\r\n").encode(),
        lambda text: text.replace("\n", "\r").encode(),
    ],
    ids=["plain", "mark", "utf-16", "utf-32", "crlf", "cr"],
)
def test_marks_and_line_ends_of_all_systems_are_read(
    tmp_path: Path, text: str, data: object
) -> None:
    path = tmp_path / "refs"
    assert callable(data)
    path.write_bytes(data(text))
    assert titles(path) == ["Café"]


def test_a_windows_file_is_refused_with_its_place_and_a_way_out(tmp_path: Path) -> None:
    path = tmp_path / "refs.bib"
    path.write_bytes(f"% mine\n{BIB}".encode("cp1252"))
    message = refuse(path)
    assert "refs.bib is not UTF-8" in message
    assert 'line 2, byte 0xE9 behind "@book{a, title = {Caf"' in message
    assert "--encoding cp1252" in message
    assert titles(path, encoding="cp1252") == ["Café"]


@pytest.mark.parametrize("name", ["klingon", "base64"])
def test_an_encoding_that_is_none_is_refused(tmp_path: Path, name: str) -> None:
    path = tmp_path / "refs.bib"
    path.write_bytes(b"@book{a, title = {\xff}}")
    assert "is no encoding of texts" in refuse(path, encoding=name)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "is empty"),
        (" \n\n", "is empty"),
        ("<?xml version='1.0'?><xml/>", "looks like an XML file"),
        ("PMID- 123\nTI  - x", "PubMed"),
        ("%0 Journal Article\n%T x", "EndNote"),
        ('"Key","Item Type","Title"\n', "CSV"),
        ("Dear curator, see below.", "in none of the formats"),
        ("[]", "holds no records of CSL-JSON"),
        ("@comment{nothing}", "holds no records of BibTeX"),
    ],
)
def test_a_file_without_references_says_what_to_do(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "refs.txt"
    path.write_text(text, encoding="utf-8")
    assert said in refuse(path)


def test_a_huge_file_is_refused_before_it_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "refs.bib"
    with path.open("wb") as file:
        file.truncate(100 * 1024 * 1024)
    monkeypatch.setattr(Path, "read_bytes", lambda _: pytest.fail("it was read"))
    assert "104,857,600 bytes" in refuse(path)


def test_every_format_that_is_named_has_a_reader() -> None:
    assert set(source.TITLES) == set(source.READERS)


def test_a_declared_format_is_taken_at_its_word(tmp_path: Path) -> None:
    path = tmp_path / "refs.bib"
    path.write_text(f"{BIB}\nTY  - BOOK\n", encoding="utf-8")
    assert read_references(path, form="bibtex").form == "bibtex"
    assert titles(path, form="bibtex") == ["Café"]
