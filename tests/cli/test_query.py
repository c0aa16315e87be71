"""`smegraph query`: what it prints, in which format, and with which exit code."""

from __future__ import annotations

import csv
import io
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest

from smegraph.namespaces import PREFIXES

if TYPE_CHECKING:
    from tests.conftest import Checkout

SHARES = """SELECT ?firm ?year ?percent { ?x sme:ofFirm/rdfs:label ?firm ; sme:year ?year ;
    sme:exportIntensity ?percent } ORDER BY ?firm ?year"""
ROWS = [["Firm A", "2018", "40"], ["Firm A", "2019", "70"]]
ROWS += [["Firm B", "2018", "17"], ["Firm B", "2019", "11"]]


def ask(
    checkout: Checkout, built: Path, *arguments: str | Path, given: str = ""
) -> subprocess.CompletedProcess[str]:
    """`smegraph query` over the built release."""
    return checkout.run("query", "--out", built, *arguments, given=given)


def test_query_prints_a_table_and_the_number_of_rows(checkout: Checkout, built: Path) -> None:
    done = ask(checkout, built, "-e", SHARES)
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    cells = [re.split(" {2,}", line) for line in lines[:-1] if set(line) != set("- ")]
    assert cells == [["firm", "year", "percent"], *ROWS]
    assert lines[-1] == "4 rows"


def test_table_shortens_names_by_the_usual_prefixes(checkout: Checkout, built: Path) -> None:
    done = ask(checkout, built, "-e", "SELECT ?x { ?x a sme:OutgrewMicroFirm }")
    assert "id:firm-finnish-b" in done.stdout
    assert done.stdout.endswith("\n1 row\n")


def test_table_of_nothing_says_so(checkout: Checkout, built: Path) -> None:
    assert ask(checkout, built, "-e", "SELECT * { ?x a sme:MediumFirmYear }").stdout == "0 rows\n"


def test_query_answers_as_csv(checkout: Checkout, built: Path) -> None:
    done = ask(checkout, built, "-e", SHARES, "--format", "csv")
    assert list(csv.reader(io.StringIO(done.stdout))) == [["firm", "year", "percent"], *ROWS]


def test_row_without_a_value_at_the_end_of_csv_is_kept(checkout: Checkout, built: Path) -> None:
    text = "SELECT ?x { VALUES ?x { 1 UNDEF } } ORDER BY DESC(?x)"
    done = ask(checkout, built, "-e", text, "--format", "csv")
    assert done.stdout.splitlines() == ["x", "1", ""]


def test_query_answers_as_json(checkout: Checkout, built: Path) -> None:
    found = json.loads(ask(checkout, built, "-e", SHARES, "--format", "json").stdout)
    rows = [
        [row[name]["value"] for name in found["head"]["vars"]]
        for row in found["results"]["bindings"]
    ]
    assert rows == ROWS


def test_query_comes_from_a_file_or_from_standard_input(
    checkout: Checkout, built: Path, tmp_path: Path
) -> None:
    file = tmp_path / "shares.rq"
    file.write_text(SHARES, "utf-8")
    answers = {
        ask(checkout, built, "--format", "csv", file).stdout,
        ask(checkout, built, "--format", "csv", "-", given=SHARES).stdout,
    }
    (answer,) = answers
    assert answer.count("Firm A") == 2


@pytest.mark.parametrize("marks", ["\ufeff", "\ufeff\ufeff"])
def test_a_byte_order_mark_before_a_query_is_dropped(
    checkout: Checkout, built: Path, tmp_path: Path, marks: str
) -> None:
    file = tmp_path / "marked.rq"
    file.write_text(f"{marks}{SHARES}", "utf-8")
    answers = {
        ask(checkout, built, "--format", "csv", "-e", SHARES).stdout,
        ask(checkout, built, "--format", "csv", "-e", f"{marks}{SHARES}").stdout,
        ask(checkout, built, "--format", "csv", file).stdout,
        ask(checkout, built, "--format", "csv", "-", given=f"{marks}{SHARES}").stdout,
    }
    assert len(answers) == 1


def test_truth_value_and_graph_have_forms_of_their_own(checkout: Checkout, built: Path) -> None:
    assert ask(checkout, built, "-e", "ASK { ?x a sme:Firm }").stdout == "true\n"
    text = ask(checkout, built, "-e", "DESCRIBE id:firm-cuberdon").stdout
    described = list(ox.parse(input=text, format=ox.RdfFormat.TURTLE))
    assert {quad.subject.value for quad in described} == {PREFIXES["id"] + "firm-cuberdon"}


def test_format_that_does_not_fit_is_refused_with_those_that_do(
    checkout: Checkout, built: Path
) -> None:
    done = ask(checkout, built, "-e", "ASK {}", "--format", "turtle")
    assert (done.returncode, done.stdout) == (2, "")
    assert "can be answered as json, xml, csv, tsv, not turtle." in done.stderr


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("SELECT ?x WHERE { ?x a sme:Firm", "Line 1, column 32: the query ends too early"),
        ("SELCT ?x { ?x a sme:Firm }", "did you mean SELECT?"),
        ("DELETE WHERE { ?s ?p ?o }", "This is an update, and this store is read-only"),
        ("INSERT DATA { id:a id:b id:c }", "send it as `update` by POST to /sparql"),
        ("SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }", "SERVICE is refused"),
    ],
    ids=["malformed", "misspelt", "update", "where to send it", "federation"],
)
def test_query_that_cannot_be_answered_is_refused_in_a_sentence(
    checkout: Checkout, built: Path, query: str, said: str
) -> None:
    done = ask(checkout, built, "-e", query)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("smegraph: ")
    assert said in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("arguments", [[], ["-", "-e", "ASK {}"], ["no such file.rq"]])
def test_query_is_given_once_and_can_be_read(
    checkout: Checkout, built: Path, arguments: list[str]
) -> None:
    done = ask(checkout, built, *arguments)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


def test_query_without_a_release_says_how_to_make_one(checkout: Checkout, tmp_path: Path) -> None:
    done = ask(checkout, tmp_path / "nowhere", "-e", "ASK {}")
    assert done.returncode == 1
    assert "`smegraph build` makes one" in done.stderr


def test_reader_that_goes_away_is_no_fault(checkout: Checkout, built: Path) -> None:
    command = [sys.executable, "-m", "smegraph", "query", "--out", str(built), "--format", "csv"]
    with subprocess.Popen(
        [*command, "-e", "SELECT ?s ?p ?o { ?s ?p ?o }"],
        cwd=checkout.root, env=checkout.environment(),
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    ) as process:  # fmt: skip
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.read(6) == b"s,p,o\r"
        process.stdout.close()
        assert process.stderr.read() == b""
        process.wait(60)


def test_query_says_so_when_the_store_is_damaged(workplace: Checkout) -> None:
    store = workplace.build / "current" / "store"
    (store / "CURRENT").write_text("")
    done = workplace.run("query", "-e", "ASK {}")
    assert done.returncode == 1
    assert "damaged store" in done.stderr
    assert "smegraph build" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_hint_goes_to_standard_error(checkout: Checkout, built: Path) -> None:
    done = ask(checkout, built, "-e", "SELECT ?x { ?x sme:couse ?y }")
    assert (done.returncode, done.stdout) == (0, "0 rows\n")
    assert done.stderr == "Hint: `sme:couse` is in no graph; did you mean `sme:cause`?\n"
