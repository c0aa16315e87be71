"""The small release of findings, with how its works were made and with estimates of effects."""

from __future__ import annotations

from pathlib import Path

from pyoxigraph import NamedNode, RdfFormat, Store

from smegraph.namespaces import PREFIXES
from smegraph.store.embedded import store_union
from tests.server.conftest import HEAD
from tests.server.pages.evidence_release import finding, write_evidence_release

MADE = """
voc:qualitative rdfs:label "qualitative" . voc:quantitative rdfs:label "quantitative" .
voc:marketplace rdfs:label "marketplace" .
id:work-one sme:studyType voc:qualitative ; sme:studiesPlatformType voc:marketplace .
id:work-cited sme:studyType voc:quantitative .
id:sample-a a sme:Sample ; sme:reportedIn id:work-one ; sme:sampleSize 29 .
id:sample-b a sme:Sample ; sme:reportedIn id:work-one ; sme:sampleSize 12 .
id:sample-part a sme:Sample ; sme:reportedIn id:work-one ; sme:sampleSize 5 ;
    sme:partOfSample id:sample-a .
id:sample-c a sme:Sample ; sme:reportedIn id:work-two ; sme:sampleOf id:work-cited ;
    sme:sampleSize 500 .
"""


def _load(folder: Path, graph: str, turtle: str) -> Path:
    store = Store(str(folder / "store"))
    store.load(
        HEAD + turtle, format=RdfFormat.TURTLE, to_graph=NamedNode(PREFIXES["graph"] + graph)
    )
    store_union(store)
    store.flush()
    del store
    return folder


def write_direction_release(folder: Path) -> Path:
    """Write the release with methods and samples."""
    return _load(write_evidence_release(folder), "made", MADE)


STATISTICS = """
voc:standardized-coefficient rdfs:label "standardized regression coefficient" .
voc:pearson-correlation rdfs:label "Pearson correlation" .
id:place-china rdfs:label "China" . id:place-italy rdfs:label "Italy" .
"""


def estimate(key: str, of: str, sample: str, statistic: str, value: str, more: str = "") -> str:
    """An estimate in Turtle, as the sheets make it."""
    return f"""
id:sample-{sample} a sme:Sample ; rdfs:label "Sample {sample} <x>" ; sme:sampleSize 103 .
id:estimate-{key} a sme:EffectEstimate ; sme:estimates id:finding-{of} ; sme:adjusted true ;
    sme:effectStatistic voc:{statistic} ; sme:estimateValue {value} ; sme:locator "Table 1" ;
    sme:reportedIn id:work-one ; sme:fromSample id:sample-{sample} ;
    sme:charStart {len(key)} {more} .
"""


def _estimates() -> str:
    beta, r = "standardized-coefficient", "pearson-correlation"
    text = STATISTICS
    for i, value in enumerate(("0.30", "0.10", "0.45", "0.20")):
        country = "china" if i < 3 else "italy"
        more = f"; sme:concernsCountry id:place-{country}"
        text += finding(f"q{i}", "platform-use", "positive", "sales", more=more)
        text += estimate(f"b{i}", f"q{i}", f"s{i}", beta, value, "; sme:standardError 0.1")
    text += estimate("full", "q0", "s0", beta, "0.25",
                     "; sme:standardError 0.1 ; sme:controlledFor voc:trust")  # fmt: skip
    text += estimate("r1", "q1", "s9", r, "0.2")
    text += estimate("turned", "c", "s7", beta, "0.5", "; sme:standardError 0.1")
    return text + estimate("none", "q2", "s8", beta, "0.5")


def write_estimates_release(folder: Path) -> Path:
    """Write the release with estimates: four samples of one kind, one of another."""
    return _load(write_direction_release(folder), "estimates", _estimates())
