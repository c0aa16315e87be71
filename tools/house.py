"""The map of the house: which folder holds what, and which folder imports which.

    python tools/house.py [--top N]

`make map` prints it: modules and lines by folder, floor by floor; imports between folders; import
circles; arrows that run back up; the longest functions and files. Every import statement counts,
wherever it stands: at the top, in a function, or for type checkers only.
"""

from __future__ import annotations

import argparse
import ast
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from graphlib import TopologicalSorter
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = "smegraph"
ROOT_FOLDER = "(root)"
Arrow = tuple[str, str]


@dataclass(frozen=True)
class Function:
    """A function of a module, with its length in lines."""

    module: str
    name: str
    line: int
    lines: int


@dataclass(frozen=True)
class Module:
    """A module: its dotted name, its file, its syntax tree and its import statements."""

    name: str
    path: Path
    tree: ast.Module
    lines: int
    statements: tuple[ast.Import | ast.ImportFrom, ...]

    @property
    def is_package(self) -> bool:
        """Whether the module is the `__init__` of a package."""
        return self.path.name == "__init__.py"

    def folder(self, depth: int = 1) -> str:
        """Return the folder below the package, to a depth; `(root)` where there is none."""
        parts = self.name.split(".")[1:]
        parts = parts if self.is_package else parts[:-1]
        return "/".join(parts[:depth]) or ROOT_FOLDER

    @property
    def room(self) -> str:
        """The folder; a module that lies in none is a room of its own."""
        folder = self.folder()
        return self.path.stem if folder == ROOT_FOLDER else folder

    @property
    def libraries(self) -> set[str]:
        """The top packages that the module imports, wherever it does."""
        found = {
            alias.name.partition(".")[0]
            for node in self.statements
            if isinstance(node, ast.Import)
            for alias in node.names
        }
        return found | {
            (node.module or "").partition(".")[0]
            for node in self.statements
            if isinstance(node, ast.ImportFrom) and not node.level
        }

    def functions(self) -> Iterator[Function]:
        """Yield the functions of the module, methods and inner functions too."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                length = (node.end_lineno or node.lineno) - node.lineno + 1
                yield Function(self.name, node.name, node.lineno, length)


class House:
    """All modules of a package, and what each imports of the others."""

    def __init__(self, source: Path, package: str = PACKAGE) -> None:
        """Read the modules below `source`/`package`."""
        found = (_read(path, source) for path in sorted((source / package).rglob("*.py")))
        self.modules = {module.name: module for module in found}

    @cached_property
    def imports(self) -> dict[str, set[str]]:
        """The modules that each module imports."""
        return {
            name: {target for target in self._targets(module) if target != name}
            for name, module in self.modules.items()
        }

    def _targets(self, module: Module) -> Iterator[str]:
        for node in module.statements:
            if isinstance(node, ast.Import):
                yield from (alias.name for alias in node.names if alias.name in self.modules)
                continue
            base = _base(node, module)
            for alias in node.names:
                inner = f"{base}.{alias.name}"
                if inner in self.modules:
                    yield inner
                elif base in self.modules:
                    yield base

    def arrows(self) -> dict[Arrow, int]:
        """Return how many imports run from one room to another."""
        counts: dict[Arrow, int] = {}
        for name, targets in self.imports.items():
            for target in targets:
                arrow = (self.modules[name].room, self.modules[target].room)
                if arrow[0] != arrow[1]:
                    counts[arrow] = counts.get(arrow, 0) + 1
        return counts

    def circles(self) -> list[list[str]]:
        """Return the groups of modules that import each other in a circle."""
        return circles(self.imports)

    def room_circles(self) -> list[list[str]]:
        """Return the groups of rooms that import each other in a circle."""
        graph: dict[str, set[str]] = {module.room: set() for module in self.modules.values()}
        for one, other in self.arrows():
            graph[one].add(other)
        return circles(graph)

    def folder_circles(self, within: str) -> list[list[str]]:
        """Return the groups of folders inside of a room that import each other in a circle.

        A module that lies in none of the room's folders is a folder of its own.
        """
        inner = {
            name: module.name if module.folder(2) == within else module.folder(2)
            for name, module in self.modules.items()
            if module.room == within
        }
        graph: dict[str, set[str]] = {folder: set() for folder in inner.values()}
        for name, folder in inner.items():
            found = {inner[target] for target in self.imports[name] if target in inner}
            graph[folder] |= found - {folder}
        return circles(graph)

    def floors(self) -> dict[str, int]:
        """Return the floor of each room: one above the highest that it imports.

        The rooms of a circle stand on one floor.
        """
        arrows = set(self.arrows())
        names = sorted({module.room for module in self.modules.values()})
        group = {name: name for name in names}
        for circle in self.room_circles():
            group |= dict.fromkeys(circle, circle[0])
        below: dict[str, set[str]] = {group[name]: set() for name in names}
        for one, other in arrows:
            if group[one] != group[other]:
                below[group[one]].add(group[other])
        floors: dict[str, int] = {}
        for name in TopologicalSorter(below).static_order():
            floors[name] = 1 + max((floors[other] for other in below[name]), default=0)
        return {name: floors[group[name]] for name in names}


def _read(path: Path, source: Path) -> Module:
    text = path.read_text(encoding="utf-8")
    parts = path.relative_to(source).with_suffix("").parts
    name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
    tree, statements = _parsed(text)
    return Module(name, path, tree, text.count("\n"), statements)


@cache
def _parsed(text: str) -> tuple[ast.Module, tuple[ast.Import | ast.ImportFrom, ...]]:
    tree = ast.parse(text)
    found = (node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom))
    return tree, tuple(found)


def _base(node: ast.ImportFrom, module: Module) -> str:
    if not node.level:
        return node.module or ""
    parts = module.name.split(".")
    parts = parts[: len(parts) - node.level + module.is_package]
    return ".".join([*parts, node.module] if node.module else parts)


def circles(graph: Mapping[str, Iterable[str]]) -> list[list[str]]:
    """Return the strongly connected parts of a graph that have more than one member, sorted.

    >>> circles({"a": ["b"], "b": ["c", "a"], "c": []})
    [['a', 'b']]
    """
    reach = {name: _reachable(name, graph) for name in graph}
    found = {
        tuple(sorted({name, *(o for o in reach[name] if name in reach[o])}))
        for name in graph
        if name in reach[name]
    }
    return [list(circle) for circle in sorted(found)]


def _reachable(start: str, graph: Mapping[str, Iterable[str]]) -> set[str]:
    seen: set[str] = set()
    todo = list(graph[start])
    while todo:
        name = todo.pop()
        if name not in seen:
            seen.add(name)
            todo += graph[name]
    return seen


def upward(house: House, floors: Iterable[Iterable[str]]) -> list[str]:
    """Return the imports that run to a room on the same floor or above, as sentences.

    Args:
        house: the modules.
        floors: the rooms of each floor, from the top down; a room imports what lies below it.
            Several rooms on one floor know nothing of each other.

    Raises:
        ValueError: a room stands on no floor, or a floor names one that does not exist.
    """
    rank = {name: number for number, floor in enumerate(floors) for name in floor}
    rooms = {module.room for module in house.modules.values()}
    if rooms != set(rank):
        raise ValueError(f"without a floor, or without a room: {sorted(rooms ^ set(rank))}")
    return sorted(
        f"{name} imports {target}"
        for name, targets in house.imports.items()
        for target in targets
        if (one := house.modules[name].room) != (other := house.modules[target].room)
        and rank[other] <= rank[one]
    )


def show(house: House, top: int) -> str:
    """Return the map as text."""
    parts = (
        ("ROOMS, FROM THE TOP FLOOR DOWN (modules, lines)", _rooms(house)),
        ("MODULES BY FOLDER (modules, lines)", _folders(house)),
        ("IMPORTS BETWEEN ROOMS", _imports(house)),
        ("IMPORT CIRCLES", _circles(house)),
        (f"THE {top} LONGEST FUNCTIONS (lines)", _long_functions(house, top)),
        (f"THE {top} LONGEST FILES (lines)", _long_files(house, top)),
    )
    return "\n\n".join("\n".join([head, *(f"  {line}" for line in body)]) for head, body in parts)


def _rooms(house: House) -> Iterator[str]:
    floors = house.floors()
    for floor in sorted(set(floors.values()), reverse=True):
        names = sorted(name for name, its in floors.items() if its == floor)
        yield f"{floor:>2}  {', '.join(_counted(house, name) for name in names)}"


def _counted(house: House, room: str) -> str:
    inner = [module for module in house.modules.values() if module.room == room]
    return f"{room} ({len(inner)}, {sum(module.lines for module in inner)})"


def _folders(house: House) -> Iterator[str]:
    folders: dict[str, list[Module]] = {}
    for module in house.modules.values():
        folders.setdefault(module.folder(9), []).append(module)
    for name, inner in sorted(folders.items()):
        yield f"{name:<24} {len(inner):>3} {sum(module.lines for module in inner):>6}"


def _imports(house: House) -> Iterator[str]:
    arrows = house.arrows()
    yield f"{len(arrows)} arrows, {sum(arrows.values())} imports"
    targets: dict[str, list[str]] = {}
    for (one, other), count in sorted(arrows.items()):
        targets.setdefault(one, []).append(f"{other} {count}")
    for one, found in targets.items():
        yield f"{one:<14} -> {', '.join(found)}"


def _circles(house: House) -> Iterator[str]:
    for kind, found in (("modules", house.circles()), ("rooms", house.room_circles())):
        for circle in found:
            yield f"{kind}: {' <-> '.join(circle)}"
        if not found:
            yield f"{kind}: none"


def _long_functions(house: House, top: int) -> Iterator[str]:
    functions = [found for module in house.modules.values() for found in module.functions()]
    functions.sort(key=lambda f: (-f.lines, f.module, f.line))
    for function in functions[:top]:
        yield f"{function.lines:>4}  {function.module}.{function.name}"
    long = sum(function.lines > 40 for function in functions)
    yield f"{long} of {len(functions)} functions are longer than 40 lines."


def _long_files(house: House, top: int) -> Iterator[str]:
    for module in sorted(house.modules.values(), key=lambda m: (-m.lines, m.name))[:top]:
        yield f"{module.lines:>4}  {module.name}"


def main() -> int:
    """Print the map."""
    parser = argparse.ArgumentParser(description="Draw the map of the house.", allow_abbrev=False)
    parser.add_argument("--source", type=Path, default=ROOT / "src", help="the folder of the code")
    parser.add_argument("--top", type=int, default=10, help="how many of the longest are named")
    arguments = parser.parse_args()
    print(show(House(arguments.source), arguments.top))
    return 0


if __name__ == "__main__":
    sys.exit(main())
