"""The files of `deploy/` and its handbook say what the software does."""

from __future__ import annotations

import configparser
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from smegraph.cli.serve import command
from smegraph.server.http.problems import KINDS
from smegraph.server.settings import Settings, load_settings
from smegraph.server.settings_text import example_toml, handbook_table

DEPLOY = Path(__file__).parents[2] / "deploy"
HANDBOOK = (DEPLOY / "README.md").read_text("utf-8")
CONTAINERFILE = (DEPLOY / "Containerfile").read_text("utf-8")


class _Unit(configparser.RawConfigParser):
    """A unit file; of a key that stands several times, the last."""

    def optionxform(self, optionstr: str) -> str:
        return optionstr


@pytest.fixture(scope="module")
def unit() -> configparser.RawConfigParser:
    parsed = _Unit(strict=False, delimiters=("=",), interpolation=None)
    parsed.read(DEPLOY / "smegraph.service")
    return parsed


# ------------------------------------------------------------------ the settings' file


def test_the_example_is_what_the_settings_give() -> None:
    assert (DEPLOY / "smegraph.toml").read_text("utf-8") == example_toml()


def test_the_example_changes_nothing_as_it_is() -> None:
    assert load_settings({}, DEPLOY / "smegraph.toml") == Settings()
    assert tomllib.loads((DEPLOY / "smegraph.toml").read_text("utf-8")) == {}


# ------------------------------------------------------------------ the unit


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd is not here")
def test_systemd_finds_no_fault_in_the_unit(tmp_path: Path) -> None:
    text = (DEPLOY / "smegraph.service").read_text("utf-8")
    copy = tmp_path / "smegraph.service"
    program = sys.executable.replace(" ", "\\x20")
    copy.write_text(text.replace("/opt/smegraph/bin/smegraph", program))
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", copy], capture_output=True, text=True
    )
    assert done.stderr == ""
    assert done.returncode == 0


def test_the_unit_starts_a_command_that_there_is(unit: configparser.RawConfigParser) -> None:
    program, name, *arguments = shlex.split(unit["Service"]["ExecStart"])
    assert (Path(program).name, name) == ("smegraph", command.name)
    known = {flag for option in command.params for flag in option.opts}
    assert {word for word in arguments if word.startswith("--")} <= known


def test_systemd_waits_longer_than_the_service(unit: configparser.RawConfigParser) -> None:
    assert int(unit["Service"]["TimeoutStopSec"]) > Settings().stop_timeout


def test_systemd_does_not_start_wrong_settings_again(unit: configparser.RawConfigParser) -> None:
    assert unit["Service"]["Restart"] == "on-failure"
    assert unit["Service"]["RestartPreventExitStatus"] == "2"


def test_a_killed_worker_does_not_stop_the_unit(unit: configparser.RawConfigParser) -> None:
    assert unit["Service"]["OOMPolicy"] == "continue"


def test_reloading_means_sighup(unit: configparser.RawConfigParser) -> None:
    assert unit["Service"]["ExecReload"] == "/bin/kill -HUP $MAINPID"


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("DynamicUser", "yes"),
        ("NoNewPrivileges", "yes"),
        ("ProtectSystem", "strict"),
        ("CapabilityBoundingSet", ""),
        ("RestrictAddressFamilies", "AF_INET AF_INET6 AF_UNIX"),
        ("RestrictNamespaces", "user net"),  # for workers without a network
    ],
)
def test_the_unit_takes_away_what_is_not_needed(
    unit: configparser.RawConfigParser, key: str, value: str
) -> None:
    assert unit["Service"][key] == value


# ------------------------------------------------------------------ the container


def test_the_container_runs_for_an_ordinary_user() -> None:
    assert re.findall(r"^USER (\S+)$", CONTAINERFILE, re.MULTILINE) == ["smegraph"]


def test_the_container_names_no_registry() -> None:
    images = re.findall(r"^FROM (\S+)", CONTAINERFILE, re.MULTILINE)
    assert images == ["${BASE}", "${BASE}"]
    assert "\nARG BASE=python:3.11-slim\nFROM" in CONTAINERFILE


INSTALLERS = ["deploy/Containerfile", "deploy/README.md", ".ci/environment"]


@pytest.mark.parametrize("name", INSTALLERS)
def test_what_is_installed_from_an_index_has_its_hashes_checked(name: str) -> None:
    text = (DEPLOY.parent / name).read_text("utf-8").replace("\\\n", " ")
    lists = re.findall(r"install\b([^\n&]*(?:-r|--requirement) *\"?requirements/\S+)", text)
    assert len(lists) == 2
    assert all("--require-hashes" in command for command in lists)
    assert "--no-build-isolation" in lists[1]  # or a tool without a hash would be fetched


@pytest.mark.parametrize("name", INSTALLERS)
def test_smegraph_itself_is_built_with_what_is_pinned(name: str) -> None:
    text = (DEPLOY.parent / name).read_text("utf-8").replace("\\\n", " ")
    (own,) = re.findall(r"(?:install|wheel) ([^\n&]*--no-deps[^\n&]*) \.(?: |\n)", text)
    assert "--no-build-isolation" in own


def test_the_container_sets_what_are_settings() -> None:
    variables = set(re.findall(r"SMEGRAPH_(\w+)=", CONTAINERFILE))
    assert variables
    assert {name.lower() for name in variables} <= set(Settings.model_fields)


def test_the_container_copies_what_there_is() -> None:
    for line in re.findall(r"^COPY (?!--from)(.+)$", CONTAINERFILE, re.MULTILINE):
        *sources, _ = line.split()
        assert all((DEPLOY.parent / source).exists() for source in sources), line


def test_the_health_check_is_a_program() -> None:
    found = re.search(r'CMD \["python", "-c", "(.+)"\]', CONTAINERFILE)
    assert found
    compile(found[1], "HEALTHCHECK", "exec")
    assert "/ready" in found[1]


# ------------------------------------------------------------------ the handbook


def test_the_handbook_has_the_table_of_the_settings() -> None:
    between = HANDBOOK.split("<!-- settings -->\n")[1].split("<!-- /settings -->")[0]
    assert between == handbook_table()


def test_the_handbook_has_every_kind_of_problem_with_its_status() -> None:
    rows = re.findall(r"^\| `([\w-]+)` \| (\d{3}) \| (.+) \|$", HANDBOOK, re.MULTILINE)
    assert {kind: int(status) for kind, status, _ in rows} == {
        kind: status for kind, (status, _) in KINDS.items()
    }


def test_the_handbook_names_only_settings_that_there_are() -> None:
    advice = HANDBOOK.split("## What clients are told")[1]
    named = set(re.findall(r"`([a-z]+_[a-z_]+)`", advice))
    assert named
    assert named <= set(Settings.model_fields)


def test_the_handbook_links_to_files_that_there_are() -> None:
    links = re.findall(r"\]\(([^)#]+)\)", HANDBOOK)
    assert links
    assert all((DEPLOY / link).exists() for link in links)


def test_no_file_names_this_machine() -> None:
    files = [path for path in DEPLOY.rglob("*") if path.is_file()]
    assert len(files) > 8
    for path in files:
        assert str(DEPLOY.parent) not in path.read_text("utf-8")
