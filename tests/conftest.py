"""What every test shares."""

from __future__ import annotations

import csv
import fcntl
import itertools
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import pyoxigraph
import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, settings

from smegraph.cli.main import main
from smegraph.ontology.ontology import Ontology
from smegraph.ontology.schema import Schema
from smegraph.sheets.csvfile import write_csv
from smegraph.store import EmbeddedStore

# Searching examples is repeatable in CI and takes its time: a busy machine is no failure.
SLOW = [HealthCheck.too_slow]
settings.register_profile("local", deadline=None, suppress_health_check=SLOW)
settings.register_profile(
    "ci", deadline=None, suppress_health_check=SLOW, derandomize=True, print_blob=True
)
settings.load_profile("ci" if os.environ.get("CI") else "local")

# HermiT is asked briefly and often: Java's thorough compiler would take more time than it saves.
os.environ.setdefault("JDK_JAVA_OPTIONS", "-XX:TieredStopAtLevel=1")

ROOT = Path(__file__).parents[1]
LONGEST = 1800  # seconds that a command may take: a build on a busy machine
STUDY = "finnish-software"
# A part of the study that refers to nothing outside itself and the reference data.
SHEETS = (
    "study.yaml", "firms.csv", "organizations.csv", "firm-observations.csv", "interview-rounds.csv",
    "interviews.csv", "non-uses.csv", "planned-uses.csv", "samples.csv", "selection-steps.csv",
)  # fmt: skip


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Name a test after a parameter of bytes only if they are text.

    Others may hold the time, as what gzip wrote does, or a random number. The processes of one run
    would then have tests by different names, and the run would end before it began.
    """
    if isinstance(val, bytes) and not (val.isascii() and val.decode().isprintable()):
        return argname
    return None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with a file that needs the build, and have the other files that do come last.

    While one process builds, the other has work that needs none; slow files come before quick ones,
    so that both end at about the same time.
    """
    needing, slow = set[Path](), set[Path]()
    for item in items:
        if "built" in getattr(item, "fixturenames", ()):
            needing.add(item.path)
        if item.get_closest_marker("slow"):
            slow.add(item.path)
    first = min(needing - slow, default=None)
    items.sort(key=lambda item: (item.path != first, item.path in needing, item.path not in slow))


Hold = Callable[[str, float, float], None]


@pytest.fixture
def hold(request: pytest.FixtureRequest, record_property: Callable[[str, object], None]) -> Hold:
    """Hold that something took less than some seconds, and have `make storm` print both.

    It fails on a machine that has other things to do: only tests that are marked as timed have it.
    """
    assert request.node.get_closest_marker("timed"), "Mark this test as timed."

    def holds(what: str, seconds: float, mark: float) -> None:
        record_property("mark", f"{_duration(seconds):>9} of {_duration(mark):>7}  {what}")
        assert seconds < mark, what

    return holds


def _duration(seconds: float) -> str:
    """A time with three digits, in the unit that suits it."""
    units = ((1, "s"), (1e3, "ms"), (1e6, "µs"))
    factor, unit = next((pair for pair in units if seconds * pair[0] >= 1), units[-1])
    return f"{seconds * factor:.3g} {unit}"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print what was measured."""
    reports = [*terminalreporter.getreports("passed"), *terminalreporter.getreports("failed")]
    told = [text for report in reports for name, text in report.user_properties if name == "mark"]
    if told:
        cores, load = os.cpu_count(), os.getloadavg()[0]
        terminalreporter.section(f"marks ({cores} cores, load {load:.1f})")
        for line in told:
            terminalreporter.write_line(line)


@dataclass(frozen=True)
class Checkout:
    """A folder with ``src/``, ``ontology/`` and ``data/``, and the commands run in it.

    Attributes:
        root: the folder; it is the working folder of every command.
        variables: what the environment of the commands holds besides our own.
    """

    root: Path
    variables: Mapping[str, str] = field(default_factory=dict)

    @property
    def ontology(self) -> Path:
        return self.root / "ontology"

    @property
    def data(self) -> Path:
        return self.root / "data"

    @property
    def build(self) -> Path:
        """The output folder that commands take when none is named."""
        return self.root / "build"

    def environment(self) -> dict[str, str]:
        """What a command of this checkout finds in its environment: never another's code."""
        own = {name: text for name, text in os.environ.items() if name != "SMEGRAPH_ONTOLOGY"}
        code = self.root / "src" if (self.root / "src").is_dir() else ROOT / "src"
        return {**own, "PYTHONPATH": str(code), "COLUMNS": "200", **self.variables}

    def start(self, *arguments: str | Path, group: bool = False) -> subprocess.Popen[str]:
        """Start ``python -m smegraph`` with pipes; ``group`` gives it a process group."""
        return subprocess.Popen(
            [sys.executable, "-m", "smegraph", *map(str, arguments)],
            cwd=self.root, env=self.environment(), text=True, encoding="utf-8",
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            start_new_session=group,
        )  # fmt: skip

    def run(self, *arguments: str | Path, given: str = "") -> subprocess.CompletedProcess[str]:
        """Run ``python -m smegraph`` to its end, with ``given`` on standard input."""
        with self.start(*arguments) as process:
            try:
                out, err = process.communicate(given, timeout=LONGEST)
            except BaseException:
                process.kill()
                raise
        return subprocess.CompletedProcess([*map(str, arguments)], process.returncode, out, err)


