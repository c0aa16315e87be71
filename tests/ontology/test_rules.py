"""Rules are read from the ontology folder in the order of their names, and nothing else is."""

from __future__ import annotations

import re
from pathlib import Path

import pyoxigraph as ox
import pytest

from smegraph.namespaces import PREFIXES
from smegraph.ontology.deprecations import replacements
from smegraph.ontology.ontology import Ontology
from smegraph.ontology.rules import Rule, Rules
from smegraph.ontology.terms import FACT


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An ontology folder with rules, and with files beside them."""
    for name, text in {
        "rules/b.rq": "CONSTRUCT b",
        "rules/a.rq": "CONSTRUCT é",
        "rules/README.md": "no rule",
        "rules/before-reasoning/c.rq": "CONSTRUCT c",
        "rules/old/d.rq": "CONSTRUCT d",
        "questions/e.rq": "SELECT e",
    }.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def test_rules_stand_in_the_order_of_their_names(folder: Path) -> None:
    assert Rules.load(folder).after == (Rule("a", "CONSTRUCT é"), Rule("b", "CONSTRUCT b"))


def test_rules_that_run_before_the_reasoner_are_told_apart(folder: Path) -> None:
    assert Rules.load(folder).before == (Rule("c", "CONSTRUCT c"),)


def test_rules_that_link_to_others_are_told_apart(folder: Path) -> None:
    place = folder / "mappings" / "dois.rq"
    place.parent.mkdir()
    place.write_text("CONSTRUCT m", encoding="utf-8")
    rules = Rules.load(folder)
    assert rules.links == (Rule("dois", "CONSTRUCT m"),)
    assert place in rules.files
    assert rules.after == (Rule("a", "CONSTRUCT é"), Rule("b", "CONSTRUCT b"))


def test_every_file_that_was_read_is_named_and_no_other(folder: Path) -> None:
    rules = folder / "rules"
    assert Rules.load(folder).files == (
        rules / "before-reasoning" / "c.rq", rules / "a.rq", rules / "b.rq",
    )  # fmt: skip


def test_a_folder_without_rules_has_none(tmp_path: Path) -> None:
    assert Rules.load(tmp_path) == Rules((), (), ())


def test_the_rules_of_this_ontology_construct(repository: Path) -> None:
    rules = Rules.load(repository / "ontology")
    assert rules.before
    assert rules.after
    assert [r.name for r in (*rules.before, *rules.after) if "CONSTRUCT" not in r.text] == []


# What a fact says of itself and of who says it, and what it counts or orders.
NO_ROLES = {"involves", "evidenceBasis", "foundBy", "reportedIn", "sign", "dataQualityKind"}
NO_ROLES |= {"comparisonDirection", "effectStatistic", "expectedModeration", "expectedSign"}
NO_ROLES |= {"mediationKind", "moderationDirection", "noticeKind", "onClaim", "testOutcome"}
NO_ROLES |= {"polarCause", "polarEffect", "polarSign"}
NO_ROLES |= {"admittedLanguage", "heldInLanguage", "searchedDatabase"}
NO_ROLES |= {"ofProtocol", "inRound", "partOf", "partOfSample", "sampleOf"}
# How a finding reads on the positive poles, which may have no role in it.
NO_ROLES |= {"polarCause", "polarEffect", "polarSign"}


def test_each_role_in_a_fact_is_one_of_those_that_it_involves(ontology: Ontology) -> None:
    found = ontology.store.query(
        "SELECT ?role ?domain { GRAPH ?g { ?role a owl:ObjectProperty ; rdfs:domain ?domain } }",
        prefixes=dict(PREFIXES),
    )
    assert isinstance(found, ox.QuerySolutions)
    roles = {
        row["role"].value.removeprefix(PREFIXES["sme"])
        for row in found
        if FACT in ontology.superclasses(row["domain"].value)
    }
    (rule,) = (rule for rule in Rules.load(ontology.folder).after if rule.name == "involves")
    named = set(re.findall(r"sme:(\w+)", rule.text)) - {"involves"}
    deprecated = {iri.removeprefix(PREFIXES["sme"]) for iri in replacements(ontology)}
    assert roles - NO_ROLES - deprecated - named == set()
