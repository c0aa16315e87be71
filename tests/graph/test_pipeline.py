"""From folders to named graphs: what is shared, told apart, and not computed again."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from smegraph.graph.errors import InconsistencyError
from smegraph.graph.pipeline import GraphBuilder, Graphs, Report
from smegraph.namespaces import GRAPH, ID
from smegraph.ontology.ontology import Ontology
from smegraph.ontology.rules import Rules
from smegraph.ontology.schema import Schema
from smegraph.ontology.terms import LABEL, TYPE
from smegraph.studies.errors import refuse_errors
from smegraph.studies.folder import find_folders
from smegraph.studies.ingest import ingest
from tests.conftest import copy_of

if TYPE_CHECKING:
    from tests.conftest import Checkout, Release

NEW_STUDY = f"""id: new-study
label: A new study
title: A new study
sourceFile: new.txt
sourceSha256: {"0" * 64}
rights: CC BY 4.0
coders: smegraph team
status: coded
"""


def graphs(place: Checkout, *, reason: bool, progress: Report = lambda step: None) -> Graphs:
    """The graphs of a checkout, with its cache."""
    ontology = Ontology.load(place.ontology)
    schema = Schema.read(ontology)
    results = ingest(find_folders(place.data, schema), ontology, schema)
    refuse_errors(p for result in results for p in result.problems)
    builder = GraphBuilder(
        ontology, schema, Rules.load(place.ontology), place.build / "cache",
        reason=reason, progress=progress,
    )  # fmt: skip
    return builder.build(results)


def remembered(place: Checkout) -> dict[str, int]:
    """What the cache holds, each entry with the time of its making."""
    files = (path for path in (place.build / "cache").rglob("*") if path.is_file())
    return {f"{path.parent.name}/{path.name}": path.stat().st_mtime_ns for path in files}


def made(before: dict[str, int], after: dict[str, int]) -> list[str]:
    """The folders of what was computed in between; nothing else may have been touched."""
    assert {name: after[name] for name in before} == before
    return sorted(name.split("/", 1)[0] for name in after.keys() - before.keys())


def leave(place: Checkout, *names: str) -> None:
    """Remove the other studies, which takes their time and changes nothing for these."""
    for study in (place.data / "studies").iterdir():
        if study.name not in names:
            shutil.rmtree(study)


def replace(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert text.count(old) == 1, text.count(old)
    path.write_text(text.replace(old, new), "utf-8")


# What rules add before; what follows for the study; that it has a model; that all studies agree.
STUDY_AND_ALL = ["before", "reasoned", "reasoned", "reasoned"]


@dataclass
class Again:
    """What is built once more of unchanged data, the steps that are told, and what is computed."""

    graphs: Graphs
    steps: list[str]
    made: list[str]


@pytest.fixture(scope="module")
def again(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[[bool], Again]:
    """Builds with the reasoner, or without it, but each only once."""

    @cache
    def build(reason: bool) -> Again:
        place = copy_of(built, tmp_path_factory.mktemp("again") / "workplace")
        before, steps = remembered(place), list[str]()
        found = graphs(place, reason=reason, progress=steps.append)
        return Again(found, steps, made(before, remembered(place)))

    return build


def test_each_study_has_a_graph_of_its_own_and_all_lines_are_sorted(
    again: Callable[[bool], Again],
) -> None:
    found = again(False).graphs.triples
    names = {graph.removeprefix(GRAPH) for graph in found}
    assert names >= {"arnone-deprince", "finnish-software", "reference", "derived", "meta"}
    assert found[GRAPH + "inferred"] == []
    assert all(lines == sorted(set(lines)) for lines in found.values())


def test_derived_graph_repeats_nothing_that_another_graph_says(released: Release) -> None:
    query = """SELECT ?g { GRAPH graph:derived { ?s ?p ?o FILTER(?s != graph:derived) }
        GRAPH ?g { ?s ?p ?o } }"""  # Its header stands in the description of the graphs as well.
    assert set(released.ask(query)) == {(GRAPH + "derived",)}


def test_inferred_graph_repeats_nothing_that_a_study_says(released: Release) -> None:
    query = """SELECT DISTINCT ?g { GRAPH graph:inferred { ?s ?p ?o } GRAPH ?g { ?s ?p ?o }
        FILTER(?g IN (graph:arnone-deprince, graph:finnish-software, graph:reference)) }"""
    assert released.ask(query) == []


def test_nothing_is_computed_again_for_what_is_unchanged(again: Callable[[bool], Again]) -> None:
    assert again(True).made == []


def test_note_is_validated_again_but_not_reasoned_over(workplace: Checkout) -> None:
    before = remembered(workplace)
    sheet = workplace.data / "studies" / "arnone-deprince" / "firm-observations.csv"
    text = sheet.read_text("utf-8")
    sheet.write_text(text.replace("gives no year for the headcount", "has no year"), "utf-8")
    graphs(workplace, reason=True)
    assert made(before, remembered(workplace)) == ["before", "shapes"]


def test_two_studies_that_contradict_each_other_are_refused(workplace: Checkout) -> None:
    studies = workplace.data / "studies"
    shutil.rmtree(workplace.data)
    codes = {"one-study": "LUX", "other-study": "LUZ"}
    for study, code in codes.items():
        (studies / study).mkdir(parents=True)
        record = NEW_STUDY.replace("new-study", study)
        (studies / study / "study.yaml").write_text(record, "utf-8")
        sheet = f"id,label,kind,isoCode\nluxembourg,Luxembourg,country,{code}\n"
        (studies / study / "places.csv").write_text(sheet, "utf-8")
    with pytest.raises(InconsistencyError) as caught:
        graphs(workplace, reason=True)
    assert caught.value.study == "the studies together"
    assert len([fact for fact in caught.value.facts if "isoCode" in fact]) == 2
    place = caught.value.places[f"{ID}place-luxembourg"]
    assert [f"{study}/places.csv row 2" in place for study in codes] == [True, True], place


def test_changed_study_alone_is_reasoned_over_again(workplace: Checkout) -> None:
    leave(workplace, "arnone-deprince", "finnish-software")
    before = remembered(workplace)
    sheet = workplace.data / "studies" / "arnone-deprince" / "firm-observations.csv"
    replace(sheet, "adlab,15,", "adlab,9,")
    inferred = set(graphs(workplace, reason=True).triples[GRAPH + "inferred"])
    assert made(before, remembered(workplace)) == [*STUDY_AND_ALL, "shapes"]
    year = f"<{ID}firm-year-arnone-deprince-adlab> <{TYPE}> <https://w3id.org/smegraph/ontology#"
    assert f"{year}MicroFirmYear> .\n" in inferred
    assert f"{year}SmallFirmYear> .\n" not in inferred


@pytest.mark.parametrize(
    ("axiom", "said"),
    [
        (
            "sme:beside a owl:ObjectProperty , owl:SymmetricProperty .",
            "sme:beside rdf:type owl:SymmetricProperty",
        ),
        (
            """sme:beside a owl:ObjectProperty .
            sme:Work rdfs:subClassOf [ a owl:Restriction ; owl:onProperty sme:beside ;
                owl:someValuesFrom sme:Work ] .""",
            "(sme:beside some sme:Work), and not seen to be, at id:work-new-study",
        ),
    ],
)
def test_what_no_rule_can_tell_is_a_warning(workplace: Checkout, axiom: str, said: str) -> None:
    shutil.rmtree(workplace.data)
    shutil.rmtree(workplace.ontology / "vocabulary")
    folder = workplace.data / "studies" / "new-study"
    folder.mkdir(parents=True)
    (folder / "study.yaml").write_text(NEW_STUDY, "utf-8")
    module = workplace.ontology / "modules" / "core.ttl"
    text = module.read_text("utf-8")
    module.write_text(f"{text}\n{axiom}\n", "utf-8")
    for _ in range(2):  # the second time from what is kept
        (warning,) = graphs(workplace, reason=True).warnings
        assert said in warning.message


def test_rules_before_reasoning_are_applied_again_when_they_or_the_facts_change(
    workplace: Checkout,
) -> None:
    leave(workplace, "arnone-deprince")
    first = graphs(workplace, reason=False)
    kept = sorted((workplace.build / "cache" / "before").iterdir())
    platform = f"<{ID}firm-cuberdon> <https://w3id.org/smegraph/ontology#usesPlatform> "
    assert any(platform in line for line in first.triples[GRAPH + "derived"])
    rule = workplace.ontology / "rules" / "before-reasoning" / "uses-platform.rq"
    text = rule.read_text("utf-8")
    rule.write_text(text.replace("WHERE {", "WHERE { FILTER(false)"), "utf-8")
    second = graphs(workplace, reason=False)
    assert not any(platform in line for line in second.triples[GRAPH + "derived"])
    rule.write_text(text, "utf-8")
    assert graphs(workplace, reason=False).triples == first.triples
    assert set(kept) < set((workplace.build / "cache" / "before").iterdir())
    for entry in kept:
        entry.write_text("", "utf-8")  # what is kept is what counts
    third = graphs(workplace, reason=False)
    assert not any(platform in line for line in third.triples[GRAPH + "derived"])


def test_new_study_leaves_the_others_as_they_are(workplace: Checkout) -> None:
    leave(workplace, "arnone-deprince", "finnish-software")
    before = remembered(workplace)
    folder = workplace.data / "studies" / "new-study"
    folder.mkdir()
    (folder / "study.yaml").write_text(NEW_STUDY, "utf-8")
    found = graphs(workplace, reason=True)
    assert made(before, remembered(workplace)) == [*STUDY_AND_ALL, "shapes"]
    assert f'<{ID}work-new-study> <{LABEL}> "A new study" .\n' in found.triples[GRAPH + "new-study"]


def test_classes_are_put_into_order(released: Release) -> None:
    """That each can have members is what the audit looks for (`hermit/ontology`)."""
    query = """SELECT ?class { GRAPH graph:inferred { ?class rdfs:subClassOf sme:SmeFirmYear }
        FILTER(?class = sme:MicroFirmYear) }"""
    assert len(released.ask(query)) == 1


def test_platforms_firms_and_places_are_told_apart(released: Release) -> None:
    firms = released.ask(
        "SELECT DISTINCT ?firm { GRAPH graph:inferred { ?firm a sme:MultiPlatformFirm } }"
    )
    assert len(firms) == 10  # without owl:AllDifferent, none


@pytest.mark.parametrize("reason", [True, False])
def test_every_step_is_told(
    again: Callable[[bool], Again], checkout: Checkout, schema: Schema, reason: bool
) -> None:
    names = [folder.name for folder in find_folders(checkout.data, schema)]
    expected = [f"validate {name}" for name in names]
    expected += [f"reason over {name}" for name in ["all together", *names]] if reason else []
    assert again(reason).steps == expected
