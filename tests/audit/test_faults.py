"""Every check finds its fault, and leaves the sound twin alone.

The faults stand in `faults.yaml`; those of checks that need more than a few triples are in
`test_engines.py`, `test_external_terms.py`, `test_permanence.py` and `test_published.py`, which
name the checks that they put to the test.
"""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest
import yaml

from smegraph.audit.engines import FULL_CHECKS
from smegraph.audit.external_terms import ONTOLOGY_CHECKS
from smegraph.audit.findings import Hit
from smegraph.audit.permanence import PERMANENT_TERMS, PERMANENT_THINGS
from smegraph.audit.published import SERVICE_CHECKS
from smegraph.audit.queries import load_queries
from smegraph.audit.syntax import TRIPLE_CHECKS
from smegraph.namespaces import PREFIXES

HERE = Path(__file__).parent
FAULTS: dict[str, dict[str, str | list[str]]] = yaml.safe_load(
    (HERE / "faults.yaml").read_text("utf-8")
)
QUERIES = {query.check.name: query for query in load_queries(HERE.parents[1] / "ontology")}
BY_TRIPLES = {check.check.name: check for check in TRIPLE_CHECKS}
OTHERS = [
    check.check.name
    for checks in (ONTOLOGY_CHECKS, FULL_CHECKS, SERVICE_CHECKS, PERMANENT_TERMS, PERMANENT_THINGS)
    for check in checks
]
HEAD = "".join(f"PREFIX {prefix}: <{start}>\n" for prefix, start in PREFIXES.items())


def look(name: str, text: str) -> list[Hit]:
    """What a check finds in TriG."""
    quads = list(ox.parse(HEAD + text, format=ox.RdfFormat.TRIG))
    if name in BY_TRIPLES:
        return list(BY_TRIPLES[name].run([quad.triple for quad in quads]))
    store = ox.Store()
    store.extend(quads)
    return QUERIES[name].run(store)


def texts(name: str, kind: str) -> list[str]:
    """The ontologies of a check: one, or several."""
    found = FAULTS[name][kind]
    return [found] if isinstance(found, str) else found


@pytest.mark.parametrize(
    ("name", "text"), [(name, text) for name in sorted(FAULTS) for text in texts(name, "fault")]
)
def test_fault_is_found(name: str, text: str) -> None:
    assert look(name, text)


@pytest.mark.parametrize("name", sorted(FAULTS))
def test_sound_twin_passes(name: str) -> None:
    assert [look(name, text) for text in texts(name, "sound")] == [[]]


def test_every_check_of_triples_has_its_fault() -> None:
    assert set(FAULTS) == set(QUERIES) | set(BY_TRIPLES)


def test_every_other_check_is_named_in_a_test() -> None:
    tests = "".join(path.read_text("utf-8") for path in HERE.glob("test_*.py"))
    assert [name for name in OTHERS if f'"{name}"' not in tests] == []


def test_no_two_checks_share_a_name() -> None:
    names = [*QUERIES, *BY_TRIPLES, *OTHERS]
    assert len(names) == len(set(names))
