"""The pages on papers, studies, platforms and firms on the real release: answers that are known."""

from __future__ import annotations

import csv
import io
import subprocess
from pathlib import Path

import httpx
import pytest

QUESTIONS = Path(__file__).parents[2] / "ontology" / "questions"
Service = tuple[subprocess.Popen[str], str]

# What a choice among the papers shows, and the question on the release that asks for the same.
CHOICES = [
    ("continent=place-asia", "reviews/papers-on-asia", "paper", 15),
    ("continent=place-americas", "reviews/papers-on-the-americas", "paper", 4),
    ("scope=several-countries", "reviews/multi-country-papers", "paper", 10),
]
COUNTS = [
    ("scope=one-country", "reviews/papers-by-country-scope", "one country", 39),
    ("continent=place-europe", "reviews/papers-by-continent", "Europe", 26),
    ("continent=place-oceania", "reviews/papers-by-continent", "Oceania", 4),
    ("type=quantitative", "reviews/study-types", "quantitative", 30),
    ("type=qualitative", "reviews/study-types", "qualitative", 18),
    ("type=mixed-methods", "reviews/study-types", "mixed methods", 3),
]


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def answer(question: str) -> list[dict[str, str]]:
    return rows_of((QUESTIONS / f"{question}.csv").read_text("utf-8"))


def shown(service: Service, choice: str) -> list[dict[str, str]]:
    got = httpx.get(f"{service[1]}/papers.csv?role=reviewed&{choice}", timeout=60)
    assert got.status_code == 200, got.text
    return rows_of(got.text)


@pytest.mark.parametrize(("choice", "question", "column", "number"), CHOICES)
def test_choice_has_the_papers_of_the_answer(
    service: Service, choice: str, question: str, column: str, number: int
) -> None:
    papers = {row["label"] for row in shown(service, choice)}
    assert papers == {row[column] for row in answer(question)}
    assert len(papers) == number


@pytest.mark.parametrize(("choice", "question", "name", "number"), COUNTS)
def test_choice_has_as_many_papers_as_the_answer(
    service: Service, choice: str, question: str, name: str, number: int
) -> None:
    counted = {next(iter(row.values())): int(row["papers"]) for row in answer(question)}
    assert len(shown(service, choice)) == counted[name] == number


def test_case_studies_are_those_of_each_narrower_method(service: Service) -> None:
    assert (
        str(len(shown(service, "method=case-study"))) == answer("reviews/case-studies")[0]["papers"]
    )


def test_firms_and_channels_are_those_of_the_answers(service: Service) -> None:
    told = httpx.get(f"{service[1]}/platforms.csv?kind=non-use", timeout=60).text
    assert {row["firm"] for row in rows_of(told)} == {
        row["firm"] for row in answer("platforms/non-uses")
    }
    planned = httpx.get(f"{service[1]}/platforms.csv?kind=planned", timeout=60).text
    assert {(row["firm"], row["channel"]) for row in rows_of(planned)} == {
        (row["firm"], row["channel"]) for row in answer("platforms/planned-uses")
    }
