"""Coverage for people: the parts that they want, in a table, and the passages that are left."""

from __future__ import annotations

from dataclasses import replace

import pytest

from smegraph.coverage.measure import Coverage, Part, Run
from smegraph.coverage.report import Filter, as_text
from smegraph.coverage.studies import StudyCoverage
from smegraph.errors import Problem

TEXT = "Alpha beta gamma.\nDelta  epsilon zeta eta theta iota kappa lambda.\n" + "Word " * 40
RUNS = (Run(0, 17, 15, "d1"), Run(18, 66, 42, "d2"), Run(67, 267, 160, "d3"))


def part(
    key: str, label: str, *runs: Run, content: int = 0, part_of: str | None = None, depth: int = 0,
) -> Part:  # fmt: skip
    """A part of 200 characters in four paragraphs."""
    return Part(
        key, label, "section", f"section {key}", part_of, depth, 0, 267,
        characters=200, content=content, coded=content + 20, paragraphs=4, touched=1, runs=runs,
    )  # fmt: skip


DONE = part("s1", "1. Introduction", content=180)
PARTLY = part("s2", "2. Findings", RUNS[0], RUNS[1], content=50)
INNER = part("s3", "2.1 Recruiting", RUNS[2], part_of="s2", depth=1)
EMPTY = replace(part("s4", "3. End"), characters=0, coded=0, paragraphs=0, touched=0)
EVERYTHING = Filter()


def study(*parts: Part, key: str = "ours") -> StudyCoverage:
    return StudyCoverage(key, "Our study", f"{key}.txt", "abc", TEXT, Coverage(parts), ())


def kept(wanted: Filter, *parts: Part) -> list[str]:
    """The keys of the parts that a filter leaves."""
    coverage = wanted.apply(study(*parts)).coverage
    assert coverage is not None
    return [part.key for part in coverage.parts]


def lines(*studies: StudyCoverage, wanted: Filter = EVERYTHING) -> list[str]:
    return as_text(studies, wanted).splitlines()


# ---------------------------------------------------------------- the parts that are wanted


def test_all_parts_are_wanted_when_nothing_is_said() -> None:
    whole = study(DONE, PARTLY, EMPTY)
    assert EVERYTHING.apply(whole) is whole


@pytest.mark.parametrize(
    ("text", "keys"), [("INTRO", ["s1"]), ("s1", ["s1"]), ("section S4", ["s4"]), ("none", [])]
)
def test_a_part_is_found_by_heading_key_or_locator_in_any_case(text: str, keys: list[str]) -> None:
    assert kept(Filter(section=text), DONE, PARTLY, EMPTY) == keys


def test_a_section_comes_with_what_is_in_it() -> None:
    deeper = part("s5", "2.1.1 Ads", part_of="s3", depth=2)
    assert kept(Filter(section="findings"), DONE, PARTLY, INNER, deeper) == ["s2", "s3", "s5"]


def test_parts_below_a_share_are_those_of_which_less_is_coded() -> None:
    assert kept(Filter(below=25), DONE, PARTLY, INNER) == ["s3"]
    assert kept(Filter(below=25.1), DONE, PARTLY, INNER) == ["s2", "s3"]


def test_a_part_that_is_done_or_has_no_text_is_below_nothing() -> None:
    assert kept(Filter(below=100), DONE, EMPTY) == []


def test_both_may_be_wanted_at_once() -> None:
    assert kept(Filter(section="findings", below=25), DONE, PARTLY, INNER) == ["s3"]


def test_shares_are_those_of_the_wanted_parts() -> None:
    coverage = Filter(section="findings").apply(study(DONE, PARTLY)).coverage
    assert coverage is not None
    assert (coverage.content, coverage.characters) == (50, 200)


def test_a_study_that_was_not_measured_stays_as_it_is() -> None:
    lost = replace(study(), coverage=None)
    assert Filter(section="findings", below=25).apply(lost) is lost


# ---------------------------------------------------------------- one study


def test_a_study_begins_with_its_key_its_name_and_its_source() -> None:
    assert lines(study(DONE))[0] == "ours: Our study (ours.txt)"
    assert lines(replace(study(DONE), file=""))[0] == "ours: Our study"


def test_shares_and_states_are_told_in_a_sentence() -> None:
    assert lines(study(DONE, PARTLY, INNER, EMPTY))[1] == (
        "  38.3 % of the text is coded (48.3 % with citations and references); "
        "parts: 1 done, 1 partly, 1 not done."
    )


