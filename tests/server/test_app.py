"""The application: health, pages, headers, failures, and the running service."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import re
import shutil
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import httpx
import pytest
from starlette.types import ASGIApp

from smegraph.namespaces import PREFIXES
from smegraph.release.questions import load_questions
from smegraph.server.endpoints.query import SparqlEndpoint
from smegraph.server.engine.engine import Answer, Generation, QueryRequest
from smegraph.server.http.headers import StandardHeaders
from smegraph.server.http.problems import KINDS
from smegraph.server.pages.errors import ReleaseUnreadable
from smegraph.server.pages.site import release_site
from smegraph.sparql.errors import QueryFailed


class Page(HTMLParser):
    """The elements of a page, their attributes, and the text of some."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text: dict[str, str] = {}
        self._open: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        found = dict(attributes)
        self.elements.append((tag, found))
        self._open.append(found.get("id") or tag)

    def handle_data(self, data: str) -> None:
        if self._open:
            self.text[self._open[-1]] = self.text.get(self._open[-1], "") + data

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [found for name, found in self.elements if name == tag]


@pytest.fixture(scope="module")
def page(service: httpx.Client) -> Page:
    return Page(service.get("/ask").text)


@pytest.mark.parametrize("path", ["/health", "/ready", "/metrics"])
def test_probes_may_ask_by_head(service: httpx.Client, path: str) -> None:
    """RFC 9110 §9.1: GET and HEAD go together."""
    response = service.head(path)
    assert (response.status_code, response.content) == (200, b"")
    assert response.headers["content-type"] == service.get(path).headers["content-type"]
    allowed = "GET, HEAD, OPTIONS"
    assert service.options(path).headers["allow"] == allowed
    assert service.post(path).headers["allow"] == allowed


def test_health_tells_release_and_size(service: httpx.Client) -> None:
    response = service.get("/health")
    assert response.json() == {"status": "ok", "version": "1.2.3", "quads": 37}


def test_the_form_works_without_javascript(page: Page, service: httpx.Client) -> None:
    (form,) = [found for found in page.all("form") if found.get("id") == "form"]
    assert (form["action"], form["method"]) == ("/ask", "post")
    options = [option["value"] or "" for option in page.all("option")]
    assert len(options) == 11
    for name in options:
        sent = {"query": page.text["query"], "format": name}
        response = service.post("/ask", data=sent, follow_redirects=True)
        assert response.status_code == (200 if name in {"", "json", "xml", "csv", "tsv"} else 406)


def test_what_a_release_brings_is_escaped(page: Page, service: httpx.Client) -> None:
    assert not page.all("b")
    assert "&amp; &lt;b&gt;name&lt;/b&gt;?" in service.get("/ask").text


def test_the_page_carries_the_prefixes_for_its_script(page: Page) -> None:
    assert json.loads(page.text["data"])["prefixes"] == dict(PREFIXES)


def test_every_address_on_the_page_is_answered_by_this_service(
    page: Page, service: httpx.Client
) -> None:
    names = ("href", "src", "action")
    addresses = [found[name] or "" for _, found in page.elements for name in names if name in found]
    local = [address for address in addresses if not address.startswith("#")]
    assert len(local) >= 6
    for address in local:
        assert address.startswith("/"), "nothing comes from another machine"
        assert service.get(address).status_code in (200, 400)


def test_the_page_satisfies_its_own_content_security_policy(
    page: Page, service: httpx.Client
) -> None:
    policy = service.get("/ask").headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert not page.all("style")
    assert not any(
        name == "style" or name.startswith("on") for _, found in page.elements for name in found
    )
    scripts = [found for found in page.all("script") if "src" not in found]
    assert [found["type"] for found in scripts] == ["application/json"]


def test_every_control_has_a_label_and_every_identifier_is_one(page: Page) -> None:
    labels = {found["for"] for found in page.all("label")}
    assert labels == {
        found["id"] for tag in ("textarea", "select", "input") for found in page.all(tag)
    }
    identifiers = [found["id"] for _, found in page.elements if "id" in found]
    assert len(identifiers) == len(set(identifiers))


@pytest.mark.parametrize(
    "path", ["/", "/ask", "/health", "/sparql?query=ASK%7B%7D", "/static/ask_page.js"]
)
def test_every_answer_has_cors_and_security_headers(service: httpx.Client, path: str) -> None:
    response = service.get(path)
    assert response.status_code == 200
    assert response.headers["access-control-allow-origin"] == "*"
    assert response.headers["x-content-type-options"] == "nosniff"
    assert "content-security-policy" in response.headers


