"""Questions are listed by topic and asked by name."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from smegraph.assistant.asked import ask_question, questions
from smegraph.assistant.asking import Asker
from smegraph.assistant.errors import ToolRefused
from smegraph.release.questions import load_questions


def test_all_questions_are_listed(asker: Asker, repository: Path) -> None:
    files = load_questions(repository / "ontology" / "questions")
    listed = {one["name"] for one in questions(asker)["questions"]}
    assert listed == {asked.path for asked in files}


def test_a_topic_is_named_as_people_or_as_folders_do(asker: Asker) -> None:
    assert questions(asker, "Psychic distance") == questions(asker, "psychic-distance")
    assert 0 < len(questions(asker, "firms")["questions"]) < len(questions(asker)["questions"])


def test_a_wrong_topic_is_told_with_the_right_ones(asker: Asker) -> None:
    with pytest.raises(ToolRefused, match="Did you mean psychic distance"):
        questions(asker, "psychic distanc")


def test_the_answer_is_the_expected_one_with_what_was_read(asker: Asker, repository: Path) -> None:
    name = "psychic-distance/reducing-uses"
    found = ask_question(asker, name)
    text = (repository / "ontology" / "questions" / f"{name}.csv").read_text("utf-8")
    assert found["rows"] == list(csv.DictReader(io.StringIO(text)))
    assert {"document": "Arnone & Deprince", "place": "Results and discussion"} in found["read_in"]
    assert [source["label"] for source in found["sources"]] == ["Arnone & Deprince"]


@pytest.mark.parametrize("name", ["reducing-uses", "Reducing uses"])
def test_the_last_part_of_a_name_is_enough_where_it_is_the_only_one(
    asker: Asker, name: str
) -> None:
    assert ask_question(asker, name) == ask_question(asker, "psychic-distance/reducing-uses")


@pytest.mark.parametrize("name", ["psychic-distance/reducing-use", "reducing-use"])
def test_a_question_that_is_not_there_is_told_with_near_ones(asker: Asker, name: str) -> None:
    with pytest.raises(ToolRefused, match="Did you mean psychic-distance/reducing-uses"):
        ask_question(asker, name)
