"""README.md: every query in it has the answer that stands below it, and every command runs."""

from __future__ import annotations

import doctest
import re
import shlex
import signal
from pathlib import Path

import pytest

from tests.conftest import AUDIT, Checkout, Release

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
QUESTIONS = re.findall(r"```sparql\n(.*?)```\n\n((?:\|[^\n]*\n)+)", README, re.DOTALL)
NAMED = sorted(set(re.findall(r"\.venv/bin/smegraph ([^\n`]+)", README)))
SERVE = [command for command in NAMED if command.startswith("serve")]
COMMANDS = [command for command in NAMED if command not in SERVE]


def _table(text: str) -> list[tuple[str, ...]]:
    """The rows of a Markdown table, without its head."""
    rows = [line.strip("| ").split(" | ") for line in text.splitlines()]
    return [tuple(cell.strip() for cell in row) for row in rows[2:]]


def test_the_readme_asks_five_questions_and_names_twelve_commands() -> None:
    assert len(QUESTIONS) == 5
    assert (len(COMMANDS), len(SERVE)) == (10, 2)


@pytest.mark.parametrize("number", range(5))
def test_a_question_of_the_readme_has_the_answer_below_it(number: int, released: Release) -> None:
    query, table = QUESTIONS[number]
    assert released.ask(query) == _table(table)


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_of_the_readme_runs(
    command: str, workplace: Checkout, request: pytest.FixtureRequest
) -> None:
    text = "This is how the passage begins, and that is how it ends."
    (workplace.root / "paper.txt").write_text(text)
    entry = "@book{a, author={Bell, J.}, title={A}, year=2001}"
    (workplace.root / "references.bib").write_text(entry)
    if "--sources" in command:  # skips where the documents are not at hand
        (workplace.root / "texts").symlink_to(request.getfixturevalue("sources"))
    arguments = tuple(shlex.split(command, comments=True))
    if arguments == AUDIT:
        assert request.getfixturevalue("audited").output.strip()
        return
    done = workplace.run(*arguments)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.strip()


@pytest.mark.parametrize("command", SERVE)
def test_a_service_of_the_readme_runs(command: str, tmp_path: Path) -> None:
    (tmp_path / "my-data").mkdir()
    (tmp_path / "my-data" / "firms.ttl").write_text("<a> <b> <c> .")
    arguments = shlex.split(command, comments=True)
    with Checkout(tmp_path).start(*arguments, "--port", "0") as process:
        assert process.stdout is not None
        said = process.stdout.readline()
        process.send_signal(signal.SIGTERM)
        assert said.startswith("smegraph serves http://"), process.communicate()[1]
        assert process.wait(60) == 0


def test_the_python_of_the_readme_gives_what_stands_below_it(
    built: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(built.parent)
    text = "".join(re.findall(r"```python\n(.*?)```", README, re.DOTALL))
    found = doctest.DocTestParser().get_doctest(text, {}, "README", "README.md", 0)
    done = doctest.DocTestRunner().run(found)
    assert (done.failed, done.attempted) == (0, 6)


def test_the_readme_names_only_files_that_are_there() -> None:
    names = re.findall(r"\]\(([^)#:]+)\)", README)
    assert names
    assert [name for name in names if not (ROOT / name).exists()] == []
