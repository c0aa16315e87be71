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

from smegraph.errors import DataError, SmegraphError, count_errors
from smegraph.paths import ontology_dir

if TYPE_CHECKING:
    from smegraph.store import EmbeddedStore


# Commands whose options alone take a while to import: only who calls them pays for it.
_ELSEWHERE = {
    "serve": ("smegraph.server.serve_command", "command"),
    "backup": ("smegraph.server.backup_command", "backup"),
    "token": ("smegraph.server.token_command", "token"),
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
            from smegraph.report import as_text

            click.echo(as_text(error.problems), err=True)
        except SmegraphError as error:
            click.echo(f"smegraph: {error}", err=True)
        except BrokenPipeError:  # the reader of our output has gone, as `| head` does
            sys.stderr.close()
        except OSError as error:  # no permission, a full disk, a folder where a file should be
            place = f"{error.filename}: " if error.filename else ""
            click.echo(f"smegraph: {place}{error.strerror or error}", err=True)
        ctx.exit(1)


_folder = click.Path(file_okay=False, path_type=Path)
ontology_option = click.option(
    "--ontology", "ontology_folder", type=_folder, metavar="DIR",
    help="The ontology folder.  [default: $SMEGRAPH_ONTOLOGY, or ontology]",
)  # fmt: skip
data_option = click.option(
    "--data", "data_folder", type=_folder, default=Path("data"), show_default=True, metavar="DIR",
    help="The folder with reference/ and studies/.",
)  # fmt: skip
sources_option = click.option(
    "--sources", type=click.Path(exists=True, file_okay=False, path_type=Path), metavar="DIR",
    help="The folder of source documents, to prove every passage against.",
)  # fmt: skip
out_option = click.option(
    "--out", type=_folder, default=Path("build"), show_default=True, metavar="DIR",
    help="The folder of releases.",
)  # fmt: skip


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="smegraph")
def main() -> None:
    """The open evidence graph of how small firms go abroad with digital platforms."""


@main.command()
@click.argument("folder", type=_folder, metavar="DIR")
@click.option(
    "--sheet", "names", multiple=True, metavar="NAME", help="Only this sheet (repeatable)."
)
@ontology_option
def template(folder: Path, names: tuple[str, ...], ontology_folder: Path | None) -> None:
    """Write empty sheets for a new study into DIR, with a codebook.

    The name of DIR becomes the key of the study. Nothing that is there is overwritten.
    """
    from smegraph.codebook import write_template
    from smegraph.ontology import Ontology
    from smegraph.schema import Schema

    ontology = Ontology.load(ontology_dir(ontology_folder))
    written = write_template(folder, ontology, Schema.read(ontology), names)
    click.echo(f"{len(written)} files in {folder}; read codebook.md, then fill in what you need.")


@main.command()
@click.argument("paths", nargs=-1, type=click.Path(exists=True, path_type=Path))
@ontology_option
@data_option
@sources_option
@click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True,
    help="For people or for programs.",
)  # fmt: skip
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
    from smegraph.checking import check_studies
    from smegraph.report import as_json, as_text

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
    from smegraph.checking import ingest_studies

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
@click.argument("studies", nargs=-1, metavar="[STUDY]...")
@click.option(
    "--sources", type=click.Path(exists=True, file_okay=False, path_type=Path), metavar="DIR",
    required=True, help="The folder of source documents.",
)  # fmt: skip
@ontology_option
@data_option
@click.option("--section", metavar="TEXT", help="Only sections and tables with TEXT in the name.")
@click.option("--below", type=click.FloatRange(0, 100), metavar="PERCENT",
              help="Only sections and tables that are coded less than that.")  # fmt: skip
@click.option("--longest", type=click.IntRange(1), metavar="N",
              help="List the N longest passages only, longest first.")  # fmt: skip
@click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True,
    help="For people or for programs.",
)  # fmt: skip
@click.option("--html", "page", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE",
              help="Write a page to FILE instead.")  # fmt: skip
def coverage(
    studies: tuple[str, ...],
    sources: Path,
    ontology_folder: Path | None,
    data_folder: Path,
    section: str | None,
    below: float | None,
    longest: int | None,
    form: str,
    page: Path | None,
) -> None:
    """Report how much of each study's text is coded, and list what nobody coded.

    STUDY is the key of a study or its folder; without any, all studies are measured. A sentence is
    coded when at least half of it lies in passages of rows; citations and references are counted
    apart. The beginnings of passages are shown as text only, never in JSON or on the page. The exit
    code is 1 when the source of a study is missing or is not the one that was coded.
    """
    from smegraph.coverage import Filter, report_coverage

    wanted = Filter(section, below, longest)
    text, failed = report_coverage(
        studies, ontology_dir(ontology_folder), data_folder, sources, wanted,
        form="html" if page else form,
    )  # fmt: skip
    if page:
        try:
            page.write_text(text, encoding="utf-8")
        except OSError as error:
            raise SmegraphError(f"{page} cannot be written: {error}") from error
        click.echo(f"Wrote {page}.")
    else:
        click.echo(text)
    if failed:
        sys.exit(1)


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
    from smegraph.passages import find_sources
    from smegraph.terminal import build_progress

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
    from smegraph.store import QueryRefused
    from smegraph.terminal import print_result, read_query

    text = read_query(file, expression)
    store = _open_store(out)
    try:
        print_result(store, text, form)
    except QueryRefused as error:
        raise SmegraphError(str(error)) from error


