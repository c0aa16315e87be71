"""A folder is read: rows get keys and subjects, and everything that is wrong with them is told."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path

import pytest

from smegraph.errors import Problem
from smegraph.namespaces import ID, SME, VOC
from smegraph.ontology.ontology import Ontology, local_name
from smegraph.ontology.schema import REFERENCE, STUDY, Schema
from smegraph.ontology.terms import FACT, REPORTED_IN, TYPE
from smegraph.studies.claims import ClaimedKey
from smegraph.studies.folder import StudyFolder
from smegraph.studies.index import NameIndex, Node
from smegraph.studies.passages import Source
from smegraph.studies.reader import FolderReader, Ingested

FIRMS = "id,label\nmovy,Movy\nskills,Skills\n"
SAMPLES = "id,label,size,unit\n"


@dataclass
class Desk:
    """Reads sheets of a study against what studies share; texts are given by the file's name.

    Attributes:
        root: where the folders lie; it is the working folder.
        shared: what all studies share.
        claims: what the studies before say of things beyond one study.
    """

    root: Path
    ontology: Ontology
    schema: Schema
    shared: NameIndex = field(default_factory=NameIndex)
    claims: dict[str, ClaimedKey] = field(default_factory=dict)

    def reader(
        self, texts: dict[str, str], study: str = "ours", source: Source | None = None
    ) -> FolderReader:
        path = self.root / study
        path.mkdir()
        iri = f"{ID}work-{study}" if study != "reference" else None
        folder = StudyFolder(study, path, STUDY if iri else REFERENCE, iri)
        for name, text in texts.items():
            (path / name).write_text(text, encoding="utf-8")
            folder.files.append((path / name, self.schema.sheets[name.split(".")[0]]))
        return FolderReader(folder, self.ontology, self.shared, source, self.claims)

    def read(self, study: str = "ours", **texts: str) -> Ingested:
        """Read sheets; `firm_observations` is the file `firm-observations.csv`."""
        files = {f"{name.replace('_', '-')}.csv": text for name, text in texts.items()}
        return self.reader(files, study).run()

    def share(self, kind: str, key: str, label: str, *names: str) -> None:
        """Let the reference data hold a thing."""
        iri = f"{ID}{kind}-{key}"
        classes = frozenset([SME + kind.capitalize()])
        self.shared.add(Node(iri, key, label, names, classes, "the reference data"))


@pytest.fixture
def desk(
    tmp_path: Path, ontology: Ontology, schema: Schema, monkeypatch: pytest.MonkeyPatch
) -> Desk:
    monkeypatch.chdir(tmp_path)
    return Desk(tmp_path, ontology, schema)


def subjects(result: Ingested) -> list[str | None]:
    """The subjects of all rows, without the namespace of identifiers."""
    found = [subject for part in result.parts for subject in part.subjects]
    return [subject and subject.removeprefix(ID) for subject in found]


def told(result: Ingested) -> list[tuple[int | None, str | None, str]]:
    """Row, column and kind of each problem."""
    return [(problem.row, problem.column, problem.kind) for problem in result.problems]


def only(result: Ingested) -> Problem:
    """The one problem."""
    (problem,) = result.problems
    return problem


# ---------------------------------------------------------------- keys


def test_a_row_is_named_by_its_id(desk: Desk) -> None:
    assert subjects(desk.read(firms=FIRMS)) == ["firm-movy", "firm-skills"]


def test_a_row_without_an_id_is_named_by_its_label_within_its_study(desk: Desk) -> None:
    text = 'id,label\n,"Crea-Appli, Oy"\nown,Dragon\n'
    assert subjects(desk.read(places=text)) == ["place-ours-crea-appli-oy", "place-own"]


def test_a_row_of_the_reference_data_without_an_id_is_named_by_its_label(desk: Desk) -> None:
    assert subjects(desk.read("reference", places="label,kind\nEspoo,city\n")) == ["place-espoo"]


@pytest.mark.parametrize(
    "sheet", ["firms", "organizations", "persons", "works", "channels", "places"]
)
def test_two_studies_may_use_one_name_for_two_things(desk: Desk, sheet: str) -> None:
    kind = {"channels": "platform", "places": "city"}.get(sheet)
    text = f"label,kind\nCase A,{kind}\n" if kind else "label\nCase A\n"
    results = [desk.read(study, **{sheet: text}) for study in ("first", "second")]
    thing = sheet.removesuffix("s")
    assert [subjects(result) for result in results] == [
        [f"{thing}-first-case-a"], [f"{thing}-second-case-a"],
    ]  # fmt: skip
    assert [result.problems for result in results] == [[], []]


def test_facts_on_a_firm_without_an_id_keep_their_short_keys(desk: Desk) -> None:
    text = "firm,year,employees\nFirm A,2018,3\nfirm-a,2019,4\nfirm-ours-firm-a,2020,5\n"
    result = desk.read(firms="label\nFirm A\n", firm_observations=text)
    assert result.problems == []
    assert subjects(result) == [
        "firm-ours-firm-a", "firm-year-ours-firm-a-2018", "firm-year-ours-firm-a-2019",
        "firm-year-ours-firm-a-2020",
    ]  # fmt: skip
    assert "".join(result.rows()).count(f"<{ID}firm-ours-firm-a> <{ID}") == 0
    assert "".join(result.rows()).count(f" <{ID}firm-ours-firm-a> ") == 3


def test_a_row_without_an_id_is_a_thing_of_the_reference_data_by_its_name(desk: Desk) -> None:
    desk.share("firm", "movy", "Movy")
    assert subjects(desk.read(firms="label\nMOVY\n")) == ["firm-movy"]


def test_a_construct_is_not_taken_for_a_concept_of_another_class(desk: Desk) -> None:
    concept = Node(f"{VOC}training", "training", "training", (), frozenset([SME + "Industry"]))
    desk.shared.add(concept)
    text = "{}prefLabel,definition\n{}Training,Teaching that a firm gives.\n"
    (made,) = desk.read(constructs=text.format("", "")).parts[0].subjects
    assert made == f"{VOC}ours-training"
    result = desk.read("other", constructs=text.format("id,", "training,"))
    assert result.parts[0].subjects == [None]
    clash = next(problem for problem in result.problems if problem.column == "id")
    assert "which is no construct" in clash.message


def test_an_id_and_a_label_of_one_study_do_not_share_a_key(desk: Desk) -> None:
    problem = only(desk.read(firms="id,label\nfirm-a,Alpha\n,Firm A\n"))
    assert (problem.row, problem.kind) == (3, "slug-collision")


def test_a_fact_is_named_within_its_study(desk: Desk) -> None:
    text = f"{SAMPLES}a,A,2,firm\n"
    assert subjects(desk.read(samples=text)) == ["sample-ours-a"]


def test_a_row_without_an_id_of_its_own_is_named_by_its_roles(desk: Desk) -> None:
    text = "firm,year,employees\nMovy,2018,3\nskills,2018,4\nmovy,,5\n"
    result = desk.read(firms=FIRMS, firm_observations=text)
    assert subjects(result)[2:] == [
        "firm-year-ours-movy-2018", "firm-year-ours-skills-2018", "firm-year-ours-movy",
    ]  # fmt: skip


def test_the_key_of_a_role_is_that_of_what_it_names(desk: Desk) -> None:
    firms = "id,label\nfirm-a,Alpha\n"
    result = desk.read(firms=firms, firm_observations="firm,year\nAlpha,2018\n")
    assert subjects(result)[1:] == ["firm-year-ours-firm-a-2018"]


# ---------------------------------------------------------------- rows without a key


def test_a_label_that_makes_no_key_is_told(desk: Desk) -> None:
    result = desk.read(places="label,kind\n東京,city\n")
    assert subjects(result) == [None]
    problem = only(result)
    assert (problem.row, problem.column, problem.kind) == (2, "id", "no-key")
    assert (problem.message, problem.value) == ('"東京" gives no key.', "東京")
    assert str(problem.remedy).startswith("Give it an id. A key is made of letters")


def test_an_id_that_every_row_must_have_is_told_once(desk: Desk) -> None:
    result = desk.read(samples=f"{SAMPLES},東京,2,firm\n,A,2,firm\n")
    assert told(result) == [(2, "id", "empty-cell"), (3, "id", "empty-cell")]


def test_an_id_that_is_wrong_is_told_once_and_names_nothing(desk: Desk) -> None:
    result = desk.read(samples=f"{SAMPLES}A b!,A,2,firm\n")
    assert (subjects(result), told(result)) == ([None], [(2, "id", "invalid-cell")])


def test_an_id_that_would_break_an_iri_is_refused_though_no_shape_does(desk: Desk) -> None:
    sheet = desk.schema.sheets["samples"]
    loose = tuple(replace(c, pattern=None) if c.name == "id" else c for c in sheet.columns)
    desk.schema = Schema({**desk.schema.sheets, "samples": replace(sheet, columns=loose)})
    result = desk.read(samples=f"{SAMPLES}a> <urn:b,A,2,firm\n")
    assert (subjects(result), told(result)) == ([None], [(2, "id", "no-key")])


def test_a_role_that_is_wrong_is_told_once_and_names_nothing(desk: Desk) -> None:
    result = desk.read(firms=FIRMS, firm_observations="firm,year\nMovee,2018\n")
    assert subjects(result)[-1] is None
    assert told(result) == [(2, "firm", "invalid-cell")]


def test_a_role_that_every_row_must_have_is_told_once(desk: Desk) -> None:
    result = desk.read(firms=FIRMS, firm_observations="firm,year,employees\n,,4\n")
    assert subjects(result)[-1] is None
    assert (2, "firm", "empty-cell") in told(result)
    assert "no-key" not in {problem.kind for problem in result.problems}


def test_a_row_without_any_role_gives_no_key(desk: Desk) -> None:
    sheet = desk.schema.sheets["firm-observations"]
    loose = tuple(replace(column, required=False) for column in sheet.columns)
    desk.schema = Schema({**desk.schema.sheets, "firm-observations": replace(sheet, columns=loose)})
    result = desk.read(firm_observations="firm,employees\n,4\n")
    (problem,) = (problem for problem in result.problems if problem.kind == "no-key")
    assert (problem.column, problem.message) == (None, "The row gives no key.")


# ---------------------------------------------------------------- keys that stand twice


def test_a_second_row_with_a_key_names_the_first(desk: Desk) -> None:
    result = desk.read(samples=f"{SAMPLES}a,A,2,firm\nb,B,2,firm\na,C,2,firm\n")
    assert subjects(result) == ["sample-ours-a", "sample-ours-b", None]
    problem = only(result)
    assert (problem.row, problem.column, problem.kind) == (4, None, "duplicate-key")
    assert problem.message == "The row has the key of row 2: sample-ours-a."
    assert problem.remedy == "Each row needs a key of its own (made from id)."


def test_a_second_row_in_another_file_names_the_file_too(desk: Desk) -> None:
    files = {"samples.a.csv": f"{SAMPLES}a,A,2,firm\n", "samples.b.csv": f"{SAMPLES}a,B,2,firm\n"}
    problem = only(desk.reader(files).run())
    assert problem.file == "ours/samples.b.csv"
    assert problem.message == "The row has the key of ours/samples.a.csv row 2: sample-ours-a."


def test_a_key_of_roles_that_stands_twice_is_told_with_the_roles(desk: Desk) -> None:
    result = desk.read(firms=FIRMS, firm_observations="firm,year\nmovy,2018\nMovy,2018\n")
    problem = only(result)
    assert (problem.row, problem.kind) == (3, "duplicate-key")
    assert problem.remedy == "Each row needs a key of its own (made from firm, year)."


def test_two_labels_that_make_one_key_are_told_by_both(desk: Desk) -> None:
    problem = only(desk.read(places="label,kind\nGoogle,city\nGoogle+,city\n"))
    assert (problem.row, problem.column, problem.kind) == (3, "id", "slug-collision")
    assert problem.message == '"Google+" and "Google" (row 2) would both have the key "google".'
    assert problem.remedy == "Give each an id of its own."


# ---------------------------------------------------------------- things beyond one study


def test_a_study_may_say_more_of_a_shared_thing_under_any_of_its_names(desk: Desk) -> None:
    desk.share("firm", "movy", "Movy", "Movy Oy")
    result = desk.read(firms="id,label\nmovy,MOVY OY\n")
    assert (subjects(result), result.problems) == (["firm-movy"], [])


def test_a_study_may_not_name_a_shared_thing_anew(desk: Desk) -> None:
    desk.share("firm", "movy", "Movy")
    result = desk.read(firms="id,label\nmovy,Skills\n")
    assert subjects(result) == [None]
    problem = only(result)
    assert (problem.column, problem.kind, problem.value) == ("id", "slug-collision", "Skills")
    assert problem.message == '"Skills" would have the key of "Movy" (the reference data).'


def test_two_studies_may_name_one_thing_alike(desk: Desk) -> None:
    desk.read("first", firms="id,label\nmovy,Movy\n")
    result = desk.read("second", firms="id,label\nmovy,MOVY\n")
    assert (subjects(result), result.problems) == (["firm-movy"], [])


def test_two_studies_that_choose_one_id_mean_one_thing(desk: Desk) -> None:
    desk.read("first", works="id,label\nbell-1995,Bell (1995)\n")
    result = desk.read("second", works="id,label\nbell-1995,Bell 1995\n")
    assert (subjects(result), result.problems) == (["work-bell-1995"], [])


def test_two_studies_that_choose_one_id_for_two_names_are_told(desk: Desk) -> None:
    desk.read("first", firms="id,label\nf1,Firm A\n")
    result = desk.read("second", firms="id,label\nf1,Firm B\n")
    assert subjects(result) == [None]
    problem = only(result)
    assert (problem.column, problem.kind, problem.severity) == ("id", "slug-collision", "error")
    assert problem.message == (
        '"Firm B" has the id of "Firm A" (first/firms.csv row 2), and both would be one thing.'
    )


def test_an_id_of_two_studies_may_have_two_names_that_know_of_each_other(desk: Desk) -> None:
    desk.read("first", firms="id,label\nmovy,Movy\n")
    result = desk.read("second", firms="id,label,altLabels\nmovy,Movy Oy,Movy\n")
    assert (subjects(result), result.problems) == (["firm-movy"], [])


def test_an_anonymous_firm_with_the_id_of_another_study_is_a_warning(desk: Desk) -> None:
    text = "id,label\nfirm-a,Firm A\n"
    desk.read("first", firms=text)
    result = desk.read("second", firms=text)
    assert subjects(result) == ["firm-firm-a"]
    problem = only(result)
    assert (problem.kind, problem.severity) == ("shared-id", "warning")
    assert "leave the id empty" in str(problem.remedy)


def test_a_key_that_a_label_made_is_not_taken_for_another_things(desk: Desk) -> None:
    desk.read("a-b", works="label\nGoogle\n")
    problem = only(desk.read("a", works="label\nB Google\n"))
    assert problem.kind == "slug-collision"
    assert problem.message == ('"B Google" would have the key of "Google" (a-b/works.csv row 2).')


def test_an_id_may_name_a_thing_that_another_study_named_for_itself(desk: Desk) -> None:
    desk.read("first", firms="label\nFirm A\n")
    result = desk.read("second", firms="id,label\nfirst-firm-a,Firm A\n")
    assert (subjects(result), result.problems) == (["firm-first-firm-a"], [])


def test_two_studies_may_give_their_facts_the_same_ids(desk: Desk) -> None:
    text = f"{SAMPLES}a,A,2,firm\n"
    results = [desk.read("first", samples=text), desk.read("second", samples=text)]
    assert [subjects(result) for result in results] == [["sample-first-a"], ["sample-second-a"]]
    assert [result.problems for result in results] == [[], []]


# ---------------------------------------------------------------- the index


def test_rows_enter_the_index_with_names_classes_and_place(desk: Desk) -> None:
    reader = desk.reader({"places.csv": "label,altLabels,kind\nEspoo,Esbo; Espå,city\n"})
    reader.run()
    node = reader.index.get(f"{ID}place-ours-espoo")
    assert node is not None
    assert (node.key, node.label, node.names) == ("espoo", "Espoo", ("Esbo", "Espå"))
    assert {SME + "City", SME + "Place"} <= node.classes
    assert node.place == "ours/places.csv row 2"


def test_what_all_studies_share_is_not_changed_by_one(desk: Desk) -> None:
    desk.read(firms=FIRMS)
    assert desk.shared.nodes == {}


def test_a_row_without_an_id_may_be_named_where_a_column_can_name_it(desk: Desk) -> None:
    texts = {
        "firms.csv": FIRMS,
        "firm-observations.csv": "firm,year\nmovy,2018\n",
        "data-quality-notes.csv": (
            "id,kind,statement,about,firstReading,secondReading\n"
            'n1,ambiguous statement,So.,"Movy, 2018",a,b\n'
        ),
    }
    result = desk.reader(texts).run()
    assert "about" not in {problem.column for problem in result.problems}
    assert f"<{ID}firm-year-ours-movy-2018>" in "".join(result.parts[-1].statements())


def test_rows_without_an_id_that_nothing_can_name_stay_out_of_the_index(desk: Desk) -> None:
    reader = desk.reader({"firms.csv": FIRMS, "firm-observations.csv": "firm,year\nmovy,2018\n"})
    reader.run()
    assert [node.key for node in reader.index.nodes.values()] == ["movy", "skills"]


# ---------------------------------------------------------------- what is said of every row


def constants(result: Ingested) -> str:
    return "".join(result.parts[-1].constants)


def test_a_fact_is_of_its_sheets_class_and_reported_in_its_study(desk: Desk) -> None:
    said = constants(desk.read(firms=FIRMS, firm_observations="firm,year\nmovy,2018\n"))
    assert FACT in desk.ontology.superclasses(desk.schema.sheets["firm-observations"].class_)
    assert f" <{TYPE}> <{SME}FirmObservation> <" in said
    assert f" <{REPORTED_IN}> <{ID}work-ours> <" in said


def test_a_thing_is_reported_in_no_study(desk: Desk) -> None:
    assert REPORTED_IN not in constants(desk.read(firms=FIRMS))


def test_a_column_with_kinds_takes_the_place_of_the_sheets_class(desk: Desk) -> None:
    result = desk.read(places="label,kind\nEspoo,city\n")
    assert constants(result) == ""
    assert f"<{ID}place-ours-espoo> <{TYPE}> <{SME}City> <" in "".join(result.rows())


def test_every_statement_of_a_folder_stands_in_its_graph(desk: Desk) -> None:
    result = desk.read(firms=FIRMS, samples=f"{SAMPLES}a,A,2,firm\n")
    assert result.lines
    graph = f" <{result.folder.graph}> .\n"
    assert [line for line in result.lines if not line.endswith(graph)] == []


def test_lines_are_the_statements_one_by_one_in_the_order_of_the_rows(desk: Desk) -> None:
    result = desk.read(firms=FIRMS)
    assert "".join(result.lines) == "".join(result.rows())
    assert {line.count("\n") for line in result.lines} == {1}
    assert [line.split(" ")[0] for line in result.lines][:: len(result.lines) - 1] == [
        f"<{ID}firm-movy>", f"<{ID}firm-skills>",
    ]  # fmt: skip


# ---------------------------------------------------------------- cells


def test_a_wrong_cell_is_told_with_its_place_and_what_would_do(desk: Desk) -> None:
    problem = only(desk.read(samples=f"{SAMPLES}a,A,two,firm\n"))
    assert (problem.file, problem.row, problem.column) == ("ours/samples.csv", 2, "size")
    assert (problem.kind, problem.value, problem.severity) == ("invalid-cell", "two", "error")
    assert problem.message == '"two" is not a whole number.'
    assert problem.remedy


def test_every_error_of_a_cell_is_told(desk: Desk) -> None:
    text = "id,kind,statement,firms\nf1,finding,So.,Moovy; Skylls\n"
    result = desk.read(firms=FIRMS, findings=text)
    assert [p.message for p in result.problems if p.column == "firms"] == [
        '"Moovy" is no known firm.', '"Skylls" is no known firm.',
    ]  # fmt: skip


YEARS = "firm,year,turnover,exports\n"


def test_a_number_with_two_readings_is_refused_where_nothing_decides(desk: Desk) -> None:
    result = desk.read(firms=FIRMS, firm_observations=f"{YEARS}movy,2018,80.000,\nmovy,2019,5,\n")
    problem = only(result)
    assert (problem.row, problem.column, problem.value) == (2, "turnover", "80.000")
    assert problem.remedy == "Write 80000, or 80.0000 with one decimal more."


@pytest.mark.parametrize(
    ("other", "value"), [("1.234.567", "80000"), ("1.234,5", "80000"), ("9.09", "80")]
)
def test_a_number_with_two_readings_is_decided_by_its_column_and_told(
    desk: Desk, other: str, value: str
) -> None:
    text = f'{YEARS}movy,2018,80.000,\nmovy,2019,"{other}",\n'
    result = desk.read(firms=FIRMS, firm_observations=text)
    problem = only(result)
    assert (problem.row, problem.kind, problem.severity) == (2, "number-read", "warning")
    assert f'"80.000" is read as {value}, as "{other}" shows' in problem.message
    assert f'turnover> "{value}"^^' in "".join(result.rows())


def test_another_column_decides_nothing(desk: Desk) -> None:
    text = f"{YEARS}movy,2018,80.000,\nmovy,2019,90,9.09\n"
    assert only(desk.read(firms=FIRMS, firm_observations=text)).column == "turnover"


def test_a_column_of_two_minds_decides_nothing(desk: Desk) -> None:
    text = f'{YEARS}movy,2018,80.000,\nmovy,2019,9.09,\nmovy,2020,"9,09",\n'
    assert told(desk.read(firms=FIRMS, firm_observations=text)) == [(2, "turnover", "invalid-cell")]


STATISTICS = "id,statement,value,counted,unit,locator\n"


@pytest.mark.parametrize("column", ["value", "counted"])
def test_a_column_that_takes_plain_numbers_asks_too(desk: Desk, column: str) -> None:
    cells = {"value": "1", "counted": "1", column: "80.000"}
    text = f"{STATISTICS}a,Firms,{cells['value']},{cells['counted']},firms,p. 1\n"
    errors = [p for p in desk.read(statistics=text).problems if p.column == column]
    assert [p.value for p in errors] == ["80.000"]
    assert "may group digits or begin the decimals" in errors[0].message


def test_a_long_cell_is_told_by_its_beginning_and_its_end(desk: Desk) -> None:
    problem = only(desk.read(samples=f"{SAMPLES}a,A,{'x' * 5000}{'y' * 5000},firm\n"))
    assert problem.value == f"{'x' * 200} … {'y' * 100}"
    assert len(problem.message) < 400


def test_a_cell_that_no_row_may_leave_empty_is_told_with_an_example(desk: Desk) -> None:
    problem = only(desk.read(samples=f"{SAMPLES}a,A,2,\n"))
    assert (problem.row, problem.column, problem.kind) == (2, "unit", "empty-cell")
    assert problem.remedy == f"Example: {desk.schema.sheets['samples'].by_name['unit'].example}."


def test_a_cell_that_most_documents_tell_is_a_warning(desk: Desk) -> None:
    problem = only(desk.read(firms=FIRMS, firm_observations="firm,year\nmovy,\n"))
    assert (problem.column, problem.kind, problem.severity) == ("year", "empty-cell", "warning")
    assert problem.remedy == "Leave it so only when the document does not tell it."


@pytest.mark.parametrize(
    ("least", "most", "wrong"), [("30", "60", False), ("60", "60", False), ("61", "60", True)]
)
def test_a_value_may_not_exceed_the_one_that_it_must_not(
    desk: Desk, least: str, most: str, wrong: bool
) -> None:
    sheet = desk.schema.sheets["interview-rounds"]
    loose = tuple(replace(column, required=False) for column in sheet.columns)
    desk.schema = Schema({**desk.schema.sheets, "interview-rounds": replace(sheet, columns=loose)})
    text = f"id,label,minimumMinutes,maximumMinutes\na,A,{least},{most}\n"
    found = [p for p in desk.read(interview_rounds=text).problems if p.kind == "order"]
    assert [(p.column, p.value) for p in found] == ([("minimumMinutes", "61")] if wrong else [])


@pytest.mark.parametrize(("start", "wrong"), [("8", False), ("9", True), ("10", True)])
def test_a_value_may_not_reach_the_one_that_it_must_be_below(
    desk: Desk, start: str, wrong: bool
) -> None:
    text = f"id,label,size,unit,charStart,charEnd,passageHash\na,A,2,firm,{start},9,{'0' * 64}\n"
    found = [p for p in desk.read(samples=text).problems if p.kind == "order"]
    assert [p.message for p in found] == (
        ["The value must be below that of charEnd."] if wrong else []
    )
    assert all(p.remedy == "charEnd is 9; correct one of them." for p in found)


def test_a_passage_that_the_source_does_not_bear_out_is_told(desk: Desk) -> None:
    source = Source("Two firms were chosen.")
    good, bad = sha256(b"Two firms").hexdigest(), sha256(b"Six firms").hexdigest()
    head = "id,label,size,unit,charStart,charEnd,passageHash\n"
    text = f"{head}a,A,2,firm,0,9,{good}\nb,B,2,firm,0,9,{bad}\n"
    result = desk.reader({"samples.csv": text}, source=source).run()
    assert told(result) == [(3, "charStart", "passage")]


# ---------------------------------------------------------------- all problems


def test_problems_come_in_the_order_of_files_rows_and_columns(desk: Desk) -> None:
    texts = {
        "samples.csv": f"{SAMPLES}a,A,two,\nb,B,six,firm\n",
        "firms.csv": "id,label,zzz\nmovy,,\n",
    }
    assert [(p.file, p.row, p.column) for p in desk.reader(texts).run().problems] == [
        ("ours/firms.csv", 1, "zzz"), ("ours/firms.csv", 2, "label"),
        ("ours/samples.csv", 2, "size"), ("ours/samples.csv", 2, "unit"),
        ("ours/samples.csv", 3, "size"),
    ]  # fmt: skip


def test_what_is_wrong_with_the_folder_is_told_with_the_rest(desk: Desk) -> None:
    reader = desk.reader({"firms.csv": FIRMS})
    stranger = Problem("ours/zzz.csv", kind="unknown-sheet")
    reader.folder.problems.append(stranger)
    reader.problems.append(stranger)
    assert reader.run().problems == [stranger]


def test_a_record_is_told_by_the_line_of_the_entry(desk: Desk) -> None:
    path = desk.root / "ours"
    path.mkdir()
    record = desk.schema.record
    named = "\n".join(f"{c.name}: {'ours' if c.name == 'id' else ''}"
                      for c in record.columns if c.required)  # fmt: skip
    (path / "study.yaml").write_text(f"# A comment.\n{named}\n", encoding="utf-8")
    folder = StudyFolder("ours", path, STUDY, f"{ID}work-ours", [(path / "study.yaml", record)])
    result = FolderReader(folder, desk.ontology, desk.shared).run()
    lines = (path / "study.yaml").read_text("utf-8").splitlines()
    assert len(result.problems) > 3
    for problem in result.problems:
        assert problem.row is not None
        assert lines[problem.row - 1].startswith(f"{problem.column}:")


# ---------------------------------------------------------------------- mentions

MENTION = "mention-ours-firm-movy"
FOUND = "0123456789abcdef" * 4


def said_of(result: Ingested, name: str) -> set[tuple[str, str]]:
    """What is said of a thing: names of properties, and what stands behind them."""
    start = f"<{ID}{name}> <"
    lines = [line for line in result.lines if line.startswith(start)]
    pairs = (line.removeprefix(start).split("> ", 1) for line in lines)
    return {(local_name(predicate), rest.rsplit(" <", 1)[0]) for predicate, rest in pairs}


def test_what_a_document_printed_for_a_thing_is_said_of_its_mention(desk: Desk) -> None:
    head = "id,label,locator,charStart,charEnd,passageHash,asReported,coder,note"
    result = desk.read(firms=f"{head}\nmovy,Movy,Table 1,2,6,{FOUND},MOVY!,mk,in capitals\n")
    told = said_of(result, MENTION)
    assert ("mentionOf", f"<{ID}firm-movy>") in told
    assert ("asReported", '"MOVY!"') in told
    assert {name for name, _ in told} == {
        "type", "mentionOf", "printedIn", "label", "locator", "charStart", "charEnd",
        "passageHash", "asReported", "codedBy", "note",
    }  # fmt: skip
    assert {name for name, _ in said_of(result, "firm-movy")} == {"type", "identifier", "label"}


def test_a_thing_without_a_passage_has_no_mention(desk: Desk) -> None:
    result = desk.read(firms="id,label,locator\nmovy,Movy,\n")
    assert said_of(result, MENTION) == set()


def test_a_fact_keeps_its_passage(desk: Desk) -> None:
    rows = f"firm,year,locator,charStart,charEnd,passageHash\nmovy,2018,Table 1,2,6,{FOUND}\n"
    result = desk.read(firms="id,label\nmovy,Movy\n", firm_observations=rows)
    assert ("charStart", '"2"') in {
        (name, value.split("^^")[0]) for name, value in said_of(result, "firm-year-ours-movy-2018")
    }
    assert not any("mention-" in line for line in result.lines)
