"""A prologue before a later operation of an update means what it means at its place."""

from __future__ import annotations

import pyoxigraph
import pytest

from smegraph.sparql.engine_text import mended_update, update_texts
from smegraph.sparql.prologues import UnclearPrologue, has_later_prologue

KNOWN = {"k": "urn:known:"}
BASE = "http://base.example/dir/file"


def statements(store: pyoxigraph.Store) -> set[str]:
    return {str(quad) for quad in store}


def carried_out(update: str, base: str | None = BASE) -> set[str]:
    """What is in a store after the first text for the engine that it takes."""
    store = pyoxigraph.Store()
    for text in update_texts(update, KNOWN, base):
        try:
            store.update(text, base_iri=base, prefixes=KNOWN)
        except SyntaxError as error:
            refused = error
        else:
            return statements(store)
    raise refused


def one_by_one(*operations: str) -> set[str]:
    """What is in a store after operations on their own, each with all of its prologue."""
    store = pyoxigraph.Store()
    for operation in operations:
        store.update(operation, base_iri=BASE, prefixes=KNOWN)
    return statements(store)


# Each: the operations with their own prologues; what is declared stays so behind them.
UPDATES = [
    [("PREFIX a: <urn:a:>", "INSERT DATA { a:x a:y 1 }"),
     ("PREFIX b: <urn:b:>", "INSERT DATA { b:x a:y 2 }")],
    [("PREFIX a: <urn:a:>", "INSERT DATA { a:x a:y 1 }"),
     ("PREFIX a: <urn:b:>", "INSERT DATA { a:x a:y 2 }"),
     ("", "INSERT DATA { a:x a:y 3 }"),
     ("PREFIX a: <urn:c:> PREFIX a: <urn:d:>", "INSERT DATA { a:x a:y 4 }")],
    [("", "INSERT DATA { k:x k:y 1 }"), ("PREFIX k: <urn:other:>", "INSERT DATA { k:x k:y 2 }")],
    [("", "INSERT DATA { <x> <y> <#z> }"), ("BASE <http://b.example/one/>",
      "INSERT DATA { <x> <../y> <?q=1> }"), ("BASE <two/>", "INSERT DATA { <x> <y> <> }"),
     ("BASE <../three/> PREFIX r: <rel#>", "INSERT DATA { <x> r:y <//other.example/z> }")],
    [("", "CLEAR ALL"), ("PREFIX : <urn:e:>", 
      "INSERT DATA { : :a.b :c . :d :e :f. :g :h\\,i :%20 }")],
    [("", "CLEAR ALL"), ("PREFIX a: <urn:a:>",
      "INSERT DATA { a:x a:y '; PREFIX a: <urn:no:>', \"a:b\", '''a:b\n; BASE <urn:no:>'''@en }")],
    [("", "CLEAR ALL"), ("PREFIX a: <urn:a;b#PREFIX:>", "INSERT DATA { a:x <urn:x;PREFIX> a:z }")],
    [("", "CLEAR ALL"), ("PREFIX # ; PREFIX a: <urn:no:>\na: # <urn:no:>\n<urn:a:>",
      "INSERT DATA { a:x # ; PREFIX a: <urn:no:>\n a:y a:z }")],
    [("", "INSERT DATA { <urn:s> a <urn:C> ; <urn:p> 1 , 2 ; <urn:q> 3 }"),
     ("PREFIX t: <urn:t:>", "DELETE { ?s <urn:p> ?o } INSERT { ?s t:p ?o ; t:q ?o } "
      "WHERE { ?s a ?c ; <urn:p> ?o FILTER(?o<2 && ?o>0) FILTER(?o < 5) }")],
    [("", "INSERT DATA { <urn:s> <urn:p> '5' }"),
     ("prefix x: <http://www.w3.org/2001/XMLSchema#>",
      "INSERT { ?s ?p ?n } "
      "WHERE { ?s ?p ?o BIND(x:integer(?o) AS ?n) FILTER(?n = '5'^^x:integer) }")],
    [("", "INSERT DATA { GRAPH <urn:g> { <urn:a> <urn:p> <urn:b> . <urn:b> <urn:p> <urn:c> } }"),
     ("PREFIX p: <urn:>",
      "INSERT { GRAPH p:h { ?a p:all ?c } } WHERE { GRAPH p:g { ?a p:p+/^!p:q ?c } }"),
     ("pReFiX g: <urn:>", "COPY g:h TO g:i"), ("", "DROP SILENT GRAPH g:g")],
    [("", "INSERT DATA { [] <urn:p> ( 1 [ <urn:q> 'a;b' ] ) }"),
     ("PREFIX a: <urn:a:>", "DELETE WHERE { ?s a:p ?o ; a:q ?x }")],
]  # fmt: skip


