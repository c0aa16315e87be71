"""``smegraph coverage``: what it says to people and to programs, and what it never writes."""

from __future__ import annotations

import hashlib
import json
import re
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner, Result

from smegraph.cli.main import main

if TYPE_CHECKING:
    from tests.conftest import Hold, StudyCopy

SOURCE = """\
1. Case selection

Two firms were chosen with great care. They sell software abroad (Eisenhardt, 1989).

Nobody tells here how the firms were found, though readers would be glad to know of it.

Table 1: The zebras of the sample

Firm A\t2014
"""
PROBE = "Nobody tells here"


def passage(text: str) -> dict[str, str]:
    start = SOURCE.index(text)
    return {
        "charStart": str(start),
        "charEnd": str(start + len(text)),
        "passageHash": hashlib.sha256(text.encode()).hexdigest(),
    }


def part(study: StudyCopy, key: str, heading: str, kind: str, order: str) -> None:
    study.add(
        "text-parts.csv", id=key, label=heading, kind=kind, order=order, locator=key,
        **passage(heading),
    )  # fmt: skip


@pytest.fixture
def coded(study: StudyCopy) -> StudyCopy:
    """A study of a few rows with its source in `sources/` beside `data/`."""
    for path in study.folder.glob("*.csv"):
        path.unlink()
    folder = study.data.parent / "sources"
    folder.mkdir()
    (folder / "ours.txt").write_text(SOURCE, encoding="utf-8", newline="")
    digest = hashlib.sha256(SOURCE.encode()).hexdigest()
    record = (
        "id: finnish-software\nlabel: Two firms\ntitle: Two firms\n"
        f"sourceFile: ours.txt\nsourceSha256: {digest}\nrights: none\n"
        "coders: smegraph-team\nstatus: coded\n"
    )
    study.path("study.yaml").write_text(record, encoding="utf-8")
    part(study, "section-1", "1. Case selection", "section", "1")
    part(study, "table-1", "Table 1: The zebras of the sample", "table", "2")
    study.add(
        "statements.csv", id="s1", kind="method statement", statement="Two were chosen.",
        **passage("Two firms were chosen with great care."),
    )  # fmt: skip
    study.add("citations.csv", id="c1", work="eisenhardt-1989", **passage("Eisenhardt, 1989"))
    return study


def run(study: StudyCopy, *arguments: str) -> Result:
    folder = str(study.data.parent / "sources")
    options = ["--sources", folder, "--ontology", str(study.ontology)]
    return CliRunner().invoke(main, ["coverage", *arguments, *options])


def document(study: StudyCopy, *arguments: str) -> dict[str, Any]:
    result = run(study, "--format", "json", *arguments)
    (found,) = json.loads(result.stdout)["studies"]
    assert isinstance(found, dict)
    return found


def test_the_share_of_the_text_is_told_with_and_without_citations(coded: StudyCopy) -> None:
    found = document(coded)
    hidden = ("1. Case selection", "Table 1: The zebras of the sample")
    text = SOURCE
    for heading in hidden:
        text = text.replace(heading, "")
    whole = len("".join(text.split()))
    content = len("Twofirmswerechosenwithgreatcare.")
    both = content + len("Eisenhardt,1989")
    assert (found["characters"], found["content"], found["coded"]) == (whole, content, both)
    assert found["contentPercent"] == round(100 * content / whole, 1)


def test_parts_are_told_in_the_order_of_the_text(coded: StudyCopy) -> None:
    parts = document(coded)["parts"]
    assert [(p["id"], p["kind"], p["state"]) for p in parts] == [
        ("section-1", "section", "partly"), ("table-1", "table", "not done"),
    ]  # fmt: skip


def test_passages_that_nobody_coded_are_listed_with_offsets_and_hash(coded: StudyCopy) -> None:
    section, table = document(coded)["parts"]
    (run_,) = section["open"]
    text = SOURCE[run_["start"] : run_["end"]]
    assert text.startswith("They sell software")
    assert text.endswith("to know of it.")
    assert run_["sha256"] == hashlib.sha256(text.encode()).hexdigest()
    assert [SOURCE[r["start"] : r["end"]] for r in table["open"]] == ["Firm A\t2014"]


def test_people_see_how_a_passage_begins(coded: StudyCopy) -> None:
    result = run(coded)
    assert result.exit_code == 0
    assert "They sell software abroad" in result.output
    assert "2 passages are not coded (in the order of the text" in result.output


