"""What clients may keep: entity tags, dates, 304, and how old an answer is."""

from __future__ import annotations

import time
from collections.abc import Iterator
from email.utils import formatdate

import httpx
import pytest
from pyoxigraph import Store

from smegraph.server.endpoints.query import SparqlEndpoint
from smegraph.server.engine.engine import Answer, Generation, QueryRequest
from smegraph.server.http.conditional import Precondition, has_tag, validators
from smegraph.store.embedded import EmbeddedStore
from tests.server.bare import serving as bare_server
from tests.server.inprocess import InProcessEngine

ASK = {"query": "ASK {}"}
HOUR = 3600


class CountingEngine(InProcessEngine):
    """The real engine over an empty store; counts its work, and says that the data have aged."""

    def __init__(self) -> None:
        super().__init__(EmbeddedStore(Store()))
        self.generation = Generation("1.2/é", time.time() - HOUR)
        self.asked = 0
        self.kept_for: int | None = None

    async def answer(self, request: QueryRequest) -> Answer:
        self.asked += 1
        answer = await super().answer(request)
        if self.kept_for is not None:
            answer.cache, answer.computed = "hit", time.time() - self.kept_for
        return answer


@pytest.fixture
def engine() -> CountingEngine:
    return CountingEngine()


@pytest.fixture
def service(engine: CountingEngine) -> Iterator[httpx.Client]:
    with bare_server(SparqlEndpoint(engine)) as http:
        yield http


def ask(service: httpx.Client, **headers: str) -> httpx.Response:
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    return service.get("/sparql", params=ASK, headers=sent)


def test_an_answer_may_be_kept_but_is_asked_for_again(
    service: httpx.Client, engine: CountingEngine
) -> None:
    response = ask(service)
    assert response.headers["cache-control"] == "no-cache"
    assert response.headers["etag"].startswith('W/"')
    assert response.headers["last-modified"] == formatdate(engine.generation.modified, usegmt=True)


def test_who_has_the_answer_is_told_so_without_any_work(
    service: httpx.Client, engine: CountingEngine
) -> None:
    first = ask(service)
    again = ask(service, if_none_match=f'"other", {first.headers["etag"]}')
    assert (again.status_code, again.content) == (304, b"")
    assert engine.asked == 1
    for name in ("etag", "cache-control", "vary", "last-modified", "access-control-allow-origin"):
        assert again.headers[name] == first.headers[name]
    assert (
        service.head(
            "/sparql", params=ASK, headers={"If-None-Match": first.headers["etag"]}
        ).status_code
        == 304
    )


def test_the_comparison_of_tags_is_weak(service: httpx.Client) -> None:
    tag = ask(service).headers["etag"]
    assert ask(service, if_none_match=tag.removeprefix("W/")).status_code == 304
    assert ask(service, if_none_match=tag.removesuffix('"') + 'x"').status_code == 200


def test_another_state_of_the_data_has_another_tag(
    service: httpx.Client, engine: CountingEngine
) -> None:
    tag = ask(service).headers["etag"]
    engine.generation = Generation("1.3", time.time())
    response = ask(service, if_none_match=tag)
    assert response.status_code == 200
    assert response.headers["etag"] != tag


def test_a_star_fits_every_answer_and_no_refusal(service: httpx.Client) -> None:
    assert ask(service, if_none_match="*").status_code == 304
    refused = service.get("/sparql", params={"query": "ASK"}, headers={"If-None-Match": "*"})
    assert refused.status_code == 400


@pytest.mark.parametrize(("age", "status"), [(HOUR - 60, 304), (HOUR + 60, 200)])
def test_if_modified_since(service: httpx.Client, age: int, status: int) -> None:
    date = formatdate(time.time() - age, usegmt=True)
    assert ask(service, if_modified_since=date).status_code == status


def test_the_date_that_was_told_is_not_modified_since(service: httpx.Client) -> None:
    date = ask(service).headers["last-modified"]
    assert ask(service, if_modified_since=date).status_code == 304
    refused = service.get("/sparql", params={"query": "ASK"}, headers={"If-Modified-Since": date})
    assert refused.status_code == 400


@pytest.mark.parametrize("date", ["yesterday", "Sat, 99 Foo 99999 99:99:99 GMT", "-1", "é"])
def test_what_is_no_date_is_passed_over(service: httpx.Client, date: str) -> None:
    headers = {"If-Modified-Since": date.encode()}
    assert service.get("/sparql", params=ASK, headers=headers).status_code == 200  # type: ignore[arg-type]


def test_the_date_does_not_count_besides_a_tag(service: httpx.Client) -> None:
    now = formatdate(usegmt=True)
    assert ask(service, if_none_match='"other"', if_modified_since=now).status_code == 200


