"""Sheets that are lost, and the references that miss what is in them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.conftest import StudyCopy

Breaking = Callable[["StudyCopy"], str]


def in_utf_16(study: StudyCopy) -> str:
    text = study.path("firms.csv").read_text("utf-8")
    study.path("firms.csv").write_text(text, encoding="utf-16")
    return study.shown("firms.csv")


def in_utf_16_without_a_mark(study: StudyCopy) -> str:
    text = study.path("firms.csv").read_text("utf-8").replace("Firm A", "Firm Ä")
    study.path("firms.csv").write_text(text, encoding="utf-16-le")
    return study.shown("firms.csv")


def in_windows_1252(study: StudyCopy) -> str:
    study.set("firms.csv", 2, "products", "Käytäntö")
    text = study.path("firms.csv").read_text("utf-8")
    study.path("firms.csv").write_text(text, encoding="cp1252", errors="replace")
    return study.shown("firms.csv")


def as_a_workbook(study: StudyCopy) -> str:
    study.path("firms.csv").write_bytes(b"PK\x03\x04\x14\x00\x00\x00")
    return study.shown("firms.csv")


def as_nothing(study: StudyCopy) -> str:
    study.path("firms.csv").write_bytes(b"\n")
    return study.shown("firms.csv")


def missing(study: StudyCopy) -> str:
    study.path("firms.csv").unlink()
    return study.shown("firms.csv")


def with_a_quotation_mark_left_open(study: StudyCopy) -> str:
    text = study.path("firms.csv").read_text("utf-8")
    study.path("firms.csv").write_text(text.replace("finnish-a", '"finnish-a', 1), "utf-8")
    return study.shown("firms.csv")


def with_another_name_for_its_keys(study: StudyCopy) -> str:
    study.replace("firms.csv", "id", "ids")
    return study.shown("firms.csv")


def with_a_comma_too_many_in_each_row(study: StudyCopy) -> str:
    head, rows = study.table("firms.csv")
    study.save("firms.csv", head, [[*row[:2], "", "", *row[2:], "x"] for row in rows])
    return study.shown("firms.csv")


def under(name: str) -> Breaking:
    def rename(study: StudyCopy) -> str:
        target = study.path(name)
        target.parent.mkdir(exist_ok=True)
        study.path("firms.csv").rename(target)
        return study.shown(name.split("/")[0])

    return rename


def above(study: StudyCopy) -> str:
    study.path("firms.csv").rename(study.data / "studies" / "firms.csv")
    return "data/studies/firms.csv"


def beside_the_studies(study: StudyCopy) -> str:
    study.path("firms.csv").rename(study.data / "firms.csv")
    return "data/firms.csv"


WAYS = [
    in_utf_16, in_utf_16_without_a_mark, in_windows_1252, as_a_workbook, as_nothing, missing,
    with_a_quotation_mark_left_open, with_another_name_for_its_keys,
    with_a_comma_too_many_in_each_row, under("firm.csv"), under("Firms.CSV"),
    under("firms (1).csv"), under("Copy of firms.csv"), under("firms.xlsx"), under("firms.csv.txt"),
    under("Tabelle1.csv"), under("sheets/firms.csv"), above, beside_the_studies,
]  # fmt: skip
each_way = pytest.mark.parametrize("lose", WAYS, ids=[str(n) for n, _ in enumerate(WAYS)])


@each_way
def test_what_misses_a_lost_sheet_follows_from_it(study: StudyCopy, lose: Breaking) -> None:
    cause = lose(study)
    errors = study.check().errors
    own = [error for error in errors if "follows" not in error]
    assert {error["file"] for error in own} == {cause}
    assert {error.get("follows") for error in errors if error not in own} == {cause}


@each_way
def test_the_cause_is_told_first_and_the_rest_in_a_line(study: StudyCopy, lose: Breaking) -> None:
    cause = lose(study)
    errors = Counter("follows" in error for error in study.check().errors)
    lines = [line for line in study.run("check").output.splitlines() if "warning" not in line]
    assert lines[0] == cause
    told = lines[1 : 2 + errors[False]]
    assert sum(f"{errors[True]} more errors follow from this: rows in" in s for s in told) == 1
    assert sum("is no known firm" in line for line in lines) == 0


def test_a_misspelt_name_does_not_follow_from_a_sheet_that_lacks_it(study: StudyCopy) -> None:
    in_utf_16(study)
    study.set("firm-observations.csv", 2, "firm", "Zyqx")
    own = [error for error in study.check().errors if "follows" not in error]
    assert {error.get("value") for error in own} == {None, "Zyqx"}


def test_a_misspelt_name_does_not_follow_from_a_sheet_that_names_it_too(study: StudyCopy) -> None:
    study.set("firms.csv", 2, "id", "firma")
    text = study.path("planned-uses.csv").read_text("utf-8")
    study.path("planned-uses.csv").write_text(text, encoding="utf-16")
    follows = {error.get("follows") for error in study.check().errors}
    assert follows == {None}


def test_what_follows_from_a_follower_follows_from_the_root(study: StudyCopy) -> None:
    study.path("interviews.csv").write_text("id,round,role\nx,none,CEO\n", "utf-8")
    study.path("firm-observations.csv").unlink()
    study.add("data-quality-notes.csv", id="n", label="n", about="finnish-a", kind="gap")
    cause = in_utf_16(study)
    follows = {error.get("follows") for error in study.check().errors}
    assert follows <= {None, cause}


def test_the_reference_data_explain_what_a_study_misses(study: StudyCopy) -> None:
    channels = study.data / "reference" / "channels.csv"
    channels.write_text(channels.read_text("utf-8"), encoding="utf-16")
    for arguments in ((), (study.name_in_data(),)):
        errors = study.check(*arguments).errors
        assert errors[0]["file"] == "data/reference/channels.csv"
        follows = {error.get("follows") for error in errors[1:]}
        assert follows == {"data/reference/channels.csv"}


def test_a_file_of_the_study_is_not_blamed_for_what_it_has(study: StudyCopy) -> None:
    study.set("firms.csv", 2, "founded", "long ago")
    study.set("firm-observations.csv", 2, "firm", "Zyqx")
    assert [error for error in study.check().errors if "follows" in error] == []


@pytest.mark.parametrize("breaking", ["colon", "name"])
def test_a_study_that_is_named_by_others_is_missed_when_its_record_is_lost(
    study: StudyCopy, breaking: str
) -> None:
    other = study.folder.with_name("other")
    other.mkdir()
    record = study.path("study.yaml").read_text("utf-8").replace(f"id: {study.name}", "id: other")
    label = next(line for line in record.splitlines() if line.startswith("label:"))
    record = record.replace(label, "label: Other and Another")
    if breaking == "colon":
        (other / "study.yaml").write_text(record + "note: a: b\n", "utf-8")
        cause = "data/studies/other/study.yaml"
    else:
        (other / "study.yml").write_text(record, "utf-8")
        cause = "data/studies/other/study.yml"
    study.add("data-quality-notes.csv", id="n", label="n", about="Other and Another", kind="gap")
    errors = study.check().errors
    (missed,) = [error for error in errors if error.get("value") == "Other and Another"]
    assert missed["follows"] == cause
    assert study.run("check").output.splitlines()[0] == cause
