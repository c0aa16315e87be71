"""A small release with findings of each sign and basis, whose counts can be done by hand."""

from __future__ import annotations

from pathlib import Path

from pyoxigraph import NamedNode, RdfFormat, Store

from smegraph.namespaces import PREFIXES
from smegraph.store.embedded import store_union
from tests.server.conftest import HEAD, write_release

# Families, constructs: a use of platforms below another one, trust with a pole, sales.
VOCABULARY = """
voc:scheme-family-platform-adoption rdfs:label "family: platform adoption" .
voc:scheme-family-relationship rdfs:label "family: relationships" .
voc:scheme-family-performance-outcome rdfs:label "family: performance outcomes" .
voc:platform-use a sme:Construct ; rdfs:label "platform use" ;
    skos:inScheme voc:scheme-family-platform-adoption .
voc:linkedin-use a sme:Construct ; rdfs:label "use of LinkedIn" ; skos:broader voc:platform-use ;
    skos:inScheme voc:scheme-family-platform-adoption .
voc:trust a sme:Construct ; rdfs:label "trust" ; sme:desirability voc:wanted ;
    skos:inScheme voc:scheme-family-relationship .
voc:mistrust a sme:Construct ; rdfs:label "mistrust" ; sme:desirability voc:unwanted ;
    skos:inScheme voc:scheme-family-relationship .
voc:sales a sme:Construct ; rdfs:label "sales <abroad>" ; sme:desirability voc:wanted ;
    skos:inScheme voc:scheme-family-performance-outcome .
voc:wanted rdfs:label "wanted" . voc:unwanted rdfs:label "unwanted" .
voc:positive rdfs:label "positive" . voc:negative rdfs:label "negative" .
voc:no-effect rdfs:label "no effect" .
voc:primary-data rdfs:label "primary data" .
voc:literature-statement rdfs:label "literature statement" .
voc:theme-trust rdfs:label "trust abroad" .
id:work-one a sme:SourceDocument ; rdfs:label "One (2020)" .
id:work-two a sme:SourceDocument ; rdfs:label "Two (2021)" .
id:work-cited a sme:Work ; rdfs:label "Cited (1999)" .
id:channel-linkedin a sme:Channel ; rdfs:label "LinkedIn" .
"""


def finding(
    key: str,
    cause: str,
    sign: str,
    effect: str,
    *,
    said: str = "",
    study: str = "one",
    works: str = "id:work-one",
    basis: str = "primary-data",
    hedged: bool = False,
    more: str = "",
) -> str:
    """A finding in Turtle; `said` is the effect and the sign as the document has them."""
    said_effect, _, said_sign = said.partition(" ")
    return f"""
id:finding-{key} a sme:Finding , sme:Fact ; rdfs:label "What {key} says" ;
    sme:statement "What {key} says" ;
    sme:cause voc:{cause} ; sme:effect voc:{said_effect or effect} ;
    sme:sign voc:{said_sign or sign} ;
    sme:polarCause voc:{cause} ; sme:polarEffect voc:{effect} ; sme:polarSign voc:{sign} ;
    sme:evidenceBasis voc:{basis} ; sme:hedged {str(hedged).lower()} ;
    sme:reportedIn id:work-{study} ; sme:foundBy {works} ; sme:locator "section {key}" {more} .
"""


FINDINGS = "".join(
    [
        finding("a", "linkedin-use", "positive", "trust",
                more="; sme:concernsChannel id:channel-linkedin"),
        finding("b", "platform-use", "positive", "trust", study="two",
                works="id:work-cited , id:work-two", basis="literature-statement", hedged=True,
                more="; sme:inTheme voc:theme-trust"),
        finding("c", "platform-use", "negative", "trust", study="two", works="id:work-two",
                said="mistrust positive"),
        finding("d", "trust", "positive", "sales"),
        finding("e", "platform-use", "no-effect", "sales", study="two", works="id:work-cited",
                basis="literature-statement"),
        finding("f", "linkedin-use", "positive", "trust", more="; sme:restates id:finding-a"),
    ]
)  # fmt: skip


def write_evidence_release(folder: Path) -> Path:
    """Write the release, whose default graph is the union of its graphs."""
    write_release(folder)
    store = Store(str(folder / "store"))
    for name, turtle in (("vocabulary", VOCABULARY), ("findings", FINDINGS)):
        graph = NamedNode(PREFIXES["graph"] + name)
        store.load(HEAD + turtle, format=RdfFormat.TURTLE, to_graph=graph)
    store_union(store)
    store.flush()
    del store
    return folder
