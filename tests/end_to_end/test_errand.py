"""An errand: all findings on social media, linked and citable, into a store of one's own.

Three commands: `smegraph export` as Turtle, one request that puts the file into a store (SPARQL
1.1 Graph Store Protocol, section 5.3), and `smegraph export` as BibTeX.
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import bibtexparser
import httpx
import pytest

from smegraph.client import Connection, connect
from smegraph.server.dataset.access_tokens import TokenFile

if TYPE_CHECKING:
    from tests.conftest import Checkout, Release

CONCEPT = "social media use"
ON_IT = "?concept skos:broader* voc:social-media-use . ?finding ?role ?concept ; a sme:Finding ."
GEONAMES = re.compile(r"https://sws\.geonames\.org/\d+/")


@dataclass(frozen=True)
class Errand:
    """What the three commands leave: a store of one's own, and a list of references."""

    store: Connection
    references: Path


@pytest.fixture(scope="module")
def own_store(
    checkout: Checkout, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, str]]:
    """Somebody's own store, empty, as a service: its address and a token that may write."""
    folder = tmp_path_factory.mktemp("own") / "store"
    token = TokenFile(folder).create(["graph-store"])
    arguments = ("serve", "--dataset", folder, "--writable", "--port", "0")
    with checkout.start(*arguments) as process:
        try:
            assert process.stdout is not None
            found = re.search(r"http://127\.0\.0\.1:\d+", process.stdout.readline())
            assert found, "the store does not start"
            yield found.group(), token
        finally:
            process.kill()


@pytest.fixture(scope="module")
def errand(
    checkout: Checkout, built: Path, own_store: tuple[str, str],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Errand]:  # fmt: skip
    """The errand, run."""
    folder = tmp_path_factory.mktemp("errand")
    turtle, references = folder / "social-media.ttl", folder / "social-media.bib"
    address, token = own_store
    succeed(checkout.run("export", "--about", CONCEPT, "--out", built, "-o", turtle))
    httpx.put(
        f"{address}/graphs?default", content=turtle.read_bytes(), timeout=600,
        headers={"Authorization": f"Bearer {token}", "Content-Type": "text/turtle"},
    ).raise_for_status()  # fmt: skip
    succeed(checkout.run("export", "--about", CONCEPT, "--out", built, "-o", references))
    with connect(address) as store:
        yield Errand(store, references)


def succeed(done: subprocess.CompletedProcess[str]) -> None:
    assert done.returncode == 0, done.stderr


def test_all_findings_are_in_the_own_store(errand: Errand, released: Release) -> None:
    query = f"SELECT DISTINCT ?finding {{ {ON_IT} }} ORDER BY ?finding"
    with connect(released.path) as graph:
        wanted = graph.select(query)
    assert len(wanted) > 50
    assert errand.store.select(query) == wanted


def test_papers_have_the_dois_that_are_known_of_them(errand: Errand, released: Release) -> None:
    query = f"SELECT DISTINCT ?work ?doi {{ {ON_IT} ?finding sme:foundBy ?work . ?work %s ?doi }}"
    with connect(released.path) as graph:
        wanted = {row.doi for row in graph.select(query % "bibo:doi")}
    linked = errand.store.select(query % "schema:sameAs")
    iris = {str(row.doi).casefold() for row in linked}
    assert wanted
    assert {f"https://doi.org/{doi}".casefold() for doi in wanted} <= iris


def test_every_country_has_its_geonames_id(errand: Errand) -> None:
    rows = errand.store.select(
        f"""SELECT DISTINCT ?country ?same {{
            {ON_IT} ?finding sme:foundBy ?work . ?work sme:studiesCountry ?country
            OPTIONAL {{ ?country schema:sameAs ?same
                        FILTER(CONTAINS(STR(?same), "geonames")) }} }} ORDER BY ?country"""
    )
    assert len(rows) > 3
    assert all(row.same is not None and GEONAMES.fullmatch(row.same) for row in rows)


def test_each_finding_has_its_place(errand: Errand) -> None:
    assert not errand.store.ask(
        f"ASK {{ {ON_IT} FILTER NOT EXISTS {{ ?finding sme:reportedIn ?d ; sme:locator ?p }} }}"
    )


def test_store_says_how_to_cite_it_and_under_which_licence(errand: Errand) -> None:
    (row,) = errand.store.select(
        "SELECT ?citation ?licence ?release { ?file dcterms:bibliographicCitation ?citation ;"
        " dcterms:license ?licence ; owl:versionInfo ?release ; a void:Dataset }"
    )
    assert f"release {row.release}" in row.citation
    assert "creativecommons.org" in row.licence


def test_papers_are_references_for_a_bibliography(errand: Errand) -> None:
    library = bibtexparser.parse_string(errand.references.read_text("utf-8"))
    assert not library.failed_blocks
    dois = {
        entry.fields_dict["doi"].value for entry in library.entries if "doi" in entry.fields_dict
    }
    assert len(library.entries) > len(dois) > 5
