"""Each file of the ontology is one by itself for an editor, and all are one ontology here."""

from __future__ import annotations

import shutil
import xml.etree.ElementTree as ET
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pyoxigraph as ox
import pytest

from smegraph.audit.queries import load_queries
from smegraph.namespaces import DCTERMS, OWL, RDF
from smegraph.ontology.ontology import MODULES, VOCABULARY, Ontology

ROOT = Path(__file__).parents[2] / "ontology"
IRI = "https://w3id.org/smegraph/ontology"
TYPE, IMPORTS = ox.NamedNode(RDF + "type"), ox.NamedNode(OWL + "imports")
HEADER = ox.NamedNode(OWL + "Ontology")
CATALOG = "catalog-v001.xml"
NAMES = [
    f"{kind}/{path.stem}"
    for kind in (MODULES, VOCABULARY)
    for path in sorted((ROOT / kind).glob("*.ttl"))
]


@dataclass(frozen=True)
class Part:
    """One file: what it declares, what it uses, and what it imports."""

    name: str
    triples: tuple[ox.Triple, ...]

    @property
    def iri(self) -> str:
        return f"{IRI}/{self.name}"

    @property
    def header(self) -> dict[ox.NamedNode, list[str]]:
        """The values of the header's properties."""
        found: dict[ox.NamedNode, list[str]] = {}
        for triple in self.triples:
            if triple.subject == ox.NamedNode(self.iri):
                assert isinstance(triple.object, ox.NamedNode | ox.Literal)
                found.setdefault(triple.predicate, []).append(triple.object.value)
        return found

    @property
    def imports(self) -> list[str]:
        return sorted(self.header.get(IMPORTS, []))

    @cached_property
    def declared(self) -> set[str]:
        """What the file gives a type: classes, properties, and concepts."""
        typed = (t for t in self.triples if t.predicate == TYPE and t.object != HEADER)
        return {t.subject.value for t in typed if isinstance(t.subject, ox.NamedNode)}

    @cached_property
    def used(self) -> set[str]:
        terms = (term for t in self.triples for term in (t.subject, t.predicate, t.object))
        return {term.value for term in terms if isinstance(term, ox.NamedNode)}


@pytest.fixture(scope="module")
def parts() -> dict[str, Part]:
    """The files of modules and vocabulary by their IRIs."""
    found = {}
    for name in NAMES:
        quads = ox.parse(path=str(ROOT / f"{name}.ttl"), format=ox.RdfFormat.TURTLE)
        part = Part(name, tuple(quad.triple for quad in quads))
        found[part.iri] = part
    return found


def needed(part: Part, parts: Mapping[str, Part]) -> list[str]:
    """The files that declare what a file uses and does not declare.

    A module may name a concept in a definition, and the vocabulary of that concept is written with
    the module's classes. Concepts are individuals, which OWL 2 lets stand undeclared (Structural
    Specification, section 5.8.1), so no module needs a vocabulary, and there is no circle.
    """
    missing = part.used - part.declared
    return sorted(
        other.iri
        for other in parts.values()
        if other.declared & missing
        and (part.name.startswith(VOCABULARY) or other.name.startswith(MODULES))
    )


def closure(iri: str, parts: Mapping[str, Part]) -> Iterator[Part]:
    """A file with all that it imports, directly or not."""
    todo, seen = [iri], set()
    while todo:
        if (found := todo.pop()) not in seen:
            seen.add(found)
            yield parts[found]
            todo += parts[found].imports


def undeclared(triples: Iterable[ox.Triple]) -> list[str]:
    """What the audit finds used and undeclared in some triples by themselves."""
    return audited("owl2dl/5.8.1-undeclared", triples)


def audited(checks: str, triples: Iterable[ox.Triple]) -> list[str]:
    """What the checks whose names begin so find in some triples by themselves."""
    store = ox.Store()
    store.extend(ox.Quad(t.subject, t.predicate, t.object) for t in triples)
    made = [query for query in load_queries(ROOT) if query.check.name.startswith(checks)]
    assert made
    return [f"{query.check.name}: {hit}" for query in made for hit in query.run(store)]


@pytest.mark.parametrize("name", NAMES)
def test_file_has_a_header_of_its_own(name: str, parts: dict[str, Part]) -> None:
    part = parts[f"{IRI}/{name}"]
    headers = [t.subject for t in part.triples if (t.predicate, t.object) == (TYPE, HEADER)]
    assert headers == [ox.NamedNode(part.iri)]
    said = {name: part.header[ox.NamedNode(DCTERMS + name)] for name in ("title", "description")}
    assert all(len(values) == 1 for values in said.values())
    assert said["title"][0].startswith("smegraph")
    assert said["description"][0].endswith(".")
    licence = "https://creativecommons.org/licenses/by/4.0/"
    assert part.header[ox.NamedNode(DCTERMS + "license")] == [licence]


def test_no_two_files_share_a_title_or_declare_one_term(parts: dict[str, Part]) -> None:
    for values in (
        [part.header[ox.NamedNode(DCTERMS + "title")][0] for part in parts.values()],
        [term for part in parts.values() for term in part.declared],
    ):
        assert len(values) == len(set(values))