@pytest.mark.parametrize(
    ("method", "path", "kind"),
    [
        ("GET", "/nothing", "not-found"),
        ("GET", "/static/nothing.js", "not-found"),
        ("GET", "/static/..%2fapp.py", "not-found"),
        ("POST", "/health", "method-not-allowed"),
        ("DELETE", "/", "method-not-allowed"),
    ],
)
def test_a_wrong_address_or_method_is_a_problem(
    service: httpx.Client, method: str, path: str, kind: str
) -> None:
    response = service.request(method, path)
    assert response.status_code == KINDS[kind][0]
    assert response.headers["content-type"] == "application/problem+json"
    assert response.headers["access-control-allow-origin"] == "*"
    assert response.json()["type"].endswith(f"/{kind}")
    if kind == "method-not-allowed":
        assert "GET" in response.headers["allow"]


def ask(app: ASGIApp, path: str) -> httpx.Response:
    """Ask an application in this process, as a client sees it."""

    async def get() -> httpx.Response:
        transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as http:
            return await http.get(path)

    return asyncio.run(get())


class FailingEngine:
    """An engine that breaks as engines do."""

    generation = Generation("", 0.0)

    async def answer(self, request: QueryRequest) -> Answer:
        raise QueryFailed("/secret/path: disk full")


def test_a_failing_engine_is_logged_and_tells_the_client_an_identifier_only(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.ERROR, "smegraph.server"):
        response = ask(StandardHeaders(SparqlEndpoint(FailingEngine())), "/?query=ASK%7B%7D")
    assert response.status_code == 500
    assert response.json()["type"].endswith("/internal-error")
    assert "secret" not in response.text
    assert "Traceback" not in response.text
    assert response.headers["access-control-allow-origin"] == "*"
    assert response.json()["id"] in caplog.text
    assert "disk full" in caplog.text


def test_an_error_that_nobody_foresaw_leaks_nothing(
    release: Path, caplog: pytest.LogCaptureFixture
) -> None:
    app = release_site(release, FailingEngine())

    @app.get("/broken")
    async def broken() -> None:
        raise KeyError("secret")

    response = ask(app, "/broken")
    assert response.status_code == 500
    assert response.headers["content-type"] == "application/problem+json"
    assert response.headers["access-control-allow-origin"] == "*"
    assert "secret" not in response.text
    assert response.json()["id"] in caplog.text


def test_a_folder_that_is_no_release_is_refused_with_the_remedy(
    release: Path, tmp_path: Path
) -> None:
    with pytest.raises(ReleaseUnreadable, match=r"manifest\.json.*smegraph build"):
        release_site(tmp_path, FailingEngine())
    shutil.copy(release / "manifest.json", tmp_path)
    with pytest.raises(ReleaseUnreadable, match=r"store.*smegraph build"):
        release_site(tmp_path, FailingEngine())


def test_a_question_without_a_title_goes_by_its_file_s_name(tmp_path: Path) -> None:
    (tmp_path / "02-which-firms.rq").write_text("ASK {}\n")
    (tmp_path / "01.rq").write_text("#title:  First?  \n\nASK { ?s ?p ?o }\n")
    (tmp_path / "01.csv").write_text("")
    found = [(question.title, question.text) for question in load_questions(tmp_path)]
    assert found == [("02 which firms", "ASK {}\n"), ("First?", "ASK { ?s ?p ?o }\n")]


def test_run_prints_one_line_with_the_address_and_answers_there(release: Path) -> None:
    code = (
        "import sys; from smegraph.server import Settings, run;"
        "run(Settings(dataset=sys.argv[1], port=0, log_format='none'))"
    )
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2] / "src")}
    with subprocess.Popen(
        [sys.executable, "-c", code, str(release)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=environment,
    ) as process:
        try:
            assert process.stdout
            line = process.stdout.readline()
            found = re.match(r"smegraph serves (http://127\.0\.0\.1:\d+/) ", line)
            assert found, line
            transport = httpx.HTTPTransport(retries=5)
            with httpx.Client(transport=transport, timeout=60) as http:
                assert http.get(found[1] + "health").json()["status"] == "ok"
        finally:
            process.terminate()
            rest = process.communicate(timeout=60)[0]
    assert rest == ""
