"""An update is kept on this machine, and works on the dataset that its request names."""

from __future__ import annotations

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smegraph.sparql.errors import DatasetConflict, InvalidGraphName, MalformedQuery
from smegraph.sparql.updates import calls_load, malformed, with_dataset

# The engine refuses port 1 itself, so a LOAD shows as this error and reaches nobody.
NOWHERE = "<http://127.0.0.1:1/>"
REFUSAL = "port 1 is not allowed"


def engine_loads(update: str) -> bool:
    """Run an update on nothing; say whether the engine went for a file."""
    try:
        ox.Store().update(update)
    except SyntaxError:
        return False
    except (OSError, RuntimeError) as error:
        return REFUSAL in str(error)
    return False


# ---------------------------------------------------------------- LOAD

LOADS = [
    f"LOAD {NOWHERE}",
    f"load{NOWHERE}",
    f"LOAD {NOWHERE} INTO GRAPH <urn:g>",
    f"LOAD # <urn:ok>\n {NOWHERE}",
    f"INSERT DATA {{}};LOAD{NOWHERE}",
    f"PREFIX : {NOWHERE} LOAD :y",
    f"PREFIX : {NOWHERE} LOAD:y",
    f"PREFIX x: {NOWHERE} LOADx:y",
    f"prefix#c\nx: {NOWHERE} LOADx:y",
    f"INSERT DATA {{ <urn:a> <urn:b> 'it' }} ; LOAD {NOWHERE} #'",
]


@pytest.mark.parametrize("update", LOADS)
def test_load_is_found_wherever_the_engine_would_go_for_a_file(update: str) -> None:
    assert engine_loads(update), "the example is meant to be a real LOAD"
    assert calls_load(update, allowed={"urn:ok"})


@pytest.mark.parametrize(
    "update",
    [f"LOAD SILENT {NOWHERE}", f"LOADSILENT{NOWHERE}", f"PREFIX x: {NOWHERE} LOADSILENTx:y"],
)
def test_a_load_that_is_silent_is_found(update: str) -> None:
    assert calls_load(update)


def test_a_prefix_that_is_known_without_a_word_makes_a_load_of_a_name() -> None:
    assert calls_load("LOADsme:x", {"sme"})
    assert not calls_load("LOADsme:x", {"other"})


@pytest.mark.parametrize(
    "update",
    [
        "INSERT DATA { <urn:load> <urn:b> 'LOAD <urn:x>' }",
        "CLEAR DEFAULT # LOAD <urn:x>",
        "INSERT { ?load <urn:b> 'x'@load } WHERE { ?load <urn:b> $LOAD }",
        "PREFIX load: <urn:load:> INSERT DATA { load:a load:b _:load }",
        "PREFIX upload: <urn:u:> INSERT DATA { upload:a upload:b <urn:c> }",
        'INSERT DATA { <urn:a> <urn:b> """a\nLOAD <urn:x>""" }',
    ],
)
def test_load_in_strings_iris_comments_and_names_is_no_load(update: str) -> None:
    assert not engine_loads(update)
    assert not calls_load(update)


@pytest.mark.parametrize("update", ["LOAD <urn:ok>", "LOAD SILENT <urn:ok>", "load#c\n<urn:ok>"])
def test_a_file_that_is_allowed_may_be_loaded(update: str) -> None:
    assert not calls_load(update, allowed={"urn:ok"})


@pytest.mark.parametrize(
    "update", ["LOAD <urn:ok>; LOAD <urn:other>", "LOAD <urn:OK>", "PREFIX x: <urn:> LOAD x:ok"]
)
def test_a_file_is_allowed_when_it_is_written_in_full_and_no_other_is(update: str) -> None:
    assert calls_load(update, allowed={"urn:ok"})


FRAGMENTS = st.sampled_from(
    [
        "LOAD", "load", "SILENT", "INTO GRAPH <urn:g>", NOWHERE, ":x", ":", "x:", "x:y", "load:",
        "INSERT DATA {}", "CLEAR DEFAULT", "{", "}", "<", ">", "1<2", ";", " ", "\n", "#", '"',
        "'", '"""', "'''", "''", "\\", "?s", "a", "<urn:a>", "<tag:a>", "LOAD<tag:a>", "_:b",
        "@en", "\\u004C", "WHERE", "FILTER(1<2", "INSERT {} WHERE {", "}",
    ]
)  # fmt: skip


@settings(max_examples=600, deadline=None)
@given(st.lists(FRAGMENTS, max_size=8), st.lists(FRAGMENTS, max_size=4))
def test_no_update_loads_unnoticed(before: list[str], after: list[str]) -> None:
    prologue = f"PREFIX : {NOWHERE} PREFIX x: {NOWHERE} PREFIX load: {NOWHERE} "
    for update in (
        f"{prologue}{''.join(before)};LOAD{NOWHERE}{''.join(after)}",
        f"{prologue}{''.join(before)} {''.join(after)}",
    ):
        if engine_loads(update):
            assert calls_load(update, allowed={"tag:a"})


