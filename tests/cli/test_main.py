"""The commands: each explains itself, and what is unknown is refused by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click
import pytest

from smegraph.cli.main import COMMANDS, main

if TYPE_CHECKING:
    from tests.conftest import Checkout


@pytest.mark.parametrize(
    "arguments",
    [["biuld"], ["build", "--no-reson"], ["query", "--format", "exel", "-e", "ASK {}"],
     ["serve", "--port", "70000"]],
)  # fmt: skip
def test_what_is_unknown_is_refused_by_name(checkout: Checkout, arguments: list[str]) -> None:
    done = checkout.run(*arguments)
    assert done.returncode == 2
    assert next(word for word in reversed(arguments) if word in done.stderr)


def test_every_command_says_what_it_does(checkout: Checkout) -> None:
    listed = checkout.run("--help").stdout.split("Commands:")[1].split("\n")
    commands = [line.split()[0] for line in listed if line.strip()]
    assert {"build", "check", "ingest", "locate", "query", "questions", "serve"} <= set(commands)
    for line in listed:
        assert not line.strip() or len(line.split()) > 2


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_and_option_explains_itself(name: str) -> None:
    command = main.get_command(click.Context(main), name)
    assert command is not None
    assert command.help
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            assert parameter.help, (name, parameter.name)
            assert parameter.help.endswith((".", "]", ")")), (name, parameter.name)
