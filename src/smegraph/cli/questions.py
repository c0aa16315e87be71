"""`smegraph questions`: the competency questions and their expected answers."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from smegraph.cli.options import form_option, ontology_option, out_option
from smegraph.ontology.locate import ontology_dir


@click.command()
@ontology_option
@out_option
@form_option
def questions(ontology_folder: Path | None, out: Path, form: str) -> None:
    """Ask the competency questions and compare with the expected answers.

    The exit code is 1 when an answer differs.
    """
    from smegraph.cli.opening import open_current
    from smegraph.cli.terminal import answer_as_json, print_answer
    from smegraph.release.questions import ask_all, load_questions

    asked = load_questions(ontology_dir(ontology_folder) / "questions")
    store = open_current(out)
    answers = list(ask_all(asked, store))
    right = sum(answer.is_right for answer in answers)
    if form == "json":
        click.echo(json.dumps([answer_as_json(a) for a in answers], indent=2, ensure_ascii=False))
    else:
        for answer in answers:
            print_answer(answer)
        click.echo(f"{right} of {len(answers)} questions are answered as expected.")
    if right < len(answers):
        sys.exit(1)
