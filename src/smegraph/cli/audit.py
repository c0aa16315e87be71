"""`smegraph audit`: all that a script can find wrong."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from smegraph.cli.options import (
    data_option,
    form_option,
    links_option,
    ontology_option,
    out_option,
    sources_option,
)

if TYPE_CHECKING:
    from starlette.types import ASGIApp


@click.command()
@ontology_option
@data_option
@sources_option
@out_option
@links_option
@click.option("--ontology-only", is_flag=True,
              help="Only what every build looks at: the ontology by itself.")  # fmt: skip
@click.option("--strict", is_flag=True, help="Warnings without an explanation fail the audit too.")
@form_option
@click.option("--html", "page", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE",
              help="Write a page with all of it too.")  # fmt: skip
def audit(
    ontology_folder: Path | None,
    data_folder: Path,
    follow_links: bool,
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
    from smegraph.audit.gate import audit_ontology
    from smegraph.audit.run import audit_all
    from smegraph.cli.progress import build_progress
    from smegraph.cli.terminal import console
    from smegraph.studies.project import Project

    project = Project.find(ontology_folder, data_folder, sources, follow_links=follow_links)
    if ontology_only:
        report = audit_ontology(project, out / "cache" / "audit")
    else:
        with build_progress() as progress:
            site = partial(release_application, out)
            report = audit_all(project, out, progress, site=site)
    if page:
        from smegraph.server.pages.audit import render_file

        page.write_text(render_file(report), encoding="utf-8")
    if form == "json":
        click.echo(report.as_json(), nl=False)
    else:
        from smegraph.audit.text import print_report

        print_report(report, console())
    if report.open("error") or (strict and report.open("warning")):
        sys.exit(1)


def release_application(out: Path) -> ASGIApp:
    """Return the application that serves the current release of an output folder.

    Raises:
        ReleaseError: there is no release.
    """
    from smegraph.release.releases import Releases
    from smegraph.server.service import offline_site

    return offline_site(Releases(out).current_release())