@dataclass(frozen=True)
class Release:
    """One release, looked at from outside."""

    path: Path

    @classmethod
    def current(cls, out: Path) -> Release:
        """The release that an output folder serves."""
        return cls((out / "current").resolve(strict=True))

    def digests(self) -> dict[str, str]:
        """SHA-256 digests of its data files, computed here; store and report are not data."""
        found = {}
        for path in sorted(self.path.rglob("*")):
            name = path.relative_to(self.path).as_posix()
            if path.is_file() and not name.startswith("store/") and name != "report.json":
                found[name] = sha256(path.read_bytes()).hexdigest()
        return found

    def is_whole(self) -> bool:
        """Whether its data files are those that its manifest states, no more and no fewer."""
        manifest = json.loads((self.path / "manifest.json").read_text("utf-8"))
        stated = {name: entry["sha256"] for name, entry in manifest["files"].items()}
        found = self.digests()
        del found["manifest.json"]
        return bool(stated) and found == stated

    def ask(self, query: str) -> list[tuple[str, ...]]:
        """The rows that its store, opened read-only, answers to a SELECT."""
        result = EmbeddedStore(self.path / "store").query(query)
        assert isinstance(result, pyoxigraph.QuerySolutions)
        return [tuple(term.value if term else "" for term in row) for row in result]


@pytest.fixture(scope="session")
def checkout() -> Checkout:
    """This checkout; tests write nothing into it."""
    return Checkout(ROOT)


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that the processes of one run of the tests have together."""
    own = tmp_path_factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


@contextmanager
def once(done: Path) -> Iterator[bool]:
    """Say whether something is still to be done; another process that wants it waits meanwhile."""
    with done.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield not done.exists()
        done.touch()


@pytest.fixture(scope="session")
def copied(shared: Path) -> Path:
    """Code, ontology and data of this checkout in another place."""
    copy = shared / "another place" / "a copy"
    with once(shared / "copied") as wanted:
        for name in ("src", "ontology", "data") if wanted else ():
            ignored = shutil.ignore_patterns("__pycache__")
            shutil.copytree(ROOT / name, copy / name, ignore=ignored)
    return copy


@pytest.fixture(scope="session")
def built(shared: Path, copied: Path) -> Path:
    """The output folder of one build of this checkout's data, with its cache; never changed."""
    with once(shared / "built") as wanted:
        if wanted:
            variables = {"PYTHONDONTWRITEBYTECODE": "1", "PYTHONHASHSEED": "1"}
            done = Checkout(copied, variables).run("build")
            assert done.returncode == 0, done.stderr
    return copied / "build"


