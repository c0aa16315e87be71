"""`smegraph coverage`: how much of each study's text is coded."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from smegraph.cli.options import (
    data_option,
    form_option,
    is_given,
    links_option,
    ontology_option,
    sheets_here,
)
from smegraph.errors import SmegraphError

if TYPE_CHECKING:
    from smegraph.coverage.report import Filter
    from smegraph.studies.project import Project


@click.command()
@click.argument("studies", nargs=-1, metavar="[STUDY]...")
@click.option(
    "--sources", type=click.Path(exists=True, file_okay=False, path_type=Path), metavar="DIR",
    required=True, help="The folder of source documents.",
)  # fmt: skip
@ontology_option
@data_option
@links_option
@click.option("--section", metavar="TEXT", help="Only sections and tables with TEXT in the name.")
@click.option("--below", type=click.FloatRange(0, 100), metavar="PERCENT",
              help="Only sections and tables that are coded less than that.")  # fmt: skip
@click.option("--longest", type=click.IntRange(1), metavar="N",
              help="List the N longest passages only, longest first.")  # fmt: skip
@form_option
@click.option("--html", "page", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE",
              help="Write a page to FILE instead.")  # fmt: skip
@click.pass_context
def coverage(
    context: click.Context,
    studies: tuple[str, ...],
    sources: Path,
    ontology_folder: Path | None,
    data_folder: Path,
    follow_links: bool,
    section: str | None,
    below: float | None,
    longest: int | None,
    form: str,
    page: Path | None,
) -> None:
    """Report how much of each study's text is coded, and list what nobody coded.

    STUDY is the key of a study or its folder; without any, all studies are measured, or that one in
    whose folder you are. A sentence is coded when at least half of it lies in passages of rows;
    citations and references are counted apart. The beginnings of passages are shown as text only,
    never in JSON or on the page. The exit code is 1 when the source of a study is missing or is not
    the one that was coded.
    """
    from smegraph.coverage.report import Filter
    from smegraph.studies.project import Project

    given = bool(studies) or is_given(context, "data_folder")
    if inside := sheets_here(context, given, "measured", reference=False):
        studies = (inside.resolve().name,)
    project = Project.find(ontology_folder, data_folder, sources, follow_links=follow_links)
    wanted = Filter(section, below, longest)
    text, failed = report_coverage(project, studies, wanted, form="html" if page else form)
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


def report_coverage(
    project: Project, chosen: Sequence[str], wanted: Filter, *, form: str = "text"
) -> tuple[str, bool]:
    """Return the report on the studies that are chosen (all when none is), and whether one failed.

    Raises SmegraphError: a study is not there, or the ontology cannot be read.
    """
    from smegraph.coverage import as_json, cover_studies, to_document
    from smegraph.coverage.report import as_text
    from smegraph.errors import count_errors

    found = cover_studies(project, chosen)
    failed = any(count_errors(study.problems) for study in found)
    found = [wanted.apply(study) for study in found]
    if form == "text":
        return as_text(found, wanted), failed
    document = to_document(found)
    if form == "json":
        return as_json(document), failed
    from smegraph.server.pages.coverage import render_file

    return render_file(document), failed