def test_a_text_without_characters_has_no_share() -> None:
    assert lines(study(EMPTY))[1] == (
        "  – of the text is coded (– with citations and references); parts: none."
    )


def test_each_part_is_a_line_of_a_table_and_stands_in_its_section() -> None:
    _, _, _, head, _, *rows = lines(study(DONE, PARTLY, INNER))
    assert head.split() == ["part", "text", "coded", "+", "refs", "paragraphs", "state"]
    assert rows[0].split() == [
        "1.", "Introduction", "200", "90.0", "%", "100.0", "%", "1/4", "done",
    ]  # fmt: skip
    assert rows[1].startswith("  2. Findings ")
    assert rows[2].startswith("    2.1 Recruiting ")
    assert len({len(row.removesuffix(state)) for row, state in
                zip(rows, ("done", "partly", "not done"), strict=False)}) == 1  # fmt: skip


def test_a_long_heading_is_cut() -> None:
    row = lines(study(part("s1", "word " * 40)))[5]
    assert row.startswith(f"  {'word ' * 11}wo…  ")
    assert len(row) < 120


def test_what_is_wrong_is_told_with_its_weight_and_its_place() -> None:
    problems = (
        Problem("works.csv", 2, "charStart", message="Not there.", severity="warning"),
        Problem("study.yaml", None, message="No source."),
    )
    lost = replace(study(), coverage=None, problems=problems)
    assert lines(lost)[1:] == [
        '  warning: works.csv row 2, column "charStart": Not there.',
        "  error: study.yaml No source.",
    ]


def test_a_study_without_a_wanted_part_says_so() -> None:
    assert lines(study())[1:] == ["  No part of the text is as you want it."]


@pytest.mark.parametrize("sign", ["\x1b[2J", "\u202e"])
def test_no_sign_of_a_sheet_or_a_source_rules_the_terminal(sign: str) -> None:
    found = replace(study(part("s1", f"1.{sign}", RUNS[0])), label=sign, text=f"Al{sign}" + TEXT)
    assert sign not in as_text([found], EVERYTHING)


# ---------------------------------------------------------------- passages that are left


def passages(*parts: Part, wanted: Filter = EVERYTHING) -> list[str]:
    """The lines behind the table."""
    told = lines(study(*parts), wanted=wanted)
    return told[len(parts) + 6 :]


def test_passages_stand_under_their_parts_in_the_order_of_the_text() -> None:
    assert passages(PARTLY, INNER)[:5] == [
        "  3 passages are not coded (in the order of the text; charStart–charEnd, characters):",
        "    2. Findings",
        "      0–17             15  Alpha beta gamma.",
        "      18–66            42  Delta epsilon zeta eta theta iota kappa lambda.",
        "    2.1 Recruiting",
    ]


def test_a_long_passage_is_shown_by_its_beginning() -> None:
    *_, last = passages(INNER)
    assert last.endswith("Word Word…")
    assert last.count("Word") == 14


def test_one_passage_is_not_told_as_several() -> None:
    assert passages(INNER)[0].startswith("  1 passage is not coded (in the order of the text;")


def test_the_longest_passages_come_first_and_the_others_are_counted() -> None:
    head, *rest = passages(PARTLY, INNER, wanted=Filter(longest=2))
    assert head.startswith("  3 passages are not coded (the 2 longest;")
    assert [line.split()[0] for line in rest] == ["2.1", "67–267", "2.", "18–66"]


def test_a_study_that_is_done_says_so() -> None:
    assert passages(DONE) == ["  No passage is left to code."]


# ---------------------------------------------------------------- several studies


def test_several_studies_are_compared_in_a_table() -> None:
    told = lines(study(DONE), study(PARTLY, INNER, key="theirs"))
    head, _, ours, theirs = told[-4:]
    assert head.split() == ["study", "text", "coded", "+", "refs", "open"]
    assert ours.split() == ["ours", "200", "90.0", "%", "100.0", "%", "0"]
    assert theirs.split() == ["theirs", "400", "12.5", "%", "22.5", "%", "3"]


def test_one_study_is_compared_with_none_even_beside_one_that_was_not_measured() -> None:
    told = as_text([study(DONE), replace(study(key="lost"), coverage=None)], EVERYTHING)
    assert "+ refs   open" not in told
    assert told.endswith("\n\nlost: Our study (lost.txt)")
