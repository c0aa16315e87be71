"""Tables beside the code name terms of the ontology, in an order."""

from __future__ import annotations

from pathlib import Path

import pytest

from smegraph.namespaces import SME
from smegraph.ontology.ontology import Ontology, local_name
from smegraph.ontology.tables import table
from tests.ontology.test_terms import terms

TABLES = (
    "links/queries/broader.rq",
    "links/queries/case-firms.rq",
    "links/queries/kinds.rq",
    "server/pages/queries/place.rq",
)


def test_rows_are_in_the_order_in_which_they_are_written() -> None:
    names = [f"Name{number * 7 % 50}" for number in range(50)]
    written = " ".join(f"sme:{name}" for name in names)
    found = table(f"SELECT ?class {{ VALUES ?class {{ {written} }} }}")
    assert found == [(SME + name,) for name in names]


@pytest.mark.parametrize("name", TABLES)
def test_every_name_of_a_table_is_a_term(repository: Path, ontology: Ontology, name: str) -> None:
    rows = table((repository / "src" / "smegraph" / name).read_text("utf-8"))
    named = {local_name(value) for row in rows for value in row if value.startswith(SME)}
    assert named
    assert named <= terms(ontology)
