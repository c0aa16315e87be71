"""A small release of findings whose counts can be done by hand.

Without the restatement there are eight findings of four works (one, two, second, third):

    use         raises growth  primary data        one            f1, restated by f7
    use         lowers growth  literature, hedged  second         f2, on a condition
    LinkedIn    raises growth  literature          second, third  f3
    few skills  lower growth   argument, hedged    two            f4, so skills raise it
    skills      lower growth   primary data        one            f5
    skills      raise growth   primary data        one            f9
    growth      acts on cost   literature          third          f6, no direction stated
    use         raises skills  primary data        two            f8
"""

from __future__ import annotations

from pathlib import Path

from pyoxigraph import NamedNode, RdfFormat, Store

from smegraph.namespaces import PREFIXES
from tests.server.conftest import HEAD, write_release

_FAMILIES = ("platform-adoption", "capability", "challenge", "outcome", "cost")
_CONSTRUCTS = """
voc:use a sme:Construct ; rdfs:label "platform use" ; skos:definition "Using a platform." ;
    skos:inScheme voc:scheme-family-platform-adoption ; skos:altLabel "use of platforms" ;
    sme:desirability voc:neither ;
    skos:related voc:presence ; skos:scopeNote "Use, and not presence." .
voc:presence a sme:Construct ; rdfs:label "presence" ;
    skos:inScheme voc:scheme-family-platform-adoption ; skos:scopeNote "To be there." ;
    sme:indicatorOf voc:use .
voc:linkedin-use a sme:Construct ; rdfs:label "LinkedIn use" ; skos:broader voc:use ;
    skos:inScheme voc:scheme-family-platform-adoption .
voc:skill a sme:Construct ; rdfs:label "skills" ; skos:inScheme voc:scheme-family-capability ;
    sme:desirability voc:wanted .
voc:few-skills a sme:Construct ; rdfs:label "few skills" ; sme:negativePoleOf voc:skill ;
    skos:inScheme voc:scheme-family-challenge ; sme:desirability voc:unwanted .
voc:growth a sme:Construct ; rdfs:label "growth" ; skos:inScheme voc:scheme-family-outcome ;
    sme:desirability voc:wanted .
voc:cost a sme:Construct ; rdfs:label "cost" ; skos:inScheme voc:scheme-family-cost ;
    sme:desirability voc:unwanted .
voc:wanted rdfs:label "wanted" . voc:unwanted rdfs:label "unwanted" .
voc:neither rdfs:label "neither" .
voc:positive rdfs:label "positive" . voc:negative rdfs:label "negative" .
voc:unsigned rdfs:label "unsigned" . voc:no-effect rdfs:label "no effect" .
voc:primary-data rdfs:label "primary data" . voc:author-argument rdfs:label "author argument" .
voc:literature-statement rdfs:label "literature statement" .
voc:strengthens rdfs:label "strengthens" . voc:partial rdfs:label "partial mediation" .
id:work-one a sme:SourceDocument , sme:Work ; rdfs:label "One 2020" .
id:work-two a sme:SourceDocument , sme:Work ; rdfs:label "Two 2021" .
id:work-second a sme:Work ; rdfs:label "Second 2010" .
id:work-third a sme:Work ; rdfs:label "Third 2011" .
"""
_OF_F1 = """
id:moderation-1 a sme:Moderation ; rdfs:label "m" ; sme:ofFinding id:finding-1 ;
    sme:byModerator voc:skill ; sme:moderationDirection voc:strengthens .
id:mediation-1 a sme:Mediation ; rdfs:label "n" ; sme:ofFinding id:finding-1 ;
    sme:byMediator voc:presence ; sme:mediationKind voc:partial .
"""


def finding(
    number: int,
    ends: tuple[str, str, str],
    basis: str,
    study: str,
    works: str,
    *,
    hedged: bool = False,
    polar: tuple[str, str, str] | None = None,
    more: str = "",
) -> str:
    """A finding in Turtle; `ends` are cause, sign and effect, `polar` the same turned round."""
    cause, sign, effect = ends
    polar_cause, polar_sign, polar_effect = polar or ends
    by = " , ".join(f"id:work-{work}" for work in works.split())
    return (
        f'id:finding-{number} a sme:Finding ; rdfs:label "f{number}" ; '
        f'sme:statement "{cause} {sign} {effect} ({number})." ; '
        f"sme:cause voc:{cause} ; sme:sign voc:{sign} ; sme:effect voc:{effect} ; "
        f"sme:polarCause voc:{polar_cause} ; sme:polarSign voc:{polar_sign} ; "
        f"sme:polarEffect voc:{polar_effect} ; sme:evidenceBasis voc:{basis} ; "
        f"sme:hedged {str(hedged).lower()} ; sme:reportedIn id:work-{study} ; "
        f'sme:locator "section {number}" ; sme:foundBy {by} {more}.\n'
    )


def turtle() -> str:
    """All that the release holds."""
    use, lower = ("use", "positive", "growth"), ("use", "negative", "growth")
    literature, primary = "literature-statement", "primary-data"
    families = "".join(
        f'voc:scheme-family-{name} rdfs:label "family: {name}s" .\n' for name in _FAMILIES
    )
    return (
        families + _CONSTRUCTS + _OF_F1
        + finding(1, use, primary, "one", "one",
                  more="; sme:moderator voc:skill ; sme:mediator voc:presence ")
        + finding(2, lower, literature, "one", "second", hedged=True,
                  more='; sme:condition "In crowded markets." ')
        + finding(3, ("linkedin-use", "positive", "growth"), literature, "two", "second third")
        + finding(4, ("few-skills", "negative", "growth"), "author-argument", "two", "two",
                  hedged=True, polar=("skill", "positive", "growth"))
        + finding(5, ("skill", "negative", "growth"), primary, "one", "one")
        + finding(6, ("growth", "unsigned", "cost"), literature, "two", "third")
        + finding(7, use, primary, "one", "one", more="; sme:restates id:finding-1 ")
        + finding(8, ("use", "positive", "skill"), primary, "two", "two")
        + finding(9, ("skill", "positive", "growth"), primary, "one", "one")
    )  # fmt: skip


def write_evidence_release(folder: Path) -> Path:
    """Write the release into a folder."""
    write_release(folder)
    store = Store(str(folder / "store"))
    graph = NamedNode(PREFIXES["graph"] + "evidence")
    store.load(HEAD + turtle(), format=RdfFormat.TURTLE, to_graph=graph)
    store.flush()
    return folder
