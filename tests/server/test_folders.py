"""The folders of the server import each other in one direction."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).parent.parent.parent
SERVER = "smegraph.server"


def house() -> ModuleType:
    """The tool that draws the map of the code."""
    spec = importlib.util.spec_from_file_location("house", ROOT / "tools" / "house.py")
    assert spec is not None
    assert spec.loader is not None
    module = sys.modules["house"] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_there_is_no_circle_between_folders_of_the_server() -> None:
    tool = house()
    found = tool.House(ROOT / "src")

    def folder(name: str) -> str:
        inner = found.modules[name].folder(2)
        return name if inner == "server" else str(inner)

    graph: dict[str, set[str]] = {}
    for name, targets in found.imports.items():
        if name.startswith(SERVER):
            inside = {folder(target) for target in targets if target.startswith(SERVER)}
            graph.setdefault(folder(name), set()).update(inside - {folder(name)})
    assert "server/http" in graph
    assert tool.circles(graph) == []