def test_people_see_the_parts_in_a_table(coded: StudyCopy) -> None:
    lines = run(coded).output.splitlines()
    (at,) = [number for number, line in enumerate(lines) if line.startswith("  part ")]
    head, rule, section, table = (re.split(" {2,}", line.strip()) for line in lines[at : at + 4])
    assert head == ["part", "text", "coded", "+ refs", "paragraphs", "state"]
    assert set("".join(rule)) == {"-", " "}
    assert (section[0], section[-2:]) == ("1. Case selection", ["1/1", "partly"])
    assert table == ["Table 1: The zebras of the sample", "9", "0.0 %", "0.0 %", "0/1", "not done"]


@pytest.mark.parametrize("form", ["json", "html"])
def test_what_is_written_quotes_nothing(coded: StudyCopy, tmp_path: Path, form: str) -> None:
    page = tmp_path / "page.html"
    options = ["--format", "json"] if form == "json" else ["--html", str(page)]
    result = run(coded, *options)
    text = result.output if form == "json" else page.read_text("utf-8")
    assert "Case selection" in text
    for words in ("They sell", "software abroad", PROBE, "chosen with", "2014"):
        assert words not in text


def test_the_page_needs_nothing_from_elsewhere(coded: StudyCopy, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    assert run(coded, "--html", str(page)).output == f"Wrote {page}.\n"
    text = page.read_text("utf-8")
    assert "src=" not in text
    assert "<link" not in text
    assert text.count("<h1>") == 1


def test_a_page_that_cannot_be_written_is_an_error(coded: StudyCopy, tmp_path: Path) -> None:
    result = run(coded, "--html", str(tmp_path / "none" / "page.html"))
    assert result.exit_code == 1
    assert "cannot be written" in result.output


def second_study(study: StudyCopy) -> None:
    folder = study.data / "studies" / "another"
    folder.mkdir()
    record = study.path("study.yaml").read_text("utf-8")
    changed = record.replace("finnish-software", "another").replace("ours.txt", "theirs.txt")
    (folder / "study.yaml").write_text(changed, encoding="utf-8")


def test_a_missing_source_is_an_error_that_hides_no_other_study(coded: StudyCopy) -> None:
    second_study(coded)
    result = run(coded)
    assert result.exit_code == 1
    assert "The source document theirs.txt is not in the folder of sources." in result.output
    assert "They sell software abroad" in result.output


def test_a_changed_source_is_an_error_and_is_not_measured(coded: StudyCopy) -> None:
    source = coded.data.parent / "sources" / "ours.txt"
    source.write_text(SOURCE + "More.\n", encoding="utf-8", newline="")
    result = run(coded, "--format", "json")
    (found,) = json.loads(result.stdout)["studies"]
    assert result.exit_code == 1
    assert [problem["kind"] for problem in found["problems"]] == ["source-changed"]
    assert "parts" not in found


def test_a_study_without_a_source_is_told_so(coded: StudyCopy) -> None:
    record = coded.path("study.yaml").read_text("utf-8").splitlines()
    kept = [line for line in record if not line.startswith("source")]
    coded.path("study.yaml").write_text("\n".join(kept), encoding="utf-8")
    (problem,) = document(coded)["problems"]
    assert problem["message"] == "The study names no source document."


def test_a_passage_that_does_not_hold_is_not_counted(coded: StudyCopy) -> None:
    coded.set("statements.csv", 2, "charStart", "0")
    found = document(coded)
    assert found["content"] == 0
    (problem,) = found["problems"]
    assert (problem["kind"], problem["severity"], problem["row"]) == ("passage", "warning", 2)
    assert "`smegraph check --sources` says why" in problem["remedy"]


def test_a_part_without_a_place_is_a_warning(coded: StudyCopy) -> None:
    coded.add("text-parts.csv", id="section-9", label="Lost", kind="section", order="9")
    (problem,) = document(coded)["problems"]
    assert (problem["kind"], problem["severity"]) == ("no-place", "warning")


def test_a_row_that_points_at_all_of_a_part_codes_nothing_of_it(coded: StudyCopy) -> None:
    text = SOURCE + "Firm B\t2015, 41 countries\n" * 80
    source = coded.data.parent / "sources" / "ours.txt"
    source.write_text(text, encoding="utf-8", newline="")
    digests = [hashlib.sha256(whole.encode()).hexdigest() for whole in (SOURCE, text)]
    coded.replace("study.yaml", *digests)
    before = document(coded)["content"]
    digest = hashlib.sha256(text[len(SOURCE) :].encode()).hexdigest()
    coded.add(
        "statements.csv", id="s2", kind="method statement", statement="All of it.",
        charStart=str(len(SOURCE)), charEnd=str(len(text)), passageHash=digest,
    )  # fmt: skip
    found = document(coded)
    (problem,) = found["problems"]
    assert (problem["kind"], problem["row"]) == ("wide-passage", 3)
    assert found["content"] == before


def test_the_second_place_of_a_note_is_coded_too(coded: StudyCopy) -> None:
    first = passage("Two firms were chosen with great care.")
    other = passage("They sell software abroad (Eisenhardt, 1989).")
    named = {f"other{name[0].upper()}{name[1:]}": value for name, value in other.items()}
    coded.add(
        "data-quality-notes.csv", id="n1", kind="ambiguous statement", statement="Two ways.",
        firstReading="one", secondReading="other", **first, **named,
    )  # fmt: skip
    found = document(coded)
    assert found["content"] == sum(
        len("".join(text.split()))
        for text in (
            "Two firms were chosen with great care.",
            "They sell software abroad (Eisenhardt, 1989).",
        )
    )


def test_errors_in_sheets_are_told_since_they_may_hide_rows(coded: StudyCopy) -> None:
    coded.path("findigs.csv").write_text("id\n", encoding="utf-8")
    (problem,) = document(coded)["problems"]
    assert "1 error may hide rows" in problem["message"]


def test_a_section_is_chosen_by_a_part_of_its_name(coded: StudyCopy) -> None:
    assert [p["id"] for p in document(coded, "--section", "ZEBRA")["parts"]] == ["table-1"]
    assert "No part of the text is as you want it." in run(coded, "--section", "none").output


def test_parts_below_a_share_are_chosen(coded: StudyCopy) -> None:
    assert [p["id"] for p in document(coded, "--below", "1")["parts"]] == ["table-1"]


def test_the_longest_passages_come_first(coded: StudyCopy) -> None:
    result = run(coded, "--longest", "1")
    assert "the 1 longest" in result.output
    assert "They sell" in result.output
    assert "Firm A" not in result.output


def test_an_unknown_study_is_refused_with_the_nearest_one(coded: StudyCopy) -> None:
    result = run(coded, "finish-software")
    assert result.exit_code == 1
    assert 'There is no study "finish-software". Did you mean "finnish-software"?' in result.output


def test_a_study_may_be_named_by_its_folder(coded: StudyCopy) -> None:
    assert document(coded, str(coded.folder))["study"] == coded.name


def test_sources_must_be_named(coded: StudyCopy) -> None:
    result = CliRunner().invoke(main, ["coverage"])
    assert (result.exit_code, "--sources" in result.output) == (2, True)


# ---------------------------------------------------------------------------- the real studies


@pytest.fixture(scope="module")
def real(repository: Path, sources: Path) -> tuple[list[dict[str, Any]], float]:
    began = time.perf_counter()
    result = CliRunner().invoke(
        main,
        [
            "coverage", "--format", "json", "--sources", str(sources),
            "--data", str(repository / "data"), "--ontology", str(repository / "ontology"),
        ],
    )  # fmt: skip
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)["studies"], time.perf_counter() - began


