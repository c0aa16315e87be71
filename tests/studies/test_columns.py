"""A column turns cells into predicates with objects, and names what would do where it cannot."""

from __future__ import annotations

import pytest

from smegraph.ontology.ontology import Ontology
from smegraph.ontology.schema import Schema
from smegraph.studies.columns import EMPTY, Cell, ColumnReader, compare
from smegraph.studies.index import NameIndex, Node, vocabulary_index

SUFFIX = " <urn:g> .\n"


def reader(ontology: Ontology, schema: Schema, sheet: str, name: str) -> ColumnReader:
    """The reader of a column, against the vocabulary and two firms with one name."""
    index = NameIndex(parent=vocabulary_index(ontology))
    column = schema.sheets[sheet].by_name[name]
    classes = frozenset([schema.sheets["firms"].class_])
    for key in ("eshop-a", "eshop-b"):
        index.add(Node(f"urn:firm-{key}", key, "E-Shop", (), classes, f"row of {key}"))
    index.add(Node("urn:firm-dragon", "dragon", "Dragon", ("Le Dragon",), classes, "row 9"))
    return ColumnReader(column, index, ontology, SUFFIX)


def test_a_number_becomes_a_typed_literal(ontology: Ontology, schema: Schema) -> None:
    cell = reader(ontology, schema, "firm-observations", "turnover").read(" 80 000 ")
    path = schema.sheets["firm-observations"].by_name["turnover"].path
    datatype = "http://www.w3.org/2001/XMLSchema#decimal"
    assert cell.pairs == (f' <{path}> "80000"^^<{datatype}>{SUFFIX}',)
    assert (cell.values, cell.key, cell.errors) == (("80000",), "80000", ())


def test_a_text_with_a_language_carries_its_tag(ontology: Ontology, schema: Schema) -> None:
    (pair,) = reader(ontology, schema, "constructs", "definition").read('Said "aloud".').pairs
    assert pair.endswith(rf' "Said \"aloud\"."@en{SUFFIX}')


@pytest.mark.parametrize("name", ["dragon", "Dragon", "DRAGON", "le dragon"])
def test_a_firm_is_found_by_key_label_or_other_name(
    ontology: Ontology, schema: Schema, name: str
) -> None:
    cell = reader(ontology, schema, "firm-observations", "firm").read(name)
    assert (cell.values, cell.shown, cell.key) == (("urn:firm-dragon",), "Dragon", "dragon")


def test_several_values_stand_between_semicolons(ontology: Ontology, schema: Schema) -> None:
    cell = reader(ontology, schema, "findings", "firms").read("dragon; eshop-a;")
    assert cell.values == ("urn:firm-dragon", "urn:firm-eshop-a")


def test_a_semicolon_in_a_single_value_is_a_semicolon(ontology: Ontology, schema: Schema) -> None:
    cell = reader(ontology, schema, "findings", "statement").read("One; and another")
    assert cell.values == ("One; and another",)


def test_an_empty_cell_says_nothing(ontology: Ontology, schema: Schema) -> None:
    assert reader(ontology, schema, "firm-observations", "firm").read("  ") == EMPTY


def test_every_wrong_value_of_a_cell_is_an_error(ontology: Ontology, schema: Schema) -> None:
    cell = reader(ontology, schema, "findings", "firms").read("Dragoon; dragon; Zyx")
    assert [error.message for error in cell.errors] == [
        '"Dragoon" is no known firm.',
        '"Zyx" is no known firm.',
    ]
    assert cell.values == ("urn:firm-dragon",)


def test_a_thing_is_suggested_once_though_it_has_several_names(
    ontology: Ontology, schema: Schema
) -> None:
    (error,) = reader(ontology, schema, "firm-observations", "firm").read("Dragoon").errors
    assert error.remedy == (
        'Did you mean "Dragon"? Add it to its sheet or write the key of something that is there.'
    )


def test_an_ambiguous_name_is_answered_with_the_keys(ontology: Ontology, schema: Schema) -> None:
    (error,) = reader(ontology, schema, "firm-observations", "firm").read("e-shop").errors
    assert (error.message, error.remedy) == (
        '"e-shop" names more than one firm.',
        "Write a key: eshop-a, eshop-b.",
    )


def test_a_thing_of_another_class_is_named_with_its_place(
    ontology: Ontology, schema: Schema
) -> None:
    (error,) = reader(ontology, schema, "platform-uses", "channel").read("Dragon").errors
    assert error.remedy == '"Dragon" is known as firm only (row 9).'


