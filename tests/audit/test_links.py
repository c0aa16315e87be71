"""The checks of links find their faults, and leave the sound set alone."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from smegraph.audit.inputs import AuditInputs
from smegraph.audit.links import KINDS, LINK_CHECKS
from smegraph.studies.project import Project
from tests.audit.conftest import found
from tests.links.conftest import COLUMNS, HEAD

if TYPE_CHECKING:
    from tests.conftest import StudyCopy

CHECKS = {check.check.name: check for check in LINK_CHECKS}
STW = "#  stw: http://zbw.eu/stw/descriptor/\n"
SOUND = (
    f"{HEAD}{STW}{COLUMNS}\tmapping_date\tobject_label\n"
    "voc:software\tskos:exactMatch\tex:1\tsemapv:ManualMappingCuration\t2026-11-29\t\n"
    "id:place-finland\tschema:sameAs\tex:2\tsemapv:ManualMappingCuration\t2026-11-29\t\n"
)
MORE = "{}\t{}\t{}\tsemapv:ManualMappingCuration\t2026-11-29\t{}\n"


def more(subject: str, predicate: str, name: str, label: str = "") -> tuple[str, str]:
    return r"\Z", MORE.format(subject, predicate, name, label)


@pytest.fixture
def look(study: StudyCopy, tmp_path: Path) -> AuditInputs:
    """The inputs of a copied study with a set of links of its own."""
    (study.data / "links").mkdir()
    return AuditInputs(Project.find(study.ontology, study.data), tmp_path / "build")


def write(inputs: AuditInputs, text: str) -> None:
    (inputs.project.data / "links" / "fruit.sssom.tsv").write_text(text, "utf-8")


@pytest.mark.parametrize(
    ("name", "fault"),
    [
        ("links/no-license", ("#license.*\n", "")),
        ("links/no-set-id", ("#mapping_set_id.*\n", "")),
        ("links/set-id", ("mappings/fruit", "mappings/countries")),
        ("links/predicate", ("skos:exactMatch", "skos:sameMatch")),
        ("links/same-as", ("schema:sameAs", "owl:sameAs")),
        ("links/curie", ("ex:1", "ex:1 ")),
        ("links/curie", ("ex:1", "https://example.org/fruit/1")),
        ("links/column", ("mapping_date", "mapped_on")),
        ("links/justification", ("semapv:Manual\\w+", "")),
        ("links/date", ("2026-11-29", "29.11.2026")),
        ("links/subject", ("voc:software", "voc:softwear")),
        ("links/object", ("ex:1", "voc:training")),
        ("links/two-exact", more("voc:software", "skos:exactMatch", "ex:3")),
        ("links/exact-and-broad", more("voc:software", "skos:broadMatch", "ex:3")),
        ("links/case-firm", more("id:firm-finnish-a", "rdfs:seeAlso", "ex:3")),
        ("links/duplicate-row", more("voc:software", "skos:exactMatch", "ex:1")),
        ("links/property", more("id:place-sweden", "skos:exactMatch", "ex:3")),
        ("links/copied-label", more("voc:training", "skos:exactMatch", "stw:1", "A label")),
        ("links/form", ("\tex:1", "ex:1")),
        ("links/trust", ("#mapping_set_title.*\n", "")),
    ],
)
def test_fault_is_found_and_the_sound_twin_passes(
    look: AuditInputs, name: str, fault: tuple[str, str]
) -> None:
    write(look, SOUND)
    if name == "links/set-id":
        other = look.project.data / "links" / "other.sssom.tsv"
        other.write_text(SOUND.replace("mappings/fruit", "mappings/countries"), "utf-8")
    assert [hit for hit in found(CHECKS[name], look) if "fruit" in hit[0]] == []
    for part in ("link_problems", "links"):
        look.__dict__.pop(part, None)
        look.project.__dict__.pop(part, None)
    write(look, re.sub(*fault, SOUND, count=1))
    hits = found(CHECKS[name], look)
    assert hits
    assert all(value for _, value in hits)


def test_link_of_something_in_the_data_of_others_is_a_warning(look: AuditInputs) -> None:
    check = CHECKS["links/absent"]
    assert check.check.level == "warning"
    hits = [value for _, value in found(check, look)]  # the copied study is a part of the data
    assert "id:place-netherlands is not in these data, and is not linked." not in hits
    assert any("id:work-" in str(hit) or "id:organization-" in str(hit) for hit in hits)
    assert found(CHECKS["links/subject"], look) == []


def test_each_kind_of_problem_belongs_to_one_check(repository: Path) -> None:
    """What links are said to lack is a kind of some check, so that the audit tells all of it."""
    texts = "".join(p.read_text("utf-8") for p in (repository / "src/smegraph/links").glob("*.py"))
    named = re.findall(r'(?:_tell|Fault|_problem|_each)\(\s*(?:[\w, ]+, )?"([a-z-]+)"', texts)
    assert {kind for kind in named if "-" in kind} <= KINDS | {"no-title", "no-version"}
    assert len(named) > 20
