"""The arrows of the house: which folder may import which."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tools.house import House, circles, upward

# From the top floor down. A room imports what lies on lower floors; rooms of one floor know
# nothing of each other. Only the commands know both ends.
FLOORS = (
    ("__main__",),
    ("cli",),
    ("build", "server"),
    ("__init__", "assistant", "audit", "coverage", "export", "publishing", "synthesis"),
    ("bibliography", "client", "graph"),
    ("release", "studies"),
    ("links",),
    ("sheets", "tables"),
    ("ontology", "problem_report", "results", "store"),
    ("sparql",),
    (
        "csv_fields", "errors", "files", "memo", "namespaces", "posix", "release_files", "suggest",
        "version",
    ),
)  # fmt: skip

# What holds beside the floors: rooms that know neither HTTP nor the pages.
WITHOUT_HTTP = ("synthesis", "links", "graph", "studies", "sheets", "coverage", "bibliography")
WEB = ("fastapi", "starlette", "uvicorn", "httptools", "jinja2")
PAGES = "smegraph.server.pages"
# A page asks through the engine; these would let it open a store of its own.
FORBIDDEN_FOR_PAGES = ("smegraph.store", "smegraph.server.workers", "smegraph.server.dataset")


@pytest.fixture(scope="module")
def house() -> House:
    """The code as it stands."""
    return House(Path(__file__).parents[1] / "src")


@pytest.fixture
def copy(tmp_path: Path, repository: Path) -> Path:
    """A copy of the code, into which a fault may be put."""
    ignored = shutil.ignore_patterns("__pycache__", "_ontology")
    shutil.copytree(repository / "src" / "smegraph", tmp_path / "smegraph", ignore=ignored)
    return tmp_path


def within(name: str, package: str) -> bool:
    return name == package or name.startswith(f"{package}.")


def stores_of_pages(house: House) -> list[str]:
    return sorted(
        f"{name} imports {target}"
        for name, targets in house.imports.items()
        for target in targets
        if within(name, PAGES) and any(within(target, there) for there in FORBIDDEN_FOR_PAGES)
    )


def web_below(house: House) -> list[str]:
    return sorted(
        f"{module.name} imports {library}"
        for module in house.modules.values()
        for library in module.libraries
        if module.room in WITHOUT_HTTP and library in WEB
    )


def test_every_import_runs_to_a_lower_floor(house: House) -> None:
    assert upward(house, FLOORS) == []


def test_no_modules_import_each_other_in_a_circle(house: House) -> None:
    assert house.circles() == []


def test_no_rooms_import_each_other_in_a_circle(house: House) -> None:
    assert house.room_circles() == []


def test_no_folders_of_the_server_import_each_other_in_a_circle(house: House) -> None:
    assert house.folder_circles(within="server") == []


def test_pages_ask_through_the_engine_and_open_no_store(house: House) -> None:
    assert stores_of_pages(house) == []


def test_what_lies_below_the_server_knows_no_http(house: House) -> None:
    assert web_below(house) == []


@pytest.mark.parametrize(
    ("file", "seed", "said"),
    [
        (
            "store/loading.py", "from smegraph.server.settings import Settings",
            "smegraph.store.loading imports smegraph.server.settings",
        ),
        (
            "sheets/table.py", "def f():\n    from smegraph.studies.folder import StudyFolder",
            "smegraph.sheets.table imports smegraph.studies.folder",
        ),
        (
            "audit/run.py", "import smegraph.server.app",
            "smegraph.audit.run imports smegraph.server.app",
        ),
        (
            "client/local.py", "from smegraph.server import settings",
            "smegraph.client.local imports smegraph.server.settings",
        ),
    ],
)  # fmt: skip
def test_a_forbidden_import_is_found(copy: Path, file: str, seed: str, said: str) -> None:
    with (copy / "smegraph" / file).open("a", encoding="utf-8") as module:
        module.write(f"\n{seed}\n")
    assert said in upward(House(copy), FLOORS)


def test_a_circle_is_found(copy: Path) -> None:
    with (copy / "smegraph" / "namespaces.py").open("a", encoding="utf-8") as module:
        module.write("\nfrom smegraph.errors import Problem\n")
    with (copy / "smegraph" / "errors.py").open("a", encoding="utf-8") as module:
        module.write("\nfrom smegraph.namespaces import shorten\n")
    assert ["smegraph.errors", "smegraph.namespaces"] in House(copy).circles()


def test_a_page_with_a_store_is_found(copy: Path) -> None:
    with (copy / "smegraph/server/pages/ask_page.py").open("a", encoding="utf-8") as module:
        module.write("\nfrom smegraph.store.embedded import EmbeddedStore\n")
    assert stores_of_pages(House(copy)) == [
        "smegraph.server.pages.ask_page imports smegraph.store.embedded"
    ]


def test_http_below_the_server_is_found(copy: Path) -> None:
    with (copy / "smegraph/graph/derive.py").open("a", encoding="utf-8") as module:
        module.write("\nimport starlette.types\n")
    assert web_below(House(copy)) == ["smegraph.graph.derive imports starlette"]


def test_a_room_that_has_no_floor_is_an_error(copy: Path) -> None:
    (copy / "smegraph" / "attic").mkdir()
    (copy / "smegraph" / "attic" / "__init__.py").write_text("")
    with pytest.raises(ValueError, match="attic"):
        upward(House(copy), FLOORS)


def test_circles_are_told_apart() -> None:
    graph = {"a": ["b"], "b": ["a"], "c": ["d"], "d": ["c", "a"], "e": ["a"]}
    assert circles(graph) == [["a", "b"], ["c", "d"]]
