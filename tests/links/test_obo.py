"""OBO files are read with labels, synonyms and hierarchy."""

from __future__ import annotations

from pathlib import Path

import pytest

from smegraph.links.errors import TargetError
from smegraph.links.target import Label
from smegraph.links.targets import read_target

OBO = """format-version: 1.4
ontology: fruit

[Term]
id: EX:1
name: apple
def: "A fruit." []
synonym: "pome" EXACT []
synonym: "orchard fruit" BROAD []
is_a: EX:9 ! fruit

[Term]
id: EX:2
name: old apple
is_obsolete: true

[Typedef]
id: EX:3
name: grows on
"""
EX = "http://purl.obolibrary.org/obo/EX_"


def test_terms_are_read(tmp_path: Path) -> None:
    pytest.importorskip("fastobo", reason="the extra obo is not installed")
    path = tmp_path / "fruit.obo"
    path.write_text(OBO, "utf-8")
    found = read_target(path)
    assert found.labels[EX + "1"] == [
        Label("apple", "preferred"),
        Label("pome", "other"),
        Label("orchard fruit", "loose"),
    ]
    assert found.above[EX + "1"] == {EX + "9"}
    assert found.texts[EX + "1"] == ["A fruit."]
    assert (found.former, found.properties) == ({EX + "2"}, {EX + "3"})


def test_what_is_no_obo_is_told(tmp_path: Path) -> None:
    pytest.importorskip("fastobo", reason="the extra obo is not installed")
    path = tmp_path / "fruit.obo"
    path.write_text("[Term\nid", "utf-8")
    with pytest.raises(TargetError, match="no OBO"):
        read_target(path)


def test_without_its_reader_the_remedy_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "fastobo", None)
    with pytest.raises(TargetError, match=r"smegraph\[obo\]"):
        read_target(tmp_path / "fruit.obo")
