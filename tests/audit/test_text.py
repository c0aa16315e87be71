"""The audit on a terminal: what is wrong, where, what to do; then what is explained."""

from __future__ import annotations

import io

from rich.console import Console

from smegraph.audit.findings import Check, Finding, Outcome, Report
from smegraph.audit.text import print_report, summary

CYCLE = Check("oops/P06-cycle", "A class below itself", "error", "OOPS!, P06", "Break the circle.")
INVERSE = Check("oops/P13-no-inverse", "No inverse", "info", "OOPS!, P13", "Name it.")
MODEL = Check("hermit/ontology", "No model", "error", "OWL 2", "Find the axioms.")


def said(*outcomes: Outcome, full: bool = True) -> str:
    file = io.StringIO()
    print_report(Report("urn:o", "1", full, outcomes), Console(file=file, width=200, markup=False))
    return file.getvalue()


def cycles(count: int) -> Outcome:
    found = (Finding(CYCLE.name, "error", f"sme:A{n:02}", None, f"a.ttl:{n}") for n in range(count))
    return Outcome(CYCLE, tuple(found))


def test_finding_is_shown_with_check_place_and_remedy() -> None:
    text = said(cycles(1))
    assert "error oops/P06-cycle: A class below itself." in text
    assert "Break the circle. (OOPS!, P06)" in text
    assert "  a.ttl:0: sme:A00" in text


def test_long_list_is_cut_with_the_number_of_the_rest() -> None:
    text = said(cycles(20))
    assert "sme:A11" in text
    assert "sme:A12" not in text
    assert "and 8 more" in text


def test_explained_findings_stand_under_their_reason() -> None:
    found = [Finding(INVERSE.name, "info", f"sme:p{n}", explained="One way.") for n in range(3)]
    text = said(Outcome(INVERSE, tuple(found)))
    assert "explained oops/P13-no-inverse (3): One way." in text
    assert "sme:p1" not in text


def test_what_was_left_out_is_told_with_its_reason() -> None:
    assert "left out (1): No Java. hermit/ontology" in said(Outcome(MODEL, skipped="No Java."))


def test_place_with_brackets_is_no_markup() -> None:
    found = Finding(CYCLE.name, "error", "[bold]sme:A[/bold]")
    assert "[bold]sme:A[/bold]" in said(Outcome(CYCLE, (found,)))


def test_summary_counts() -> None:
    report = Report("urn:o", "1", True, [cycles(2), Outcome(MODEL, skipped="No Java.")])
    assert summary(report) == "1 checks (1 left out): 2 errors, no warning."
