"""Nothing of a record is lost without a word: each case is a line as people write it."""

from __future__ import annotations

import pytest
import yaml

from smegraph.sheets.yaml_faults import Fault, Lines, Refused, find_faults


def faults(text: str) -> list[Fault]:
    """What would be lost of a text."""
    found: list[Fault] = []
    find_faults(text, found)
    return found


@pytest.mark.parametrize(
    ("line", "says", "remedy"),
    [
        ("title: The #1 study", '"#1 study" for a comment', 'Write title: "The #1 study"'),
        ("title: #1 study", '"#1 study" for a comment', 'Write title: "#1 study"'),
        ("title: 'The' # really", "for a comment", "a comment stands on a line of its own"),
        ("title: [The # first\n  ]", "for a comment", "a line of its own"),
        ("title: > # folded\n  The study", "for a comment", "a line of its own"),
        ("title: # below\n  The study", "for a comment", "a line of its own"),
        ('title: The "C" #', "for a comment", "Write title: 'The \"C\" #'"),
        ("title: &co Firms", "&co for an anchor", 'Write title: "&co Firms"'),
        ("title: &co", "&co for an anchor", 'Write title: "&co"'),
        ("title: !Kung people", "!Kung for a tag", 'Write title: "!Kung people"'),
        ("title: ! really", "! for a tag", 'Write title: "! really"'),
        ("title: !!int twelve", "!!int for a tag", 'Write title: "!!int twelve"'),
        ("title: null", "null for no value", 'write "null" between quotation marks'),
        ("title: ~", "~ for no value", "Leave the entry empty"),
        ("title: >5", "> for the beginning of a text", "quotation marks"),
        ("title: |", "| for the beginning of a text", "quotation marks"),
    ],
)
def test_what_yaml_would_take_away_is_told_with_what_to_write(
    line: str, says: str, remedy: str
) -> None:
    (fault,) = faults(f"id: x\n# a comment\n{line}\nlabel: y\n")
    assert (fault.line, fault.entry, fault.kind) == (3, "title", "record")
    assert says in fault.message
    assert remedy in fault.remedy


@pytest.mark.parametrize(
    "text",
    [
        "# top\n---\nid: x\n  # indented\nlabel: y\n# end\n",
        "--- # top\nid: x\n",
        "id: C#\nlabel: a#b\n",
        "id: 'The #1'\nlabel: \"&c #2\"\n",
        "id: >\n  The #1\n  # 2\nlabel: |\n  & # 3\n",
        "keywords:\n  # one\n  - a\n  # two\n  - b\n",
        "keywords: [a, b]\nlabel:\n",
        "id: 'null'\nlabel: \"~\"\nnull: x\n",
        "id: yes\nlabel: 010\nnote: 2020-01-01\n",
    ],
)
def test_what_loses_nothing_is_no_fault(text: str) -> None:
    assert faults(text) == []


def test_every_fault_of_a_record_is_told() -> None:
    found = faults("id: a #1\nkeywords:\n  - b #2\n  - !c d\r\nlabel: null\n")
    assert [(fault.line, fault.entry) for fault in found] == [
        (1, "id"), (3, "keywords"), (4, "keywords"), (5, "label"),
    ]  # fmt: skip


def test_faults_before_an_error_of_syntax_are_kept() -> None:
    found: list[Fault] = []
    with pytest.raises(yaml.YAMLError):
        find_faults("id: a #1\nlabel: b: c\n", found)
    assert [fault.line for fault in found] == [1]


@pytest.mark.parametrize(
    ("text", "line"),
    [("id: x\n...\n", 2), ("id: x\n...\nlabel: y\n", 2), ("id: x\n---\nlabel: y\n", 2)],
)
def test_a_record_is_one_document(text: str, line: int) -> None:
    (fault,) = faults(text)
    assert fault.line == line
    assert "get lost" in fault.message


def test_an_alias_is_refused_at_once() -> None:
    with pytest.raises(Refused, match="alias") as refused:
        faults("id: &a x\nlabel: *a\n")
    assert refused.value.faults[0].line == 2


@pytest.mark.parametrize(
    "text", ["id: x\r\nlabel: y\r\n", "id: x\rlabel: y", "id: x\u2028label: y"]
)
def test_lines_end_where_they_end_for_yaml(text: str) -> None:
    lines = Lines(text)
    at = text.index("label")
    assert (lines.number(at), lines.number(0), lines.before(at + 2)) == (2, 1, "la")
    assert lines.line(at) == "label: y"


def test_many_faults_are_found_in_a_time_that_grows_with_the_text() -> None:
    assert len(faults("".join(f"n{number}: a #b\n" for number in range(5000)))) == 5000
