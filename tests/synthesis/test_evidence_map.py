"""The evidence map from rows whose counts can be done by hand."""

from __future__ import annotations

from smegraph.synthesis.evidence_map import (
    MOST_MARKS,
    PITCH,
    Amount,
    Cell,
    Count,
    EvidenceMap,
    Kind,
    evidence_map,
    mark,
)

COUNTS = [
    Count("use", "growth", "negative", False, 1),
    Count("use", "growth", "positive", True, 2),
    Count("use", "growth", "positive", False, 3),
    Count("use", "cost", "strange", False, 1),
    Count("skill", "growth", "no-effect", False, 1),
]
AMOUNTS = [
    Amount("use", "growth", "argument", 2, 1),
    Amount("use", "growth", "primary", 4, 3),
    Amount("use", "growth", "", 6, 4),
    Amount("use", "cost", "primary", 1, 1),
    Amount("use", "cost", "", 1, 1),
    Amount("skill", "growth", "primary", 1, 1),
    Amount("skill", "growth", "", 1, 1),
    Amount("use", "", "", 7, 4),
    Amount("skill", "", "", 1, 1),
    Amount("", "growth", "", 7, 5),
    Amount("", "cost", "", 1, 1),
    Amount("", "", "", 8, 5),
]


def made() -> EvidenceMap:
    return evidence_map(COUNTS, AMOUNTS, ["use", "skill", "age"], ["growth", "cost"])


def cell(**kinds: int) -> Cell:
    found = {Kind(name, False): count for name, count in kinds.items()}
    return Cell("a", "b", found, sum(kinds.values()), 1, ())


def test_a_cell_counts_findings_works_directions_and_reserves() -> None:
    found = made().cells["use", "growth"]
    assert (found.findings, found.works, found.hedged) == (6, 4, 2)
    assert [found.direction(name) for name in ("positive", "negative", "no-effect")] == [5, 1, 0]
    assert [(one.basis, one.findings, one.works) for one in found.bases] == [
        ("primary", 4, 3), ("argument", 2, 1),
    ]  # fmt: skip


def test_totals_count_a_work_once_in_each_row_and_column() -> None:
    found = made()
    assert (found.of_cause["use"].findings, found.of_cause["use"].works) == (7, 4)
    assert (found.of_effect["growth"].findings, found.of_effect["growth"].works) == (7, 5)
    assert (found.total.findings, found.total.works) == (8, 5)
    assert "age" not in found.of_cause


def test_what_has_no_finding_is_a_gap() -> None:
    assert made().gaps == 3
    assert ("age", "growth") not in made().cells
    assert [one.effect for one in made().row("use")] == ["growth", "cost"]
    assert made().row("age") == []


def test_marks_stand_by_direction_and_those_without_a_reserve_first() -> None:
    assert [*made().cells["use", "growth"].kinds.items()] == [
        (Kind("positive", False), 3), (Kind("positive", True), 2), (Kind("negative", False), 1),
    ]  # fmt: skip


def test_an_unknown_direction_is_one_that_is_not_stated() -> None:
    assert made().cells["use", "cost"].kinds == {Kind("unsigned", False): 1}


def test_each_finding_has_its_mark() -> None:
    drawing = cell(positive=7, negative=4).drawing(5)
    assert [shape.path.count("z") for shape in drawing.shapes] == [7, 4]
    assert (drawing.width, drawing.height) == (5 * PITCH, 3 * PITCH)
    assert len({part for shape in drawing.shapes for part in shape.path.split("z")}) == 12
    assert cell(positive=2).drawing(5).width == 2 * PITCH


def test_many_findings_are_a_bar_in_proportion() -> None:
    drawing = cell(positive=MOST_MARKS, negative=MOST_MARKS).drawing(5)
    assert [shape.path for shape in drawing.shapes] == ["M0 0h20v10h-20z", "M20 0h20v10h-20z"]
    few = cell(positive=MOST_MARKS * 9, negative=1).drawing(5)
    assert few.shapes[1].path == "M40 0h1v10h-1z"


def test_directions_differ_in_shape() -> None:
    names = ("positive", "negative", "no-effect", "nonlinear", "unsigned")
    assert len({mark(name, 0, 0) for name in names}) == 5


def test_nothing_makes_an_empty_map() -> None:
    empty = evidence_map([], [], ["use"], ["cost"])
    assert (empty.gaps, empty.total.findings, empty.cells) == (1, 0, {})
