"""`smegraph link`: links to the vocabularies and data of others."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from smegraph.cli.options import (
    all_option,
    data_option,
    form_option,
    ontology_option,
    wants_all,
)

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group("link")
def link() -> None:
    """Check, propose and take in links to the vocabularies and data of others."""


@link.command("check")
@ontology_option
@data_option
@click.option("--target", "targets", type=_FILE, multiple=True, metavar="FILE",
              help="A vocabulary that is linked to, as RDF or OBO: objects must be in it. "
                   "May stand several times.")  # fmt: skip
@form_option
@all_option
@click.pass_context
def check(
    context: click.Context,
    ontology_folder: Path | None,
    data_folder: Path,
    targets: tuple[Path, ...],
    form: str,
) -> None:
    """Report every error in the links of ontology/mappings/ and data/links/.

    The exit code is 1 when there is an error. A build refuses the same errors.
    """
    from smegraph.errors import count_errors
    from smegraph.links.targets import read_target
    from smegraph.problem_report import as_json, as_text
    from smegraph.studies.project import Project

    project = Project.find(ontology_folder, data_folder)
    problems = project.link_problems([read_target(path) for path in targets])
    text = as_text(problems, every=wants_all(context)) if form == "text" else as_json(problems)
    click.echo(text)
    if form == "text":
        rows, sets = sum(len(one.links) for one in project.links), len(project.links)
        click.echo(f"{rows} rows in {sets} file{'' if sets == 1 else 's'}.")
    if count_errors(problems):
        sys.exit(1)


@link.command("suggest")
@click.option("--target", required=True, type=_FILE, metavar="FILE",
              help="The vocabulary or ontology, as any RDF or OBO.")  # fmt: skip
@click.option("--kind", default="concepts", metavar="KIND", show_default=True,
              help="What is to be linked: concepts, classes, properties, a scheme such as "
                   "constructs or industries, or things such as countries.")  # fmt: skip
@click.option("--language", default="en", metavar="TAG", show_default=True,
              help="The language of the labels that are compared.")  # fmt: skip
@click.option("--prefix", metavar="NAME", help="The prefix of the target.  [default: a known one]")
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE",
              help="Where the proposals go.  [default: standard output]")  # fmt: skip
@ontology_option
@data_option
def suggest_(
    target: Path,
    kind: str,
    language: str,
    prefix: str | None,
    output: Path | None,
    ontology_folder: Path | None,
    data_folder: Path,
) -> None:
    """Propose links with a vocabulary, as SSSOM with the evidence for each.

    Proposals are things whose labels are the same but for case, punctuation, spelling and number.
    Of those with a confidence of 0.9 and more, nine in ten hold as they are; look at every one.

    Write your name into reviewer_label of the rows that are right, and give the file to `smegraph
    link accept`. With Not as predicate_modifier, a row says that it is wrong, and the pair is never
    proposed again. Pairs that are linked already are left out.
    """
    from smegraph.links.proposing import propose
    from smegraph.links.targets import read_target
    from smegraph.studies.project import Project

    project = Project.find(ontology_folder, data_folder)
    facts = (line for result in project.results for line in result.lines)
    found = propose(
        read_target(target), project.ontology, facts, project.known, project.links,
        kind=kind, language=language, prefix=prefix,
    )  # fmt: skip
    if output is None:
        click.echo(found.text, nl=False)
    else:
        output.write_text(found.text, encoding="utf-8")
    click.echo(found.summary, err=True)


@link.command("accept")
@click.argument("file", type=_FILE)
@click.option("--to", "place", type=click.Choice(["data", "ontology"]), default="data",
              show_default=True, help="Where a set goes that is in no file yet.")  # fmt: skip
@click.option("--dry-run", is_flag=True, help="Show what would come in, and change nothing.")
@ontology_option
@data_option
def accept_(
    file: Path, place: str, dry_run: bool, ontology_folder: Path | None, data_folder: Path
) -> None:
    """Take the reviewed rows of FILE into the links.

    A row is reviewed when reviewer_label or reviewer_id names who did it; the others stay out. It
    comes into the file with the same mapping_set_id in ontology/mappings/ or data/links/, which
    stays sorted, or into a new one.

    Nothing is written when a row has an error, says of a pair what a row that is there does not, or
    would make links that `smegraph link check` refuses.
    """
    from smegraph.files import replace_file
    from smegraph.links.accepting import accept
    from smegraph.links.check import check_sets
    from smegraph.links.errors import refuse_errors
    from smegraph.links.sssom import parse_sssom, read_sssom
    from smegraph.studies.project import Project

    project = Project.find(ontology_folder, data_folder)
    sets, ontology = project.links, project.ontology_folder
    reviewed = read_sssom(file, str(file))
    done = accept(reviewed, sets, ontology, project.data, own=place == "data")
    if done.new:
        shared = done.path.parent == ontology / "mappings"
        fresh = parse_sssom(done.text, done.path, str(done.path), is_shared=shared)
        others = [one for one in sets if one.path != done.path]
        refuse_errors(check_sets([*others, fresh], project.known))
    if done.new and not dry_run:
        done.path.parent.mkdir(parents=True, exist_ok=True)
        replace_file(done.path, done.text.encode("utf-8"))
    for line in done.summary(dry_run=dry_run):
        click.echo(line)
