"""Settings as text, which gives them again."""

from __future__ import annotations

from pathlib import Path

import pytest

from smegraph.server.settings import PREFIX, Settings, flag_of, load_settings
from smegraph.server.settings_text import as_toml, example_toml, handbook_table


def written(folder: Path, text: str) -> Path:
    path = folder / "smegraph.toml"
    path.write_text(text, "utf-8")
    return path


def test_settings_survive_being_written(tmp_path: Path) -> None:
    settings = Settings(
        out=Path('a "b"\\ü\n'), dataset=Path("c"), writable=True, timeout=0.5, queue=0,
        base_url="https://example.org/x", forwarded_allow_ips=("127.0.0.1", "::1"),
    )  # fmt: skip
    assert load_settings({}, written(tmp_path, as_toml(settings))) == settings


def test_the_example_holds_every_setting_at_its_default(tmp_path: Path) -> None:
    lines = example_toml().splitlines()
    keys = [
        line[2:] for line in lines if " = " in line and line.split()[1] in Settings.model_fields
    ]
    assert [line.split()[0] for line in keys] == list(Settings.model_fields)
    assert load_settings({}, written(tmp_path, "\n".join(keys))) == Settings()


def test_the_handbook_has_a_row_for_every_setting() -> None:
    head, rule, *rows = handbook_table().splitlines()
    assert head.count("|") == rule.count("|")
    assert len(rows) == len(Settings.model_fields)
    for row, name in zip(rows, Settings.model_fields, strict=True):
        assert row.startswith(f"| `{flag_of(name)}` `{name}` `{PREFIX}{name.upper()}` |")


@pytest.mark.parametrize(
    ("name", "shown"),
    [("port", "`8000`"), ("default_graph", '`"union"`'), ("writable", "`false`"), ("spool", "")],
)
def test_a_default_is_shown_as_the_file_has_it(name: str, shown: str) -> None:
    (row,) = (row for row in handbook_table().splitlines() if f"`{name}`" in row)
    assert row.split("|")[2].strip() == shown