def test_no_date_is_told_while_the_data_could_change_within_its_second(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(time, "time", lambda: 1000.5)
    young, old = Generation("a", 1000.0), Generation("a", 999.0)
    assert "last-modified" not in [name.decode() for name, _ in validators(young, b'W/"a"')]
    assert "last-modified" in [name.decode() for name, _ in validators(old, b'W/"a"')]


@pytest.mark.parametrize("call", ["NOW()", "RAND()", "UUID()", "STRUUID()", "BNODE()", "rand ( )"])
def test_an_answer_that_is_never_the_same_is_not_kept(
    service: httpx.Client, engine: CountingEngine, call: str
) -> None:
    query = {"query": f"SELECT ({call} AS ?x) {{}}"}
    response = service.get("/sparql", params=query)
    assert response.status_code == 200, response.text
    assert response.headers["cache-control"] == "no-store"
    assert "etag" not in response.headers
    assert "last-modified" not in response.headers
    again = service.get("/sparql", params=query, headers={"If-None-Match": "*"})
    assert again.status_code == 200


def test_the_answer_to_a_post_is_not_kept(service: httpx.Client) -> None:
    tag = ask(service).headers["etag"]
    response = service.post("/sparql", data=ASK, headers={"If-None-Match": tag})
    assert response.status_code == 200
    assert response.headers["cache-control"] == "no-store"
    assert "etag" not in response.headers


def test_a_refusal_is_not_kept(service: httpx.Client) -> None:
    response = service.get("/sparql", params={"query": "ASK"})
    assert response.headers["cache-control"] == "no-store"


def test_an_answer_from_the_cache_tells_its_age(
    service: httpx.Client, engine: CountingEngine
) -> None:
    fresh = ask(service)
    assert fresh.headers["x-cache"] == "bypass"
    assert "age" not in fresh.headers
    engine.kept_for = 42
    kept = ask(service)
    assert kept.headers["x-cache"] == "hit"
    assert 42 <= int(kept.headers["age"]) < 142


def test_only_a_whole_tag_fits() -> None:
    assert has_tag(b'W/"ab"', b'W/"ab"')
    assert not has_tag(b'"xab"', b'W/"ab"')
    assert not has_tag(None, b'W/"ab"')


# ------------------------------------------------------------------------------ preconditions

STRONG = (b'"g-turtle"', b'"g-xml"')
STATE = Generation("g", 1_000_000_000.7)
BEFORE, AT = formatdate(999_999_999, usegmt=True), formatdate(1_000_000_000, usegmt=True)


@pytest.mark.parametrize(
    ("fields", "present", "absent"),
    [
        ({"if-match": "*"}, True, False),
        ({"if-match": '"g-xml"'}, True, False),
        ({"if-match": '"x", "a, b" , "g-turtle"'}, True, False),
        ({"if-match": 'W/"g-turtle"'}, False, False),
        ({"if-match": '"g-turtl"'}, False, False),
        ({"if-match": "g-turtle"}, False, False),
        ({"if-match": ""}, False, False),
        ({"if-none-match": "*"}, False, True),
        ({"if-none-match": 'W/"g-xml"'}, False, True),
        ({"if-none-match": '"x"'}, True, True),
        ({"if-unmodified-since": AT}, True, True),
        ({"if-unmodified-since": BEFORE}, False, True),
        ({"if-unmodified-since": "yesterday"}, True, True),
        ({"if-match": '"g-xml"', "if-unmodified-since": BEFORE}, True, False),
        ({"if-match": '"g-xml"', "if-none-match": '"g-xml"'}, False, False),
        ({"if-unmodified-since": AT, "if-none-match": "*"}, False, True),
    ],
)
def test_what_is_required_before_a_change(
    fields: dict[str, str], present: bool, absent: bool
) -> None:
    raw = {name.encode(): value.encode() for name, value in fields.items()}
    precondition = Precondition.of(raw, changes=True)
    assert precondition is not None
    assert precondition.holds(STRONG, STATE) is present
    assert precondition.holds((), STATE) is absent


def test_nothing_is_required_by_other_fields() -> None:
    assert Precondition.of({b"accept": b"*/*"}, changes=True) is None
    assert Precondition.of({b"if-none-match": b"*", b"range": b"x"}, changes=False) is None


def test_an_answer_has_a_weak_tag_which_if_match_never_takes(service: httpx.Client) -> None:
    """RFC 9110 §13.1.1: the comparison is strong."""
    tag = ask(service).headers["etag"]
    response = ask(service, if_match=tag, if_none_match=tag)
    assert response.status_code == 412
    assert response.json()["type"].endswith("/precondition-failed")
    assert ask(service, if_match="*").status_code == 200


def test_an_answer_that_is_younger_than_is_required_is_none(
    service: httpx.Client, engine: CountingEngine
) -> None:
    modified = engine.generation.modified
    old = formatdate(modified - HOUR, usegmt=True)
    assert ask(service, if_unmodified_since=old).status_code == 412
    same = formatdate(modified, usegmt=True)
    assert ask(service, if_unmodified_since=same).status_code == 200


@pytest.mark.parametrize(
    "date", ["01 Jan 2100 25:99:99 GMT", "Fri, 01 Jan 2100 00:00:00 +0500", "2100-01-01", "\xff"]
)
def test_what_is_no_http_date_is_passed_over(service: httpx.Client, date: str) -> None:
    """RFC 9110 §13.1.3, §5.6.7."""
    headers = {"If-Modified-Since": date.encode("latin-1")}
    assert service.get("/sparql", params=ASK, headers=headers).status_code == 200


@pytest.mark.parametrize(
    "date",
    [
        "Fri, 01 Jan 2100 00:00:00 GMT",
        "Tuesday, 01-Jan-30 00:00:00 GMT",
        "Fri Jan  1 00:00:00 2100",
    ],
)
def test_each_form_of_a_date_is_known(service: httpx.Client, date: str) -> None:
    assert ask(service, if_modified_since=date).status_code == 304
