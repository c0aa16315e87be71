"""Whether a literal is well-formed is told for every datatype that OWL 2 knows."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from smegraph.audit.literals import is_well_formed
from smegraph.graph.reason import DATATYPE_MAP
from smegraph.namespaces import OWL, RDF, RDFS, XSD

# Their literals are of another datatype, or any text is one of them.
OPEN = {XSD + "string", XSD + "anyURI", OWL + "real", RDFS + "Literal"}
OPEN |= {RDF + name for name in ("PlainLiteral", "XMLLiteral", "langString")}
NONSENSE = " \t:no,literal/of.any*kind\n"


@pytest.mark.parametrize("datatype", sorted(DATATYPE_MAP))
def test_nonsense_is_ill_formed_where_a_datatype_has_a_form(datatype: str) -> None:
    literal = ox.Literal(NONSENSE, datatype=ox.NamedNode(datatype))
    assert is_well_formed(literal) == (datatype in OPEN)


@pytest.mark.parametrize(
    "text", ["2000-02-29T00:00:00", "-0004-02-29T00:00:00", "2400-02-29T23:59:59.9Z"]
)
def test_leap_years_are_those_of_the_calendar(text: str) -> None:
    assert is_well_formed(ox.Literal(text, datatype=ox.NamedNode(XSD + "dateTime")))
    never = text.replace("00-02", "01-02").replace("04-02", "05-02")
    assert not is_well_formed(ox.Literal(never, datatype=ox.NamedNode(XSD + "dateTime")))