@pytest.mark.timed
def test_the_real_studies_are_measured_fast(
    real: tuple[list[dict[str, Any]], float], hold: Hold
) -> None:
    hold("the coverage of a study", real[1] / len(real[0]), 2)


def test_every_row_of_the_real_studies_counts(real: tuple[list[dict[str, Any]], float]) -> None:
    problems = [problem for study in real[0] for problem in study["problems"]]
    assert [found for found in problems if found["kind"] != "wide-passage"] == []


def test_results_and_tables_of_the_first_studies_are_coded(
    real: tuple[list[dict[str, Any]], float],
) -> None:
    found = {study["study"]: study for study in real[0]}
    for name in ("finnish-software", "arnone-deprince"):
        assert found[name]["codedPercent"] > 90
        for part in found[name]["parts"]:
            if part["kind"] == "table" or "result" in part["label"].casefold():
                assert part["contentPercent"] > 70, part["label"]


def test_no_sentence_of_a_source_is_written(
    real: tuple[list[dict[str, Any]], float], sources: Path
) -> None:
    written = json.dumps(real[0], ensure_ascii=False)
    for study in real[0]:
        text = (sources / study["source"]["file"]).read_bytes().decode("utf-8")
        for part in study["parts"]:
            for run_ in part["open"]:
                words = text[run_["start"] : run_["end"]]
                assert len(words) < 25 or words[:25] not in written