# ---------------------------------------------------------------- faults


def fault(update: str) -> MalformedQuery:
    """What is told of an update that the engine refuses."""
    with pytest.raises(SyntaxError) as refused:
        ox.Store().update(update)
    return malformed(update, str(refused.value), {}, None)


def test_a_query_in_place_of_an_update_is_told_by_what_it_is() -> None:
    assert "this is a query, and an update was asked for" in str(fault("SELECT * { ?s ?p ?o }"))


def test_a_fault_in_an_update_is_told_with_its_place() -> None:
    diagnosis = fault("CLEAR DEFAULT;\nINSERT DATA { <urn:a> <urn:b> }").diagnosis
    assert (diagnosis.line, diagnosis.column, diagnosis.found) == (2, 31, "}")


# ---------------------------------------------------------------- the dataset of the request

G1, G2, OUT = "urn:g1", "urn:g2", "urn:out"


def held() -> ox.Store:
    """A store with one statement in each of two graphs, and one in the default graph."""
    store = ox.Store()
    for name in ("g1", "g2"):
        store.update(f"INSERT DATA {{ GRAPH <urn:{name}> {{ <urn:a> <urn:in> '{name}' }} }}")
    store.update("INSERT DATA { <urn:a> <urn:in> 'default' }")
    return store


def after(
    update: str, default: list[str] | None = None, named: list[str] | None = None
) -> dict[str, set[str]]:
    """The values that each graph holds after an update on the dataset."""
    store = held()
    store.update(with_dataset(update, default, named))
    found: dict[str, set[str]] = {}
    for quad in store:
        graph = quad.graph_name.value if isinstance(quad.graph_name, ox.NamedNode) else ""
        found.setdefault(graph, set()).add(quad.object.value)  # type: ignore[union-attr]
    return found


BEFORE = {"": {"default"}, G1: {"g1"}, G2: {"g2"}}
COPY = f"INSERT {{ GRAPH <{OUT}> {{ ?s ?p ?o }} }} WHERE {{ ?s ?p ?o }}"
COPY_NAMED = f"INSERT {{ GRAPH <{OUT}> {{ ?s ?p ?o }} }} WHERE {{ GRAPH ?g {{ ?s ?p ?o }} }}"


@pytest.mark.parametrize("default", [[G1], [G1, G2], ["urn:empty", G2]])
def test_an_update_sees_the_graphs_that_the_request_names(default: list[str]) -> None:
    seen = {graph.removeprefix("urn:") for graph in default} & {"g1", "g2"}
    assert after(COPY, default) == {**BEFORE, OUT: seen}


def test_an_update_sees_the_named_graphs_that_the_request_names_and_no_others() -> None:
    assert after(COPY_NAMED, None, [G2]) == {**BEFORE, OUT: {"g2"}}
    assert after(COPY, None, [G2]) == BEFORE


def test_a_graph_of_the_default_graph_is_no_named_graph() -> None:
    assert after(COPY_NAMED, [G1], None) == BEFORE


def test_each_operation_of_an_update_sees_the_graphs_of_the_request() -> None:
    second = COPY.replace(OUT, "urn:out2").replace("WHERE", "where")
    assert after(f"{COPY} ;\n{second}", [G1]) == {**BEFORE, OUT: {"g1"}, "urn:out2": {"g1"}}


def test_the_short_form_of_delete_matches_in_the_graphs_of_the_request() -> None:
    """It deletes from the default graph what stands in the graphs (SPARQL 1.1 Update §3.1.3)."""
    assert after("DELETE WHERE { ?s ?p 'g1' }", [G1]) == BEFORE
    update = "INSERT DATA { <urn:a> <urn:in> 'g1' } ; DELETE # all\n where\n { ?s ?p ?o }"
    assert after(update, [G1]) == BEFORE
    assert after(f"DELETE WHERE {{ GRAPH <{G1}> {{ ?s ?p ?o . }} }}", None, [G1]) == {
        "": {"default"}, G2: {"g2"},
    }  # fmt: skip


