"""What a wrong name was perhaps meant to be."""

from __future__ import annotations

from smegraph.suggest import did_you_mean, near, nearest


def test_the_nearest_name_is_found_whatever_the_case() -> None:
    assert nearest("FOUNDD", ["label", "founded"]) == "founded"
    assert nearest("platform", ["Platform", "firm"]) == "Platform"


def test_nothing_is_suggested_for_what_looks_like_nothing() -> None:
    assert nearest("xyz", ["label", "founded"]) is None
    assert nearest("label", []) is None


def test_a_lower_cutoff_takes_what_is_less_alike() -> None:
    assert nearest("lab", ["laboratory"], cutoff=0.4) == "laboratory"
    assert nearest("lab", ["laboratory"], cutoff=0.6) is None


def test_several_names_come_likest_first() -> None:
    assert near("turnover", ["turn", "turnovers", "turnover"], count=2) == ["turnover", "turnovers"]


def test_without_a_near_name_something_else_is_said() -> None:
    assert did_you_mean("labl", ["label"], "No.") == 'Did you mean "label"?'
    assert did_you_mean("xyz", ["label"], "Columns are: label.") == "Columns are: label."
