"""The commands of ``smegraph``; each does one thing that the modules behind it offer."""

from __future__ import annotations

import gc
import json
import sys
from importlib import import_module
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING

import click

from smegraph.cli.options import (
    FOLDER,
    data_option,
    form_option,
    ontology_option,
    out_option,
    sources_option,
)
from smegraph.errors import DataError, SmegraphError, count_errors
from smegraph.ontology.locate import ontology_dir

if TYPE_CHECKING:
    from smegraph.store import EmbeddedStore


# Commands that stand beside what they do; only who calls one pays for its import.
_ELSEWHERE = {
    "audit": ("smegraph.cli.audit", "audit"),
    "coverage": ("smegraph.cli.coverage", "coverage"),
    "import": ("smegraph.cli.import_references", "import_"),
    "serve": ("smegraph.cli.serve", "command"),
    "backup": ("smegraph.cli.backup", "backup"),
    "token": ("smegraph.cli.token", "token"),
}


class _Commands(click.Group):
    """Turns what people can put right into a message and the exit code 1."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted([*super().list_commands(ctx), *_ELSEWHERE])

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _ELSEWHERE:
            return super().get_command(ctx, cmd_name)
        module, name = _ELSEWHERE[cmd_name]
        command: click.Command = getattr(import_module(module), name)
        return command

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except DataError as error:
            from smegraph.problem_report import as_text

            click.echo(as_text(error.problems), err=True)
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
    """The open evidence graph of how small firms go abroad with digital platforms."""


@main.command()
@click.argument("folder", type=FOLDER, metavar="DIR")
@click.option(
    "--sheet", "names", multiple=True, metavar="NAME", help="Only this sheet (repeatable)."
)
@ontology_option
def template(folder: Path, names: tuple[str, ...], ontology_folder: Path | None) -> None:
    """Write empty sheets for a new study into DIR, with a codebook.

    The name of DIR becomes the key of the study. Nothing that is there is overwritten.
    """
    from smegraph.ontology.ontology import Ontology
    from smegraph.ontology.schema import Schema
    from smegraph.studies.template import write_template

    ontology = Ontology.load(ontology_dir(ontology_folder))
    written = write_template(folder, ontology, Schema.read(ontology), names)
    click.echo(f"{len(written)} files in {folder}; read codebook.md, then fill in what you need.")


@main.command()
@click.argument("paths", nargs=-1, type=click.Path(exists=True, path_type=Path))
@ontology_option
@data_option
@sources_option
@form_option
def check(
    paths: tuple[Path, ...],
    ontology_folder: Path | None,
    data_folder: Path,
    sources: Path | None,
    form: str,
) -> None:
    """Report every error in the sheets of studies.

    PATHS are folders of studies, or sheets in them; without any, all studies are checked. The exit
    code is 1 when there is an error.
    """
    from smegraph.problem_report import as_json, as_text
    from smegraph.studies.check import check_studies

    problems = check_studies(paths, ontology_folder, data_folder, sources)
    click.echo(as_json(problems) if form == "json" else as_text(problems))
    if count_errors(problems):
        sys.exit(1)


@main.command()
@click.argument("paths", nargs=-1, type=click.Path(exists=True, path_type=Path))
@click.option("--out", "target", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE",
              help="Where the N-Quads go.  [default: standard output]")  # fmt: skip
@ontology_option
@data_option
def ingest(
    paths: tuple[Path, ...], target: Path | None, ontology_folder: Path | None, data_folder: Path
) -> None:
    """Turn checked sheets into N-Quads, without reasoning.

    PATHS are folders of studies; without any, all studies and the reference data are taken.
    """
    from smegraph.studies.check import ingest_studies

    results = ingest_studies(paths, ontology_folder, data_folder)
    gc.freeze()  # all of it is in use until the process ends
    rows = chain.from_iterable(result.rows() for result in results)
    if target is None:
        sys.stdout.writelines(rows)
        return
    with target.open("wb") as file:
        while batch := "".join(islice(rows, 500)):
            file.write(batch.encode("utf-8"))


@main.command()
@ontology_option
@data_option
@sources_option
@out_option
@click.option(
    "--no-reason", is_flag=True, help="Leave the reasoner out: no gate, no inferred graph."
)
def build(
    ontology_folder: Path | None,
    data_folder: Path,
    sources: Path | None,
    out: Path,
    no_reason: bool,
) -> None:
    """Check, validate, reason, derive, and make a release when something changed."""
    from smegraph.build import build as run
    from smegraph.cli.terminal import build_progress
    from smegraph.studies.passages import find_sources

    files = find_sources(sources) if sources else None
    with build_progress() as progress:
        built = run(
            ontology_dir(ontology_folder), data_folder, out,
            reason=not no_reason, sources=files, progress=progress,
        )  # fmt: skip
    if built.fresh:
        click.echo(f"Release {built.release.name}: {built.quads} quads in {built.release}")
    else:
        click.echo(f"Release {built.release.name} is up to date.")
    if built.warnings:
        click.echo(f"{len(built.warnings)} warnings stand in its report.json.", err=True)


@main.command()
@click.argument("file", required=False)
@click.option("-e", "expression", metavar="QUERY", help="The query itself.")
@click.option(
    "--format", "form", default="table", show_default=True,
    type=click.Choice(
        ["table", "json", "csv", "tsv", "xml", "turtle", "ntriples", "rdfxml", "jsonld"]
    ),
    help="How the answer is written.",
)  # fmt: skip
@out_option
def query(file: str | None, expression: str | None, form: str, out: Path) -> None:
    """Answer a SPARQL query without a server.

    FILE holds the query; - reads it from standard input. The usual prefixes need no declaration.
    """
    from smegraph.cli.terminal import print_result, read_query
    from smegraph.store import QueryRefused

    text = read_query(file, expression)
    store = _open_store(out)
    try:
        print_result(store, text, form)
    except QueryRefused as error:
        raise SmegraphError(str(error)) from error


@main.command()
@ontology_option
@out_option
@form_option
def questions(ontology_folder: Path | None, out: Path, form: str) -> None:
    """Ask the competency questions and compare with the expected answers.

    The exit code is 1 when an answer differs.
    """
    from smegraph.cli.terminal import answer_as_json, print_answer
    from smegraph.release.questions import ask_all, load_questions

    asked = load_questions(ontology_dir(ontology_folder) / "questions")
    store = _open_store(out)
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


def _open_store(out: Path) -> EmbeddedStore:
    from smegraph.release.releases import Releases
    from smegraph.store import EmbeddedStore

    release = Releases(out).current_release()
    try:
        return EmbeddedStore(release / "store")
    except OSError as error:
        raise SmegraphError(f"{error}; `smegraph build` makes the release anew.") from error


@main.command()
@click.argument("source", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("start")
@click.argument("end", required=False)
def locate(source: Path, start: str, end: str | None) -> None:
    """Find a passage in the text SOURCE: offsets and hash for the columns of a sheet.

    START is how the passage begins and END how it ends; without END the passage is START. Spaces
    and line ends count as one.
    """
    from smegraph.studies.passages import locate as find

    for passage in find(source, start, end):
        click.echo(
            f"charStart {passage.start}, charEnd {passage.end}, passageHash {passage.digest}"
        )


@main.command("format")
@click.argument("paths", nargs=-1, type=click.Path(exists=True, path_type=Path))
@click.option(
    "--check", "only_check", is_flag=True, help="Change nothing; exit with 1 if something would."
)
@ontology_option
def format_(paths: tuple[Path, ...], only_check: bool, ontology_folder: Path | None) -> None:
    """Put Turtle files (those of the ontology when none are named) into canonical order."""
    from smegraph.ontology.turtle import format_files

    files = paths or tuple(sorted(ontology_dir(ontology_folder).rglob("*.ttl")))
    changed = format_files(files, write=not only_check)
    for path in changed:
        click.echo(f"{path} {'is not' if only_check else 'was not'} in canonical order")
    if changed and only_check:
        sys.exit(1)
