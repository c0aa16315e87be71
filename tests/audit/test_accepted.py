"""What is accepted with a reason, and what becomes of an acceptance that has lost its cause."""

from __future__ import annotations

from pathlib import Path

import pytest

from smegraph.audit.accepted import Acceptance, explain, load_acceptances
from smegraph.audit.findings import Check, Finding, Outcome
from smegraph.ontology.errors import RuleError

CHECK = Check("oops/P11-no-range", "No range", "warning", "OOPS!", "Give it one.")
FINDING = Finding(CHECK.name, "warning", "sme:aboutResource")


def write(folder: Path, text: str) -> Path:
    (folder / "audit").mkdir()
    (folder / "audit" / "accepted.yaml").write_text(text, "utf-8")
    return folder


def test_accepted_finding_carries_its_reason() -> None:
    accepted = [Acceptance("oops/P11-*", "sme:about*", "Anything may be meant.")]
    first, unused = explain([Outcome(CHECK, (FINDING,))], accepted)
    assert [f.explained for f in first.findings] == ["Anything may be meant."]
    assert unused.findings == ()


def test_another_finding_of_the_check_stays_unexplained() -> None:
    accepted = [Acceptance(CHECK.name, "sme:usesPlatform", "Meant.")]
    first, unused = explain([Outcome(CHECK, (FINDING,))], accepted)
    assert [f.explained for f in first.findings] == [None]
    assert [f.place for f in unused.findings] == ["oops/P11-no-range at sme:usesPlatform"]


def test_acceptance_that_matches_nothing_is_a_warning() -> None:
    _, unused = explain([Outcome(CHECK)], [Acceptance(CHECK.name, "sme:x", "Gone.")])
    (finding,) = unused.findings
    assert (finding.check, finding.level) == ("audit/unused-acceptance", "warning")


def test_acceptance_for_a_check_that_was_left_out_waits() -> None:
    skipped = Outcome(CHECK, skipped="There is no Java.")
    _, unused = explain([skipped], [Acceptance(CHECK.name, "sme:x", "Not looked at.")])
    assert unused.findings == ()


def test_entries_are_read(tmp_path: Path) -> None:
    folder = write(tmp_path, "- check: a/b\n  place: sme:x\n  reason: Because.\n")
    assert load_acceptances(folder) == [Acceptance("a/b", "sme:x", "Because.")]


def test_folder_without_the_file_accepts_nothing(tmp_path: Path) -> None:
    assert load_acceptances(tmp_path) == []


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("- check: [", "is not YAML"),
        ("check: a", "is no list"),
        ("- check: a/b\n  place: x\n", "has check, place and reason"),
        ("- check: a/b\n  place: x\n  reason: \n", "without a check, a place or a reason"),
        ("- check: a/b\n  place: x\n  reason: y\n  until: z\n", "nothing else"),
    ],
)
def test_acceptance_without_a_reason_is_refused(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(RuleError, match=message):
        load_acceptances(write(tmp_path, text))
