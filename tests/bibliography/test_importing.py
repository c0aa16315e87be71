"""``smegraph import`` as a curator meets it."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import rispy
from bibtexparser import write_string
from bibtexparser.library import Library
from bibtexparser.model import Entry, Field
from pylatexenc.latexencode import unicode_to_latex

from smegraph.bibliography import import_references
from smegraph.bibliography.keys import fold
from smegraph.studies.project import Project

from .conftest import KEY, Desk, Row, read_rows

OKAZAKI = """@article{okazaki2013,
  author = {Okazaki, Shintaro and Taylor, Charles R.},
  title = {Social media and international advertising: theoretical challenges and future
    directions},
  journal = {International Marketing Review}, year = 2013, volume = 30, number = 1, pages = {56--71}
}
"""
BELL = "@article{bell, author = {Bell, J.}, title = {First steps}, journal = {J}, year = 1995}\n"
# What the formats call the columns of the sheet; an article and a chapter name their whole apart.
CSL_TYPES = {
    "journal article": "article-journal", "book chapter": "chapter", "book": "book",
    "proceedings paper": "paper-conference",
}  # fmt: skip
RIS_TYPES = {
    "journal article": "JOUR", "book chapter": "CHAP", "book": "BOOK", "proceedings paper": "CONF",
}  # fmt: skip
BIBTEX_TYPES = {
    "journal article": "article", "book chapter": "incollection", "book": "book",
    "proceedings paper": "inproceedings",
}  # fmt: skip
PARTS = (
    "title",
    "year",
    "publishedIn",
    "volume",
    "issue",
    "pages",
    "publisher",
    "publicationPlace",
)


# ---------------------------------------------------------------- the real works, in every format


def authors_of(study: Path) -> dict[str, list[str]]:
    """The authors of each work as ``Family, Given``."""
    persons = {row["id"]: row for row in read_rows(study / "persons.csv")}
    authors: dict[str, list[str]] = {}
    for row in read_rows(study / "authorships.csv"):
        person = persons[row["person"]]
        authors.setdefault(row["work"], []).append(f"{person['familyName']}, {person['givenName']}")
    return authors


def latex(text: str) -> str:
    return '"'.join(map(unicode_to_latex, text.split('"')))


def as_bibtex(works: list[Row], authors: dict[str, list[str]]) -> str:
    names = dict(zip(PARTS, ("title", "year", "journal", "volume", "number", "pages", "publisher",
                             "address"), strict=True))  # fmt: skip
    entries = []
    for work in works:
        texts = {names[part]: work[part] for part in PARTS if work[part]}
        if work["type"] != "journal article" and "journal" in texts:
            texts["booktitle"] = texts.pop("journal")
        texts["author"] = " and ".join(authors[work["id"]])
        # The encoder makes typographic quotation marks of straight ones, which BibTeX can keep.
        fields = [Field(name, "{" + latex(text) + "}") for name, text in texts.items()]
        entries.append(Entry(BIBTEX_TYPES[work["type"]], f"cite{work['id']}", fields))
    return write_string(Library(entries), unparse_stack=[])


def as_ris(works: list[Row], authors: dict[str, list[str]]) -> str:
    names = dict(zip(PARTS, ("title", "year", "journal_name", "volume", "number", "start_page",
                             "publisher", "place_published"), strict=True))  # fmt: skip
    records = []
    for work in works:
        record: dict[str, object] = {names[part]: work[part] for part in PARTS if work[part]}
        record["type_of_reference"] = RIS_TYPES[work["type"]]
        record["authors"] = authors[work["id"]]
        records.append(record)
    return rispy.dumps(records).replace("\n", "\r\n")


def as_csl(works: list[Row], authors: dict[str, list[str]]) -> str:
    names = dict(zip(PARTS, ("title", "", "container-title", "volume", "issue", "page", "publisher",
                             "publisher-place"), strict=True))  # fmt: skip
    items = []
    for work in works:
        item: dict[str, object] = {names[p]: work[p] for p in PARTS if work[p] and p != "year"}
        item["id"], item["type"] = work["id"], CSL_TYPES[work["type"]]
        item["issued"] = {"date-parts": [[int(work["year"])]]}
        item["author"] = [
            dict(zip(("family", "given"), name.split(", "), strict=True))
            for name in authors[work["id"]]
        ]
        items.append(item)
    return json.dumps(items, indent=1, ensure_ascii=False)


@pytest.mark.parametrize(
    ("file", "write"), [("refs.bib", as_bibtex), ("refs.ris", as_ris), ("refs.json", as_csl)]
)
def test_the_works_of_a_real_study_come_out_as_they_went_in(
    desk: Desk, repository: Path, file: str,
    write: Callable[[list[Row], dict[str, list[str]]], str],
) -> None:  # fmt: skip
    real = repository / "data" / "studies" / "arnone-deprince"
    works, authors = read_rows(real / "works.csv"), authors_of(real)
    desk.write(file, write(works, authors))
    result = desk.take(file)
    assert (result.exit_code, result.stderr) == (0, "")

    columns = ("id", "label", "type", *PARTS)
    found = [tuple(row[column] for column in columns) for row in desk.rows("works")]
    assert found == [tuple(row[column] for column in columns) for row in works]

    cited = {work["id"] for work in works}
    links = ("work", "order", "person")
    wrote = [tuple(row[c] for c in links) for row in read_rows(real / "authorships.csv")]
    assert {tuple(row[c] for c in links) for row in desk.rows("authorships")} == {
        row for row in wrote if row[0] in cited
    }
    people = {row["id"]: row["label"] for row in read_rows(real / "persons.csv")}
    imported = {row["id"]: row["label"] for row in desk.rows("persons")}
    for key, label in imported.items():  # the sheets keep "J.H." as it is printed
        assert fold(label.replace(".", ". ")) == fold(people[key].replace(".", ". "))
    assert [row["work"] for row in desk.rows("references")] == [work["id"] for work in works]
    assert desk.errors() == ""

    before = desk.bytes()
    assert "Nothing changes." in desk.take(file).output
    assert desk.bytes() == before


def test_the_formats_of_one_list_give_one_set_of_rows(desk: Desk, repository: Path) -> None:
    real = repository / "data" / "studies" / "arnone-deprince"
    works, authors = read_rows(real / "works.csv"), authors_of(real)
    desk.write("refs.bib", as_bibtex(works, authors))
    desk.write("refs.ris", as_ris(works, authors))
    desk.write("refs.json", as_csl(works, authors))
    assert desk.take("refs.bib").exit_code == 0
    before = desk.bytes()
    for file in ("refs.ris", "refs.json"):
        result = desk.take(file)
        assert (result.exit_code, result.stderr) == (0, "")
        assert "Nothing changes." in result.stdout
    assert desk.bytes() == before


# ---------------------------------------------------------------- rows and their provenance


def test_a_row_tells_who_imported_it_from_where(desk: Desk) -> None:
    desk.write("refs.bib", BELL)
    assert desk.take("refs.bib").exit_code == 0
    for sheet in ("works", "persons", "authorships", "references"):
        (row,) = desk.rows(sheet)
        assert row["evidenceBasis"] == "literature statement"
        assert row["coder"] == "smegraph-team"
        assert row["note"] == "Imported from refs.bib, record bell."
    assert desk.errors() == ""


def test_the_coder_can_be_named(desk: Desk) -> None:
    desk.write("refs.bib", BELL)
    assert desk.take("refs.bib", "--coder", "A. Curator").exit_code == 0
    assert [row["coder"] for row in desk.rows("works")] == ["A. Curator"]


def test_of_several_coders_one_must_be_named(desk: Desk) -> None:
    record = desk.study / "study.yaml"
    text = record.read_text("utf-8")
    record.write_text(text.replace("  - smegraph-team\n", "  - Ann\n  - Bo\n"), encoding="utf-8")
    desk.write("refs.bib", BELL)
    result = desk.take("refs.bib")
    assert result.exit_code == 1
    assert "several coders (Ann, Bo); say with --coder" in result.output
    assert desk.take("refs.bib", "--coder", "Bo").exit_code == 0


def test_an_organization_is_no_person(desk: Desk) -> None:
    desk.write("refs.bib", "@book{o, author={{World Bank} and Bell, J.}, title={A}, year=2001}")
    assert desk.take("refs.bib").exit_code == 0
    (work,) = desk.rows("works")
    assert (work["id"], work["label"]) == ("world-bank-bell-2001", "World Bank & Bell (2001)")
    assert 'the organization "World Bank"' in work["note"]
    (authorship,) = desk.rows("authorships")
    assert (authorship["person"], authorship["order"]) == ("bell-j", "2")
    assert desk.errors() == ""


def test_a_type_that_the_vocabulary_lacks_stands_in_the_note(desk: Desk) -> None:
    desk.write("refs.bib", "@dataset{o, author={Bell, J.}, title={A}, year=2001}")
    assert desk.take("refs.bib").exit_code == 0
    (work,) = desk.rows("works")
    assert work["type"] == ""
    assert 'Its type there is "dataset".' in work["note"]


def test_a_book_without_authors_is_named_after_its_editors(desk: Desk) -> None:
    desk.write("refs.bib", "@book{o, editor={Hood, Neil}, title={A}, year=1988}")
    assert desk.take("refs.bib").exit_code == 0
    (work,) = desk.rows("works")
    assert (work["id"], work["editors"]) == ("hood-1988", "Hood, Neil")
    assert desk.rows("authorships") == []


def test_what_is_missing_is_told_and_the_rest_is_taken(desk: Desk) -> None:
    desk.write(
        "refs.bib",
        "@book{a, author={Bell, J.}, title={No year}}\n"
        "@book{b, author={Bell, J.}, title={Pressed}, year={in press}}\n"
        "@book{c, title={The annual report of firms}, year=2001}\n"
        "@book{d, author={Bell, J.}, year=2002}\n"
        "@book{e, author={Bell, J.}, title={Odd}, year=2003, doi={n/a}}\n",
    )
    result = desk.take("refs.bib")
    assert result.exit_code == 0
    keys = [row["id"] for row in desk.rows("works")]
    assert keys == [
        "bell-nd", "bell-nd-pressed", "annual-report-firms-2001", "bell-2002", "bell-2003",
    ]  # fmt: skip
    for said in (
        "line 1: warning: The record \"a\": It gives no year.",
        "line 2: warning: The record \"b\": \"in press\" holds no year.",
        "line 3: warning: The record \"c\": It gives no author.",
        "line 4: warning: The record \"d\": It gives no title.",
        "line 5: warning: The record \"e\": Its doi is left empty",
    ):  # fmt: skip
        assert said in result.stderr
    assert desk.errors() == ""
    before = desk.bytes()
    assert "Nothing changes." in desk.take("refs.bib").output
    assert desk.bytes() == before


def test_three_thousand_authors_are_rows(desk: Desk) -> None:
    names = [f"Wang, {chr(65 + n % 26)}." if n % 2 else f"Author{n}, B." for n in range(3000)]
    desk.write(
        "refs.bib", f"@article{{c, author={{{' and '.join(names)}}}, title={{H}}, year=2012}}"
    )
    assert desk.take("refs.bib").exit_code == 0
    people = [row["person"] for row in desk.rows("authorships")]
    assert len(people) == len(set(people)) == 3000
    assert "wang-b-2" in people
    assert desk.errors() == ""
    assert "Nothing changes." in desk.take("refs.bib").output


def test_two_people_with_one_initial_have_two_keys(desk: Desk) -> None:
    desk.write(
        "refs.bib",
        "@book{a, author={Wang, Yan}, title={A}, year=2001}\n"
        "@book{b, author={Wang, Yuan}, title={B}, year=2002}\n"
        "@book{c, author={Wang, Y.}, title={C}, year=2003}\n",
    )
    assert desk.take("refs.bib").exit_code == 0
    assert {row["id"]: row["label"] for row in desk.rows("persons")} == {
        "wang-y": "Wang, Y.", "wang-yuan": "Wang, Yuan",
    }  # fmt: skip
    assert [row["person"] for row in desk.rows("authorships")] == ["wang-y", "wang-yuan", "wang-y"]
    assert "Nothing changes." in desk.take("refs.bib").output


# ---------------------------------------------------------------- one work is one node


def test_a_work_that_another_study_knows_keeps_its_key_and_label(beside: Desk) -> None:
    works = beside.study.parent / "arnone-deprince" / "works.csv"
    text = works.read_text("utf-8").replace("okazaki-taylor-2013,Okazaki & Taylor (2013)",
                                            "okazaki-2013-own,Okazaki et alia (2013)")  # fmt: skip
    works.write_text(text, encoding="utf-8")
    beside.write("refs.bib", OKAZAKI.replace("Social media", "SOCIAL MEDIA").replace(":", " -"))
    assert beside.take("refs.bib").exit_code == 0
    (work,) = beside.rows("works")
    assert (work["id"], work["label"]) == ("okazaki-2013-own", "Okazaki et alia (2013)")


def test_a_work_is_known_by_its_doi(desk: Desk) -> None:
    desk.write("a.bib", "@book{a, author={Bell, J.}, title={A}, year=2001, doi={10.1000/AbC}}")
    desk.write("b.bib", "@book{b, author={Loane, S.}, title={Other}, year=2002,"
                        " doi={https://doi.org/10.1000/abc}}")  # fmt: skip
    desk.take("a.bib")
    before = desk.bytes()
    result = desk.take("b.bib")
    assert desk.bytes() == before
    assert "differs from bell-2001 (my-study/works.imported.csv row 2)" in result.stderr
    assert 'title "Other" (sheet: "A")' in result.stderr
    assert "authors Loane, S. (bell-j)" in result.stderr


def test_another_work_with_the_same_key_gets_another(beside: Desk) -> None:
    beside.write("refs.bib", BELL)
    result = beside.take("refs.bib")
    (work,) = beside.rows("works")
    assert (work["id"], work["label"]) == ("bell-1995-first", "Bell (1995, First)")
    assert "Not bell-1995, which is another work" in work["note"]
    assert 'That one is "The internationalization of small computer' in result.stderr
    assert beside.errors() == ""
    before = beside.bytes()
    assert "Nothing changes." in beside.take("refs.bib").output
    assert beside.bytes() == before


def test_a_work_known_without_a_title_is_taken_for_the_same_and_told(beside: Desk) -> None:
    shutil.rmtree(beside.study.parent / "arnone-deprince")
    beside.write("refs.bib", OKAZAKI)
    result = beside.take("refs.bib")
    (work,) = beside.rows("works")
    assert work["id"] == "okazaki-taylor-2013"
    assert "Taken for okazaki-taylor-2013 of finnish-software/works.csv" in work["note"]
    assert "Taken for okazaki-taylor-2013" in result.stderr


def test_a_study_that_is_cited_is_no_second_work(beside: Desk) -> None:
    beside.write(
        "refs.bib",
        "@article{a, author={Arnone, L. and Deprince, E.}, year=2016, title={Small Firms "
        "Internationalization: Reducing the Psychic Distance Using Social Networks}}",
    )
    beside.take("refs.bib")
    assert [row["work"] for row in beside.rows("references")] == ["arnone-deprince"]
    assert beside.rows("works") == []
    assert beside.errors() == ""


def test_a_record_that_stands_twice_in_a_file_is_taken_once(desk: Desk) -> None:
    desk.write("refs.bib", BELL + BELL.replace("{bell", "{again").replace("First", "FIRST"))
    result = desk.take("refs.bib")
    assert len(desk.rows("works")) == len(desk.rows("references")) == 1
    assert 'line 2: warning: The record "again" describes the work of line 1 again' in result.stderr
    assert result.exit_code == 0


def test_people_of_other_studies_keep_their_labels(beside: Desk) -> None:
    beside.write("refs.bib", "@book{a, author={Coviello, N. E.}, title={A}, year=2001}")
    persons = beside.study.parent / "arnone-deprince" / "persons.csv"
    text = persons.read_text("utf-8").replace('"Coviello, N. E."', '"Coviello, Nicole"', 1)
    persons.write_text(text, encoding="utf-8")
    beside.take("refs.bib")
    assert [(r["id"], r["label"]) for r in beside.rows("persons")] == [
        ("coviello-n-e", "Coviello, Nicole")
    ]


# ---------------------------------------------------------------- what changed since


def test_an_empty_cell_of_an_imported_row_is_filled(desk: Desk) -> None:
    desk.write("refs.bib", BELL)
    desk.take("refs.bib")
    desk.write("refs.bib", BELL.replace("year", "doi = {10.1000/x}, volume = 9, year"))
    result = desk.take("refs.bib")
    assert "2 empty cells filled." in result.stdout
    (work,) = desk.rows("works")
    assert (work["doi"], work["volume"]) == ("10.1000/x", "9")
    before = desk.bytes()
    assert "Nothing changes." in desk.take("refs.bib").output
    assert desk.bytes() == before


def test_what_a_curator_corrected_in_an_imported_row_stays(desk: Desk) -> None:
    desk.write("refs.bib", BELL)
    desk.take("refs.bib")
    path = desk.study / "works.imported.csv"
    path.write_text(path.read_text("utf-8").replace("First steps,", "First steps!,")
                    .replace(",J,", ",Journal,"), encoding="utf-8")  # fmt: skip
    before = desk.bytes()
    result = desk.take("refs.bib")
    assert desk.bytes() == before
    assert 'publishedIn "J" (sheet: "Journal")' in result.stderr
    assert "title" not in result.stderr


def own_row(desk: Desk, end: str = "\n", mark: str = "") -> Path:
    text = f"{mark}id,label,title,year,coder{end}bell-1995,Bell (1995),First steps,1995,Me{end}"
    path = desk.study / "works.csv"
    path.write_text(text, encoding="utf-8", newline="")
    return path


def test_a_row_that_a_person_wrote_is_never_changed(desk: Desk) -> None:
    path = own_row(desk)
    before = path.read_bytes()
    desk.write("refs.bib", BELL)
    result = desk.take("refs.bib")
    assert path.read_bytes() == before
    assert 'publishedIn "J" (sheet: empty)' in result.stderr
    assert desk.rows("works") == []
    assert [row["person"] for row in desk.rows("authorships")] == ["bell-j"]
    assert [row["work"] for row in desk.rows("references")] == ["bell-1995"]


@pytest.mark.parametrize(("end", "mark"), [("\n", ""), ("\r\n", "\ufeff")])
def test_with_fill_its_empty_cells_are_filled_and_nothing_else(
    desk: Desk, end: str, mark: str
) -> None:
    path = own_row(desk, end, mark)
    desk.write("refs.bib", BELL.replace("First steps", "first steps"))
    assert desk.take("refs.bib", "--fill").exit_code == 0
    text = path.read_bytes().decode("utf-8")
    assert text == (
        f"{mark}id,label,title,year,coder,type,publishedIn{end}"
        f"bell-1995,Bell (1995),First steps,1995,Me,journal article,J{end}"
    )
    assert desk.errors() == ""


def test_a_study_may_name_its_works_by_label(desk: Desk) -> None:
    own_row(desk)
    (desk.study / "references.csv").write_text("work,order\nbell (1995),4\n", encoding="utf-8")
    desk.write("refs.bib", BELL)
    desk.take("refs.bib")
    assert desk.rows("references") == []
    assert desk.errors() == ""


# ---------------------------------------------------------------- what cannot be read


def test_an_unreadable_record_is_named_the_rest_is_kept_and_the_exit_code_is_1(desk: Desk) -> None:
    desk.write("refs.bib", f"{BELL}@book{{broken, title = {{A\n}}\n@book{{empty, year = 2001}}\n")
    result = desk.take("refs.bib")
    assert result.exit_code == 1
    assert 'refs.bib, line 2: The record that begins with "@book{broken' in result.stderr
    assert [row["id"] for row in desk.rows("works")] == ["bell-1995"]
    assert "could not be read; the others were taken." in result.stderr


def test_a_record_without_author_and_title_is_named(desk: Desk) -> None:
    desk.write("refs.bib", f"@book{{empty, year = 2001}}\n{BELL}")
    result = desk.take("refs.bib")
    assert result.exit_code == 1
    assert 'line 1: The record "empty" has neither author nor title.' in result.stderr
    assert len(desk.rows("works")) == 1


def test_a_field_too_long_for_a_cell_is_named(desk: Desk) -> None:
    desk.write("refs.bib", f"@book{{long, title = {{{'x' * 60_000}}}}}\n{BELL}")
    result = desk.take("refs.bib")
    assert result.exit_code == 1
    assert 'The record "long" has a field with over 50,000 characters' in result.stderr
    assert desk.errors() == ""


def test_a_windows_file_is_read_when_it_is_said_to_be_one(desk: Desk) -> None:
    (desk.folder / "refs.bib").write_bytes(BELL.replace("Bell", "Hallén").encode("cp1252"))
    before = desk.bytes()
    result = desk.take("refs.bib")
    assert result.exit_code == 1
    assert "--encoding cp1252" in result.output
    assert desk.bytes() == before
    assert desk.take("refs.bib", "--encoding", "cp1252").exit_code == 0
    assert [row["label"] for row in desk.rows("works")] == ["Hallén (1995)"]


@pytest.mark.parametrize("study", ["../my-study", "/etc", "My Study", "..", "a/b", ""])
def test_a_study_is_never_a_path(desk: Desk, study: str) -> None:
    desk.write("refs.bib", BELL)
    result = desk.run("import", "refs.bib", "--study", study)
    assert result.exit_code == 1
    assert "is no key of a study" in result.output


def test_the_nearest_study_is_suggested(desk: Desk) -> None:
    desk.write("refs.bib", BELL)
    result = desk.run("import", "refs.bib", "--study", "mystudy")
    assert result.exit_code == 1
    assert 'Did you mean "my-study"?' in result.output
    assert "smegraph template data/studies/mystudy" in result.output


def test_a_sheet_of_the_study_that_cannot_be_read_stops_the_import(desk: Desk) -> None:
    (desk.study / "works.csv").write_text('id,label\na,"b\n', encoding="utf-8")
    desk.write("refs.bib", BELL)
    before = desk.bytes()
    result = desk.take("refs.bib")
    assert result.exit_code == 1
    assert "works.csv" in result.output
    assert desk.bytes() == before


def test_a_sheet_of_another_study_that_cannot_be_read_does_not(beside: Desk) -> None:
    (beside.study.parent / "finnish-software" / "works.csv").write_text("nonsense", "utf-8")
    beside.write("refs.bib", BELL)
    assert beside.take("refs.bib").exit_code == 0


# ---------------------------------------------------------------- all sheets, or none


def test_a_dry_run_shows_the_rows_and_writes_none(desk: Desk) -> None:
    desk.write("refs.bib", BELL)
    before = desk.bytes()
    result = desk.take("refs.bib", "--dry-run")
    assert result.exit_code == 0
    assert desk.bytes() == before
    assert "+++ works.imported.csv" in result.stdout
    assert "+bell-1995,Bell (1995),First steps,1995,journal article,J," in result.stdout
    assert "works.imported.csv: 1 new row." in result.stdout
    desk.take("refs.bib")
    assert "Nothing changes." in desk.take("refs.bib", "--dry-run").stdout


def test_a_full_disk_leaves_everything_as_it_was(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(descriptor: int) -> None:
        if len(list(desk.study.glob(".*.tmp"))) == 3:
            raise OSError(28, "No space left on device")

    desk.write("refs.bib", BELL)
    before = desk.bytes()
    monkeypatch.setattr(os, "fsync", full)
    result = desk.take("refs.bib")
    assert result.exit_code == 1
    assert "No space left on device" in result.output
    assert desk.bytes() == before


@pytest.mark.parametrize("renamed", [1, 2, 3])
def test_a_process_killed_between_two_sheets_leaves_sheets_that_hold_together(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, renamed: int
) -> None:
    desk.write("refs.bib", BELL + OKAZAKI)
    calls: list[Path] = []

    def dies(path: Path, target: Path) -> Path:
        calls.append(target)
        if len(calls) > renamed:
            os._exit(9)
        return path.rename(target)

    if (child := os.fork()) == 0:  # it dies as by SIGKILL, without a last word
        monkeypatch.setattr(Path, "replace", dies)
        with contextlib.suppress(BaseException):
            import_references(Project(desk.ontology), Path("refs.bib"), KEY)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) == 9
    assert len(list(desk.study.glob("*.imported.csv"))) == renamed
    assert desk.errors() == ""
    assert desk.take("refs.bib").exit_code == 0
    whole = {name: data for name, data in desk.bytes().items() if "imported" in name}
    for path in desk.study.glob("*.imported.csv"):
        path.unlink()
    desk.take("refs.bib")
    assert {n: d for n, d in desk.bytes().items() if "imported" in n} == whole


def test_what_a_killed_import_left_beside_is_removed(desk: Desk) -> None:
    (desk.study / ".works.imported.csv.import.tmp").write_text("half", encoding="utf-8")
    desk.write("refs.bib", BELL)
    desk.take("refs.bib")
    assert not list(desk.study.glob(".*"))


def test_two_imports_do_not_write_at_once(desk: Desk) -> None:
    desk.write("refs.bib", BELL)
    descriptor = os.open(desk.study, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        result = desk.take("refs.bib")
    finally:
        os.close(descriptor)
    assert result.exit_code == 1
    assert "Another import is at work" in result.output
    assert desk.take("refs.bib").exit_code == 0


def test_new_rows_stand_behind_the_old_ones_in_the_columns_that_are_there(desk: Desk) -> None:
    path = desk.study / "works.imported.csv"
    path.write_text("label,id,note\nOld (1990),old-1990,kept\n", encoding="utf-8")
    desk.write("refs.bib", BELL)
    assert desk.take("refs.bib").exit_code == 0
    head, old, new = path.read_text("utf-8").splitlines()
    assert head.startswith("label,id,note,")
    assert old.startswith("Old (1990),old-1990,kept,")
    assert new.startswith('Bell (1995),bell-1995,"Imported from')
    assert desk.errors() == ""


def test_the_rows_of_the_study_pass_a_whole_check(beside: Desk) -> None:
    beside.write("refs.bib", BELL + OKAZAKI)
    for study in ("finnish-software", "arnone-deprince", KEY):
        assert beside.run("import", "refs.bib", "--study", study).exit_code == 0
    assert beside.run("check").exit_code == 0


# ---------------------------------------------------------------- one work, written differently

R_AND_D = {
    "refs.bib": "@article{k1, author = {Smith, Pat}, title = {Growth of R{\\&}D firms},"
    " journal = {Journal of Small Business \\& Entrepreneurship}, year = 2011}",
    "refs.ris": "TY  - JOUR\nAU  - Smith, Pat\nTI  - Growth of R&amp;D firms\n"
    "JF  - Journal of Small Business &amp; Entrepreneurship\nPY  - 2011\nER  - \n",
    "refs.json": '[{"id": "a", "type": "article-journal", "title": "<i>Growth</i> of R&amp;amp;D'
    ' firms", "container-title": "Journal of Small Business &#38; Entrepreneurship", "author":'
    ' [{"family": "Smith", "given": "Pat"}], "issued": {"date-parts": [[2011]]}}]',
}


@pytest.mark.parametrize("first", list(R_AND_D))
def test_entities_make_no_second_work(desk: Desk, first: str) -> None:
    for file, text in R_AND_D.items():
        desk.write(file, text)
    assert desk.take(first).exit_code == 0
    before = desk.bytes()
    for file in R_AND_D:
        result = desk.take(file)
        assert (result.exit_code, result.stderr) == (0, "")
        assert "Nothing changes." in result.stdout
    assert desk.bytes() == before
    (work,) = desk.rows("works")
    assert work["title"] == "Growth of R&D firms"


@pytest.mark.parametrize(
    "doi",
    ["https://www.doi.org/10.1000/ABC", "doi: 10.1000/abc.", "10.1000/abc [doi]",
     "http://dx.doi.org/10.1000%2Fabc", "info:doi/10.1000/abc", "DOI 10.1000/abc"],
)  # fmt: skip
def test_a_doi_is_one_however_it_is_written(desk: Desk, doi: str) -> None:
    desk.write("a.bib", "@book{a, author={Bell, J.}, title={A}, year=2001, doi={10.1000/abc}}")
    desk.write("b.ris", f"TY  - BOOK\nAU  - Bell, J.\nTI  - A\nPY  - 2001\nDO  - {doi}\nER  - \n")
    desk.take("a.bib")
    result = desk.take("b.ris")
    assert (result.exit_code, result.stderr) == (0, "")
    assert "Nothing changes." in result.stdout


def test_thousands_of_one_name_are_quick_and_told(desk: Desk) -> None:
    desk.write("refs.ris", "TY  - BOOK\nTI  - A\nPY  - 2001\n"
               + "AU  - Doe, J.\n" * 20_000 + "ER  - \n")  # fmt: skip
    result = desk.take("refs.ris")
    assert 'The author "Doe, J." stands there 20000 times' in result.stderr
    assert len({row["person"] for row in desk.rows("authorships")}) == 20_000


def test_macros_without_end_are_one_error(desk: Desk) -> None:
    macros = "".join(f"@string{{a{n} = a{n - 1} # a{n - 1}}}\n" for n in range(1, 40))
    desk.write("refs.bib", f'@string{{a0 = "lol"}}\n{macros}@book{{k, title = a39, year = 2001}}')
    result = desk.take("refs.bib")
    assert result.exit_code == 1
    assert result.output.count("\n") == 1
    assert 'the macro "a15" stands for a text of over' in result.output
