"""The commands: what they print, in which format, and with which exit code."""

from __future__ import annotations

import csv
import io
import json
import re
import subprocess
import sys
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest

from smegraph.namespaces import PREFIXES

if TYPE_CHECKING:
    from tests.conftest import Checkout, Release

SHARES = """SELECT ?firm ?year ?percent { ?x sme:ofFirm/rdfs:label ?firm ; sme:year ?year ;
    sme:exportIntensity ?percent } ORDER BY ?firm ?year"""
ROWS = [["Firm A", "2018", "40"], ["Firm A", "2019", "70"]]
ROWS += [["Firm B", "2018", "17"], ["Firm B", "2019", "11"]]


def ask(
    checkout: Checkout, built: Path, *arguments: str | Path, given: str = ""
) -> subprocess.CompletedProcess[str]:
    """`smegraph query` over the built release."""
    return checkout.run("query", "--out", built, *arguments, given=given)


# ---------------------------------------------------------------------- query


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
        ("DELETE WHERE { ?s ?p ?o }", "read-only"),
        ("SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }", "SERVICE is refused"),
    ],
    ids=["malformed", "misspelt", "update", "federation"],
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


# ---------------------------------------------------------------------- questions


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


# ---------------------------------------------------------------------- ingest


def test_ingest_writes_the_quads_of_one_study(checkout: Checkout, tmp_path: Path) -> None:
    study = "data/studies/arnone-deprince"
    done = checkout.run("ingest", study)
    assert (done.returncode, done.stderr) == (0, "")
    quads = list(ox.parse(input=done.stdout, format=ox.RdfFormat.N_QUADS))
    assert len(quads) > 5000
    graphs = {quad.graph_name.value for quad in quads}
    assert graphs == {PREFIXES["graph"] + "arnone-deprince"}
    target = tmp_path / "study.nq"
    assert checkout.run("ingest", study, "--out", target).stdout == ""
    assert target.read_text("utf-8") == done.stdout


def test_ingest_of_all_has_what_the_release_has(workplace: Checkout, released: Release) -> None:
    said = workplace.run("ingest").stdout
    quads = set(ox.parse(input=said, format=ox.RdfFormat.N_QUADS))
    trig = ox.parse(path=str(released.path / "smegraph.trig"), format=ox.RdfFormat.TRIG)
    graphs = {quad.graph_name for quad in quads}
    assert len(graphs) == 6  # five studies and the reference data
    assert quads == {quad for quad in trig if quad.graph_name in graphs}


def test_ingest_of_wrong_sheets_prints_every_error_and_no_quads(workplace: Checkout) -> None:
    sheet = workplace.data / "studies" / "arnone-deprince" / "firm-years.csv"
    text = sheet.read_text("utf-8")
    sheet.write_text(text.replace("adlab,15,", "adlab,fifteen,"), "utf-8")
    done = workplace.run("ingest")
    assert (done.returncode, done.stdout) == (1, "")
    assert "data/studies/arnone-deprince/firm-years.csv" in done.stderr
    assert 'row 5, column "employees"' in done.stderr


# ---------------------------------------------------------------------- locate


def test_locate_gives_offsets_and_hash_over_line_ends(checkout: Checkout, tmp_path: Path) -> None:
    text = "Été: sales of 32 000 € in\n2018. Sales of 112 000 € in 2019."
    (tmp_path / "source.txt").write_text(text, "utf-8")
    done = checkout.run("locate", tmp_path / "source.txt", "sales  of 32 000", "in 2018.")
    passage = "sales of 32 000 € in\n2018."
    start, digest = text.index(passage), sha256(passage.encode()).hexdigest()
    end = start + len(passage)
    assert done.stdout == f"charStart {start}, charEnd {end}, passageHash {digest}\n"


def test_locate_lists_every_place(checkout: Checkout, tmp_path: Path) -> None:
    (tmp_path / "source.txt").write_text("one two one", "utf-8")
    done = checkout.run("locate", tmp_path / "source.txt", "one")
    starts = [line.split(",")[0] for line in done.stdout.splitlines()]
    assert starts == ["charStart 0", "charStart 8"]


def test_locate_of_what_is_not_there_says_so(checkout: Checkout, tmp_path: Path) -> None:
    (tmp_path / "source.txt").write_text("one two", "utf-8")
    done = checkout.run("locate", tmp_path / "source.txt", "three")
    assert (done.returncode, done.stdout) == (1, "")
    assert "holds no such passage" in done.stderr


# ---------------------------------------------------------------------- all commands


def test_build_that_is_up_to_date_says_so(workplace: Checkout) -> None:
    done = workplace.run("build")
    version = (workplace.build / "current").resolve().name
    assert (done.returncode, done.stdout) == (0, f"Release {version} is up to date.\n")


def test_build_tells_its_steps_and_its_release(workplace: Checkout) -> None:
    done = workplace.run("build", "--no-reason")
    version = (workplace.build / "current").resolve().name
    steps = done.stderr.splitlines()
    assert done.returncode == 0
    assert steps[0] == "[1/8] read the sheets"
    assert "[8/8] write the release" in steps
    assert done.stdout.startswith(f"Release {version}: ")
    assert done.stdout.endswith(f" quads in build/releases/{version}\n")


@pytest.mark.parametrize(
    "arguments",
    [["biuld"], ["build", "--no-reson"], ["query", "--format", "exel", "-e", "ASK {}"],
     ["serve", "--port", "70000"]],
)  # fmt: skip
def test_what_is_unknown_is_refused_by_name(checkout: Checkout, arguments: list[str]) -> None:
    done = checkout.run(*arguments)
    assert done.returncode == 2
    assert next(word for word in reversed(arguments) if word in done.stderr)


def test_every_command_says_what_it_does(checkout: Checkout) -> None:
    listed = checkout.run("--help").stdout.split("Commands:")[1].split("\n")
    commands = [line.split()[0] for line in listed if line.strip()]
    assert {"build", "check", "ingest", "locate", "query", "questions", "serve"} <= set(commands)
    for line in listed:
        assert not line.strip() or len(line.split()) > 2


def test_query_says_so_when_the_store_is_damaged(workplace: Checkout) -> None:
    store = workplace.build / "current" / "store"
    (store / "CURRENT").write_text("")
    done = workplace.run("query", "-e", "ASK {}")
    assert done.returncode == 1
    assert "damaged store" in done.stderr
    assert "smegraph build" in done.stderr
    assert "Traceback" not in done.stderr
