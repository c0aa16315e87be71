"""Coverage for programs: counts, offsets and digests, and not a word of a source."""

from __future__ import annotations

import json

from smegraph.coverage.document import to_document
from smegraph.coverage.measure import Coverage, Part, Run
from smegraph.coverage.studies import StudyCoverage
from smegraph.errors import Problem

TEXT = "Recruiting went well."
FRONT = Part(
    "", "before the first heading", "section", "", None, 0, 0, 100,
    characters=90, content=30, coded=60, paragraphs=3, touched=1,
    runs=(Run(10, 40, 25, "d1"), Run(50, 60, 9, "d2")),
)  # fmt: skip
TABLE = Part(
    "t1", "Table 1", "table", "Table 1", "s1", 1, 110, 140,
    characters=30, content=30, coded=30, paragraphs=2, touched=2, runs=(),
)  # fmt: skip


def study(*parts: Part, problems: tuple[Problem, ...] = ()) -> StudyCoverage:
    return StudyCoverage("ours", "Our study", "ours.txt", "abc", TEXT, Coverage(parts), problems)


def document(found: StudyCoverage) -> dict[str, object]:
    (told,) = to_document([found])["studies"]
    assert isinstance(told, dict)
    return told


def test_a_study_is_told_with_its_source() -> None:
    told = document(study(FRONT))
    assert (told["study"], told["label"]) == ("ours", "Our study")
    assert told["source"] == {"file": "ours.txt", "sha256": "abc"}


def test_counts_of_a_study_are_those_of_its_parts() -> None:
    told = document(study(FRONT, TABLE))
    assert {name: told[name] for name in ("characters", "content", "coded")} == {
        "characters": 120, "content": 60, "coded": 90,
    }  # fmt: skip
    assert (told["contentPercent"], told["codedPercent"]) == (50.0, 75.0)


def test_a_text_is_as_long_as_its_parts_reach() -> None:
    assert document(study(TABLE, FRONT))["length"] == 140


def test_a_study_without_a_part_has_no_length_and_no_share() -> None:
    told = document(study())
    assert (told["length"], told["contentPercent"], told["parts"]) == (0, None, [])


def test_a_part_is_told_with_its_place_its_counts_and_its_state() -> None:
    assert document(study(TABLE))["parts"] == [
        {
            "id": "t1", "label": "Table 1", "kind": "table", "locator": "Table 1",
            "parent": "s1", "depth": 1, "state": "done", "start": 110, "end": 140,
            "characters": 30, "content": 30, "coded": 30,
            "contentPercent": 100.0, "codedPercent": 100.0,
            "paragraphs": 2, "paragraphsWithContent": 2, "open": [],
        }
    ]  # fmt: skip


def test_a_passage_that_nobody_coded_is_offsets_and_a_digest() -> None:
    (part,) = document(study(FRONT))["parts"]  # type: ignore[misc]
    assert part["open"] == [
        {"start": 10, "end": 40, "characters": 25, "sha256": "d1"},
        {"start": 50, "end": 60, "characters": 9, "sha256": "d2"},
    ]


def test_what_stands_before_the_first_heading_has_no_id_and_no_locator() -> None:
    (part,) = document(study(FRONT))["parts"]  # type: ignore[misc]
    assert (part["id"], part["locator"], part["parent"]) == (None, None, None)


def test_a_study_that_was_not_measured_has_problems_and_no_counts() -> None:
    problem = Problem("data/studies/ours/study.yaml", None, message="No source.")
    found = StudyCoverage("ours", "Our study", "", "", "", None, (problem,))
    told = document(found)
    assert told.keys() == {"study", "label", "source", "problems"}


def test_a_problem_is_told_without_the_folder_of_this_machine() -> None:
    problem = Problem("/home/ann/data/studies/ours/works.csv", 2, message="Wrong.")
    (told,) = document(study(FRONT, problems=(problem,)))["problems"]  # type: ignore[misc]
    assert (told["file"], told["row"], told["message"]) == ("works.csv", 2, "Wrong.")


def test_no_word_of_the_source_is_in_it() -> None:
    written = json.dumps(to_document([study(FRONT, TABLE)]))
    assert not [word for word in TEXT.split() if word in written]
