"""SSSOM is written so that it reads back as it was."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from smegraph.links.sssom import parse_sssom
from smegraph.links.writing import columns_of, rewritten, table
from tests.links.conftest import COLUMNS, HEAD, ROW

CELLS = st.text(st.characters(blacklist_categories=["Cs", "Cc"]), min_size=1).map(
    lambda text: " ".join(text.split())
)


@given(CELLS)
def test_any_text_reads_back(text: str) -> None:
    row = dict(zip(COLUMNS.split("\t"), ROW.split("\t"), strict=True)) | {"comment": text}
    columns = [*COLUMNS.split("\t"), "comment"]
    found = parse_sssom(HEAD + table(columns, [row]), Path("a"), "a")
    (link,) = found.links
    assert link.cells.get("comment", "") == text


def test_columns_stand_in_the_order_of_sssom() -> None:
    rows = [{"comment": "a", "subject_label": "b", "other": ""}]
    assert columns_of(["object_id", "subject_id"], rows) == [
        "subject_id", "subject_label", "object_id", "comment",
    ]  # fmt: skip


def test_head_stays_as_it_is_and_gets_prefixes() -> None:
    text = f"{HEAD}{COLUMNS}\n{ROW}\n"
    found = parse_sssom(text, Path("a"), "a")
    rows = [link.cells for link in found.links]
    assert rewritten(found, text, rows, {}) == text
    more = rewritten(found, text, rows, {"new": "https://example.org/new/"})
    assert parse_sssom(more, Path("a"), "a").prefixes["new"] == "https://example.org/new/"
    assert more.replace("#  new: https://example.org/new/\n", "") == text


def test_head_without_prefixes_gets_them() -> None:
    head = HEAD[: HEAD.index("#curie_map")]
    found = parse_sssom(f"{head}{COLUMNS}\n", Path("a"), "a")
    text = rewritten(found, f"{head}{COLUMNS}\n", [], {"new": "https://example.org/new/"})
    assert parse_sssom(text, Path("a"), "a").prefixes == {"new": "https://example.org/new/"}
