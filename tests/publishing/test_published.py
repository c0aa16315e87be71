"""A release is checked, frozen, described and packed; made twice it is the same bytes."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import pyoxigraph as ox
import pytest

from smegraph.files import digest_file
from smegraph.namespaces import GRAPH
from smegraph.ontology.ontology import MODULES, Ontology
from smegraph.publishing.archive import files_below
from smegraph.publishing.errors import Disappeared, PublishingError
from smegraph.publishing.published import Order, Published, publish
from smegraph.publishing.semver import Level, Version
from smegraph.studies.project import Project
from tests.publishing.conftest import HEAD
from tests.publishing.test_citation import PEOPLE

HEADER = """<https://w3id.org/smegraph/ontology> a owl:Ontology ;
  dcterms:bibliographicCitation "us (2026). version 0.0.0." ; owl:versionInfo "0.0.0" .
"""
TERMS = """sme:A a owl:Class ; rdfs:label "a" ; rdfs:subClassOf sme:B .
sme:B a owl:Class ; rdfs:label "b" .
"""
FACTS = 'graph:one dcterms:source id:work . id:work bibo:doi "10.1/a" . id:x a sme:A .\n'


@dataclass(frozen=True)
class Workshop:
    """A project, in which a build writes what the files say."""

    root: Path

    def write(self, terms: str = TERMS, facts: str = FACTS) -> None:
        (self.root / "ontology" / "modules" / "terms.ttl").write_text(HEAD + terms, "utf-8")
        (self.root / "data" / "facts.ttl").write_text(HEAD + facts, "utf-8")

    @property
    def project(self) -> Project:
        return Project(self.root / "ontology", self.root / "data")

    def build(self) -> Path:
        """A release as a build makes it, as far as publishing looks at it."""
        triples = Ontology.load(self.root / "ontology").triples(MODULES)
        name = ox.NamedNode(GRAPH + "ontology")
        quads = [ox.Quad(t.subject, t.predicate, t.object, name) for t in triples]
        for quad in ox.parse(path=str(self.root / "data" / "facts.ttl")):
            quads.append(ox.Quad(*quad.triple, ox.NamedNode(GRAPH + "one")))
        text = ox.serialize(sorted(quads, key=str), format=ox.RdfFormat.TRIG) or b""
        release = self.root / "build" / hashlib.sha256(text).hexdigest()[:12]
        release.mkdir(parents=True, exist_ok=True)
        (release / "smegraph.trig").write_bytes(text)
        digest = digest_file(release / "smegraph.trig")
        files = {"smegraph.trig": {"bytes": len(text), "sha256": digest}}
        manifest = json.dumps({"version": release.name, "files": files})
        (release / "manifest.json").write_text(manifest, "utf-8")
        return release

    def publish(self, version: str, day: date = date(2027, 1, 31), **other: str) -> Published:
        order = Order(Version.parse(version), day, self.root, self.project, self.root / "releases")
        return publish(replace(order, **other), self.build)  # type: ignore[arg-type]

    def snapshot(self) -> dict[str, str]:
        """Digests of all files but those of builds."""
        names = [n for n in files_below(self.root) if not n.startswith("build/")]
        return {name: digest_file(self.root / name) for name in names}


@pytest.fixture
def workshop(tmp_path: Path) -> Workshop:
    """A project that was never published."""
    return begin(tmp_path / "one")


def begin(root: Path) -> Workshop:
    (root / "ontology" / "modules").mkdir(parents=True)
    (root / "data").mkdir()
    (root / "ontology" / "smegraph.ttl").write_text(HEAD + HEADER, "utf-8")
    (root / "CITATION.cff").write_text(PEOPLE, "utf-8")
    made = Workshop(root)
    made.write()
    return made


def test_the_first_version_freezes_the_ontology_and_lists_iris(workshop: Workshop) -> None:
    done = workshop.publish("0.1.0")
    assert done.judgement is None
    frozen = (workshop.root / "ontology" / "versions" / "0.1.0.ttl").read_text("utf-8")
    assert 'owl:versionInfo "0.1.0"' in frozen
    assert (done.folder / "ontology.ttl").read_text("utf-8") == frozen
    terms = (workshop.root / "ontology" / "versions" / "iris.txt").read_text("utf-8")
    things = (workshop.root / "data" / "published-iris.lst").read_text("utf-8")
    assert terms.splitlines()[1:] == ["ontology", "ontology#A", "ontology#B"]
    assert things.splitlines()[1:] == ["dataset", "graph/one", "graph/ontology", "id/work", "id/x"]
    assert "version: 0.1.0" in (workshop.root / "CITATION.cff").read_text("utf-8")


def test_a_folder_has_its_metadata_and_the_documents_it_comes_from(workshop: Workshop) -> None:
    folder = workshop.publish("0.1.0", notes="Said by people.").folder
    assert {
        ".zenodo.json", "CHANGES.md", "CITATION.cff", "README.md", "SHA256SUMS", "datacite.json",
        "iris.txt", "manifest.json", "ontology.ttl", "ro-crate-metadata.json", "smegraph.trig",
    } == set(files_below(folder))  # fmt: skip
    related = json.loads((folder / "datacite.json").read_text("utf-8"))["relatedIdentifiers"]
    assert [entry["relatedIdentifier"] for entry in related] == ["10.1/a"]
    changes = (folder / "CHANGES.md").read_text("utf-8")
    assert "Said by people." in changes
    assert "first version" in changes
    described = (folder / "ro-crate-metadata.json").read_text("utf-8")
    parts = {e["@id"] for e in json.loads(described)["@graph"] if e["@type"] == "File"}
    assert parts == set(files_below(folder)) - {"SHA256SUMS", "ro-crate-metadata.json"}


def test_a_release_made_twice_is_the_same_and_changes_nothing(workshop: Workshop) -> None:
    workshop.publish("0.1.0")
    before = workshop.snapshot()
    workshop.publish("0.1.0")
    assert workshop.snapshot() == before


def test_a_release_made_elsewhere_is_the_same(workshop: Workshop, tmp_path: Path) -> None:
    other = begin(tmp_path / "another place")
    one, two = workshop.publish("0.1.0"), other.publish("0.1.0")
    assert one.archive.read_bytes() == two.archive.read_bytes()


def test_a_correction_is_a_patch(workshop: Workshop) -> None:
    workshop.publish("0.1.0")
    workshop.write(TERMS.replace('"a"', '"an a"'))
    done = workshop.publish("0.1.1")
    assert (done.last, done.judgement and done.judgement.level) == ("0.1.0", Level.PATCH)
    header = (workshop.root / "ontology" / "smegraph.ttl").read_text("utf-8")
    assert "owl:priorVersion <https://w3id.org/smegraph/ontology/0.1.0>" in header
    assert "owl:backwardCompatibleWith" in header
    assert "an a" in (done.folder / "CHANGES.md").read_text("utf-8")
    assert set((workshop.root / "ontology" / "versions").glob("*.ttl"))


def test_something_new_is_no_patch(workshop: Workshop) -> None:
    workshop.publish("0.1.0")
    workshop.write(facts=FACTS + "id:y a sme:A .")
    before = workshop.snapshot()
    with pytest.raises(PublishingError, match=r"1 things or terms are new: id:y.*0\.2\.0 would be"):
        workshop.publish("0.1.1")
    assert workshop.snapshot() == before
    workshop.publish("0.2.0")


def test_an_axiom_that_is_gone_is_major(workshop: Workshop) -> None:
    workshop.publish("1.0.0")
    workshop.write(TERMS.replace(" ; rdfs:subClassOf sme:B", ""))
    with pytest.raises(PublishingError, match=r"sme:A \(rdfs:subClassOf\).*2\.0\.0 would be right"):
        workshop.publish("1.1.0")
    workshop.publish("2.0.0")
    assert "owl:incompatibleWith" in (workshop.root / "ontology" / "smegraph.ttl").read_text()


@pytest.mark.parametrize(
    ("terms", "facts", "gone"),
    [
        (TERMS.replace("sme:B a owl:Class ", "sme:C a owl:Class "), FACTS, "ontology#B"),
        (TERMS, FACTS.replace("id:x", "id:z"), "id/x"),
    ],
)
def test_no_version_lets_an_iri_disappear(
    workshop: Workshop, terms: str, facts: str, gone: str
) -> None:
    workshop.publish("0.1.0")
    workshop.write(terms, facts)
    before = workshop.snapshot()
    with pytest.raises(Disappeared, match="no IRI ever disappears") as caught:
        workshop.publish("0.2.0")
    assert [iri.endswith(gone) for iri in caught.value.iris] == [True]
    assert workshop.snapshot() == before


def test_an_iri_of_a_version_long_ago_stays_as_well(workshop: Workshop) -> None:
    workshop.publish("0.1.0")
    workshop.write(facts=FACTS.replace("id:x", "id:z") + "id:x dcterms:isReplacedBy id:z .")
    workshop.publish("0.2.0")
    workshop.write(facts=FACTS.replace("id:x", "id:z") + "id:q a sme:A .")
    with pytest.raises(Disappeared, match="id/x"):
        workshop.publish("0.3.0")


def test_a_replaced_term_comes_with_an_update(workshop: Workshop) -> None:
    workshop.publish("0.1.0")
    workshop.write(
        TERMS + "sme:A owl:deprecated true ; dcterms:isReplacedBy sme:B .",
        FACTS.replace("sme:A", "sme:B"),
    )
    folder = workshop.publish("0.2.0").folder
    store = ox.Store()
    fact = ox.Quad(ox.NamedNode("urn:x"), ox.NamedNode("urn:p"), ox.NamedNode(f"{SME_A}"))
    store.add(fact)
    store.update((folder / "migration" / "0.1.0-to-0.2.0.ru").read_text("utf-8"))
    assert [str(quad.object) for quad in store] == [f"<{SME_A[:-1]}B>"]
    assert "`migration/`" in (folder / "README.md").read_text("utf-8")


SME_A = "https://w3id.org/smegraph/ontology#A"


def test_without_the_data_of_the_last_release_its_ontology_is_compared(workshop: Workshop) -> None:
    workshop.publish("0.1.0")
    for path in sorted((workshop.root / "releases").rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    workshop.write(TERMS.replace('"a"', '"an a"'))
    done = workshop.publish("0.1.1")
    assert done.last == "0.1.0"
    assert "Only the ontology was compared" in (done.folder / "CHANGES.md").read_text("utf-8")


def test_what_was_published_stays_as_it_is(workshop: Workshop) -> None:
    workshop.publish("0.1.0")
    workshop.write(TERMS.replace('"a"', '"an a"'))
    before = workshop.snapshot()
    with pytest.raises(PublishingError, match="What was published stays as it is"):
        workshop.publish("0.1.0")
    assert workshop.snapshot() == before


def test_a_version_before_the_last_one_is_refused(workshop: Workshop) -> None:
    workshop.publish("0.2.0")
    with pytest.raises(PublishingError, match=r"would come after 0\.2\.0.*0\.2\.1 or more"):
        workshop.publish("0.1.0")


def test_a_project_without_a_citation_is_left_as_it_is(workshop: Workshop) -> None:
    (workshop.root / "CITATION.cff").unlink()
    before = workshop.snapshot()
    with pytest.raises(PublishingError, match="whom to cite"):
        workshop.publish("0.1.0")
    assert workshop.snapshot() == before
