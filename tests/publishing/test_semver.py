"""A version says as much as what changed."""

from __future__ import annotations

import pytest

from smegraph.publishing.difference import compare
from smegraph.publishing.errors import PublishingError
from smegraph.publishing.semver import Judgement, Level, Version, check_version, judge
from smegraph.publishing.words import in_words
from tests.publishing.conftest import side

TERMS = """graph:ontology {
  sme:A a owl:Class ; rdfs:label "a" ; rdfs:subClassOf sme:B, sme:C .
  sme:B a owl:Class ; rdfs:subClassOf sme:C .
  sme:C a owl:Class .
  <https://w3id.org/smegraph/ontology> owl:versionInfo "1" .
}
graph:vocabulary { voc:a a skos:Concept ; skos:inScheme voc:s ; skos:broader voc:b . }
graph:one { id:a a sme:A ; rdfs:label "A" . }
graph:derived { id:a sme:p 1 . }
"""


def level(change: tuple[str, str]) -> Judgement:
    assert change[0] in TERMS
    difference = compare(side(TERMS), side(TERMS.replace(*change)))
    return judge(difference, in_words(difference))


@pytest.mark.parametrize(
    ("change", "expected", "reason"),
    [
        (("sme:B, sme:C .", "sme:C ."), Level.MAJOR, "sme:A (rdfs:subClassOf)"),
        (("sme:C a owl:Class", "sme:C a rdfs:Datatype"), Level.MAJOR, "sme:C (rdf:type)"),
        (("skos:inScheme voc:s", "skos:inScheme voc:t"), Level.MAJOR, "voc:a (skos:inScheme)"),
        # It follows in another way.
        (("sme:B, sme:C .", "sme:B ."), Level.PATCH, ""),
        (('id:a a sme:A ; rdfs:label "A"', "id:a a sme:A . id:b a sme:A"), Level.MINOR, "id:b"),
        (("sme:C a owl:Class", "sme:C a owl:Class ; rdfs:subClassOf [ owl:onProperty sme:p ]"),
         Level.MINOR, "sme:C (rdfs:subClassOf)"),
        (("sme:C a owl:Class .", "sme:C a owl:Class . [] a owl:AllDisjointClasses ."),
         Level.MINOR, "an axiom about several terms"),
        (('rdfs:label "a"', 'rdfs:label "b"'), Level.PATCH, "1 things say something else"),
        (("skos:broader voc:b", "skos:broader voc:c"), Level.PATCH, ""),
        (('versionInfo "1"', 'versionInfo "2"'), Level.PATCH, ""),
        (("sme:p 1", "sme:p 2"), Level.NONE, "nothing that is stated"),
    ],
)  # fmt: skip
def test_what_changed_has_a_level_and_a_reason(
    change: tuple[str, str], expected: Level, reason: str
) -> None:
    found = level(change)
    assert found.level is expected
    assert reason in found.reason


def test_a_term_that_is_deprecated_may_lose_its_axioms() -> None:
    found = level(
        ("rdfs:subClassOf sme:B, sme:C", "owl:deprecated true ; dcterms:isReplacedBy sme:B")
    )
    assert found.level is Level.MINOR
    assert found.reason == "these are deprecated: sme:A"


@pytest.mark.parametrize(
    ("last", "asked", "changed", "right"),
    [
        ("1.2.3", "2.0.0", Level.MAJOR, None),
        ("1.2.3", "1.3.0", Level.MAJOR, "2.0.0 would be right."),
        ("1.2.3", "1.3.0", Level.MINOR, None),
        ("1.2.3", "2.0.0", Level.MINOR, None),
        ("1.2.3", "1.2.4", Level.MINOR, "1.3.0 would be right (or 2.0.0)."),
        ("1.2.3", "1.4.0", Level.MINOR, "1.3.0 would be right (or 2.0.0)."),
        ("1.2.3", "1.2.4", Level.PATCH, None),
        ("1.2.3", "1.2.5", Level.PATCH, "1.2.4 would be right (or 1.3.0 or 2.0.0)."),
        ("0.1.0", "0.2.0", Level.MAJOR, None),
        ("0.1.0", "1.0.0", Level.MAJOR, None),
        ("0.1.0", "0.1.1", Level.MAJOR, "0.2.0 would be right (or 1.0.0)."),
        ("0.1.0", "0.1.1", Level.PATCH, None),
    ],
)
def test_a_version_that_says_too_little_or_jumps_is_refused_with_what_is_right(
    last: str, asked: str, changed: Level, right: str | None
) -> None:
    judgement = Judgement(changed, "something changed")
    if right is None:
        check_version(Version.parse(asked), Version.parse(last), judgement)
        return
    with pytest.raises(PublishingError) as caught:
        check_version(Version.parse(asked), Version.parse(last), judgement)
    assert str(caught.value).endswith(right)
    assert "something changed" in str(caught.value)


def test_nothing_new_is_not_published() -> None:
    with pytest.raises(PublishingError, match="nothing to publish"):
        check_version(Version(0, 1, 1), Version(0, 1, 0), Judgement(Level.NONE, "nothing"))


@pytest.mark.parametrize("text", ["1", "1.2", "v1.2.3", "1.2.3-rc1", "01.2.3", ""])
def test_what_is_no_version_is_refused(text: str) -> None:
    with pytest.raises(PublishingError, match=r"such as 0\.2\.0 would be right"):
        Version.parse(text)
