"""The server speaks MCP: asked by the SDK's own client, over the pipes of a real process."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import anyio
import pytest

from tests.conftest import ROOT

mcp = pytest.importorskip("mcp", reason="the extra mcp is not installed")

TOOLS = {"find_terms", "describe", "claims", "query", "list_questions", "ask_question"}
Call = tuple[str, Mapping[str, Any]]


def session(*arguments: str, calls: list[Call]) -> tuple[Any, list[Any]]:
    """What `smegraph mcp` lists as its tools, and its answers to calls, one after the other."""

    async def talk() -> tuple[Any, list[Any]]:
        place = mcp.StdioServerParameters(
            command=sys.executable, args=["-m", "smegraph", "mcp", *arguments],
            env={"PYTHONPATH": str(ROOT / "src"), "PYTHONDONTWRITEBYTECODE": "1"},
        )  # fmt: skip
        async with mcp.Client(place) as client:
            tools = await client.list_tools()
            return tools, [await client.call_tool(name, dict(given)) for name, given in calls]

    return anyio.run(talk)


def answer(result: Any) -> dict[str, Any]:
    assert not result.is_error, result.content[0].text
    found: dict[str, Any] = json.loads(result.content[0].text)
    return found


def test_a_model_learns_what_lowers_psychic_distance_and_where_it_stands(built: Path) -> None:
    tools, (terms, found) = session(
        str(built), "--timeout", "600",
        calls=[
            ("find_terms", {"text": "psychc distance", "kind": "concept"}),
            ("claims", {"construct": "psychic distance", "direction": "lowers"}),
        ],
    )  # fmt: skip
    assert {tool.name for tool in tools.tools} == TOOLS
    assert all(tool.annotations.read_only_hint and tool.description for tool in tools.tools)
    assert answer(terms)["found"][0]["term"] == "voc:psychic-distance"
    relations = answer(found)["relations"]
    assert "social media use" in [one["cause"] for one in relations]
    assert all(
        finding["document"] and finding["place"] and finding["basis"]
        for one in relations
        for finding in one["findings"]
    )


def test_errors_tell_what_to_do_and_the_server_goes_on(tmp_path: Path) -> None:
    file = tmp_path / "data.nt"
    file.write_text("".join(f"<urn:s{n}> <urn:p> <urn:o{n}> .\n" for n in range(300)))
    endless = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?q ?o }"
    _, results = session(
        str(file), "--timeout", "5", "--rows", "2",
        calls=[
            ("query", {"sparql": endless}),
            ("query", {"sparql": "DROP ALL"}),
            ("query", {"sparql": "SELECT * { ?s }"}),
            ("list_questions", {}),
            ("claims", {"construct": "trust", "direction": "sideways"}),
            ("query", {"sparql": "SELECT ?s { ?s <urn:p> ?o }"}),
        ],
    )  # fmt: skip
    *wrong, right = results
    texts = [result.content[0].text for result in wrong]
    assert all(result.is_error for result in wrong)
    for text, said in zip(
        texts, ("more than 5 s", "only read", "column", "no questions", "direction"), strict=True
    ):
        assert said in text
    assert answer(right)["count"] == 300
    assert len(answer(right)["rows"]) == 2