@pytest.mark.parametrize(
    "pattern",
    [
        "<urn:a> <urn:p> 'x'@en-GB , 'y'^^<urn:t> ; <urn:q> 1, -2.5 , true",
        "GRAPH ?g { ?s ?p ?o }",
        "?where ?using ?with",
        "?s ?p '''a } { WHERE''' . # }\n ?a ?b ?c",
        "<<( ?a ?b ?c )>> ?p ?o",
        "",
    ],
)
def test_the_short_form_of_delete_keeps_its_pattern_whatever_it_holds(pattern: str) -> None:
    update = f"DELETE WHERE {{ {pattern} }}"
    ox.Store().update(update)
    prepared = with_dataset(update, [G1], None)
    assert prepared.endswith(f" USING <{G1}> WHERE {{ {pattern} }}")
    ox.Store().update(prepared)


def test_a_where_within_a_pattern_a_string_or_a_comment_stays_as_it_is() -> None:
    text = "INSERT { ?s <urn:p> 'WHERE' } WHERE { SELECT ?s WHERE { ?s ?p ?o } } # WHERE"
    prepared = with_dataset(text, [G1], None)
    assert prepared.replace(f" USING <{G1}> ", "") == text
    assert prepared.count("USING") == 1


def test_the_clauses_stand_before_where_in_the_order_of_the_request() -> None:
    assert with_dataset("INSERT {}\nWHERE {}", [G2, G1], [OUT]) == (
        f"INSERT {{}}\n USING <{G2}> USING <{G1}> USING NAMED <{OUT}> WHERE {{}}"
    )


def test_lines_keep_their_numbers() -> None:
    text = "DELETE\nWHERE\n{ ?s\n?p ?o } ;\nINSERT {} WHERE {}"
    assert with_dataset(text, [G1, G2], [OUT]).count("\n") == text.count("\n")


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_keep_their_numbers_where_a_string_of_the_short_form_has_several(end: str) -> None:
    text = f"DELETE WHERE {{ ?s ?p '''g{end}'1' \\\\''' }} ;{end}INSERT {{}} WHERE {{}}"
    prepared = with_dataset(text, [G1], None)
    assert prepared.splitlines()[2:] == [f"INSERT {{}}  USING <{G1}> WHERE {{}}"]
    store = ox.Store()
    store.update(f"INSERT DATA {{ <urn:a> <urn:p> '''g{end}'1' \\\\''' }}")
    store.update(prepared.replace(f"USING <{G1}>", ""))
    assert len(store) == 0


@pytest.mark.parametrize(
    "update", ["CLEAR DEFAULT", f"INSERT DATA {{ <{G1}> <urn:p> 'WHERE {{' }}"]
)
def test_an_operation_that_matches_nothing_stays_as_it_is(update: str) -> None:
    assert with_dataset(update, [G1], [G2]) == update


@pytest.mark.parametrize("update", [COPY, f"WITH <{G1}> {COPY}", "INSERTWHERE"])
def test_an_update_whose_request_names_no_dataset_stays_as_it_is(update: str) -> None:
    assert with_dataset(update, None, None) == update


@pytest.mark.parametrize(
    "update",
    [
        f"WITH <{G1}> DELETE {{ ?s ?p ?o }} WHERE {{ ?s ?p ?o }}",
        f"INSERT {{}} USING <{G1}> WHERE {{}}",
        f"CLEAR DEFAULT; INSERT {{}} using named <{G1}> WHERE {{}}",
    ],
)
@pytest.mark.parametrize(("default", "named"), [([G2], None), (None, [G2]), ([], None)])
def test_two_datasets_are_in_conflict(
    update: str, default: list[str] | None, named: list[str] | None
) -> None:
    with pytest.raises(DatasetConflict, match="Leave out one of them"):
        with_dataset(update, default, named)


@pytest.mark.parametrize(
    "update",
    ["PREFIX using: <urn:> INSERT DATA { using:a <urn:with> 'USING <urn:g>' }",
     "INSERT {} WHERE { ?using <urn:p> ?with }"],
)  # fmt: skip
def test_a_name_that_is_called_like_a_keyword_is_no_conflict(update: str) -> None:
    ox.Store().update(with_dataset(update, [G1], None))


@pytest.mark.parametrize("name", ["g1", "", "a b", "<urn:g>"])
def test_a_graph_of_the_request_is_an_absolute_iri(name: str) -> None:
    with pytest.raises(InvalidGraphName, match="is not an absolute IRI"):
        with_dataset(COPY, [name], None)
    with pytest.raises(InvalidGraphName):
        with_dataset(COPY, None, [name])


@pytest.mark.parametrize("word", ["DELETEWHERE", "WHEREx", "usingnamed"])
def test_keywords_that_are_glued_together_are_told_with_their_place(word: str) -> None:
    with pytest.raises(MalformedQuery, match="put spaces between keywords") as refused:
        with_dataset(f"CLEAR DEFAULT;\n {word} {{ ?s ?p ?o }}", [G1], None)
    diagnosis = refused.value.diagnosis
    assert (diagnosis.line, diagnosis.column, diagnosis.found) == (2, 2, word)
