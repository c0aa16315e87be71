"""A small release with works, what they study and find, who cites them, and firms on platforms."""

from __future__ import annotations

import json
from pathlib import Path

from pyoxigraph import NamedNode, RdfFormat, Store

from smegraph.namespaces import PREFIXES
from tests.server.conftest import HEAD

VOCABULARY = """
voc:survey a sme:ResearchMethod , sme:Category ; rdfs:label "survey" ; skos:broader voc:field-work .
voc:field-work a sme:ResearchMethod , sme:Category ; rdfs:label "field work" .
voc:case-study a sme:ResearchMethod , sme:Category ; rdfs:label "case study" .
voc:quantitative rdfs:label "quantitative" . voc:qualitative rdfs:label "qualitative" .
voc:uppsala-model a sme:TheoreticalPerspective ; rdfs:label "Uppsala model" .
voc:social-media-platform a sme:PlatformType ; rdfs:label "social media platform" ;
    sme:broaderType voc:interaction-and-reach-platform .
voc:interaction-and-reach-platform a sme:PlatformType ;
    rdfs:label "interaction and reach platform" .
voc:software rdfs:label "software" . voc:one-country rdfs:label "one country" .
voc:small-firm rdfs:label "small firm" . voc:benefits rdfs:label "benefits" .
voc:primary-data rdfs:label "primary data" .
voc:literature-statement rdfs:label "literature statement" .
voc:wanted rdfs:label "wanted" . voc:unwanted rdfs:label "unwanted" .
voc:positive rdfs:label "positive" . voc:negative rdfs:label "negative" .
voc:trust a sme:Construct ; rdfs:label "trust" ; sme:desirability voc:wanted ;
    skos:inScheme voc:scheme-family-outcome .
voc:cost a sme:Construct ; rdfs:label "cost" ; sme:desirability voc:unwanted ;
    skos:inScheme voc:scheme-family-outcome .
voc:use a sme:Construct ; rdfs:label "use" ; skos:inScheme voc:scheme-family-outcome .
voc:scheme-family-outcome rdfs:label "family: outcomes" .
id:place-asia a sme:Place ; rdfs:label "Asia" ; sme:m49Code "142" .
id:place-east a sme:Place ; rdfs:label "Eastern Asia" ; sme:m49Code "030" ;
    sme:locatedIn id:place-asia .
id:place-china a sme:Country ; rdfs:label "China" ; sme:m49Code "156" ;
    sme:locatedIn id:place-east , id:place-asia .
id:place-finland a sme:Country ; rdfs:label "Finland" ; sme:locatedIn id:place-europe .
id:place-europe a sme:Place ; rdfs:label "Europe" ; sme:m49Code "150" .
id:person-li a sme:Person ; rdfs:label "Li, W." ; sme:familyName "Li" ; sme:givenName "W." .
id:person-berg a sme:Person ; rdfs:label "Berg, A." ; sme:familyName "Berg" ; sme:givenName "A." .
"""

