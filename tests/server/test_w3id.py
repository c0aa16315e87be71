"""The rules for w3id.org lead from each kind of IRI to the path that answers for it.

A real Apache reads the files of `deploy/w3id/`.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from smegraph.namespaces import BASE
from smegraph.ontology.versions import TERMS_LIST, THINGS_LIST, VERSIONS, read_list
from smegraph.server.addresses import OWN_PATHS
from tests.conftest import ROOT, Release

APACHE = shutil.which("apache2") or shutil.which("httpd") or "/usr/sbin/apache2"
MODULES = Path("/usr/lib/apache2/modules")
WANTED = ("mpm_event", "authz_core", "rewrite", "headers")
FOLDER = ROOT / "deploy" / "w3id"
SERVICE, STATIC = "https://smegraph.example.org/", "https://files.example.org/smegraph/"
CONFIGURATION = """
ServerRoot "{place}"
ServerName localhost
Listen 127.0.0.1:{port}
PidFile "{place}/pid"
ErrorLog "{place}/log"
User {user}
{modules}
DocumentRoot "{place}/www"
<Directory "{place}/www">
  AllowOverride All
  Require all granted
</Directory>
"""


@pytest.fixture(scope="module")
def w3id() -> Iterator[str]:
    """The address of an Apache with both files, each in a folder as w3id.org has it."""
    if not Path(APACHE).is_file() or not all((MODULES / f"mod_{n}.so").is_file() for n in WANTED):
        pytest.skip("There is no Apache with mod_rewrite.")
    place = Path(tempfile.mkdtemp())  # everybody may read it, as Apache does not run as root
    place.chmod(0o755)
    for name, file in (("smegraph", ".htaccess"), ("static", "static.htaccess")):
        (place / "www" / name).mkdir(parents=True)
        shutil.copyfile(FOLDER / file, place / "www" / name / ".htaccess")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    loaded = "\n".join(f"LoadModule {n}_module {MODULES}/mod_{n}.so" for n in WANTED)
    user = "www-data" if os.geteuid() == 0 else "#-1"
    text = CONFIGURATION.format(place=place, port=port, modules=loaded, user=user)
    (place / "httpd.conf").write_text(text, "utf-8")
    command = [APACHE, "-D", "FOREGROUND", "-f", str(place / "httpd.conf")]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        try:
            yield _ready(f"http://127.0.0.1:{port}", process)
        finally:
            process.terminate()
            process.wait(30)
            shutil.rmtree(place)


def _ready(address: str, process: subprocess.Popen[str]) -> str:
    for _ in range(300):
        assert process.poll() is None, process.stderr and process.stderr.read()
        try:
            httpx.get(address)
        except httpx.TransportError:
            time.sleep(0.1)
        else:
            return address
    raise AssertionError("Apache does not answer.")


def led(w3id: str, path: str, folder: str = "smegraph") -> str | None:
    """Where a path leads, or None where it leads nowhere."""
    answer = httpx.get(f"{w3id}/{folder}/{path}", headers={"Accept": "text/turtle"})
    if answer.status_code == 404:
        return None
    assert answer.status_code == 303
    assert answer.headers["access-control-allow-origin"] == "*"
    return answer.headers["location"]


@pytest.mark.parametrize(
    "path",
    [
        "", "ontology", "ontology.ttl", "ontology.jsonld", "ontology/0.1.0", "ontology/0.1.0.ttl",
        "ontology/10.11.12.rdf", "ontology/terms/Finding", "ontology/modules/core", "shapes",
        "shapes.ttl", "dataset", "dataset.nq", "vocab/trust", "vocab/trust.html", "id/place-italy",
        "id/finding-a--b.nt", "graph/derived", "graph/derived.trig", "graph/a/class/Firm",
        "mappings/places", "ontology?x=1",
    ],
)  # fmt: skip
def test_an_iri_leads_to_the_same_path_of_the_service(w3id: str, path: str) -> None:
    assert led(w3id, path) == SERVICE + path


@pytest.mark.parametrize(
    "path", ["nothing", "ontology/draft", "vocab/", "ontologyx", "id", "x/id/a"]
)
def test_what_is_no_kind_of_iri_leads_nowhere(w3id: str, path: str) -> None:
    assert led(w3id, path) is None


def test_one_in_a_hundred_published_iris_leads_to_the_service(w3id: str) -> None:
    terms = read_list(ROOT / "ontology" / VERSIONS / TERMS_LIST)
    for iri in (*terms[::100], *read_list(ROOT / "data" / THINGS_LIST)[::100]):
        path = iri.removeprefix(BASE).partition("#")[0]
        assert led(w3id, path) == SERVICE + path


def test_the_service_has_the_paths_that_rules_lead_to() -> None:
    if "ontology" not in OWN_PATHS:
        pytest.skip("The service answers for no IRI yet.")
    kinds = {"dataset", "graph", "id", "mappings", "ontology", "shapes", "vocab"}
    assert kinds <= OWN_PATHS


@pytest.mark.parametrize("path", ["", "id/firm-cuberdon", "graph/study-finnish", "id/facebook.ttl"])
def test_who_follows_an_iri_gets_an_answer_of_the_service(
    w3id: str, service: httpx.Client, path: str
) -> None:
    if "id" not in OWN_PATHS:
        pytest.skip("The service answers for no IRI yet.")
    where = led(w3id, path)
    assert where is not None
    headers = {"Accept": "text/turtle" if path else "text/html"}
    answer = service.get("/" + where.removeprefix(SERVICE), headers=headers, follow_redirects=True)
    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("path", "file"),
    [
        ("", "README.md"),
        ("ontology", "ontology.ttl"),
        ("ontology.ttl", "ontology.ttl"),
        ("ontology/0.1.0", "versions/0.1.0/ontology.ttl"),
        ("dataset", "turtle/meta.ttl"),
        ("vocab/trust", "turtle/vocabulary.ttl"),
        ("graph/derived", "turtle/derived.ttl"),
        ("graph/derived.ttl", "turtle/derived.ttl"),
        ("id/place-italy", "smegraph.trig"),
        ("nothing", None),
    ],
)
def test_without_a_service_an_iri_leads_to_a_file(w3id: str, path: str, file: str | None) -> None:
    assert led(w3id, path, "static") == (STATIC + file if file else None)


def test_files_that_rules_lead_to_are_those_of_a_release(released: Release) -> None:
    names = ("versions/0.1.0/ontology.ttl", "turtle/meta.ttl", "turtle/vocabulary.ttl")
    assert all((released.path / name).is_file() for name in (*names, "smegraph.trig"))
