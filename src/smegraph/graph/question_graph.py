"""The competency questions as RDF, so that query editors offer them from the endpoint.

The form is that of SIB's sparql-examples: `sh:SPARQLExecutable` (SHACL Advanced Features, W3C Note
2017, section 5) with the question as `rdfs:comment`, its topic as `schema:keywords` and the
endpoint as `schema:target`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Final

from smegraph.graph.triples import line, named
from smegraph.namespaces import BASE, DCTERMS, GRAPH, ID, PREFIXES, RDF, RDFS, SCHEMA, SH, XSD
from smegraph.release.questions import Question, load_questions
from smegraph.release_files import QUESTIONS
from smegraph.sheets.literals import literal
from smegraph.sparql.tokens import tokens

GRAPH_OF_QUESTIONS: Final = GRAPH + "questions"
ENDPOINT: Final = BASE + "sparql"
_STRING: Final = XSD + "string"
# The class of each form of query beside sh:SPARQLExecutable, and the property of its text.
# `sh:describe` is in the vocabulary of SHACL 1.2 only.
_FORMS: Final = {
    "SELECT": ("SPARQLSelectExecutable", "select"),
    "ASK": ("SPARQLAskExecutable", "ask"),
    "CONSTRUCT": ("SPARQLConstructExecutable", "construct"),
    "DESCRIBE": (None, "describe"),
}


# Decision 084: docs/decisions/084-questions-and-partitions.md
def question_lines(questions: Iterable[Question]) -> list[str]:
    """Return the questions, and the prefixes that they may use, as N-Triples lines, sorted.

    Each text declares the prefixes that it uses, so that any service can answer it.
    """
    lines = [text for question in questions for text in _question(question)]
    return sorted({*lines, *_prefixes()}) if lines else []


def graphs_beside(ontology: Path) -> dict[str, list[str]]:
    """Return the graphs of an ontology folder that are not about studies, by graph IRI."""
    lines = question_lines(load_questions(ontology / QUESTIONS))
    return {GRAPH_OF_QUESTIONS: lines} if lines else {}


def question_iri(question: Question) -> str:
    """Return the IRI of a question; its topic and name never change once they are published."""
    return f"{ID}question-{question.path.replace('/', '-')}"


def with_prefixes(text: str) -> str:
    """Return a query with declarations of the usual prefixes that it uses and does not declare.

    >>> print(with_prefixes("ASK { ?x a sme:Firm }"))
    PREFIX sme: <https://w3id.org/smegraph/ontology#>
    ASK { ?x a sme:Firm }
    """
    found = tokens(text)
    used = {token.text.partition(":")[0] for token in found if token.kind == "name"}
    for before, token in pairwise(found):
        if before.text.upper() == "PREFIX":
            used.discard(token.text.removesuffix(":"))
    declared = (f"PREFIX {name}: <{start}>\n" for name, start in PREFIXES.items() if name in used)
    return "".join(declared) + text


def _question(question: Question) -> Iterator[str]:
    node = named(question_iri(question))
    class_, property_ = _form(question.text)
    yield _type(node, "SPARQLExecutable")
    if class_:
        yield _type(node, class_)
    yield line(node, named(RDFS + "label"), literal(question.title, _STRING))
    yield line(node, named(RDFS + "comment"), literal(question.title, _STRING) + "@en")
    yield line(node, named(SH + property_), literal(with_prefixes(question.text), _STRING))
    yield line(node, named(SH + "prefixes"), named(GRAPH_OF_QUESTIONS))
    yield line(node, named(SCHEMA + "target"), named(ENDPOINT))
    yield line(node, named(DCTERMS + "identifier"), literal(question.path, _STRING))
    if question.topic:
        yield line(node, named(SCHEMA + "keywords"), literal(question.heading.lower(), _STRING))
    for source in question.sources:
        prefix, _, name = source.partition(":")
        if prefix in PREFIXES:
            yield line(node, named(DCTERMS + "source"), named(PREFIXES[prefix] + name))


def _form(text: str) -> tuple[str | None, str]:
    words = (token.text.upper() for token in tokens(text) if token.kind == "word")
    return next((_FORMS[word] for word in words if word in _FORMS), _FORMS["SELECT"])


def _type(node: str, class_: str) -> str:
    return line(node, named(RDF + "type"), named(SH + class_))


def _prefixes() -> Iterator[str]:
    """Yield the usual prefixes as SHACL declares them (SHACL 2017, section 5.2.1)."""
    for name, start in PREFIXES.items():
        node = named(f"{GRAPH_OF_QUESTIONS}#prefix-{name}")
        yield line(named(GRAPH_OF_QUESTIONS), named(SH + "declare"), node)
        yield line(node, named(SH + "prefix"), literal(name, _STRING))
        yield line(node, named(SH + "namespace"), literal(start, XSD + "anyURI"))
