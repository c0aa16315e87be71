"""A small release with things of each kind, and facts that join them, for tests of the search."""

from __future__ import annotations

from pathlib import Path

from pyoxigraph import NamedNode, RdfFormat, Store

from smegraph.namespaces import PREFIXES
from tests.server.conftest import HEAD, write_release

SECOND_HAND = "literature-statement"
GRAPH = "https://w3id.org/smegraph/graph/work-told"

VOCABULARY = """
voc:trust a sme:Construct , sme:Relationship ; rdfs:label "trust" ; skos:prefLabel "trust"@en ;
    skos:definition "Faith which one party has in another." .
voc:mutual-trust a sme:Construct ; rdfs:label "mutual trust" ; skos:broader voc:trust .
voc:goodwill a sme:Construct ; rdfs:label "goodwill" ; skos:broader voc:trust .
voc:digital-capabilities a sme:Construct ; rdfs:label "digital capabilities" ;
    skos:hiddenLabel "digital capability" .
voc:export-performance a sme:Construct ; rdfs:label "export performance" ;
    skos:altLabel "export success" ; sme:desirability voc:wanted .
voc:psychic-distance a sme:Construct ; rdfs:label "psychic distance" .
voc:wanted a sme:Category ; rdfs:label "wanted" .
voc:positive a sme:Category ; rdfs:label "positive" .
voc:primary-data a sme:Category ; rdfs:label "primary data" .
voc:literature-statement a sme:Category ; rdfs:label "literature statement" .
id:linkedin a sme:DigitalChannel ; rdfs:label "LinkedIn" .
id:place-china a sme:Place ; rdfs:label "China" .
id:firm-b a sme:Firm ; rdfs:label "Torrès \\"B\\" <b>firm</b>" .
id:work-told a sme:Work , sme:SourceDocument ; rdfs:label "Told (2020)" .
id:work-johanson-vahlne-1977 a sme:Work ; rdfs:label "Johanson & Vahlne (1977)" ;
    skos:altLabel "Johanson and Vahlne (1977)" ; sme:publicationYear 1977 ;
    dcterms:title "The internationalization process of the firm" .
id:work-many-1977 a sme:Work ; rdfs:label "Many et al. (1977)" ; sme:publicationYear 1977 ;
    sme:studiesCountry id:place-china .
id:person-johanson a sme:Person ; rdfs:label "Johanson, J." .
id:question-trust a sh:SPARQLExecutable ; rdfs:label "Which use of LinkedIn raises trust?" .
sme:Finding rdfs:label "finding"@en .
sme:Citation rdfs:label "citation"@en .
sme:Authorship rdfs:label "authorship"@en .
sme:cause a owl:ObjectProperty ; rdfs:label "cause"@en .
"""


def finding(name: str, cause: str, effect: str, names: str = "", more: str = "") -> str:
    return f"""
id:{name} a sme:Fact , sme:Finding ; rdfs:label "{name}" ; sme:statement "It says {name}." ;
    sme:cause {cause} ; sme:effect {effect} ; sme:sign voc:positive ; sme:reportedIn id:work-told ;
    sme:foundBy id:work-johanson-vahlne-1977 ; sme:locator "Results" ;
    sme:involves {cause} , {effect} {", " + names if names else ""} ; {more}
    sme:evidenceBasis voc:primary-data ; sme:hedged false .
"""


FACTS = (
    finding("raises", "voc:mutual-trust", "voc:export-performance", "id:linkedin")
    + finding("again", "voc:mutual-trust", "voc:trust", "id:linkedin", "sme:restates id:raises ;")
    + finding("digital", "voc:digital-capabilities", "voc:export-performance")
    + finding("far", "voc:psychic-distance", "voc:goodwill").replace("primary-data", SECOND_HAND)
    + """
id:in-china a sme:Fact ; a sme:Description ; rdfs:label "On China" ; sme:reportedIn id:work-told ;
    sme:involves id:place-china ; sme:evidenceBasis voc:literature-statement ; sme:hedged true .
id:cites a sme:Fact , sme:Citation ; rdfs:label "Citation of Johanson & Vahlne (1977)" ;
    sme:reportedIn id:work-told ; sme:citedWork id:work-johanson-vahlne-1977 ;
    sme:involves id:work-johanson-vahlne-1977 ; sme:evidenceBasis voc:literature-statement .
id:wrote a sme:Fact , sme:Authorship ; rdfs:label "Johanson, J., author" ;
    sme:authorshipOf id:work-many-1977 ; sme:author id:person-johanson ;
    sme:reportedIn id:work-told ; sme:evidenceBasis voc:primary-data ;
    sme:involves id:person-johanson , id:work-many-1977 .
"""
)  # fmt: skip


def write_searched_release(folder: Path) -> Path:
    """Write the release into a folder."""
    write_release(folder)
    store = Store(str(folder / "store"))
    for graph, turtle in ((GRAPH, FACTS), (PREFIXES["graph"] + "vocabulary", VOCABULARY)):
        store.load(HEAD + turtle, format=RdfFormat.TURTLE, to_graph=NamedNode(graph))
    store.flush()
    del store
    return folder
