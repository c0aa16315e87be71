"""Two small editions of one graph."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from smegraph.namespaces import PREFIXES
from smegraph.publishing.sides import Side, side_of

HEAD = "".join(f"PREFIX {prefix}: <{start}>\n" for prefix, start in PREFIXES.items())

OLD = """
graph:ontology {
  sme:Firm a owl:Class ; rdfs:label "firm" ; rdfs:subClassOf sme:Agent,
    [ a owl:Restriction ; owl:onProperty sme:of ; owl:someValuesFrom sme:Agent ] .
  sme:Finding a owl:Class ; rdfs:label "finding" .
  sme:Agent a owl:Class ; rdfs:label "agent" .
  sme:of a owl:ObjectProperty ; rdfs:label "of" .
  [] a owl:AllDisjointClasses ; owl:members ( sme:Firm sme:Finding ) .
}
graph:one {
  graph:one a void:Dataset ; owl:versionInfo "1" .
  id:finding-a a sme:Finding ; rdfs:label "A lowers B." ; sme:sign voc:negative ;
    sme:hedged false ; sme:evidenceBasis voc:primary-data .
  id:firm-x a sme:Firm ; rdfs:label "X" ; sme:count "1"^^xsd:nonNegativeInteger .
  id:firm-gone a sme:Firm ; rdfs:label "Gone" .
}
graph:meta { <https://w3id.org/smegraph/dataset> owl:versionInfo "1" . }
"""

NEW = """
graph:ontology {
  sme:Firm a owl:Class ; rdfs:label "firm" ; rdfs:subClassOf sme:Agent,
    [ a owl:Restriction ; owl:onProperty sme:of ; owl:someValuesFrom sme:Finding ] .
  sme:Finding a owl:Class ; rdfs:label "finding" .
  sme:Agent a owl:Class ; rdfs:label "agent" .
  sme:of a owl:ObjectProperty ; rdfs:label "of" ; owl:deprecated true ;
    dcterms:isReplacedBy sme:by .
  sme:by a owl:ObjectProperty ; rdfs:label "by" .
  [] a owl:AllDisjointClasses ; owl:members ( sme:Firm sme:Finding ) .
  [] a owl:AllDisjointClasses ; owl:members ( sme:Agent sme:Finding ) .
}
graph:one {
  graph:one a void:Dataset ; owl:versionInfo "2" .
  id:finding-a a sme:Finding ; rdfs:label "A lowers B." ; sme:sign voc:positive ;
    sme:hedged true ; sme:evidenceBasis voc:primary-data .
  id:finding-b a sme:Finding ; rdfs:label "New." ; sme:sign voc:positive .
  id:firm-x a sme:Firm ; rdfs:label "X" ; sme:count "2"^^xsd:nonNegativeInteger .
}
graph:meta { <https://w3id.org/smegraph/dataset> owl:versionInfo "2" . }
"""


def side(text: str, name: str = "side") -> Side:
    """A side of TriG."""
    return side_of(name, ox.parse(HEAD + text, format=ox.RdfFormat.TRIG))


@pytest.fixture
def old() -> Side:
    """The first edition."""
    return side(OLD, "old")


@pytest.fixture
def new() -> Side:
    """The second edition."""
    return side(NEW, "new")
