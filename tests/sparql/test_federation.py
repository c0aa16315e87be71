"""Calls of other services: which there are, and where they go instead."""

from __future__ import annotations

import pyoxigraph
import pytest

from smegraph.sparql.errors import FederationRefused
from smegraph.sparql.federation import NOWHERE, routed, service_calls

HERE, THERE = "http://here.example/sparql", "http://there.example/sparql"
GROUP = "{ ?a ?b ?c }"


def instead(service: str) -> str:
    return f"http://gateway/{service.split('/')[2]}"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (f"ASK {{ SERVICE <{HERE}> {GROUP} }}", [(f"<{HERE}>", False, False)]),
        (f"ASK {{ service silent<{HERE}>{GROUP} }}", [(f"<{HERE}>", True, False)]),
        (f"ASK {{ SERVICESILENT ?x {GROUP} }}", [("?x", True, False)]),
        (f"ASK {{ SERVICE # <x>\n ex:a {GROUP} }}", [("ex:a", False, False)]),
        (
            f"ASK {{ SERVICE <a:> {{ {{}} SERVICE <b:> {GROUP} }} SERVICE <c:> {GROUP} }}",
            [("<a:>", False, False), ("<b:>", False, True), ("<c:>", False, False)],
        ),
        ("ASK { ?service ex:SERVICE 'SERVICE <a:>' } # SERVICE <a:>", []),
        ("ASK { SERVICE", []),
    ],
)
def test_each_call_is_found(text: str, found: list[tuple[str, bool, bool]]) -> None:
    calls = [(call.target.text, call.is_silent, call.is_inner) for call in service_calls(text)]
    assert calls == found


def test_an_allowed_service_is_called_at_another_address() -> None:
    text = f"ASK {{ SERVICE <{HERE}> {GROUP} SERVICE SILENT <{HERE}> {GROUP} }}"
    changed = routed(text, {HERE}, instead)
    assert changed.count("<http://gateway/here.example>") == 2
    assert routed(text, {HERE}) == text


def test_what_another_service_calls_stays_as_it_is() -> None:
    text = f"ASK {{ SERVICE <{HERE}> {{ SERVICE <{THERE}> {GROUP} }} }}"
    changed = routed(text, {HERE, THERE}, instead)
    assert f"SERVICE <{THERE}>" in changed
    assert HERE not in changed


@pytest.mark.parametrize(
    "target", [f"<{THERE}>", "<relative>", "ex:a", "?x", "$x", r"<http://th\u0065re.example/>"]
)
def test_with_silent_what_is_not_allowed_is_called_nowhere(target: str) -> None:
    text = f"PREFIX ex: <{THERE}> ASK {{ SERVICE SILENT {target}{GROUP} }}"
    assert f"SERVICE SILENT  <{NOWHERE}> {GROUP}" in routed(text, frozenset())


@pytest.mark.parametrize(
    "target", ["<sparql>", "here:sparql", "?x", r"<http://h\u0065re.example/sparql>"]
)
def test_with_silent_what_may_be_an_allowed_service_is_refused(target: str) -> None:
    start = "BASE <http://here.example/> PREFIX here: <http://here.example/>"
    with pytest.raises(FederationRefused, match="written in full"):
        routed(f"{start} ASK {{ SERVICE SILENT {target} {GROUP} }}", {HERE}, instead)


@pytest.mark.parametrize(
    "text",
    [
        f"ASK {{ SERVICE <{THERE}> {GROUP} }}",
        f"ASK {{ SERVICE ?x {GROUP} }}",
        f"ASK {{ SERVICE <{NOWHERE}> {GROUP} }}",
        f"ASK {{ SERVICE <{NOWHERE}> {GROUP} SERVICE SILENT <{THERE}> {GROUP} }}",
        f"ASK {{ SERVICE SILENT <{THERE}> {{ SERVICE <{THERE}> {GROUP} }} }}",
        f"ASK {{ ?s ?p trueSERVICE SILENT <{THERE}> {GROUP} }}",
    ],
)
def test_any_other_call_is_refused(text: str) -> None:
    for allowed in ((), (HERE,)):
        with pytest.raises(FederationRefused):
            routed(text, allowed)


def test_nothing_is_sent_to_where_there_is_no_machine() -> None:
    with pytest.raises(OSError, match="authority"):
        list(pyoxigraph.Store().query(f"SELECT * {{ SERVICE <{NOWHERE}> {GROUP} }}"))  # type: ignore[arg-type]


def test_a_text_without_calls_is_not_touched() -> None:
    text = "SELECT ?service { ?service a <http://e/Service> }"
    assert routed(text, (), instead) is not None
    assert routed(text, ()) == text
