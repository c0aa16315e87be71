"""Stretches of a text: joined, cut and counted as if character by character."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from smegraph.coverage.intervals import Marks, Span, cut, union

LENGTH = 40
SPANS = st.lists(
    st.tuples(st.integers(0, LENGTH), st.integers(0, LENGTH)).map(
        lambda ends: Span(min(ends), max(ends))
    ),
    max_size=12,
)
TEXTS = st.text(st.sampled_from("ab \n\t🏢\u00a0"), min_size=LENGTH, max_size=LENGTH)


def inside(spans: list[Span]) -> set[int]:
    """The positions in the stretches, one by one."""
    return {at for start, end in spans for at in range(start, end)}


@given(SPANS)
def test_a_union_holds_the_same_characters(spans: list[Span]) -> None:
    assert inside(union(spans)) == inside(spans)


@given(SPANS)
def test_a_union_is_in_order_and_its_stretches_do_not_touch(spans: list[Span]) -> None:
    ends = [end for span in union(spans) for end in span]
    assert ends == sorted(set(ends))


@given(SPANS)
def test_a_union_is_its_own_union_in_any_order(spans: list[Span]) -> None:
    assert union(union(spans)) == union(reversed(spans)) == union(spans)


@given(st.integers(0, LENGTH), st.integers(1, LENGTH), st.lists(st.integers(0, 2 * LENGTH)))
def test_pieces_of_a_stretch_make_it_up_and_lie_between_the_points(
    start: int, length: int, points: list[int]
) -> None:
    span = Span(start, start + length)
    pieces = cut(span, sorted(set(points)))
    assert union(pieces) == [span]
    assert sum(piece.end - piece.start for piece in pieces) == length
    assert all(not piece.start < point < piece.end for piece in pieces for point in points)


@given(TEXTS, SPANS, SPANS)
def test_marks_are_counted_as_one_by_one(text: str, spans: list[Span], asked: list[Span]) -> None:
    visible = {at for at, character in enumerate(text) if not character.isspace()}
    marks = Marks.visible(text)
    for start, end in asked:
        stretch = set(range(start, end))
        assert marks.count(start, end) == len(visible & stretch)
        assert marks.within(spans).count(start, end) == len(visible & stretch & inside(spans))
        assert marks.outside(spans).count(start, end) == len((visible & stretch) - inside(spans))


@given(TEXTS, SPANS)
def test_what_is_within_and_what_is_outside_make_up_all(text: str, spans: list[Span]) -> None:
    marks = Marks.visible(text)
    within, outside = marks.within(spans), marks.outside(spans)
    assert within.count(0, LENGTH) + outside.count(0, LENGTH) == marks.count(0, LENGTH)
