"""Crosswalks: they say what exists in the vocabulary they lead to, as often as the release does."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest

from smegraph.namespaces import BASE, RDF, RDFS
from smegraph.ontology.rules import Rule
from smegraph.release.crosswalks import Crosswalk, crosswalk, crosswalk_names
from smegraph.release.errors import ReleaseError
from smegraph.store import EmbeddedStore

if TYPE_CHECKING:
    from tests.conftest import Release

ONTOLOGY = Path(__file__).parents[2] / "ontology"
NAMES = crosswalk_names(ONTOLOGY)
RULES = [(name, rule) for name in NAMES for rule in Crosswalk.load(ONTOLOGY, name).rules]
SCHEMA = "https://schema.org/"
PINNED = Path(__file__).with_name("schema_org.nt")
# Where `npm install` put what tools/node/package.json names.
MODULES = Path(
    os.environ.get("OUTSIDE_NODE_MODULES", ONTOLOGY.parent / "tools" / "node" / "node_modules")
)
FULL = MODULES / "@vocabulary" / "schema" / "schema.nq"
# By crosswalk: what it has as often as the release has something of ours.
COUNTS = [
    ("schema.org", "?x a sme:Work", "?x a schema:CreativeWork"),
    ("schema.org", "?x a sme:Finding", "?x a schema:Claim"),
    ("schema.org", "?x a sme:Organization", "?x a schema:Organization"),
    ("schema.org", "?x a sme:Platform", "?x a schema:Service"),
    ("schema.org", "?x a sme:Person", "?x a schema:Person"),
    ("schema.org", "?x a sme:Place", "?x a schema:Place"),
    ("schema.org", "?x sme:inPeriodical ?p", "?x a schema:CreativeWork ; schema:isPartOf ?p"),
    ("org", "?x a sme:Firm", "?x a org:FormalOrganization"),
    ("org", "?p sme:affiliatedWith ?o", "?x a org:Membership"),
    ("org", "?o sme:basedIn|sme:hasOfficeIn ?p", "?o org:hasSite ?s . ?s dcterms:spatial ?p"),
    ("fabio", "?x a sme:Citation", "?x a <http://purl.org/spar/c4o/InTextReferencePointer>"),
    ("fabio", "?w sme:cites ?y", "?c a cito:Citation ; cito:hasCitingEntity ?w"),
    ("fabio", "?x a sme:Periodical", "?x a fabio:Periodical"),
    ("fabio", "?x bibo:doi ?d", "?x <http://prismstandard.org/namespaces/basic/2.0/doi> ?d"),
    ("qb", "?x a sme:Claim . ?f sme:onClaim ?x", "?x a sme:Claim . ?o sme:onClaim ?x"),
]


@pytest.fixture(scope="module")
def store(released: Release) -> EmbeddedStore:
    return EmbeddedStore(released.path / "store")


@pytest.fixture(scope="module")
def made(store: EmbeddedStore) -> dict[str, EmbeddedStore]:
    """What each crosswalk makes of the release."""
    found = {}
    for name in NAMES:
        graph = ox.Store()
        graph.bulk_extend(ox.Quad(*triple) for triple in crosswalk(ONTOLOGY, name, store))
        found[name] = EmbeddedStore(graph)
    return found


def number(store: EmbeddedStore, pattern: str) -> int:
    counted = "DISTINCT ?x" if pattern.startswith("?x") else "*"
    rows = store.query(f"SELECT (COUNT({counted}) AS ?n) {{ {pattern} }}")
    return int(next(iter(rows))["n"].value)


def local(term: str) -> str:
    return term.removeprefix(SCHEMA)


@cache
def schema_org() -> dict[tuple[str, str], set[str]]:
    """What schema.org says of a term, by term and by the local name of the property."""
    said: dict[tuple[str, str], set[str]] = {}
    for quad in ox.parse(path=str(PINNED), format=ox.RdfFormat.N_TRIPLES):
        property_ = quad.predicate.value.replace("#", "/").rpartition("/")[2]
        said.setdefault((local(quad.subject.value), property_), set()).add(local(quad.object.value))
    return said


def supers(names: set[str]) -> set[str]:
    """The classes and all above them."""
    found, new = set[str](), set(names)
    while new:
        found |= new
        new = {above for name in new for above in schema_org().get((name, "subClassOf"), ())}
        new -= found
    return found


def statements(store: EmbeddedStore) -> list[ox.Triple]:
    return list(store.query("CONSTRUCT WHERE { ?s ?p ?o }"))


def test_the_crosswalks_are_these() -> None:
    assert NAMES == ("fabio", "org", "qb", "schema.org")


def test_an_unknown_name_is_refused_with_the_nearest() -> None:
    with pytest.raises(ReleaseError, match=r'no crosswalk "schema\.rg"\. Did you mean "schema'):
        Crosswalk.load(ONTOLOGY, "schema.rg")
    with pytest.raises(ReleaseError, match=r"There are fabio, org, qb, schema\.org\."):
        crosswalk(ONTOLOGY, "zzz", EmbeddedStore(ox.Store()))


def test_an_ontology_without_crosswalks_says_so(tmp_path: Path) -> None:
    with pytest.raises(ReleaseError, match=r"has none\."):
        Crosswalk.load(tmp_path, "qb")


@pytest.mark.parametrize(("name", "rule"), RULES, ids=[f"{n}/{rule.name}" for n, rule in RULES])
def test_a_rule_says_what_it_does_and_declares_its_own_prefixes(name: str, rule: Rule) -> None:
    assert rule.text.startswith("# ")
    assert isinstance(ox.Store().query(rule.text), ox.QueryTriples), name


def test_nothing_comes_of_nothing() -> None:
    empty = EmbeddedStore(ox.Store())
    assert [crosswalk(ONTOLOGY, name, empty) for name in ("fabio", "org", "schema.org")] == [[]] * 3
    assert crosswalk(ONTOLOGY, "qb", empty) == []


def test_triples_come_once_and_in_order(store: EmbeddedStore) -> None:
    triples = crosswalk(ONTOLOGY, "org", store)
    assert [*map(str, triples)] == sorted({*map(str, triples)})
    assert crosswalk(ONTOLOGY, "org", store) == triples


@pytest.mark.parametrize(("name", "ours", "theirs"), COUNTS, ids=[f"{n} {t}" for n, _, t in COUNTS])
def test_there_is_as_much_as_in_the_release(
    store: EmbeddedStore, made: dict[str, EmbeddedStore], name: str, ours: str, theirs: str
) -> None:
    assert number(made[name], theirs) == number(store, ours) > 0


@pytest.mark.parametrize("name", NAMES)
def test_no_node_is_blank_and_every_own_iri_is_ours_or_below_one(
    store: EmbeddedStore, made: dict[str, EmbeddedStore], name: str
) -> None:
    triples = statements(made[name])
    assert not [t for t in triples if isinstance(t.object, ox.BlankNode)]
    subjects = {triple.subject.value for triple in triples}  # a blank node begins with no scheme
    own = {iri.partition("#")[0] for iri in subjects if iri.startswith(BASE)} - {f"{BASE}ontology"}
    values = " ".join(f"<{iri}>" for iri in own)
    told = store.query(f"SELECT DISTINCT ?s {{ VALUES ?s {{ {values} }} ?s ?p ?o }}")
    assert {row["s"].value for row in told} == own
    assert all(":" in iri for iri in subjects)


def test_terms_of_schema_org_are_used_as_it_defines_them(made: dict[str, EmbeddedStore]) -> None:
    types: dict[ox.NamedNode, set[str]] = {}
    triples = statements(made["schema.org"])
    for subject, predicate, object_ in triples:
        if predicate.value == f"{RDF}type":
            assert f"{RDFS}Class" in schema_org()[local(object_.value), "type"], object_
            types.setdefault(subject, set()).add(local(object_.value))
    wrong = set()
    for subject, predicate, object_ in triples:
        name = local(predicate.value)
        if predicate.value == f"{RDF}type":
            continue
        assert f"{RDF}Property" in schema_org()[name, "type"], predicate
        if not supers(types[subject]) & schema_org()[name, "domainIncludes"]:
            wrong.add(f"{name} of {sorted(types[subject])}")
        wrong |= {f"{name} with {object_}"} if not fits(object_, name, types) else set()
    assert not sorted(wrong)[:10]


def fits(value: ox.Term, name: str, types: dict[ox.NamedNode, set[str]]) -> bool:
    """Whether the range of a property includes a value."""
    allowed = schema_org()[name, "rangeIncludes"]
    if isinstance(value, ox.Literal):
        kind = value.datatype.value.rpartition("#")[2]
        return bool(allowed & ({"Date", "DateTime"} if kind == "gYear" else {"Text", "Integer"}))
    return bool("URL" in allowed or supers(types.get(value, set())) & allowed)


@pytest.mark.skipif(not FULL.is_file(), reason="tools/node/node_modules is not there (npm install)")
def test_what_is_pinned_of_schema_org_is_what_it_says() -> None:
    text = FULL.read_text("utf-8").replace("<http://schema.org/", f"<{SCHEMA}")
    said = {
        str(quad.triple)
        for quad in ox.parse(input=text.encode(), format=ox.RdfFormat.N_QUADS)
        if quad.predicate.value.rpartition("/")[2] in ("domainIncludes", "rangeIncludes")
        or quad.predicate.value in (f"{RDF}type", f"{RDFS}subClassOf")
    }
    pinned = list(ox.parse(path=str(PINNED), format=ox.RdfFormat.N_TRIPLES))
    assert {str(quad.triple) for quad in pinned} <= said
    subjects = {str(quad.subject) for quad in pinned}
    assert {text for text in said if text.split(" ")[0] in subjects} <= {
        str(quad.triple) for quad in pinned
    }