def test_one_value_under_two_names_stands_twice(ontology: Ontology, schema: Schema) -> None:
    (error,) = reader(ontology, schema, "findings", "firms").read("dragon; Le Dragon").errors
    assert error.message == '"Le Dragon" stands twice in the cell.'


def test_an_allowed_value_is_known_in_any_case(ontology: Ontology, schema: Schema) -> None:
    cell = reader(ontology, schema, "findings", "confidence").read("HIGH")
    assert cell.values == ("high",)


def test_a_kind_becomes_the_class_that_bears_the_label(ontology: Ontology, schema: Schema) -> None:
    cell = reader(ontology, schema, "places", "kind").read("country")
    (iri,) = cell.values
    assert ontology.is_class(iri)
    assert ontology.label(iri) == "country"


def cell(value: str) -> Cell:
    return Cell(values=(value,))


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("9", "10", -1),
        ("10.5", "9", 1),
        ("3", "3", 0),
        ("3.0", "3", 0),
        ("2018-05-14T13:00:00", "2018-05-14T14:05:00", -1),
    ],
)
def test_values_are_compared_as_what_they_are(first: str, second: str, expected: int) -> None:
    assert compare(cell(first), cell(second)) == expected


def test_an_empty_cell_compares_with_nothing() -> None:
    assert compare(EMPTY, cell("3")) is None


def test_a_cell_of_separators_alone_is_empty(ontology: Ontology, schema: Schema) -> None:
    assert reader(ontology, schema, "study", "coders").read(" ; ;") == EMPTY


HIDDEN = ["\u200b", "\u200d", "\u2060", "\ufeff", "\u00ad", "\u200e", "\u202e", "\u2067"]


@pytest.mark.parametrize("sign", HIDDEN, ids=ascii)
def test_a_name_is_found_whatever_nobody_sees_in_it(
    ontology: Ontology, schema: Schema, sign: str
) -> None:
    column = reader(ontology, schema, "findings", "firms")
    assert column.read(f"{sign}Dra{sign}gon{sign}; eshop{sign}-a").values == (
        "urn:firm-dragon", "urn:firm-eshop-a",
    )  # fmt: skip


@pytest.mark.parametrize(
    "name", ["Le\u00a0Dragon", "LE\u202fDRAGON", "le  dragon", "Le Drago\u200bn"]
)
def test_a_name_is_found_whatever_its_spaces_are(
    ontology: Ontology, schema: Schema, name: str
) -> None:
    assert reader(ontology, schema, "firm-observations", "firm").read(name).values == (
        "urn:firm-dragon",
    )


@pytest.mark.parametrize(
    ("sheet", "column", "cell", "value"),
    [
        ("firm-observations", "year", "2014\u200b", "2014"),
        ("firm-observations", "turnover", "\ufeff80\u202f000,5", "80000.5"),
        ("firm-observations", "currencyStated", "tr\u00adue", "true"),
        ("firm-observations", "confidence", "\u200ehigh", "high"),
        ("interviews", "startedAt", "2018-05-14T13:00:00\u200b", "2018-05-14T13:00:00"),
        ("study", "doi", "10.1000/1\u200b", "10.1000/1"),
        ("firms", "id", "mo\u200bvy", "movy"),
        ("firms", "label", "Mo\u00advy\u00a0Oy", "Movy Oy"),
        ("firms", "altLabels", "Mo\u2060vy", "Movy"),
        ("firms", "locator", "Table\u00a03", "Table 3"),
    ],
)
def test_values_are_read_without_what_nobody_sees(
    ontology: Ontology, schema: Schema, sheet: str, column: str, cell: str, value: str
) -> None:
    assert reader(ontology, schema, sheet, column).read(cell).values == (value,)


def test_running_text_stays_as_it_was_written(ontology: Ontology, schema: Schema) -> None:
    column = schema.sheets["findings"].by_name["statement"]
    statement = ColumnReader(column, NameIndex(), ontology, SUFFIX, keyed=False)
    text = "«\u00a0vente\u00a0» up by 5\u202f%, \u0645\u06cc\u200c\u062e\u0648\u0645, \u200f\u05d0"
    assert statement.read(text).values == (text,)


def test_text_that_nobody_sees_is_none(ontology: Ontology, schema: Schema) -> None:
    assert reader(ontology, schema, "findings", "statement").read("\u200b \u00a0") == EMPTY


def test_a_letter_of_another_script_is_named_in_the_remedy(
    ontology: Ontology, schema: Schema
) -> None:
    (error,) = reader(ontology, schema, "firm-observations", "firm").read("Drag\u043en").errors
    assert error.remedy.startswith(
        'Its "\u043e" is CYRILLIC SMALL LETTER O. Did you mean "Dragon"?'
    )