@pytest.fixture(scope="session")
def rebuilt(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The output folder of another build of the same input, where nothing else is alike.

    It is made from another working folder, with other hashes of strings. It has what the first one
    keeps of validation and of the reasoner's answers, but for two of the answers;
    the name of a kept answer is the hash of all that HermiT was told.
    """
    here, copy = tmp_path_factory.mktemp("here"), built.parent
    answers = here / "out" / "cache" / "reasoned"
    for name in ("reasoned", "shapes"):
        shutil.copytree(built / "cache" / name, here / "out" / "cache" / name)
    for path in sorted(answers.glob("*.nt"), key=lambda path: path.stat().st_size)[:2]:
        path.unlink()
    code = {"PYTHONPATH": str(copy / "src"), "PYTHONDONTWRITEBYTECODE": "1"}
    done = Checkout(here, {**code, "PYTHONHASHSEED": "0"}).run(
        "build", "--ontology", os.path.relpath(copy / "ontology", here),
        "--data", copy / "data", "--out", here / "out",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return here / "out"


# The command of the README that looks for all that can be found.
AUDIT = ("audit", "--html", "audit.html")


@dataclass(frozen=True)
class Audited:
    """What the whole audit of this checkout said."""

    output: str
    page: str


@pytest.fixture(scope="session")
def audited(shared: Path, built: Path) -> Audited:
    """The whole audit of this checkout's data, run once as people run it."""
    place = shared / "audited"
    with once(shared / "audit") as wanted:
        if wanted:
            done = copy_of(built, place).run(*AUDIT)
            assert done.returncode == 0, done.stdout + done.stderr
            (place / "said.txt").write_text(done.stdout, "utf-8")
    pages = ((place / name).read_text("utf-8") for name in ("said.txt", "audit.html"))
    return Audited(*pages)


@pytest.fixture(scope="session")
def released(built: Path) -> Release:
    """The release of that build."""
    return Release.current(built)


def copy_of(built: Path, root: Path) -> Checkout:
    """A copy of what was built, with its ontology and data, that may be changed."""
    for name in ("ontology", "data", "build"):
        shutil.copytree(built.parent / name, root / name, symlinks=True)
    return Checkout(root, {"PYTHONPATH": str(built.parent / "src")})


@pytest.fixture(scope="session")
def small_built(shared: Path, copied: Path) -> Path:
    """The output folder of a build of one study's part, made without the reasoner."""
    place = shared / "small"
    with once(shared / "small built") as wanted:
        if wanted:
            shutil.copytree(copied / "ontology", place / "ontology")
            copy_part(place / "data")
            variables = {"PYTHONPATH": str(copied / "src"), "PYTHONDONTWRITEBYTECODE": "1"}
            done = Checkout(place, variables).run("build", "--no-reason")
            assert done.returncode == 0, done.stderr
    return place / "build"


@pytest.fixture
def small_workplace(tmp_path: Path, small_built: Path, copied: Path) -> Checkout:
    """A checkout of one's own with a part of one study, for what all builds have in common."""
    place = copy_of(small_built, tmp_path / "workplace")
    return replace(place, variables={"PYTHONPATH": str(copied / "src")})


@pytest.fixture
def workplace(tmp_path: Path, built: Path) -> Checkout:
    """A checkout of one's own: ontology and data may be changed, and the build stands already."""
    return copy_of(built, tmp_path / "workplace")


@dataclass(frozen=True)
class Checked:
    """What ``smegraph check`` said."""

    exit_code: int
    output: str

    @property
    def problems(self) -> list[dict[str, Any]]:
        """The problems of ``--format json``."""
        problems: list[dict[str, Any]] = json.loads(self.output)["problems"]
        return problems

    @property
    def errors(self) -> list[dict[str, Any]]:
        """The problems that are errors."""
        return [problem for problem in self.problems if problem["severity"] == "error"]

    def under(self, file: str) -> list[str]:
        """The lines that stand under the name of a file in the text for people."""
        lines = self.output.splitlines()
        rest = lines[lines.index(file) + 1 :]
        return [line.strip() for line in itertools.takewhile(lambda s: s.startswith("  "), rest)]


@dataclass(frozen=True)
class StudyCopy:
    """Real rows of a study in a folder of its own; rows are numbered as a spreadsheet does."""

    data: Path
    ontology: Path = ROOT / "ontology"
    name: str = STUDY

    @property
    def folder(self) -> Path:
        return self.data / "studies" / self.name

    def name_in_data(self) -> str:
        """The folder of the study, seen from the working folder."""
        return f"data/studies/{self.name}"

    def path(self, file: str) -> Path:
        return self.folder / file

    def shown(self, file: str) -> str:
        """How the check names a file, which runs in the folder that holds ``data``."""
        return f"data/studies/{self.name}/{file}"

    def table(self, file: str) -> tuple[list[str], list[list[str]]]:
        with self.path(file).open(encoding="utf-8", newline="") as text:
            head, *rows = csv.reader(text)
        return head, rows

    def save(self, file: str, head: list[str], rows: list[list[str]]) -> None:
        self.path(file).write_text(write_csv(head, rows), encoding="utf-8")

    def row(self, file: str, **cells: str) -> int:
        """The number of the first row that holds the cells."""
        head, rows = self.table(file)
        wanted = {head.index(name): value for name, value in cells.items()}
        for number, row in enumerate(rows, start=2):
            if all(row[position] == value for position, value in wanted.items()):
                return number
        raise LookupError(f"{file} has no row with {cells}")

    def get(self, file: str, row: int, column: str) -> str:
        head, rows = self.table(file)
        return rows[row - 2][head.index(column)]

    def set(self, file: str, row: int, column: str, value: str) -> None:
        head, rows = self.table(file)
        if column not in head:
            head.append(column)
            rows = [[*cells, ""] for cells in rows]
        rows[row - 2][head.index(column)] = value
        self.save(file, head, rows)

    def add(self, file: str, **cells: str) -> int:
        """Add a row behind the others; its number is returned."""
        if not self.path(file).exists():
            self.save(file, list(cells), [])
        head, rows = self.table(file)
        for name in cells:
            if name not in head:
                head.append(name)
                rows = [[*row, ""] for row in rows]
        rows.append([cells.get(name, "") for name in head])
        self.save(file, head, rows)
        return len(rows) + 1

    def drop(self, file: str, column: str) -> None:
        head, rows = self.table(file)
        at = head.index(column)
        self.save(file, head[:at] + head[at + 1 :], [row[:at] + row[at + 1 :] for row in rows])

    def replace(self, file: str, old: str, new: str, count: int = 1) -> int:
        """Replace a text that stands in the file; its line is returned."""
        text = self.path(file).read_text(encoding="utf-8")
        assert old in text
        self.path(file).write_text(text.replace(old, new, count), encoding="utf-8")
        return text.count("\n", 0, text.index(old)) + 1

    def run(self, *arguments: str) -> Checked:
        """Run a command of ``smegraph``."""
        result = CliRunner().invoke(main, [*arguments, "--ontology", str(self.ontology)])
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return Checked(result.exit_code, result.output)

    def check(self, *options: str) -> Checked:
        """Run ``smegraph check`` on all the data, for programs."""
        return self.run("check", "--format", "json", *options)


@pytest.fixture(scope="session")
def repository() -> Path:
    """The folder of this checkout."""
    return ROOT


@pytest.fixture(scope="session")
def ontology() -> Ontology:
    """The ontology of this checkout."""
    return Ontology.load(ROOT / "ontology")


@pytest.fixture(scope="session")
def schema(ontology: Ontology) -> Schema:
    """The sheets of this checkout."""
    return Schema.read(ontology)


@pytest.fixture(scope="session")
def read_once(ontology: Ontology, schema: Schema) -> Iterator[None]:
    """Commands in this process share what they would all read: the ontology of this checkout."""
    load, read = Ontology.load, Schema.read

    def loaded(folder: Path) -> Ontology:
        return ontology if folder == ontology.folder else load(folder)

    def sheets(found: Ontology) -> Schema:
        return schema if found is ontology else read(found)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Ontology, "load", staticmethod(loaded))
        patch.setattr(Schema, "read", staticmethod(sheets))
        yield


@pytest.fixture(scope="session")
def sources() -> Path:
    """The folder of the source documents, which are no part of the repository."""
    named = os.environ.get("SMEGRAPH_SOURCES")
    folder = Path(named) if named else ROOT.parent / "shared" / "seeds"
    if not folder.is_dir():
        pytest.skip("the source documents are not at hand; SMEGRAPH_SOURCES names their folder")
    return folder


def copy_part(data: Path) -> StudyCopy:
    """A part of the Finnish study and the reference data, copied into a folder."""
    copy = StudyCopy(data)
    copy.folder.mkdir(parents=True)
    for file in SHEETS:
        shutil.copy(ROOT / "data" / "studies" / STUDY / file, copy.folder)
    shutil.copytree(ROOT / "data" / "reference", copy.data / "reference")
    return copy


@pytest.fixture
def study(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, read_once: None) -> StudyCopy:
    """A part of the Finnish study and the reference data, in ``data/`` of the working folder."""
    monkeypatch.chdir(tmp_path)
    return copy_part(tmp_path / "data")
