"""`smegraph migrate` renames what a sheet of an earlier release has, and says so."""

from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner, Result

from smegraph.cli.main import main


def migrate(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["migrate", *arguments])


def study(folder: Path, head: str) -> Path:
    place = folder / "data" / "studies" / "one"
    place.mkdir(parents=True)
    path = place / "platform-uses.csv"
    path.write_text(f"{head}\nMovy,mutual trust\n", "utf-8")
    return path


def test_columns_are_renamed_and_told(tmp_path: Path) -> None:
    path = study(tmp_path, "firm,lowers")
    data = ["--data", str(tmp_path / "data")]
    for again in (("--dry-run",), ()):
        done = migrate(*data, *again)
        assert done.exit_code == 0
        assert done.output.endswith("platform-uses.csv: lowers is now lowersDistanceThrough\n")
    assert path.read_text("utf-8") == "firm,lowersDistanceThrough\nMovy,mutual trust\n"
    assert migrate(*data).output == "Nothing to do: the sheets have the names of today.\n"


def test_what_a_person_has_to_do_ends_with_1(tmp_path: Path) -> None:
    path = study(tmp_path, "lowers,lowersDistanceThrough")
    done = migrate(str(path.parent), "--data", str(tmp_path / "data"))
    assert done.exit_code == 1
    assert "not done: it has a column lowersDistanceThrough already" in done.output
    assert path.read_text("utf-8").startswith("lowers,")


def test_the_update_for_a_dataset_is_printed(tmp_path: Path) -> None:
    study(tmp_path, "firm,lowers")
    done = migrate("--update", "--data", str(tmp_path / "data"))
    assert done.exit_code == 0
    assert "ontology#lowers> ?o } } INSERT" in done.output
