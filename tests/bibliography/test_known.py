"""What the studies know already: a work or a person that comes again is the one that is there."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from smegraph.bibliography.known import Known
from smegraph.bibliography.mapping import PERSONS, WORKS, Mapping
from smegraph.bibliography.record import Name
from smegraph.ontology.ontology import Ontology
from smegraph.ontology.schema import Schema
from smegraph.studies.errors import DataError
from smegraph.studies.folder import find_folders

MINE, THEIRS = "studies/mine", "studies/theirs"
FIRST_STEPS = "id,label,title,year\nbell-1995,Bell (1995),First steps,1995\n"
BELL = [Name("Bell", "Jim")]
Read = Callable[[dict[str, str]], Known]


@pytest.fixture
def read(tmp_path: Path, ontology: Ontology, schema: Schema, mapping: Mapping) -> Read:
    """Reads what the study `mine` knows, when the sheets hold some texts."""

    def reader(texts: dict[str, str]) -> Known:
        for name, text in texts.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return Known.read(find_folders(tmp_path, schema), "mine", mapping, ontology)

    return reader


def work(known: Known, title: str, year: str, authors: list[Name], doi: str = "") -> str | None:
    """The key of a work by what a record says, which would be given the key `new`."""
    return known.work(doi, title, year, authors, "new")


# ---------------------------------------------------------------- one work is one work


def test_a_work_is_known_by_title_year_and_first_author(read: Read) -> None:
    known = read({f"{MINE}/works.csv": FIRST_STEPS})
    assert work(known, "First steps", "1995", BELL) == "bell-1995"


def test_case_and_punctuation_of_a_title_do_not_matter(read: Read) -> None:
    known = read({f"{MINE}/works.csv": FIRST_STEPS})
    assert work(known, "“FIRST – Steps”", "1995", BELL) == "bell-1995"


@pytest.mark.parametrize(
    ("title", "year", "family"),
    [("Second steps", "1995", "Bell"), ("First steps", "1996", "Bell"),
     ("First steps", "1995", "Bellini")],
)  # fmt: skip
def test_a_work_of_another_title_year_or_author_is_another(
    read: Read, title: str, year: str, family: str
) -> None:
    known = read({f"{MINE}/works.csv": FIRST_STEPS})
    assert work(known, title, year, [Name(family)]) is None


def test_a_year_that_is_not_told_is_no_other_year(read: Read) -> None:
    known = read({f"{MINE}/works.csv": FIRST_STEPS})
    assert work(known, "First steps", "", BELL) == "bell-1995"


def test_a_doi_tells_more_than_title_year_and_author(read: Read) -> None:
    text = "id,label,title,year,doi\na,A,First steps,1995,\nb,B,Other,2001,10.1000/Abc\n"
    known = read({f"{MINE}/works.csv": text})
    assert work(known, "First steps", "1995", [], "10.1000/aBC") == "b"


def test_a_work_without_a_title_is_known_by_its_key(read: Read) -> None:
    known = read({f"{MINE}/works.csv": "id,label,year\nbell-1995,Bell (1995),1995\n"})
    assert known.work("", "First steps", "1995", BELL, "bell-1995") == "bell-1995"


def test_a_work_with_another_title_is_not_known_by_its_key(read: Read) -> None:
    known = read({f"{MINE}/works.csv": FIRST_STEPS})
    assert known.work("", "Second steps", "1995", BELL, "bell-1995") is None


def test_the_work_that_the_study_may_refer_to_is_taken_before_others(read: Read) -> None:
    head = "id,label,title,year,doi\n"
    known = read({
        f"{THEIRS}/works.csv": f"{head}bell-own,Bell,First steps,1995,10.1000/x\n",
        f"{MINE}/works.csv": f"{head}bell-1995,Bell,First steps,1995,\n",
    })  # fmt: skip
    assert work(known, "First steps", "1995", BELL, "10.1000/x") == "bell-1995"


# ---------------------------------------------------------------- rows


def test_a_row_without_an_id_has_the_key_that_its_label_makes(read: Read) -> None:
    known = read({f"{MINE}/works.csv": "label,title\nBell (1995),First steps\n"})
    assert list(known.works) == ["bell-1995"]


def test_a_row_without_id_and_label_is_passed_over(read: Read) -> None:
    known = read({f"{MINE}/works.csv": "id,label,title\n,,First steps\n"})
    assert known.works == {}


def test_a_row_says_where_it_stands(read: Read) -> None:
    known = read({f"{MINE}/works.csv": "id,label\n\nbell-1995,Bell\n"})
    assert known.works["bell-1995"][0].shown() == "mine/works.csv row 3"


def test_what_the_study_says_of_a_work_stands_before_what_others_say(read: Read) -> None:
    text = "id,label,title\nbell-1995,Bell,"
    known = read({f"{THEIRS}/works.csv": f"{text}Theirs\n", "studies/a/works.csv": f"{text}A\n",
                  f"{MINE}/works.csv": f"{text}Mine\n"})  # fmt: skip
    assert [row.study for row in known.works["bell-1995"]] == ["mine", "a", "theirs"]
    assert known.text("bell-1995", "Title") == "Mine"


def test_what_the_study_leaves_open_another_may_say(read: Read) -> None:
    known = read({f"{MINE}/works.csv": "id,label,title\nbell-1995,Bell,\n",
                  f"{THEIRS}/works.csv": FIRST_STEPS})  # fmt: skip
    assert known.text("bell-1995", "Title") == "First steps"


def test_a_study_may_refer_to_its_own_rows_and_not_to_those_of_another(read: Read) -> None:
    rows = "id,label,familyName\n"
    known = read({f"{MINE}/persons.csv": f"{rows}bell-j,Bell,Bell\n",
                  f"{THEIRS}/persons.csv": f"{rows}loane-s,Loane,Loane\n"})  # fmt: skip
    assert known.near(PERSONS, "bell-j") is known.persons["bell-j"][0]
    assert known.persons["loane-s"]
    assert known.near(PERSONS, "loane-s") is None


def test_a_study_may_refer_to_reference_data_and_does_not_own_them(read: Read) -> None:
    known = read({"reference/works.csv": FIRST_STEPS, f"{MINE}/works.csv": "id,label\n"})
    row = known.near(WORKS, "bell-1995")
    assert row is not None
    assert not row.own


def test_a_study_is_a_work_that_every_study_may_refer_to(read: Read) -> None:
    known = read({f"{THEIRS}/study.yaml": "id: theirs\nlabel: Theirs\ntitle: A study\n"})
    assert work(known, "A study", "", []) == "theirs"
    assert known.near(WORKS, "theirs") is not None


def test_rows_that_an_import_wrote_are_told_from_those_of_people(read: Read) -> None:
    known = read({f"{MINE}/works.csv": "id,label\na,A\n",
                  f"{MINE}/works.imported.csv": "id,label\nb,B\n"})  # fmt: skip
    assert {key: row.imported for key, (row,) in known.works.items()} == {"a": False, "b": True}


# ---------------------------------------------------------------- relations


def test_authors_stand_in_the_order_of_their_positions(read: Read) -> None:
    text = "work,order,person\nw,10,c\nw,2,b\nw,1,a\n"
    assert read({f"{MINE}/authorships.csv": text}).authors == {"w": ["a", "b", "c"]}


def test_an_author_without_a_position_stands_before_the_others(read: Read) -> None:
    text = "work,order,person\nw,1,a\nw,,b\n"
    assert read({f"{MINE}/authorships.csv": text}).authors == {"w": ["b", "a"]}


def test_relations_may_name_works_and_persons_by_any_of_their_names(read: Read) -> None:
    known = read({
        f"{MINE}/works.csv": "id,label,altLabels\nbell-1995,Bell (1995),Steps; Bell\n",
        f"{MINE}/persons.csv": 'id,label,familyName\nbell-j,"Bell, J.",Bell\n',
        f"{MINE}/authorships.csv": 'work,order,person\nBELL (1995),1,"bell, j."\n',
        f"{MINE}/references.csv": "work\nsteps\n",
    })  # fmt: skip
    assert known.authors == {"bell-1995": ["bell-j"]}
    assert known.listed == {"bell-1995"}


def test_the_references_of_another_study_are_none_of_this_one(read: Read) -> None:
    known = read({f"{THEIRS}/references.csv": "work\nbell-1995\n"})
    assert known.listed == set()


def test_the_coders_are_those_of_the_study(read: Read) -> None:
    named = ("id", "label", "sourceFile", "sourceSha256", "rights", "status")
    record = "".join(f"{name}: mine\n" for name in named)
    known = read({f"{MINE}/study.yaml": f"{record}coders: Ann; ; Bo\n",
                  f"{THEIRS}/study.yaml": "id: theirs\ncoders: Cy\n"})  # fmt: skip
    assert known.coders == ["Ann", "Bo"]


# ---------------------------------------------------------------- sheets that cannot be read


def test_a_sheet_of_the_study_that_cannot_be_read_is_refused(read: Read) -> None:
    with pytest.raises(DataError) as refused:
        read({f"{MINE}/works.csv": 'id,label\na,"b\n'})
    assert [problem.kind for problem in refused.value.problems] == ["csv-syntax"]


def test_a_sheet_of_another_study_is_read_as_far_as_it_can_be(read: Read) -> None:
    known = read({f"{THEIRS}/works.csv": 'id,label\na,A\nb,"B\n'})
    assert list(known.works) == ["a"]


def test_a_sheet_that_says_nothing_of_works_may_be_as_broken_as_it_is(read: Read) -> None:
    assert read({f"{MINE}/firms.csv": 'id,"label\n'}).works == {}


def test_a_work_without_an_id_is_named_with_its_study_from_another(read: Read) -> None:
    known = read({f"{THEIRS}/works.csv": "label,title,year\nBell (1995),First steps,1995\n"})
    assert work(known, "First steps", "1995", BELL) == "theirs-bell-1995"
    known = read({f"{MINE}/works.csv": "label,title,year\nBell (1995),First steps,1995\n"})
    assert work(known, "First steps", "1995", BELL) == "bell-1995"
