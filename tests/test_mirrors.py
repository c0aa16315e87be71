"""Each module with logic of its own has its mirror: `tests/<room>/test_<module>.py`."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
PACKAGE, TESTS = ROOT / "src" / "smegraph", ROOT / "tests"
LOGIC = 15  # lines in functions; what has no more is tested where it is used

# Modules whose tests lie elsewhere, each with the place and the reason.
ELSEWHERE = {
    "cli/backup.py": "the command runs in tests/server/dataset/test_writer.py, on a dataset",
    "cli/serve.py": "its options are the settings, in tests/server/test_settings.py",
    "graph/header.py": "headers are part of what describes graphs: tests/graph/test_describe.py",
    "cli/token.py": "the command runs in tests/server/dataset/test_access_tokens.py",
}
FUNCTIONS = ast.FunctionDef | ast.AsyncFunctionDef


def code_lines(text: str) -> int:
    """How many lines of functions something stands on that is no docstring."""
    return len(
        {
            node.lineno
            for function in ast.walk(ast.parse(text))
            if isinstance(function, FUNCTIONS)
            for statement in function.body[ast.get_docstring(function) is not None :]
            for node in ast.walk(statement)
            if isinstance(node, ast.stmt | ast.expr)
        }
    )


def without_mirror(package: Path, tests: Path) -> Iterator[str]:
    """The modules with logic of a package that have no mirror."""
    for path in sorted(package.rglob("*.py")):
        module = path.relative_to(package)
        mirror = tests / module.parent / f"test_{module.name}"
        if not mirror.is_file() and code_lines(path.read_text("utf-8")) > LOGIC:
            yield module.as_posix()


def test_each_module_with_logic_has_a_mirror_or_a_reason_to_have_none() -> None:
    missing = set(without_mirror(PACKAGE, TESTS))
    assert missing - ELSEWHERE.keys() == set(), "add tests/<room>/test_<module>.py"


def test_no_reason_is_given_for_a_module_that_needs_none() -> None:
    needed = set(without_mirror(PACKAGE, TESTS))
    assert ELSEWHERE.keys() - needed == set(), "these have a mirror now, or no logic"


def test_each_reason_names_tests_that_use_the_module() -> None:
    for module, reason in ELSEWHERE.items():
        (place,) = re.findall(r"tests/\S+\.py", reason)
        room, _, name = module.removesuffix(".py").replace("/", ".").rpartition(".")
        text = (ROOT / place).read_text("utf-8")
        imported = rf"from smegraph\.{room}\.{name} import|from smegraph\.{room} import {name}\b"
        called = "from smegraph.cli.main import main" in text and f'["{name}"' in text
        assert called or re.search(imported, text), f"{place} does not use {module}"


# ---------------------------------------------------------------- that it can fail


def test_a_module_without_a_mirror_is_found_and_one_with_a_mirror_is_not(tmp_path: Path) -> None:
    package, tests = tmp_path / "package", tmp_path / "tests"
    logic = "def f(x):\n" + "    x += 1\n" * (LOGIC + 1)
    for name in ("room/one.py", "room/two.py", "inner/room/three.py", "four.py", "five.py"):
        (package / name).parent.mkdir(parents=True, exist_ok=True)
        (package / name).write_text(logic, encoding="utf-8")
    for name in ("room/test_one.py", "test_three.py", "test_four.py", "room/test_five.py"):
        (tests / name).parent.mkdir(parents=True, exist_ok=True)
        (tests / name).touch()
    assert list(without_mirror(package, tests)) == ["five.py", "inner/room/three.py", "room/two.py"]


def test_only_lines_of_functions_count_as_logic() -> None:
    assert code_lines("X = 1\nclass A:\n    y = 2\n    z: int = 3\n") == 0
    assert code_lines("class A:\n    def f(self):\n        a = 1\n        return a\n") == 2
    assert code_lines("async def f():\n    return [\n        1,\n        2,\n    ]\n") == 3
    assert code_lines("def f():\n    def g():\n        return 1\n    return g\n") == 3


def test_docstrings_comments_and_empty_lines_are_no_logic() -> None:
    text = 'def f():\n    """One.\n\n    Two.\n    """\n\n    # A comment.\n    return 1\n'
    assert code_lines(text) == 1
