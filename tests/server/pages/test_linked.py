"""Every own IRI answers: each kind in each form, by Accept and by suffix, or it is told what is."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from pyoxigraph import BlankNode, NamedNode, Quad, RdfFormat, Store, Triple, parse

from smegraph.namespaces import BASE, DCTERMS, OWL, RDF, RDFS, SME
from smegraph.server.engine.engine import Answer, QueryRequest
from smegraph.server.pages.documents import FORMS
from smegraph.server.pages.iris import path_of
from smegraph.server.pages.site import release_site
from smegraph.store import EmbeddedStore
from tests.server.inprocess import InProcessEngine
from tests.server.pages.conftest import Outline, Visitor, engine_of
from tests.server.proxy import Proxy, behind, origin_of

THINGS = (
    "/id/finding-001", "/id/work-named", "/vocab/networking", "/vocab/scheme-purposes",
    "/vocab/old-networking", "/dataset", "/graph/study-findings/class/Finding",
)  # fmt: skip
DOCUMENTS = (
    "/ontology", "/ontology/0.2.0", "/ontology/0.1.0", "/ontology/terms/Firm",
    "/graph/study-findings", "/shapes", "/mappings/purposes",
)  # fmt: skip
EACH = pytest.mark.parametrize("path", [*THINGS, *DOCUMENTS])
FORM = pytest.mark.parametrize("suffix", FORMS)
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
QUERIES = 5  # that one page may ask, beside what is kept for all pages of a release


class Counting(InProcessEngine):
    """An engine that notes what it is asked."""

    asked: list[str]

    def __init__(self, store: EmbeddedStore) -> None:
        super().__init__(store)
        self.asked = []

    async def answer(self, request: QueryRequest) -> Answer:
        self.asked.append(request.text)
        return await super().answer(request)


@pytest.fixture(scope="module")
def counting(linked: Path) -> Counting:
    """One for all tests, as each open store has many files open."""
    return Counting(EmbeddedStore(linked / "store"))


@pytest.fixture(scope="module")
def visitor(linked: Path, counting: Counting) -> Visitor:
    return Visitor(release_site(linked, counting))


def triples(response: httpx.Response) -> set[Triple]:
    """What a response says in RDF, blank nodes without their names."""
    media_type = response.headers["content-type"].partition(";")[0]
    format = RdfFormat.from_media_type(media_type)
    assert format is not None, media_type
    return {_unnamed(quad) for quad in parse(response.content, format, base_iri=BASE)}


def _unnamed(quad: Quad) -> Triple:
    subject, predicate, value = quad.triple
    same = BlankNode("b")
    return Triple(
        same if isinstance(subject, BlankNode) else subject,
        predicate,
        same if isinstance(value, BlankNode) else value,
    )


def about(found: set[Triple], path: str) -> set[Triple]:
    """What is said of all but the document in its one form."""
    form = iri(path).value + "."
    return {triple for triple in found if not str(triple.subject).startswith(f"<{form}")}


def iri(path: str) -> NamedNode:
    return NamedNode(BASE + path.removeprefix("/"))


@FORM
@EACH
def test_each_kind_is_there_in_each_form_by_suffix(
    visitor: Visitor, path: str, suffix: str
) -> None:
    response = visitor.get(f"{path}.{suffix}")
    assert response.status_code == 200
    assert response.headers["content-type"] == FORMS[suffix].content_type
    assert "accept" not in response.headers["vary"].lower().split(", ")
    if suffix == "html":
        assert len(Outline(response.text).headings) >= 1
        return
    known = NamedNode(SME + path.rpartition("/")[2]) if "/terms/" in path else iri(path)
    if path.startswith("/ontology/0"):
        known = iri("/ontology")
    if path.startswith("/graph/study-findings") and "class" not in path:
        known = iri("/id/finding-001")
    found = triples(response)
    assert any(triple.subject == known for triple in found)
    assert about(found, path) == about(triples(visitor.get(f"{path}.nt")), path)


@FORM
@EACH
def test_each_kind_is_there_in_each_form_by_accept(
    visitor: Visitor, path: str, suffix: str
) -> None:
    accept = FORMS[suffix].media_type
    response = visitor.get(path, accept=accept)
    assert "Accept" in response.headers["vary"].split(", ")
    if path in THINGS:
        assert response.status_code == 303
        assert response.headers["location"] == f"{path}.{suffix}"
    else:
        assert response.status_code == 200
        assert response.headers["content-location"] == f"{path}.{suffix}"
    there = visitor.get(path, accept=accept, follow=True)
    assert there.status_code == 200
    assert there.headers["content-type"] == FORMS[suffix].content_type


@EACH
def test_a_browser_gets_a_page_and_who_says_nothing_gets_turtle(
    visitor: Visitor, path: str
) -> None:
    page = visitor.get(path, accept=BROWSER, follow=True)
    assert page.headers["content-type"].startswith("text/html")
    plain = visitor.get(path, accept="*/*", follow=True)
    assert plain.headers["content-type"].startswith("text/turtle")


@FORM
@EACH
def test_who_has_a_document_is_told_so_and_nothing_is_asked_of_the_graph(
    visitor: Visitor, counting: Counting, path: str, suffix: str
) -> None:
    first = visitor.get(f"{path}.{suffix}")
    counting.asked.clear()
    again = visitor.get(f"{path}.{suffix}", if_none_match=first.headers["etag"])
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]
    assert counting.asked == []


def test_each_form_has_an_entity_tag_of_its_own(visitor: Visitor) -> None:
    tags = {
        visitor.get("/ontology", accept=form.media_type).headers["etag"] for form in FORMS.values()
    }
    assert len(tags) == len(FORMS)


@EACH
def test_what_is_not_there_in_a_form_that_is_accepted_is_told_with_what_is(
    visitor: Visitor, path: str
) -> None:
    response = visitor.get(path, accept="image/png")
    assert response.status_code == 406
    told = response.json()
    assert {"text/html", "text/turtle", "application/ld+json"} <= {*told["offered"]}
    assert told["suffixes"] == [*FORMS]
    assert response.headers["vary"] == "Accept"


@pytest.mark.parametrize(
    ("path", "meant"),
    [
        ("/id/finding-01", "id/finding-01"),
        ("/vocab/netwroking", "vocab/networking"),
        ("/id/networking", "vocab/networking"),
        ("/ontology/terms/Frim", "ontology#Firm"),
        ("/graph/study-finding", "graph/study-findings"),
        ("/mappings/purpose", "mappings/purposes"),
    ],
)
def test_an_unknown_iri_is_told_with_those_that_look_alike(
    visitor: Visitor, path: str, meant: str
) -> None:
    for suffix, accept in (("", "*/*"), (".ttl", "text/html")):
        response = visitor.get(path + suffix, accept=accept)
        assert response.status_code == 404
        assert response.headers["content-type"] == "application/problem+json"
        near = response.json()["near"]
        assert any(found["iri"].startswith(BASE + meant) for found in near), near
        for found in near:
            assert visitor.get(found["address"], follow=True).status_code == 200
    page = visitor.get(path, accept=BROWSER)
    assert page.status_code == 404
    assert page.headers["content-type"].startswith("text/html")
    assert f'href="{near[0]["address"]}"' in page.text


@pytest.mark.parametrize("path", ["/id/", "/id/a b", "/id/<x>", "/ontology/9.9", "/ontology/%2E%2E",
                                  "/ontology/.hidden", "/vocab/%7B%7D"])  # fmt: skip
def test_what_can_be_no_iri_of_ours_is_not_found(visitor: Visitor, path: str) -> None:
    for accept in ("*/*", BROWSER):
        assert visitor.get(path, accept=accept, follow=True).status_code == 404


def test_a_replaced_concept_says_by_what(visitor: Visitor) -> None:
    found = triples(visitor.get("/vocab/old-networking", accept="text/turtle", follow=True))
    replaced = Triple(
        iri("/vocab/old-networking"), NamedNode(DCTERMS + "isReplacedBy"), iri("/vocab/networking")
    )
    assert replaced in found
    assert any(triple.predicate.value == OWL + "deprecated" for triple in found)
    page = visitor.get("/vocab/old-networking", accept=BROWSER, follow=True).text
    assert 'replaced by <a href="/vocab/networking">networking</a>' in page


def test_a_replaced_term_says_by_what_on_its_page_and_in_the_ontology(visitor: Visitor) -> None:
    replaced = 'replaced by <a href="/ontology/terms/cause">cause</a>'
    assert replaced in visitor.get("/ontology/terms/oldCause.html").text
    assert replaced in visitor.get("/ontology.html").text


def test_the_page_of_the_ontology_has_an_anchor_for_each_term(visitor: Visitor) -> None:
    page = visitor.get("/ontology.html").text
    terms = {
        triple.subject.value
        for triple in triples(visitor.get("/ontology.nt"))
        if triple.predicate.value == RDF + "type" and isinstance(triple.subject, NamedNode)
        and triple.subject.value.startswith(SME)
    }  # fmt: skip
    assert len(terms) == 11
    for term in terms:
        assert page.count(f'id="{term.removeprefix(SME)}"') == 1


def test_a_definition_in_logic_is_told_in_words(visitor: Visitor) -> None:
    page = re.sub("<[^>]+>", "", visitor.get("/ontology/terms/SocialFirm.html").text)
    assert "firm and (has purpose value networking)" in page
    found = triples(visitor.get("/ontology/terms/SocialFirm.nt"))
    assert any(triple.predicate.value == OWL + "hasValue" for triple in found)


def test_a_version_that_the_release_keeps_is_answered_as_it_was(visitor: Visitor) -> None:
    page = visitor.get("/ontology/0.1.0.html").text
    assert "An older ontology" in page
    assert "company" in page
    assert "An ontology of firms" in visitor.get("/ontology/0.2.0.html").text


def test_a_fact_shows_where_it_stands_and_what_it_says_by_labels(visitor: Visitor) -> None:
    page = visitor.get("/id/finding-001.html").text
    assert '<a href="/id/work-finnish">Two Finnish software firms</a>' in page
    assert "Table 1" in page
    assert '<a href="/vocab/networking">networking</a>' in page
    assert f'<code class="iri">{BASE}id/finding-001</code>' in page
    assert page.index("What is said of it") < page.index("What follows from that")
    texts = re.findall("<a [^>]*>([^<]*)</a>", page)
    assert not [text for text in texts if text.startswith("http")]


def test_of_many_that_point_at_a_thing_the_first_are_shown_with_a_query_for_all(
    visitor: Visitor,
) -> None:
    page = visitor.get("/vocab/networking.html").text
    assert page.count('href="/id/finding-') == 51  # fifty causes, and one that is derived
    assert "All 60" in page
    assert "Two Finnish software firms" in page


def test_a_thing_without_a_label_has_its_title(visitor: Visitor) -> None:
    assert "<h1>A work without a label</h1>" in visitor.get("/id/work-named.html").text
    assert ">A work without a label</a>" in visitor.get("/vocab/networking.html").text


def test_a_document_says_what_it_is_on_and_under_which_licence(visitor: Visitor) -> None:
    found = triples(visitor.get("/id/finding-001.ttl"))
    said = {t.predicate.value: t.object for t in found if t.subject == iri("/id/finding-001.ttl")}
    assert said["http://xmlns.com/foaf/0.1/primaryTopic"] == iri("/id/finding-001")
    assert said[DCTERMS + "isPartOf"] == iri("/dataset")
    assert DCTERMS + "license" in said
    labels = {t.subject for t in found if t.predicate.value == RDFS + "label"}
    assert iri("/vocab/networking") in labels


def test_a_graph_is_sent_as_a_query_finds_it(linked: Path, visitor: Visitor) -> None:
    store = Store.read_only(str(linked / "store"))
    expected = {
        _unnamed(quad)
        for quad in store.quads_for_pattern(None, None, None, iri("/graph/study-findings"))
    }
    assert triples(visitor.get("/graph/study-findings.nt")) == expected


def test_the_dataset_names_its_graphs_and_where_it_is_asked(visitor: Visitor) -> None:
    found = triples(visitor.get("/dataset.ttl"))
    said = {(t.predicate.value, t.object) for t in found if t.subject == iri("/dataset")}
    void = "http://rdfs.org/ns/void#"
    assert (void + "sparqlEndpoint", NamedNode("http://test/sparql")) in said
    assert (void + "subset", iri("/graph/study-findings")) in said
    assert any(triple.subject == iri("/graph/study-findings") for triple in found)


@EACH
def test_a_page_has_a_sound_outline_and_the_other_forms(visitor: Visitor, path: str) -> None:
    found = visitor.outline(f"{path}.html")
    assert found.headings.count(1) == 1
    assert found.headings[0] == 1
    assert all(b - a <= 1 for a, b in zip(found.headings, found.headings[1:], strict=False))
    for suffix in FORMS.keys() - {"html"}:
        assert f"{path}.{suffix}" in found.links


@FORM
@EACH
def test_a_page_asks_a_bounded_number_of_queries(
    linked: Path, counting: Counting, path: str, suffix: str
) -> None:
    visitor = Visitor(release_site(linked, counting))  # a new one, which has kept nothing
    visitor.get("/ontology.html")  # what is kept for all pages
    visitor.get("/graph/nothing")
    visitor.get("/papers")  # what fills the tables
    counting.asked.clear()
    assert visitor.get(path, accept=FORMS[suffix].media_type, follow=True).status_code == 200
    assert len(counting.asked) <= QUERIES
    counting.asked.clear()
    assert visitor.get(f"{path}.{suffix}").status_code == 200
    assert len(counting.asked) <= 1  # a graph is sent anew, what else there is is kept


# ---------------------------------------------------------------------------- over real HTTP


@pytest.fixture(scope="module")
def http(serve: Callable[..., httpx.Client], linked: Path) -> httpx.Client:
    """A client of the service, with its workers."""
    return serve(linked)


@EACH
def test_the_service_answers_get_and_head_alike(http: httpx.Client, path: str) -> None:
    for accept in (BROWSER, "text/turtle"):
        got = http.get(path, headers={"Accept": accept}, follow_redirects=True)
        head = http.head(path, headers={"Accept": accept}, follow_redirects=True)
        assert (got.status_code, head.status_code) == (200, 200)
        assert head.content == b""
        for name in ("content-type", "etag", "vary", "link"):
            assert head.headers[name] == got.headers[name]
        assert got.headers["access-control-allow-origin"] == "*"


def test_a_document_is_sent_compressed_to_who_takes_that(http: httpx.Client) -> None:
    plain = http.get("/ontology.ttl", headers={"Accept-Encoding": "identity"})
    for coding in ("gzip", "zstd"):
        coded = http.get("/ontology.ttl", headers={"Accept-Encoding": coding})
        assert coded.headers["content-encoding"] == coding
        assert "Accept-Encoding" in coded.headers["vary"]
        if coding == "gzip":
            assert coded.text == plain.text


@pytest.mark.parametrize("method", ["PUT", "POST", "DELETE", "PATCH"])
def test_an_own_iri_takes_no_changes(http: httpx.Client, method: str) -> None:
    assert http.request(method, "/id/finding-001").status_code == 405


@pytest.fixture(scope="module", params=[True, False], ids=["stripped", "kept"])
def site(request: pytest.FixtureRequest, linked: Path) -> Iterator[tuple[Proxy, httpx.Client]]:
    """The service behind each kind of proxy that puts it below a path."""
    proxy = Proxy("/small-firms", strips=request.param)
    with behind(proxy, dataset=linked) as client:
        yield proxy, client


@EACH
def test_below_a_path_every_link_stays_below_it(
    site: tuple[Proxy, httpx.Client], path: str
) -> None:
    proxy, client = site
    page = client.get(path, headers={"Accept": BROWSER}, follow_redirects=True)
    assert page.status_code == 200
    assert urlsplit(str(page.url)).path.startswith("/small-firms/")
    links = {link for link in Outline(page.text).links if link.startswith("/")}
    assert links
    for link in sorted(links)[:12]:
        assert link.startswith("/small-firms/")
        found = client.get(origin_of(client) + link, follow_redirects=True)
        assert found.status_code == 200, link
    assert proxy.outside == []


# ------------------------------------------------------------------------- the whole release


def own_iris(release: Path) -> list[str]:
    """Every own IRI that the graphs of a release name."""
    store = Store.read_only(str(release / "store"))
    found = {
        term.value
        for quad in store.quads_for_pattern(None, None, None, None)
        for term in (quad.subject, quad.predicate, quad.object)
        if isinstance(term, NamedNode) and term.value.startswith(BASE)
    }
    return sorted(found)


def test_every_own_iri_of_the_release_answers(built: Path) -> None:
    release = (built / "current").resolve()
    visitor = Visitor(release_site(release, engine_of(release)))
    known = [one for one in own_iris(release) if one != f"{BASE}sparql"]  # the endpoint itself
    things = [one for one in known if "/id/" in one]
    concepts = [one for one in known if "/vocab/" in one]
    # What a graph names below itself is in its document.
    others = [
        one
        for one in known
        if "/id/" not in one and "/vocab/" not in one and not ("/graph/" in one and "#" in one)
    ]
    assert len(others) > 500
    drawn = random.Random(13)
    chosen = [found for of in (others, concepts, things) for found in drawn.sample(of, 100)]
    failed = []
    for one in chosen:
        path = path_of(one)
        if path is None or visitor.get(path, accept="text/turtle", follow=True).status_code != 200:
            failed.append(one)
    assert failed == []
    for one in drawn.sample(chosen, 60):
        page = visitor.get(path_of(one) or "", accept=BROWSER, follow=True)
        assert page.status_code == 200, one
        assert page.headers["content-type"].startswith("text/html")
