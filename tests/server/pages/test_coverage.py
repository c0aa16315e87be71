"""The page of coverage: there when a release was built with its sources, and only then."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import httpx
import pytest

Serve: TypeAlias = Callable[[Path], httpx.Client]
RUN = {"start": 10, "end": 90, "characters": 70, "sha256": "ab" * 32}
PART = {
    "id": "s1", "label": "1 <i>Aim</i>", "kind": "section", "locator": "section 1", "parent": None,
    "depth": 0, "state": "partly", "start": 0, "end": 200, "characters": 150, "content": 80,
    "coded": 100, "contentPercent": 53.3, "codedPercent": 66.7, "paragraphs": 2,
    "paragraphsWithContent": 1, "open": [RUN],
}  # fmt: skip
DOCUMENT = {
    "studies": [
        {
            "study": "one", "label": "One & only", "source": {"file": "a.txt", "sha256": "cd" * 32},
            "length": 200, "characters": 150, "content": 80, "coded": 100,
            "contentPercent": 53.3, "codedPercent": 66.7, "parts": [PART], "problems": [],
        },
        {
            "study": "two", "label": "Two", "source": {"file": "b.txt", "sha256": "ef" * 32},
            "problems": [{"file": "study.yaml", "message": "It is lost.", "remedy": "Find it."}],
        },
    ]
}  # fmt: skip


@pytest.fixture
def client(serve: Serve, release: Path, tmp_path: Path) -> httpx.Client:
    folder = tmp_path / "release"
    shutil.copytree(release, folder)
    (folder / "coverage.json").write_text(json.dumps(DOCUMENT), encoding="utf-8")
    return serve(folder)


def test_a_release_without_sources_has_no_page(serve: Serve, release: Path) -> None:
    client = serve(release)
    assert client.get("/coverage").status_code == 404
    assert "/coverage" not in client.get("/").text


def test_the_first_page_leads_to_it(client: httpx.Client) -> None:
    assert 'href="/coverage"' in client.get("/").text


def test_it_shows_shares_parts_and_passages(client: httpx.Client) -> None:
    text = client.get("/coverage").text
    assert "53.3 %" in text
    assert "0 of 1" in text
    assert "10–90" in text
    assert "abababababab" in text
    assert "It is lost. Find it." in text


def test_what_a_study_brings_is_escaped(client: httpx.Client) -> None:
    text = client.get("/coverage").text
    assert "1 &lt;i&gt;Aim&lt;/i&gt;" in text
    assert "One &amp; only" in text


def test_it_satisfies_the_content_security_policy(client: httpx.Client) -> None:
    text = client.get("/coverage").text
    assert "<style" not in text
    assert "style=" not in text


def test_the_data_are_those_of_the_release(client: httpx.Client) -> None:
    assert client.get("/coverage.json").json() == DOCUMENT