@pytest.mark.parametrize("parts", UPDATES)
@pytest.mark.parametrize("separator", [";", " ;\n", "\n;# ; PREFIX k: <urn:no:>\r\n"])
def test_an_update_does_what_its_operations_do_one_by_one(
    parts: list[tuple[str, str]], separator: str
) -> None:
    whole = separator.join(f"{prologue} {operation}" for prologue, operation in parts)
    declared, single = "", []
    for prologue, operation in parts:
        declared += f"{prologue}\n"
        single.append(f"{declared} {operation}")
    assert has_later_prologue(whole)
    found = carried_out(whole)
    if "[]" not in whole:
        assert found == one_by_one(*single)
    assert len(found) == len(one_by_one(*single))


@pytest.mark.parametrize(
    "update",
    [
        "INSERT DATA { <urn:a> <urn:b> 1 } ; PREFIX b: <urn:b:>",
        "INSERT DATA { <urn:a> <urn:b> 1 } ; BASE <http://b.example/> PREFIX b: <c>",
        "INSERT DATA { <urn:a> <urn:b> 1 } ; PREFIX b: <urn:b:> # the end",
    ],
)
def test_a_prologue_may_end_an_update(update: str) -> None:
    assert len(carried_out(update)) == 1


def test_a_query_in_a_string_is_no_prologue() -> None:
    update = "INSERT DATA { <urn:a> <urn:b> '; PREFIX a: <urn:c:>' }"
    assert next(iter(update_texts(update, {}, None))) == update
    assert mended_update(update, {}, None).text == update


@pytest.mark.parametrize(
    "update",
    [
        "INSERT DATA { b:x b:y 1 } ; PREFIX b: <urn:b:> CLEAR ALL",
        "CLEAR ALL ; PREFIX b: <urn:b:> INSERT DATA { c:x b:y 1 }",
        "CLEAR ALL ; PREFIX b <urn:b:> CLEAR ALL",
        "CLEAR ALL ; PREFIX b:c <urn:b:> INSERT DATA { b:c b:y 1 }",
        "CLEAR ALL ; PREFIXb: <urn:b:> INSERT DATA { b:c b:y 1 }",
        "CLEAR ALL ; BASE <urn:b:>",
        "CLEAR ALL ; PREFIX b: <urn:b:> ; CLEAR ALL",
        "CLEAR ALL ; PREFIX b: <urn:b:> SELECT * {}",
        "CLEAR ALL PREFIX b: <urn:b:> ; CLEAR ALL",
        "INSERT DATA { _:x <urn:p> 1 } ; PREFIX b: <urn:b:> INSERT DATA { _:x b:y 1 }",
    ],
)
def test_what_the_grammar_forbids_stays_forbidden(update: str) -> None:
    if update == "CLEAR ALL ; BASE <urn:b:>":  # right with or without a base of the request
        assert carried_out(update, None) == set()
        return
    with pytest.raises(SyntaxError):
        carried_out(update)


def test_a_relative_iri_needs_a_base_at_its_place() -> None:
    text = "INSERT DATA { <x> <urn:p> 1 } ; BASE <http://b.example/> INSERT DATA { <x> <urn:p> 1 }"
    with pytest.raises(SyntaxError):
        carried_out(text, None)
    assert len(carried_out(text)) == 2


def test_what_may_be_an_iri_or_a_comparison_is_not_guessed() -> None:
    update = "CLEAR ALL ; BASE <urn:x:> INSERT { ?a ?b 1 } WHERE { ?a ?b ?c FILTER(?a<?b&&?c>?a) }"
    with pytest.raises(UnclearPrologue, match="not clear whether"):
        mended_update(update, {}, None)


def test_an_iri_with_an_authority_may_hold_what_looks_like_an_expression() -> None:
    update = (
        "CLEAR ALL ; PREFIX h: <http://e/> "
        "INSERT DATA { h:a <http://e/p?x=1&&y=(2)> <tag:e,2005:x> . ( 1 <urn:f> ) h:b <?x=1> }"
    )
    assert len(carried_out(update)) == 6


def test_lines_keep_their_numbers() -> None:
    update = "CLEAR ALL ;\nPREFIX a: <urn:a:>\n# and\nPREFIX b: <urn:b:>\nINSERT DATA { a:x b:y 1 }"
    mended = mended_update(update, {}, None)
    assert mended.text.split("\n")[4] == "INSERT DATA { <urn:a:x> <urn:b:y> 1 }"
    assert update[mended.origin(mended.text.index("<urn:b:y>")) :].startswith("b:y")
