"""What an audit found, as values that come back from their JSON."""

from __future__ import annotations

from smegraph.audit.findings import Check, Finding, Outcome, Report


def test_report_comes_back_from_its_json() -> None:
    check = Check("oops/P06-cycle", "A cycle", "error", "OOPS!", "Break it.")
    found = Finding(check.name, "error", "sme:A", "sme:B", "modules/a.ttl:3", "Meant.")
    left = Outcome(Check("hermit/x", "X", "error", "S", "R"), skipped="No Java.")
    report = Report("urn:o", "1", True, [left, Outcome(check, (found,))])
    assert Report.from_json(report.as_json()).to_json() == report.to_json()
    assert report.counts() == {
        "checks": 1, "skipped": 1, "errors": 0, "warnings": 0, "infos": 0, "explained": 1,
    }  # fmt: skip


def finding(check: Check, place: str, explained: str | None = None) -> Finding:
    return Finding(check.name, check.level, place, explained=explained)


def test_gravest_findings_come_first_and_explained_ones_last() -> None:
    grave = Check("b/1", "B", "error", "S", "R")
    light = Check("a/1", "A", "info", "S", "R")
    outcomes = [
        Outcome(light, (finding(light, "sme:z"), finding(light, "sme:y"))),
        Outcome(grave, (finding(grave, "sme:x", "Meant."), finding(grave, "sme:w"))),
    ]
    report = Report("urn:o", "1", True, outcomes)
    assert [f.place for f in report.findings] == ["sme:w", "sme:y", "sme:z", "sme:x"]
    assert [f.place for f in report.open("error")] == ["sme:w"]


def test_how_long_it_took_is_no_part_of_the_json() -> None:
    quick, slow = (Report("urn:o", "1", True, [], {"a/1": seconds}) for seconds in (0.1, 9.0))
    assert quick.as_json() == slow.as_json()
