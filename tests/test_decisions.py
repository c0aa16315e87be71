"""docs/decisions: index, numbers and links hold together, and the code points at what is there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "docs" / "decisions"
FILES = sorted(path for path in FOLDER.glob("*.md") if path.name != "README.md")
INDEX = (FOLDER / "README.md").read_text("utf-8")
SECTIONS = ["Context", "Decision", "Why", "Consequences", "Where"]
POINTERS = ("src", "tests", "benchmarks", "deploy", "ontology")
TEXTS = {".conf", ".css", ".html", ".js", ".md", ".py", ".rq", ".service", ".toml", ".ttl", ".yaml"}

each_decision = pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)


def _sections(path: Path) -> dict[str, str]:
    """The text below each heading of the second level, in order."""
    _, *parts = re.split(r"^## ", path.read_text("utf-8"), flags=re.MULTILINE)
    return {head: text.strip() for head, _, text in (part.partition("\n") for part in parts)}


def _links(text: str) -> list[str]:
    """The relative links of a Markdown text, without those in code."""
    plain = re.sub(r"^( *)```.*?^\1```|(?<!\[)`[^`\n]*`", "", text, flags=re.DOTALL | re.MULTILINE)
    return re.findall(r"\]\(([^):#]+)\)", plain)


def _texts(*folders: str) -> Iterator[tuple[str, str]]:
    """Every text below the folders, with its path."""
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix in TEXTS and path.is_file():
                yield path.relative_to(ROOT).as_posix(), path.read_text("utf-8")


def test_decisions_are_numbered_from_one_without_gap_or_double() -> None:
    assert all(re.fullmatch(r"\d{3}(-[a-z0-9]+)+\.md", path.name) for path in FILES)
    assert [int(path.name[:3]) for path in FILES] == list(range(1, len(FILES) + 1))


def test_the_index_lists_every_decision_under_its_title() -> None:
    rows = re.findall(r"^\| \[(\d{3})\]\(([^)]+)\) \| (.+?) \| .+ \|$", INDEX, re.MULTILINE)
    titles = [path.read_text("utf-8").partition("\n")[0].split(". ", 1)[1] for path in FILES]
    names = [path.name for path in FILES]
    assert rows == [(name[:3], name, title) for name, title in zip(names, titles, strict=True)]


@each_decision
def test_a_decision_has_its_number_its_status_and_every_section(path: Path) -> None:
    text, sections = path.read_text("utf-8"), _sections(path)
    assert text.startswith(f"# {path.name[:3]}. ")
    status = r"^\*\*Status:\*\* (accepted|superseded by \[\d{3}\]\(.+?\)), \d{4}-\d\d-\d\d\b"
    assert re.search(status, text, re.MULTILINE)
    assert list(sections) == SECTIONS
    assert all(sections.values())


@each_decision
def test_the_files_that_a_decision_explains_are_there(path: Path) -> None:
    where = _sections(path)["Where"].splitlines()
    named = [re.fullmatch(r"- \[`(.+)`\]\(\.\./\.\./(.+)\): .+", line) for line in where]
    assert all(match and match[1] == match[2] for match in named)
    missing = [match[1] for match in named if match and not (ROOT / match[1]).exists()]
    assert missing == []


@pytest.mark.parametrize("path", [FOLDER / "README.md", *FILES], ids=lambda path: path.stem)
def test_a_link_to_another_document_leads_somewhere(path: Path) -> None:
    text = path.read_text("utf-8").partition("\n## Where\n")[0]
    assert [link for link in _links(text) if not (FOLDER / link).exists()] == []


def test_what_points_at_a_decision_names_one_that_is_there() -> None:
    names = {path.name for path in FILES}
    pointer = re.compile(r"docs/decisions/(\d[\w-]*(?:\.md)?)")
    lost = [
        f"{where}: {name}"
        for where, text in _texts(*POINTERS)
        for name in pointer.findall(text)
        if name not in names
    ]
    assert lost == []


def test_a_comment_gives_a_decision_the_number_of_its_file() -> None:
    pointer = re.compile(r"Decision (\d+): docs/decisions/(\d+)")
    wrong = [
        f"{where}: {number}"
        for where, text in _texts(*POINTERS)
        for number, file in pointer.findall(text)
        if number != file
    ]
    assert wrong == []


def test_the_changelog_has_only_what_changes_for_users() -> None:
    changelog = (ROOT / "CHANGELOG.md").read_text("utf-8")
    kinds = set(re.findall(r"^### (.+)$", changelog, re.MULTILINE))
    assert kinds <= {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"}
    assert "](docs/decisions/README.md)" in changelog
