"""A small release with own IRIs of every kind: what each of them says, and what points at it."""

from __future__ import annotations

from pathlib import Path

from pyoxigraph import NamedNode, RdfFormat, Store

from smegraph.namespaces import PREFIXES
from smegraph.store.embedded import store_union
from tests.server.conftest import HEAD, write_release

ONTOLOGY = """
<https://w3id.org/smegraph/ontology> a owl:Ontology ; dcterms:title "An ontology of firms"@en ;
    dcterms:description "What firms do abroad."@en ; owl:versionInfo "0.2.0" ;
    dcterms:license <https://creativecommons.org/licenses/by/4.0/> ;
    owl:versionIRI <https://w3id.org/smegraph/ontology/0.2.0> .
graph:ontology a void:Dataset ; dcterms:title "The ontology" .
sme:Firm a owl:Class ; rdfs:label "firm"@en ; skos:definition "An organization that trades."@en ;
    dcterms:source id:work-finnish ; skos:example "Firm A" .
sme:Work a owl:Class ; rdfs:label "work"@en .
sme:Fact a owl:Class ; rdfs:label "fact"@en .
sme:Finding a owl:Class ; rdfs:label "finding"@en ; rdfs:subClassOf sme:Fact .
sme:SocialFirm a owl:Class ; rdfs:label "social firm"@en ; rdfs:subClassOf sme:Firm ;
    owl:equivalentClass [ a owl:Class ; owl:intersectionOf ( sme:Firm
        [ a owl:Restriction ; owl:onProperty sme:purpose ; owl:hasValue voc:networking ] ) ] .
sme:purpose a owl:ObjectProperty ; rdfs:label "has purpose"@en ; rdfs:domain sme:Firm .
sme:cause a owl:ObjectProperty ; rdfs:label "cause"@en ; rdfs:domain sme:Finding .
sme:reportedIn a owl:ObjectProperty ; rdfs:label "reported in"@en .
sme:locator a owl:DatatypeProperty ; rdfs:label "locator"@en .
sme:year a owl:DatatypeProperty ; rdfs:label "year"@en .
sme:oldCause a owl:ObjectProperty ; rdfs:label "obsolete cause"@en ; owl:deprecated true ;
    dcterms:isReplacedBy sme:cause .
"""

VOCABULARY = """
voc:scheme-purposes a skos:ConceptScheme ; dcterms:title "purposes"@en .
voc:networking a skos:Concept ; skos:prefLabel "networking"@en ; skos:inScheme voc:scheme-purposes ;
    skos:definition "A purpose that consists in meeting others."@en ; skos:altLabel "to meet"@en .
voc:old-networking a skos:Concept ; skos:prefLabel "obsolete networking"@en ; owl:deprecated true ;
    dcterms:isReplacedBy voc:networking ; skos:inScheme voc:scheme-purposes .
"""

FINDINGS = "".join(
    f"""
id:finding-{number:03} a sme:Finding ; rdfs:label "Finding {number:03}" ; sme:cause voc:networking ;
    sme:reportedIn id:work-finnish ; sme:locator "Table {number}" .
"""
    for number in range(60)
)

STUDY = (
    FINDINGS
    + """
id:work-named a sme:Work ; dcterms:title "A work without a label" ; sme:purpose voc:networking .
"""
)

DERIVED = """
voc:networking rdfs:label "networking" .
voc:old-networking rdfs:label "obsolete networking" .
voc:scheme-purposes rdfs:label "purposes" .
id:finding-001 a sme:Fact ; sme:involves voc:networking .
"""

META = """
<https://w3id.org/smegraph/dataset> a void:Dataset ; dcterms:title "smegraph" ;
    dcterms:license <https://creativecommons.org/licenses/by/4.0/> ; owl:versionInfo "1.2.3" ;
    void:subset graph:study-findings , graph:vocabulary .
graph:study-findings a void:Dataset ; dcterms:title "Sixty findings" ; void:triples 302 ;
    void:classPartition <https://w3id.org/smegraph/graph/study-findings/class/Finding> .
<https://w3id.org/smegraph/graph/study-findings/class/Finding> void:class sme:Finding ;
    void:entities 60 .
graph:vocabulary a void:Dataset ; dcterms:title "The vocabulary" .
"""

MAPPINGS = """
<https://w3id.org/smegraph/mappings/purposes> a void:Linkset ; dcterms:title "Purposes elsewhere" .
voc:networking skos:closeMatch <https://example.org/networking> .
"""

OLD_VERSION = """
<https://w3id.org/smegraph/ontology> a owl:Ontology ; dcterms:title "An older ontology"@en ;
    owl:versionIRI <https://w3id.org/smegraph/ontology/0.1.0> .
sme:Firm a owl:Class ; rdfs:label "company"@en .
"""

SHAPES = """
shapes:Finding a sh:NodeShape ; rdfs:label "Findings"@en ; sh:targetClass sme:Finding ;
    sh:property [ sh:name "cause" ; sh:order 1 ; sh:path sme:cause ] .
"""

GRAPHS = {
    "ontology": ONTOLOGY, "vocabulary": VOCABULARY, "study-findings": STUDY, "derived": DERIVED,
    "meta": META, "mappings": MAPPINGS,
}  # fmt: skip


def write_linked_release(folder: Path) -> Path:
    """Write it into a folder, with a stored union as a build makes one."""
    write_release(folder)
    store = Store(str(folder / "store"))
    for name, turtle in GRAPHS.items():
        graph = NamedNode(PREFIXES["graph"] + name)
        store.load(HEAD + turtle, format=RdfFormat.TURTLE, to_graph=graph)
    store_union(store)
    store.flush()
    del store
    (folder / "shapes.ttl").write_text(HEAD + SHAPES, "utf-8")
    (folder / "versions" / "0.1.0").mkdir(parents=True)
    (folder / "versions" / "0.1.0" / "ontology.ttl").write_text(HEAD + OLD_VERSION, "utf-8")
    return folder
