"""Integrity constraints of the RDF Data Cube Vocabulary: each finds its fault, and none here."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest

from smegraph.release.crosswalks import crosswalk
from smegraph.store import EmbeddedStore

if TYPE_CHECKING:
    from tests.conftest import Release

FOLDER = Path(__file__).with_name("data_cube")
CONSTRAINTS = sorted(FOLDER.glob("ic-*.rq"))
QB = "http://purl.org/linked-data/cube#"
# Along which properties hierarchies of codes are walked (section 11.1, IC-20 and IC-21).
ALONG = f"SELECT DISTINCT ?p {{ ?list <{QB}parentChildProperty> ?p FILTER(isIRI(?p)) }}"
AGAINST = f"""SELECT DISTINCT ?p {{
  ?list <{QB}parentChildProperty> ?inverse .
  ?inverse <http://www.w3.org/2002/07/owl#inverseOf> ?p FILTER(isBlank(?inverse) && isIRI(?p))
}}"""
PREFIXES = {
    "": "http://example.org/",
    "owl": "http://www.w3.org/2002/07/owl#",
    "qb": QB,
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
}
# Every list is walked along every property, so that a cube has hierarchies of one direction only.
TURNED = """
  DELETE DATA { :places qb:parentChildProperty :holds . :europe :holds :belgium } ;
  INSERT DATA {
    :places qb:parentChildProperty [ owl:inverseOf :within ] . :belgium :within :europe
  }"""
# By number: what makes that fault in the sound cube.
FAULTS = {
    1: "INSERT DATA { :o1 qb:dataSet :two }",
    2: "DELETE DATA { :three qb:structure :dsd3 }",
    3: "DELETE WHERE { :headcount3 ?p ?o }",
    4: "DELETE WHERE { :year rdfs:range ?o }",
    5: "DELETE WHERE { :sex qb:codeList ?o }",
    6: "INSERT DATA { :year1 qb:componentRequired false }",
    7: "DELETE DATA { :dsd1 qb:sliceKey :key }",
    8: "INSERT DATA { :key qb:componentProperty :colour . :slice :colour :red }",
    9: "INSERT DATA { :slice qb:sliceStructure :another }",
    10: "DELETE DATA { :slice :sex :female }",
    11: "DELETE DATA { :o1 :year 2018 }",
    12: "DELETE DATA { :o2 :year 2019 } ; INSERT DATA { :o2 :year 2018 }",
    13: "DELETE DATA { :o1 :status :printed }",
    14: "DELETE DATA { :o1 :turnover 80000 }",
    15: "DELETE DATA { :o3 :headcount 3 } ; INSERT DATA { :o3 :turnover 3 }",
    16: "INSERT DATA { :o3 :turnover 80000 }",
    17: "DELETE WHERE { :o4 ?p ?o }",
    18: "INSERT DATA { :slice qb:observation :o5 }",
    19: "DELETE DATA { :female skos:inScheme :sexes }",
    20: "DELETE DATA { :europe :holds :belgium }",
    21: f"{TURNED} ; DELETE DATA {{ :belgium :within :europe }}",
}


def number(path: Path) -> int:
    return int(path.name[3:5])


def answers(path: Path, cube: ox.Store) -> bool:
    """Whether a constraint finds a fault; a template is asked for each property of a hierarchy."""
    text = path.read_text("utf-8")
    if "<$p>" not in text:
        return bool(cube.query(text))
    rows = cube.query(ALONG if number(path) == 20 else AGAINST)
    return any(bool(cube.query(text.replace("$p", row["p"].value))) for row in rows)


def violated(cube: ox.Store) -> list[int]:
    cube.update((FOLDER / "normalize.ru").read_text("utf-8"))
    return [number(path) for path in CONSTRAINTS if answers(path, cube)]


@pytest.fixture
def sound() -> ox.Store:
    cube = ox.Store()
    cube.load(path=str(FOLDER / "sound.ttl"), format=ox.RdfFormat.TURTLE)
    return cube


def test_all_constraints_are_there() -> None:
    assert [number(path) for path in CONSTRAINTS] == [*range(1, 22)] == [*FAULTS]


@pytest.mark.parametrize("change", ["", TURNED])
def test_a_sound_cube_violates_none(sound: ox.Store, change: str) -> None:
    sound.update(change, prefixes=PREFIXES)
    assert violated(sound) == []


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_violates_its_constraint(sound: ox.Store, fault: int) -> None:
    sound.update(FAULTS[fault], prefixes=PREFIXES)
    assert fault in violated(sound)


def test_a_code_outside_of_a_collection_is_a_fault_as_well(sound: ox.Store) -> None:
    sound.update("DELETE DATA { :sizes skos:member :small }", prefixes=PREFIXES)
    assert violated(sound) == [19]


@pytest.mark.slow
def test_the_cubes_of_a_release_violate_none(released: Release, repository: Path) -> None:
    store = EmbeddedStore(released.path / "store")
    cube = ox.Store()
    triples = crosswalk(repository / "ontology", "qb", store)
    cube.bulk_extend(ox.Quad(*triple) for triple in triples)
    assert violated(cube) == []
    assert len(cube) == len(triples), "What is written is in normal form already."
    dated = "SELECT (COUNT(*) AS ?n) { ?o a sme:FirmObservation ; sme:year ?y ; sme:headcount ?h }"
    written = "SELECT (COUNT(*) AS ?n) { ?o a qb:Observation ; sme:headcount ?h }"
    assert count(EmbeddedStore(cube), written) == count(store, dated) > 0


def count(store: EmbeddedStore, query: str) -> int:
    return int(next(iter(store.query(query)))["n"].value)
