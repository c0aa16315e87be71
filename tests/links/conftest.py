"""Sets of links about an invented vocabulary."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from smegraph.errors import Problem
from smegraph.links.known import Known
from smegraph.links.model import MappingSet
from smegraph.links.sssom import read_sssom
from smegraph.namespaces import ID, SME, VOC

HEAD = """#sssom_version: "1.0"
#mapping_set_id: https://w3id.org/smegraph/mappings/fruit
#mapping_set_title: Fruit
#mapping_set_version: "1"
#license: https://creativecommons.org/licenses/by/4.0/
#curie_map:
#  voc: https://w3id.org/smegraph/vocab/
#  id: https://w3id.org/smegraph/id/
#  sme: https://w3id.org/smegraph/ontology#
#  skos: http://www.w3.org/2004/02/skos/core#
#  schema: https://schema.org/
#  semapv: https://w3id.org/semapv/vocab/
#  ex: https://example.org/fruit/
"""
COLUMNS = "subject_id\tpredicate_id\tobject_id\tmapping_justification"
ROW = "voc:apple\tskos:exactMatch\tex:1\tsemapv:ManualMappingCuration"
KNOWN = Known(
    {
        VOC + "apple": "concept",
        VOC + "pear": "concept",
        VOC + "old-pear": "concept",
        SME + "Fruit": "class",
        SME + "tastes": "property",
        ID + "place-orchard": "thing",
        ID + "firm-a": "case firm",
    },
    frozenset({VOC + "old-pear"}),
)

Read = Callable[..., MappingSet]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Read a set of the given rows."""

    def made(*rows: str, head: str = HEAD, columns: str = COLUMNS) -> MappingSet:
        path = tmp_path / "fruit.sssom.tsv"
        path.write_text(head + "\n".join([columns, *(rows or [ROW])]) + "\n", "utf-8")
        return read_sssom(path, "fruit.sssom.tsv")

    return made


def kinds(problems: list[Problem]) -> list[str]:
    """The kinds of problems."""
    return [problem.kind for problem in problems]
