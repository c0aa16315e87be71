"""The command `smegraph serve`: its options are the settings, one for each."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click
from pydantic.fields import FieldInfo

from smegraph.cli.options import here
from smegraph.server.errors import SettingsError
from smegraph.server.settings import (
    CONFIG_VARIABLE,
    Settings,
    flag_of,
    is_repeatable,
    load_settings,
    unit_of,
)
from smegraph.server.settings_text import as_toml


def _options() -> Iterator[click.Parameter]:
    """Yield an option for each setting; the values are checked by the settings, all at once."""
    for name, field in Settings.model_fields.items():
        yield click.Option(
            [name, _spelling(name, field)],
            type=None if field.annotation is bool else str,
            is_flag=field.annotation is bool or None,
            default=None,
            multiple=is_repeatable(field),
            metavar=None if field.annotation is bool else _metavar(field),
            help=f"{field.description}{_default(field)}",
        )
    yield click.Option(
        ["--config"], metavar="FILE", type=click.Path(path_type=Path),
        help=f"A TOML file of settings.  [default: ${CONFIG_VARIABLE}]",
    )  # fmt: skip
    yield click.Option(
        ["--show-config"], is_flag=True, help="Print the settings as they are in force, and exit."
    )


def _spelling(name: str, field: FieldInfo) -> str:
    flag = flag_of(name)
    return f"{flag}/--no-{flag[2:]}" if field.annotation is bool and field.default else flag


def _metavar(field: FieldInfo) -> str:
    unit = unit_of(field)
    return f"[{unit}]" if "|" in unit else unit


def _default(field: FieldInfo) -> str:
    if field.default in (None, ()):
        return "  [repeatable]" if is_repeatable(field) else ""
    shown = field.default
    if isinstance(shown, bool):
        return ""
    return f"  [default: {shown:g}]" if isinstance(shown, float) else f"  [default: {shown}]"


def serve(config: Path | None, show_config: bool, **flags: object) -> None:
    """Answer SPARQL at /sparql, with a page to try it at /.

    A setting comes from its flag, else from the variable SMEGRAPH_<NAME>, else from the TOML file,
    else it is its default.
    """
    given = {name: value for name, value in flags.items() if value not in (None, ())}
    try:
        settings = load_settings(given, config)
    except SettingsError as error:
        raise click.UsageError(str(error)) from error
    settings = _beside_data(settings)
    if show_config:
        click.echo(as_toml(settings.effective()), nl=False)
        return
    from smegraph.server import run

    run(settings)


def _beside_data(settings: Settings) -> Settings:
    """Return the settings with the releases of the project in which the command works."""
    if settings.dataset is not None or "out" in settings.model_fields_set:
        return settings
    root = here(click.get_current_context()).root
    return settings.model_copy(update={"out": root / settings.out})


command = click.Command("serve", callback=serve, params=list(_options()), help=serve.__doc__)
