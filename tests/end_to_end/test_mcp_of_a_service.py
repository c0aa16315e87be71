"""A model asks a service as it asks files: `smegraph mcp --url`, over the pipes of a process."""

from __future__ import annotations

import subprocess

import pytest

from tests.assistant.test_server import answer, session

pytest.importorskip("mcp", reason="the extra mcp is not installed")


def test_a_service_answers_what_lowers_psychic_distance_with_places(
    service: tuple[subprocess.Popen[str], str],
) -> None:
    _, (found, refused) = session(
        "--url", service[1], "--timeout", "600",
        calls=[
            ("claims", {"construct": "psychic distance", "direction": "lowers"}),
            ("query", {"sparql": "SELECT * { SERVICE <http://example.org/> { ?s ?p ?o } }"}),
        ],
    )  # fmt: skip
    findings = [one for relation in answer(found)["relations"] for one in relation["findings"]]
    assert findings
    assert all(one["document"] and one["place"] for one in findings)
    assert refused.is_error
    assert "SERVICE" in refused.content[0].text
