"""`smegraph questions`: the answers are compared, and a wrong one is shown with its rows."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.conftest import Checkout


def test_questions_are_answered_and_counted(checkout: Checkout, built: Path) -> None:
    questions = built.parent / "ontology"
    done = checkout.run("questions", "--out", built, "--ontology", questions)
    lines = done.stdout.splitlines()
    asked = len(list((questions / "questions").glob("*/*.rq")))
    assert (done.returncode, done.stderr) == (0, "")
    assert lines[-1] == f"{asked} of {asked} questions are answered as expected."
    assert len([line for line in lines if line.startswith("ok   ")]) == asked > 0


def test_wrong_expectation_is_reported_with_its_rows(workplace: Checkout) -> None:
    answer = workplace.ontology / "questions" / "firms" / "export-intensity.csv"
    text = answer.read_text("utf-8")
    assert "Firm A,2019,70" in text
    answer.write_text(text.replace("Firm A,2019,70", "Firm A,2019,225"), "utf-8")
    done = workplace.run("questions")
    assert done.returncode == 1
    lines = done.stdout.splitlines()
    wrong = "FAIL firms/export-intensity:"
    (place,) = [n for n, line in enumerate(lines) if line.startswith(wrong)]
    assert [line.split() for line in lines[place + 1 : place + 3]] == [
        ["expected", "Firm", "A,2019,225"],
        ["found", "Firm", "A,2019,70"],
    ]
    told = json.loads(workplace.run("questions", "--format", "json").stdout)
    (entry,) = [entry for entry in told if not entry["right"]]
    assert (entry["topic"], entry["question"]) == ("firms", "export-intensity")
    assert entry["missing"] == [["Firm A", "2019", "225"]]
    assert entry["surplus"] == [["Firm A", "2019", "70"]]
