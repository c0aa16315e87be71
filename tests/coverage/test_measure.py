"""What is coded of a text: shares, parts, and the passages that are left."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smegraph.coverage.intervals import Span
from smegraph.coverage.measure import FRONT, Coverage, Part, cover, percent
from smegraph.coverage.rows import Heading, Pointers

TEXT = """\
A title of the whole text.

1. Findings

The firm sells abroad on two platforms. It found most customers on one of them (Nummela, 2010).

Another paragraph tells that recruiting went well and that nobody had expected it to be so.

Table 1: Figures

Firm\tYear
41
"""


def span(passage: str) -> Span:
    start = TEXT.index(passage)
    return Span(start, start + len(passage))


def heading(key: str, label: str, kind: str = "section", part_of: str | None = None) -> Heading:
    return Heading(key, label, kind, label, part_of, span(label))


HEADINGS = [heading("s1", "1. Findings"), heading("t1", "Table 1: Figures", "table", "s1")]


def measured(*content: str, literature: tuple[str, ...] = ()) -> Coverage:
    found = Pointers(list(map(span, content)), list(map(span, literature)), HEADINGS)
    return cover(TEXT, found)


def part(coverage: Coverage, key: str) -> Part:
    return next(part for part in coverage.parts if part.key == key)


def left(coverage: Coverage, key: str) -> list[str]:
    return [TEXT[run.start : run.end] for run in part(coverage, key).runs]


def test_a_part_runs_from_its_heading_to_the_next_one() -> None:
    coverage = measured()
    assert [(p.key, p.label, p.depth) for p in coverage.parts] == [
        ("", FRONT, 0), ("s1", "1. Findings", 0), ("t1", "Table 1: Figures", 1),
    ]  # fmt: skip
    findings = part(coverage, "s1")
    assert TEXT[findings.start : findings.end].split()[0] == "The"
    assert TEXT[findings.start : findings.end].split()[-1] == "so."


def test_headings_and_white_space_are_not_counted() -> None:
    coverage = measured()
    words = TEXT.replace("1. Findings", "").replace("Table 1: Figures", "")
    assert coverage.characters == len("".join(words.split()))


def test_nothing_is_coded_without_rows() -> None:
    coverage = measured()
    assert (coverage.content, coverage.coded) == (0, 0)
    assert {part.state for part in coverage.parts} == {"not done"}


def test_what_overlaps_is_counted_once() -> None:
    coverage = measured("The firm sells abroad", "firm sells abroad on two platforms.")
    assert coverage.content == len("Thefirmsellsabroadontwoplatforms.")


def test_a_citation_does_not_make_its_sentence_coded() -> None:
    coverage = measured(literature=("Nummela, 2010",))
    assert (coverage.content, coverage.coded) == (0, len("Nummela,2010"))
    assert part(coverage, "s1").state == "not done"
    assert "(Nummela, 2010)" in left(coverage, "s1")[0]


def test_a_sentence_is_coded_when_half_of_it_is() -> None:
    coverage = measured("It found most customers on one of them")
    first, second = left(coverage, "s1")
    assert first == "The firm sells abroad on two platforms."
    assert second.startswith("Another paragraph")
    assert part(coverage, "s1").state == "partly"
    assert (part(coverage, "s1").touched, part(coverage, "s1").paragraphs) == (1, 2)


def test_a_few_words_do_not_make_a_sentence_coded() -> None:
    assert "customers on one" in left(measured("Another paragraph", "It found"), "s1")[0]


def test_an_entry_that_is_all_literature_is_coded() -> None:
    coverage = measured(literature=("A title of the whole text.",))
    front = coverage.parts[0]
    assert (front.state, front.content, front.touched) == ("done", 0, 1)


def test_neighbouring_sentences_are_one_passage_and_long_paragraphs_are_not() -> None:
    long = "This is a sentence of a paragraph that goes on and on for its readers. " * 4
    coverage = cover(f"{long}\n\n{long}", Pointers())
    assert [run.characters for run in coverage.parts[0].runs] == [len("".join(long.split()))] * 2


def test_a_cell_of_a_table_is_a_passage_and_a_page_number_is_none() -> None:
    coverage = measured("Firm\tYear", "The firm sells abroad on two platforms.")
    assert left(coverage, "t1") == ["41"]
    (page,) = cover("\n\n987\n", Pointers()).parts
    assert (page.runs, page.state, page.paragraphs) == ((), "no text", 0)


def test_passages_are_told_with_their_digest() -> None:
    (run,) = part(measured(), "t1").runs
    passage = TEXT[run.start : run.end]
    assert run.digest == hashlib.sha256(passage.encode()).hexdigest()


def test_a_row_that_points_at_a_whole_part_hides_only_its_first_line() -> None:
    body = "It tells of many firms and their ways abroad. " * 12
    text = f"Results\n\n{body}"
    whole = Heading("r", "Results", "section", "", None, Span(0, len(text)))
    (found,) = cover(text, Pointers(headings=[whole])).parts
    assert found.characters == len("".join(body.split()))


def test_a_section_of_sections_has_no_text_of_its_own() -> None:
    text = "2 Review\n\n2.1 Drivers\n\nGrowth is an old subject of research in business.\n"
    headings = [
        Heading("2", "2 Review", "section", "", None, Span(0, 8)),
        Heading("2-1", "2.1 Drivers", "section", "", "2", Span(10, 21)),
    ]
    assert [p.state for p in cover(text, Pointers(headings=headings)).parts] == [
        "no text", "not done",
    ]  # fmt: skip


def test_a_table_behind_the_text_stands_in_no_section() -> None:
    text = "1 Aim\n\nTo know.\n\n2 Method\n\nTo ask.\n\nTable 1\n\nA cell.\n"
    headings = [
        Heading("1", "1 Aim", "section", "", None, Span(0, 5)),
        Heading("2", "2 Method", "section", "", None, Span(17, 25)),
        Heading("t", "Table 1", "table", "", "1", Span(36, 43)),
    ]
    assert [p.depth for p in cover(text, Pointers(headings=headings)).parts] == [0, 0, 0]


@pytest.mark.parametrize(
    ("count", "whole", "expected"),
    [(0, 5, 0.0), (5, 5, 100.0), (9999, 10000, 99.9), (1, 100000, 0.1), (0, 0, None), (1, 4, 25)],
)
def test_shares_never_round_to_all_or_nothing(
    count: int, whole: int, expected: float | None
) -> None:
    assert percent(count, whole) == expected


TEXTS = st.text(st.sampled_from("ab. B\n"), min_size=1, max_size=120)
ENDS = st.lists(st.tuples(st.integers(0, 120), st.integers(1, 60)), max_size=6)


def spans(text: str, ends: list[tuple[int, int]]) -> list[Span]:
    found = [Span(start, min(start + length, len(text))) for start, length in ends]
    return [span for span in found if span.start < span.end]


@given(TEXTS, ENDS, ENDS, ENDS)
def test_parts_make_up_the_text_whatever_rows_point_at(
    text: str, content: list[tuple[int, int]], other: list[tuple[int, int]],
    titles: list[tuple[int, int]],
) -> None:  # fmt: skip
    headings = [
        Heading(str(at), str(at), "section", "", None, span)
        for at, span in enumerate(spans(text, titles))
    ]
    coverage = cover(text, Pointers(spans(text, content), spans(text, other), headings))
    hidden = {at for heading in headings for at in range(*heading.span)}
    visible = [at for at, c in enumerate(text) if not c.isspace() and at not in hidden]
    assert coverage.characters == len(visible)
    for found in coverage.parts:
        assert 0 <= found.content <= found.coded <= found.characters
        assert 0 <= found.touched <= found.paragraphs
        assert sum(run.characters for run in found.runs) <= found.characters - found.content
        for run in found.runs:
            assert found.start <= run.start < run.end <= found.end


@given(TEXTS, ENDS, ENDS)
def test_more_rows_never_make_less_coded(
    text: str, content: list[tuple[int, int]], more: list[tuple[int, int]]
) -> None:
    few = cover(text, Pointers(spans(text, content)))
    many = cover(text, Pointers(spans(text, content + more)))
    assert many.content >= few.content


@given(TEXTS)
def test_a_text_that_is_coded_from_end_to_end_is_done(text: str) -> None:
    coverage = cover(text, Pointers([Span(0, len(text))]))
    assert coverage.content == coverage.characters
    assert all(part.state in ("done", "no text") for part in coverage.parts)


def test_an_entry_of_a_list_of_references_is_coded_though_its_last_words_are_not() -> None:
    entry = "1. Bell, J. (1995). The internationalization of small firms. European Journal, 29(8)."
    text = f"{entry}CrossRef Google Scholar\n"
    (part_,) = cover(text, Pointers(literature=[Span(0, len(entry))])).parts
    assert (part_.runs, part_.content) == ((), 0)