REVIEW = """
id:work-review a sme:SourceDocument , sme:Work ; rdfs:label "Review (2024)" ;
    dcterms:identifier "review" ; sme:codingStatus "coded" ; sme:coderName "a coder" ;
    dcterms:title "A review" ; sme:publicationYear 2024 ; sme:reviews id:work-li , id:work-berg ;
    sme:cites id:work-old , id:work-li .
id:work-li a sme:Work ; rdfs:label "Li & Berg (2020)" ; dcterms:title "Platforms <b>in</b> China" ;
    dcterms:identifier "li" ;
    sme:publicationYear 2020 ; sme:publishedIn "Journal" ; bibo:doi "10.1000/LI" ;
    sme:usesMethod voc:survey ; sme:usesTheory voc:uppsala-model ; sme:studyType voc:quantitative ;
    sme:studiesPlatformType voc:social-media-platform ; sme:studiesIndustry voc:software ;
    sme:studiesCountry id:place-china ; sme:countryScope voc:one-country ;
    sme:studiesFirmCategory voc:small-firm .
id:work-berg a sme:Work ; rdfs:label "Berg (2022)" ; dcterms:title "Firms of Finland" ;
    sme:publicationYear 2022 ; sme:usesMethod voc:case-study ; sme:studyType voc:qualitative ;
    sme:studiesCountry id:place-finland ; sme:countryScope voc:one-country .
id:work-old a sme:Work ; rdfs:label "Old (1977)" ; dcterms:title "Old" ; sme:publicationYear 1977 .
id:a1 a sme:Authorship ; sme:authorshipOf id:work-li ; sme:author id:person-li ; sme:order 1 .
id:a2 a sme:Authorship ; sme:authorshipOf id:work-li ; sme:author id:person-berg ; sme:order 2 .
id:a3 a sme:Authorship ; sme:authorshipOf id:work-berg ; sme:author id:person-berg ; sme:order 1 .
id:sample-li a sme:Sample ; sme:reportedIn id:work-review ; sme:sampleOf id:work-li ;
    sme:sampleSize 120 ; sme:sampleUnit "firms" ; sme:asReported "120 firms" .
id:c1 a sme:Citation ; rdfs:label "Citation of Old (1977)" ; sme:citedWork id:work-old ;
    sme:asReported "Old, 1977" ; sme:evidenceBasis voc:literature-statement ;
    sme:reportedIn id:work-review ; sme:locator "Introduction" ; sme:charStart 10 .
id:c2 a sme:Citation ; rdfs:label "Citation of Old (1977)" ; sme:citedWork id:work-old ;
    sme:asReported "Old, 1977" ; sme:evidenceBasis voc:literature-statement ;
    sme:reportedIn id:work-review ; sme:locator "Method" ; sme:charStart 900 .
"""


def finding(
    name: str, work: str, effect: str, sign: str, basis: str, study: str, hedged: str = "false"
) -> str:
    """A finding on the effect of use, with every property that pages ask for."""
    return f"""
id:finding-{name} a sme:Finding ; rdfs:label "finding {name}" ; sme:statement "Statement {name}." ;
    sme:cause voc:use ; sme:effect voc:{effect} ; sme:sign voc:{sign} ;
    sme:polarCause voc:use ; sme:polarEffect voc:{effect} ; sme:polarSign voc:{sign} ;
    sme:evidenceBasis voc:{basis} ; sme:hedged {hedged} ; sme:reportedIn id:work-{study} ;
    sme:foundBy id:work-{work} ; sme:locator "Table 1" ; sme:inTheme voc:benefits ;
    sme:concernsFirm id:firm-a ; sme:concernsChannel id:channel-linkedin ;
    sme:concernsCountry id:place-china .
"""


FINDINGS = "".join(
    (
        finding("one", "li", "trust", "positive", "literature-statement", "review"),
        finding("two", "li", "cost", "negative", "literature-statement", "review", "true"),
        finding("three", "berg", "trust", "negative", "literature-statement", "review"),
        finding("again", "li", "trust", "positive", "literature-statement", "review"),
        "id:finding-again sme:restates id:finding-one .",
    )
)

