"""The commands of `smegraph`; each has a module of its own, loaded when somebody calls it."""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Final

import click

from smegraph.errors import ProblemsFound, SmegraphError

# The module of each command, and its name there; only who calls one pays for its import.
COMMANDS: Final = {
    "audit": ("audit", "audit"),
    "backup": ("backup", "backup"),
    "build": ("build", "build"),
    "check": ("check", "check"),
    "coverage": ("coverage", "coverage"),
    "diff": ("diff", "diff"),
    "export": ("export", "export"),
    "figure": ("figure", "figure"),
    "format": ("format", "format_"),
    "import": ("import_references", "import_"),
    "ingest": ("ingest", "ingest"),
    "link": ("link", "link"),
    "locate": ("locate", "locate"),
    "mcp": ("mcp", "mcp"),
    "migrate": ("migrate", "migrate"),
    "query": ("query", "query"),
    "questions": ("questions", "questions"),
    "release": ("release", "release"),
    "serve": ("serve", "command"),
    "template": ("template", "template"),
    "token": ("token", "token"),
}


class _Commands(click.Group):
    """Turns what people can put right into a message and the exit code 1."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module, name = COMMANDS[cmd_name]
        command: click.Command = getattr(import_module(f"smegraph.cli.{module}"), name)
        return command

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except ProblemsFound as error:
            from smegraph.cli.options import wants_all
            from smegraph.problem_report import as_text

            click.echo(as_text(error.problems, every=wants_all(ctx)), err=True)
        except SmegraphError as error:
            click.echo(f"smegraph: {error}", err=True)
        except BrokenPipeError:  # the reader of our output has gone, as `| head` does
            sys.stderr.close()
        except OSError as error:  # no permission, a full disk, a folder where a file should be
            place = f"{error.filename}: " if error.filename else ""
            click.echo(f"smegraph: {place}{error.strerror or error}", err=True)
        ctx.exit(1)


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="smegraph")
def main() -> None:
    """The open evidence graph of how small firms go abroad with digital platforms."""  # noqa: D401
