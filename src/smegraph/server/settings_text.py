"""Settings as a TOML file, and as the table of the handbook."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from smegraph.server.settings import PREFIX, Settings, flag_of, unit_of


def as_toml(settings: Settings) -> str:
    """Return settings as a TOML file that gives them again; what is not set is commented out.

    >>> print(as_toml(Settings(port=80)).splitlines()[6])
    port = 80
    """
    return "".join(f"{_line(name, value)}\n" for name, value in settings)


def example_toml() -> str:
    """Return a TOML file of all settings with their meanings, each commented out."""
    parts = ["# Settings of `smegraph serve`: every one, with its default.\n"]
    for name, field in Settings.model_fields.items():
        unit = f" [{unit_of(field)}]" if unit_of(field) else ""
        parts.append(f"\n# {field.description}{unit}\n")
        parts.append(f"# {_line(name, field.default).removeprefix('# ')}\n")
    return "".join(parts)


def handbook_table() -> str:
    """Return the table of all settings in Markdown."""
    rows = ["| flag, key, variable | default | unit or values | meaning |", "|---|---|---|---|"]
    return "\n".join([*rows, *_handbook_rows()]) + "\n"


def _handbook_rows() -> Iterator[str]:
    for name, field in Settings.model_fields.items():
        names = f"`{flag_of(name)}` `{name}` `{PREFIX}{name.upper()}`"
        default = "" if field.default in (None, ()) else f"`{_toml(field.default)}`"
        unit = unit_of(field).replace("|", ", ")
        yield f"| {names} | {default} | {unit} | {field.description} |"


def _line(name: str, value: object) -> str:
    return f'# {name} = ""' if value is None else f"{name} = {_toml(value)}"


def _toml(value: object) -> str:
    """Return a value as TOML writes it; JSON writes the same strings, numbers and lists."""
    plain = str(value) if isinstance(value, Path) else value
    return json.dumps(plain, ensure_ascii=False).replace("\x7f", "\\u007f")