FIRMS = f"""
id:work-cases a sme:SourceDocument , sme:Work ; rdfs:label "Cases <i>of</i> firms" ;
    dcterms:identifier "cases" ; dcterms:title "Cases" ; sme:usesMethod voc:case-study ;
    sme:studiesCountry id:place-finland ; sme:codingStatus "coded" ; sme:cites id:work-old .
id:c3 a sme:Citation ; rdfs:label "Citation of Old (1977)" ; sme:citedWork id:work-old ;
    sme:asReported "Old" ; sme:evidenceBasis voc:literature-statement ;
    sme:reportedIn id:work-cases ; sme:locator "Results" ; sme:charStart 5 .
voc:recruiting rdfs:label "recruiting" . voc:sales rdfs:label "sales" .
voc:observed rdfs:label "observed" . voc:reach rdfs:label "reach" .
id:channel-linkedin a sme:DigitalChannel , sme:Platform ; rdfs:label "LinkedIn" ;
    sme:platformType voc:social-media-platform .
id:channel-blog a sme:DigitalChannel ; rdfs:label "blog" .
id:firm-a a sme:Firm ; rdfs:label "Firm A" ; sme:founded 2010 ; sme:basedIn id:place-finland ;
    sme:inIndustry voc:software ; sme:caseIn id:work-cases ; sme:foreignMarket id:place-china .
id:firm-b a sme:Firm ; rdfs:label "Firm B" ; sme:caseIn id:work-cases ;
    sme:basedIn id:place-china .
id:use-1 a sme:PlatformUse ; rdfs:label "Firm A uses LinkedIn" ; sme:ofFirm id:firm-a ;
    sme:onChannel id:channel-linkedin ; sme:forFunction voc:sales ; sme:year 2014 ;
    sme:usePhase voc:observed ; sme:evidenceBasis voc:primary-data ;
    sme:reportedIn id:work-cases ; sme:locator "Table 2" ; sme:codedBy "a coder" .
id:use-2 a sme:PlatformUse ; rdfs:label "Firm A uses LinkedIn" ; sme:ofFirm id:firm-a ;
    sme:onChannel id:channel-linkedin ; sme:evidenceBasis voc:primary-data ;
    sme:reportedIn id:work-cases ; sme:locator "Results" .
id:no-1 a sme:NonUse ; rdfs:label "Firm B does not use LinkedIn" ; sme:ofFirm id:firm-b ;
    sme:unusedChannel id:channel-linkedin ; sme:evidenceBasis voc:primary-data ;
    sme:reportedIn id:work-cases ; sme:locator "Table 2" .
id:no-2 a sme:NonUse ; rdfs:label "Firm B does not use" ; sme:ofFirm id:firm-b ;
    sme:forFunction voc:recruiting ; sme:evidenceBasis voc:primary-data ;
    sme:reportedIn id:work-cases ; sme:locator "Results" .
id:plan-1 a sme:PlannedUse ; rdfs:label "Firm B plans a blog" ; sme:ofFirm id:firm-b ;
    sme:plannedChannel id:channel-blog ; sme:forFunction voc:recruiting ;
    sme:evidenceBasis voc:primary-data ; sme:reportedIn id:work-cases ; sme:locator "Results" .
id:year-1 a sme:FirmObservation ; rdfs:label "Firm A 2018" ; sme:ofFirm id:firm-a ; sme:year 2018 ;
    sme:turnover 80000.0 ; sme:exports 32000.0 ; sme:headcount 7 ;
    sme:evidenceBasis voc:primary-data ; sme:reportedIn id:work-cases ; sme:locator "Table 3" .
id:year-2 a sme:FirmObservation ; rdfs:label "Firm A 2019" ; sme:ofFirm id:firm-a ; sme:year 2019 ;
    sme:turnover 160000.0 ; sme:exports 112000.0 ;
    sme:evidenceBasis voc:primary-data ; sme:reportedIn id:work-cases ; sme:locator "Table 3" .
id:year-3 a sme:FirmObservation ; rdfs:label "Firm B" ; sme:ofFirm id:firm-b ;
    sme:headcount 3 ; sme:evidenceBasis voc:primary-data ; sme:reportedIn id:work-cases ;
    sme:locator "Table 3" .
id:rating-1 a sme:ImpactRating ; rdfs:label "Firm A: reach" ; sme:ofFirm id:firm-a ;
    sme:forFunction voc:sales ; sme:ofBenefit voc:reach ; sme:impact 3 ; sme:ratingSymbol "+++" ;
    sme:evidenceBasis voc:primary-data ; sme:reportedIn id:work-cases ; sme:locator "Table 7" .
id:note-1 a sme:DataQualityNote ; sme:dataQualityKind voc:gap ; rdfs:label "A gap" ;
    sme:statement "A year is missing." ; sme:reportedIn id:work-cases ; sme:locator "Table 3" .
{finding("four", "cases", "trust", "positive", "primary-data", "cases")}
"""

COMPUTED = "id:year-1 sme:exportIntensity 40.0 . id:year-2 sme:exportIntensity 70.0 ."
GRAPHS = {
    "vocabulary": VOCABULARY, "review": REVIEW + FINDINGS, "cases": FIRMS, "derived": COMPUTED,
}  # fmt: skip


def write_papers_release(folder: Path) -> Path:
    """Write the release into a folder that is there."""
    store = Store(str(folder / "store"))
    for name, turtle in GRAPHS.items():
        graph = NamedNode(PREFIXES["graph"] + name)
        store.load(HEAD + turtle, format=RdfFormat.TURTLE, to_graph=graph)
    store.flush()
    del store
    (folder / "manifest.json").write_text(json.dumps({"version": "1.2.3"}))
    (folder / "questions").mkdir()
    return folder
