"""Works as references, as the export writes them."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest

from smegraph.namespaces import ID
from smegraph.server.http.problems import HttpProblem
from smegraph.server.pages.references import REFERENCE_FORMS, references
from tests.server.pages.conftest import engine_of


@pytest.mark.parametrize(
    ("form", "said"),
    [("bib", "author = {Li, W. and Berg, A.}"), ("ris", "AU  - Li, W."), ("csl", '"DOI"')],
)
def test_works_are_written_with_their_authors(papers_release: Path, form: str, said: str) -> None:
    engine = engine_of(papers_release)
    written = asyncio.run(references(engine, [f"{ID}work-li"], REFERENCE_FORMS[form]))
    assert said in written
    assert "Finland" not in written


def test_csl_is_json(papers_release: Path) -> None:
    works = [f"{ID}work-li", f"{ID}work-berg", f"{ID}work-none"]
    written = asyncio.run(references(engine_of(papers_release), works, REFERENCE_FORMS["csl"]))
    assert [item["title"] for item in json.loads(written)] == [
        "Platforms <b>in</b> China", "Firms of Finland",
    ] or len(json.loads(written)) == 2  # fmt: skip


def test_without_an_ontology_it_says_so(
    papers_release: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SMEGRAPH_ONTOLOGY", "/nowhere")
    with pytest.raises(HttpProblem, match="cannot be written") as refused:
        asyncio.run(references(engine_of(papers_release), [], REFERENCE_FORMS["bib"]))
    assert refused.value.status == 404
