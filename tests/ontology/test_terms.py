"""No Python names a kind of fact; what the code knows of it stands in `ontology/terms.py`."""

from __future__ import annotations

import ast
import itertools
import re
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest

from smegraph.namespaces import SME
from smegraph.ontology import terms as frame
from smegraph.ontology.ontology import MODULES, Ontology, local_name

# A word of the code that happens to be the name of a term, with what it means there.
HOMONYMS = {
    # names of DataCite's schema and of schema.org
    "publishing/citation.py": {"publicationYear", "givenName", "familyName"},
    "publishing/crate.py": {"Organization", "Person", "givenName", "familyName"},
    "publishing/things.py": {"Resource"},  # rdfs:Resource
    "ontology/schema.py": {"Study"},  # the scope sheet:Study, not the class
    "server/metadata/triples.py": {"Function"},  # sd:Function
}


def terms(ontology: Ontology) -> set[str]:
    """The local names of all that the modules say something of in the project's namespace."""
    return {
        local_name(triple.subject.value)
        for triple in ontology.triples(MODULES)
        if isinstance(triple.subject, ox.NamedNode) and triple.subject.value.startswith(SME)
    }


def texts(tree: ast.AST) -> Iterator[str]:
    """The string constants of a module, without its docstrings."""
    said = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in said:
            yield node.value


def names_in(text: str, names: set[str]) -> set[str]:
    """The terms that a text names: as a whole, in a prefixed name or in an IRI."""
    found = set(re.findall(r"\bsme:(\w+)", text)) | set(re.findall(re.escape(SME) + r"(\w+)", text))
    if re.search("[A-Z]", text) and text in names:  # lower-case words are words
        found.add(text)
    return found & names


def named(source: str, names: set[str]) -> set[str]:
    """The terms that a module names, also where ``SME +`` stands before one."""
    tree = ast.parse(source)
    found = {name for text in texts(tree) for name in names_in(text, names)}
    for node in ast.walk(tree):
        if isinstance(node, ast.BinOp) and isinstance(node.left, ast.Name | ast.Attribute):
            left = node.left.id if isinstance(node.left, ast.Name) else node.left.attr
            if left == "SME" and isinstance(node.right, ast.Constant):
                found.add(str(node.right.value))
        if isinstance(node, ast.JoinedStr):
            parts = [ast.unparse(value) for value in node.values]
            found |= {
                name
                for before, after in itertools.pairwise(parts)
                if before == "{SME}"
                and (name := after.strip("'\"").split(" ")[0].strip(">")) in names
            }
    return found


def modules(repository: Path) -> dict[str, str]:
    package = repository / "src" / "smegraph"
    return {
        path.relative_to(package).as_posix(): path.read_text("utf-8")
        for path in sorted(package.rglob("*.py"))
    }


def test_no_module_names_a_kind_of_fact(repository: Path, ontology: Ontology) -> None:
    names = terms(ontology)
    assert len(names) > 100
    found = {
        file: strange
        for file, source in modules(repository).items()
        if file != "ontology/terms.py"
        if (strange := named(source, names) - HOMONYMS.get(file, set()))
    }
    assert found == {}


def test_every_exception_is_still_one(repository: Path, ontology: Ontology) -> None:
    sources, names = modules(repository), terms(ontology)
    for file, words in HOMONYMS.items():
        assert named(sources[file], names) == words


def test_the_frame_is_what_makes_a_row_a_fact(repository: Path) -> None:
    tree = ast.parse(modules(repository)["ontology/terms.py"])
    named = {
        str(node.right.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.BinOp)
        and isinstance(node.left, ast.Name)
        and node.left.id == "SME"
        and isinstance(node.right, ast.Constant)
    }
    assert named == {
        "Fact", "reportedIn", "sourceFile", "sourceSha256",
        "locator", "charStart", "charEnd", "passageHash",
        "otherLocator", "otherCharStart", "otherCharEnd", "otherPassageHash",
        "TextPart", "partOf", "Mention", "mentionOf", "printedIn",
        "Authorship", "Citation", "Person", "ReferenceEntry", "Work",
        "formerLabel", "oppositeLabel",
    }  # fmt: skip


def test_the_ontology_has_every_name_of_the_frame(ontology: Ontology) -> None:
    own = [value for value in vars(frame).values() if isinstance(value, str)]
    own += [iri for passage in frame.PASSAGES for iri in passage]
    assert {local_name(iri) for iri in own if re.match(SME + r"\w", iri)} <= terms(ontology)


@pytest.mark.parametrize(
    "source",
    [
        "x = SME + 'FirmYear'",
        "x = frame.SME + 'ofFirm'",
        "x = f'<{SME}ofFirm>'",
        "x = 'ASK { ?x a sme:Firm }'",
        "x = 'https://w3id.org/smegraph/ontology#Firm'",
        "def f():\n    '''Says.'''\n    return 'FirmYear'",
        "if kind == 'usesPlatform': pass",
    ],
)
def test_a_kind_of_fact_in_the_code_would_be_found(source: str, ontology: Ontology) -> None:
    assert named(source, terms(ontology))


def test_a_kind_of_fact_in_a_docstring_is_words(ontology: Ontology) -> None:
    source = "'''Such as sme:Firm.'''\ndef f():\n    'FirmYear'\n"
    assert named(source, terms(ontology)) == set()