@main.command()
@ontology_option
@data_option
@sources_option
@out_option
@click.option("--ontology-only", is_flag=True,
              help="Only what every build looks at: the ontology by itself.")  # fmt: skip
@click.option("--strict", is_flag=True, help="Warnings without an explanation fail the audit too.")
@click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True,
    help="For people or for programs.",
)  # fmt: skip
@click.option("--html", "page", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE",
              help="Write a page with all of it too.")  # fmt: skip
def audit(
    ontology_folder: Path | None,
    data_folder: Path,
    sources: Path | None,
    out: Path,
    ontology_only: bool,
    strict: bool,
    form: str,
    page: Path | None,
) -> None:
    """Look for all that a script can find wrong in the ontology and the studies together.

    OWL 2 DL, the reasoner, the pitfalls of OOPS!, the reports of ROBOT and FOOPS!, SKOS, SHACL,
    the questions, the passages. What is meant as it is stands with its reason in
    audit/accepted.yaml. The exit code is 1 when there is an error that nobody has explained.
    """
    from smegraph.audit.run import audit_all
    from smegraph.audit.short import audit_ontology
    from smegraph.ontology import Ontology
    from smegraph.terminal import build_progress, console

    folder = ontology_dir(ontology_folder)
    if ontology_only:
        report = audit_ontology(Ontology.load(folder), out / "cache" / "audit")
    else:
        with build_progress() as progress:
            report = audit_all(folder, data_folder, out, sources, progress)
    if page:
        from smegraph.server.audit_page import render_file

        page.write_text(render_file(report), encoding="utf-8")
    if form == "json":
        click.echo(report.as_json(), nl=False)
    else:
        from smegraph.audit.shown import print_report

        print_report(report, console())
    if report.open("error") or (strict and report.open("warning")):
        sys.exit(1)


@main.command()
@ontology_option
@out_option
@click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True,
    help="For people or for programs.",
)  # fmt: skip
def questions(ontology_folder: Path | None, out: Path, form: str) -> None:
    """Ask the competency questions and compare with the expected answers.

    The exit code is 1 when an answer differs.
    """
    from smegraph.questions import ask_all, load_questions
    from smegraph.terminal import answer_as_json, print_answer

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
    from smegraph.release import Releases
    from smegraph.store import EmbeddedStore

    release = Releases(out).current_release()
    try:
        return EmbeddedStore(release / "store")
    except OSError as error:
        raise SmegraphError(f"{error}; `smegraph build` makes the release anew.") from error


@main.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--study", required=True, metavar="KEY", help="The study that lists the references.")
@click.option("--coder", metavar="NAME", help="Who answers for the rows.  [default: the study's]")
@click.option("--encoding", metavar="NAME",
              help="What FILE is encoded in, such as cp1252.  [default: UTF-8]")  # fmt: skip
@click.option("--from", "form", type=click.Choice(["bibtex", "ris", "csl"]),
              help="The format of FILE.  [default: found in FILE]")  # fmt: skip
@click.option("--fill", is_flag=True, help="Fill empty cells of rows that people wrote, too.")
@click.option("--dry-run", is_flag=True, help="Show what would change, and change nothing.")
@ontology_option
@data_option
def import_(
    file: Path,
    study: str,
    coder: str | None,
    encoding: str | None,
    form: str | None,
    fill: bool,
    dry_run: bool,
    ontology_folder: Path | None,
    data_folder: Path,
) -> None:
    """Bring the references in FILE (BibTeX, RIS or CSL-JSON) into a study.

    New rows go into works.imported.csv, persons.imported.csv, authorships.imported.csv and
    references.imported.csv of the study. A work that any study knows (by its DOI, or by title, year
    and first author) keeps its key. Importing a file twice changes nothing.

    What stands in a cell is never changed: where FILE says otherwise, the difference is told. Empty
    cells are filled in rows that an import wrote; in those that people wrote, with --fill only, as
    their passage in the document does not tell it.

    A record that cannot be read is named, and the others are taken; the exit code is then 1.
    """
    from smegraph.bibliography import import_references
    from smegraph.bibliography.report import problem_lines, summary_lines

    result = import_references(
        file, study, ontology_folder=ontology_folder, data=data_folder, encoding=encoding,
        form=form, coder=coder, fill=fill, dry_run=dry_run,
    )  # fmt: skip
    for line in problem_lines(result):
        click.echo(line, err=True)
    for line in summary_lines(result, study, dry_run):
        click.echo(line)
    if result.errors:
        sys.exit(1)


@main.command()
@click.argument("source", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("start")
@click.argument("end", required=False)
def locate(source: Path, start: str, end: str | None) -> None:
    """Find a passage in the text SOURCE: offsets and hash for the columns of a sheet.

    START is how the passage begins and END how it ends; without END the passage is START. Spaces
    and line ends count as one.
    """
    from smegraph.passages import locate as find

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
    from smegraph.turtle import format_files

    files = paths or tuple(sorted(ontology_dir(ontology_folder).rglob("*.ttl")))
    changed = format_files(files, write=not only_check)
    for path in changed:
        click.echo(f"{path} {'is not' if only_check else 'was not'} in canonical order")
    if changed and only_check:
        sys.exit(1)
