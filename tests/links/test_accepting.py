"""Reviewed rows come into the files of links, and nothing that is there is lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from smegraph.links.accepting import Acceptance, accept
from smegraph.links.errors import LinkError
from smegraph.links.model import MappingSet
from smegraph.links.sssom import parse_sssom, read_sssom
from tests.links.conftest import COLUMNS, HEAD, ROW, kinds

THERE = f'# A comment of a person.\n{HEAD}{COLUMNS}\tcomment\n{ROW}\tA ""note"".\n'.replace(
    'A ""note"".', '"A ""note""."'
)
MORE = f"{COLUMNS}\treviewer_label\tpredicate_modifier\tconfidence"
NEW = "voc:pear\tskos:closeMatch\tex:2\tsemapv:LexicalMatching\t{}\t{}\t0.7"


def reviewed(*rows: str, head: str = HEAD) -> MappingSet:
    text = head + "\n".join([MORE, *rows]) + "\n"
    return parse_sssom(text, Path("reviewed.tsv"), "reviewed.tsv")


@pytest.fixture
def there(tmp_path: Path) -> MappingSet:
    """A set that is there."""
    path = tmp_path / "ontology/mappings/fruit.sssom.tsv"
    path.parent.mkdir(parents=True)
    path.write_text(THERE.removeprefix("# A comment of a person.\n"), "utf-8")
    return read_sssom(path, "fruit.sssom.tsv")


def take(found: MappingSet, tmp_path: Path, *sets: MappingSet, own: bool = True) -> Acceptance:
    return accept(found, sets, tmp_path / "ontology", tmp_path / "data", own=own)


def test_reviewed_rows_come_in_sorted_and_what_is_there_stays(
    there: MappingSet, tmp_path: Path
) -> None:
    done = take(reviewed(NEW.format("A person", "")), tmp_path, there)
    assert done.path == there.path
    assert done.text.startswith(HEAD)
    after = parse_sssom(done.text, done.path, "fruit.sssom.tsv")
    assert after.problems == []
    assert [link.cells.get("comment") for link in after.links] == ['A "note".', None]
    assert [link.cells.get("reviewer_label") for link in after.links] == [None, "A person"]
    assert after.links[0].cells == there.links[0].cells


def test_rows_without_a_reviewer_stay_out(there: MappingSet, tmp_path: Path) -> None:
    done = take(reviewed(NEW.format("", "")), tmp_path, there)
    assert (done.new, done.unreviewed) == ([], 1)
    assert "1 name no reviewer and stay out." in done.summary()


def test_denied_row_comes_in_as_denied(there: MappingSet, tmp_path: Path) -> None:
    done = take(reviewed(NEW.format("A person", "Not")), tmp_path, there)
    after = parse_sssom(done.text, done.path, "fruit.sssom.tsv")
    assert [link.is_denied for link in after.links] == [False, True]
    assert len(list(after.stated())) == 1


def test_accepting_twice_changes_nothing(there: MappingSet, tmp_path: Path) -> None:
    rows = reviewed(NEW.format("A person", ""))
    done = take(rows, tmp_path, there)
    after = parse_sssom(done.text, done.path, "fruit.sssom.tsv")
    done.path.write_text(done.text, "utf-8")
    again = take(rows, tmp_path, after)
    assert (again.new, len(again.there), again.text) == ([], 1, done.text)


def test_other_property_for_a_pair_is_refused_with_its_row(
    there: MappingSet, tmp_path: Path
) -> None:
    row = f"{ROW.replace('exactMatch', 'broadMatch')}\tA person\t\t0.7"
    with pytest.raises(LinkError) as error:
        take(reviewed(row), tmp_path, there)
    (problem,) = error.value.problems
    assert (problem.kind, problem.row, problem.column) == ("other-predicate", 15, "predicate_id")


def test_file_with_an_error_is_refused(there: MappingSet, tmp_path: Path) -> None:
    with pytest.raises(LinkError) as error:
        take(reviewed(NEW.format("A person", "no")), tmp_path, there)
    assert "choice" in kinds(list(error.value.problems))


def test_prefix_with_another_meaning_is_refused(there: MappingSet, tmp_path: Path) -> None:
    head = HEAD.replace("https://example.org/fruit/", "https://example.org/vegetables/")
    with pytest.raises(LinkError) as error:
        take(reviewed(NEW.format("A person", ""), head=head), tmp_path, there)
    assert kinds(list(error.value.problems)) == ["prefix"]


def test_prefix_that_the_file_lacks_comes_in(there: MappingSet, tmp_path: Path) -> None:
    head = HEAD + "#  new: https://example.org/new/\n"
    row = NEW.format("A person", "").replace("ex:2", "new:2")
    done = take(reviewed(row, head=head), tmp_path, there)
    after = parse_sssom(done.text, done.path, "fruit.sssom.tsv")
    assert after.problems == []
    assert after.prefixes["new"] == "https://example.org/new/"


@pytest.mark.parametrize(("own", "place"), [(True, "data/links"), (False, "ontology/mappings")])
def test_new_set_gets_a_file(tmp_path: Path, own: bool, place: str) -> None:
    done = take(reviewed(NEW.format("A person", "")), tmp_path, own=own)
    assert done.path == tmp_path / place / "fruit.sssom.tsv"
    after = parse_sssom(done.text, done.path, "fruit.sssom.tsv")
    assert (after.problems, len(after.links)) == ([], 1)
    assert after.value("license") == "https://creativecommons.org/licenses/by/4.0/"