@pytest.mark.parametrize("name", NAMES)
def test_imports_are_what_the_file_needs(name: str, parts: dict[str, Part]) -> None:
    part = parts[f"{IRI}/{name}"]
    assert part.imports == needed(part, parts)


def test_imports_go_in_no_circle(parts: dict[str, Part]) -> None:
    for iri, part in parts.items():
        above = {found.iri for other in part.imports for found in closure(other, parts)}
        assert iri not in above


@pytest.mark.parametrize("name", NAMES)
def test_file_with_its_imports_has_no_undeclared_term(name: str, parts: dict[str, Part]) -> None:
    found = closure(f"{IRI}/{name}", parts)
    assert undeclared(triple for part in found for triple in part.triples) == []


def test_file_without_an_import_that_it_needs_has_one(parts: dict[str, Part]) -> None:
    firm = f"{IRI}/modules/firm"
    kept = [p for p in closure(f"{IRI}/modules/platform", parts) if p.iri != firm]
    (found,) = [s for s in undeclared(t for p in kept for t in p.triples) if "hasFact" in s]
    assert found.startswith("owl2dl/5.8.1-undeclared-property-in-axiom: ")


def test_main_file_imports_all_the_others(parts: dict[str, Part]) -> None:
    quads = ox.parse(path=str(ROOT / "smegraph.ttl"), format=ox.RdfFormat.TURTLE)
    imported = {quad.object.value for quad in quads if quad.predicate == IMPORTS}
    assert imported == parts.keys()


def test_merged_ontology_has_one_header_and_no_import(ontology: Ontology) -> None:
    triples = list(ontology.triples(MODULES, VOCABULARY))
    headers = [t.subject for t in triples if (t.predicate, t.object) == (TYPE, HEADER)]
    assert headers == [ox.NamedNode(IRI)]
    assert [t for t in triples if t.predicate == IMPORTS] == []
    inner = [t for t in triples if f"<{IRI}/modules/" in str(t) or f"<{IRI}/vocab" in str(t)]
    assert inner == []
    assert audited("owl2dl/3.", triples) == undeclared(triples) == []


def test_merge_leaves_out_nothing_else(ontology: Ontology, parts: dict[str, Part]) -> None:
    for kind in (MODULES, VOCABULARY):
        files = [part for part in parts.values() if part.name.startswith(kind)]
        written = sum(len(p.triples) - sum(map(len, p.header.values())) for p in files)
        merged = [t for t in ontology.triples(kind) if t.subject != ox.NamedNode(IRI)]
        assert len(merged) == written


def small(folder: Path, header: str, module: str) -> Ontology:
    """An ontology of a header and one module."""
    prefix = f"PREFIX owl: <{OWL}>\nBASE <{IRI}/>\n"
    (folder / "modules").mkdir()
    (folder / "smegraph.ttl").write_text(prefix + header, "utf-8")
    (folder / "modules" / "one.ttl").write_text(prefix + module, "utf-8")
    return Ontology.load(folder)


def test_import_from_elsewhere_becomes_one_of_the_merged_ontology(tmp_path: Path) -> None:
    module = "<modules/one> a owl:Ontology ; owl:imports <urn:elsewhere>, <../ontology> ."
    merged = small(tmp_path, "<../ontology> a owl:Ontology ; owl:imports <modules/one> .", module)
    assert [f"{t}" for t in merged.triples(MODULES) if t.predicate == IMPORTS] == [
        f"<{IRI}> <{OWL}imports> <urn:elsewhere>"
    ]


def test_header_of_a_module_is_no_header_of_an_ontology_without_one(tmp_path: Path) -> None:
    assert list(small(tmp_path, "", "<modules/one> a owl:Ontology .").triples(MODULES)) == []


def resolved(catalog: Path) -> dict[str, Path]:
    """The files that an XML catalog gives for IRIs, with those of the catalogs after it."""
    space = "{urn:oasis:names:tc:entity:xmlns:xml:catalog}"
    found: dict[str, Path] = {}
    for entry in ET.parse(catalog).getroot():
        if entry.tag == f"{space}nextCatalog":
            found |= resolved(catalog.parent / entry.attrib["catalog"])
        else:
            assert entry.tag == f"{space}uri"
            found[entry.attrib["name"]] = (catalog.parent / entry.attrib["uri"]).resolve()
    return found


@pytest.mark.parametrize("folder", [ROOT, ROOT / MODULES, ROOT / VOCABULARY], ids=lambda p: p.name)
def test_catalog_beside_a_file_leads_to_all_that_it_imports(
    folder: Path, parts: dict[str, Part]
) -> None:
    """Protégé reads the catalog in the folder of the file that is opened, and no other."""
    assert resolved(folder / CATALOG) == {
        iri: (ROOT / f"{part.name}.ttl").resolve() for iri, part in parts.items()
    }


def test_catalogs_are_not_read_as_parts_of_the_ontology(tmp_path: Path) -> None:
    for name in ("smegraph.ttl", CATALOG, "modules", "vocabulary"):
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, tmp_path / name)
    with_catalogs = Ontology.load(tmp_path)
    for path in tmp_path.rglob(CATALOG):
        path.unlink()
    without = Ontology.load(tmp_path)
    assert with_catalogs.files == without.files
    assert set(with_catalogs.triples(MODULES)) == set(without.triples(MODULES))
