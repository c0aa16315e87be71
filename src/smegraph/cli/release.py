"""`smegraph release`: a version that is published, and can be cited."""

from __future__ import annotations

import os
import subprocess
from datetime import UTC, date, datetime
from pathlib import Path

import click

from smegraph.cli.options import (
    all_option,
    data_option,
    links_option,
    ontology_option,
    out_option,
    sources_option,
)

_EPOCH = "SOURCE_DATE_EPOCH"


@click.command()
@click.argument("version")
@click.option(
    "--date", "day", type=click.DateTime(["%Y-%m-%d"]), metavar="YYYY-MM-DD",
    help="The day that it bears.  [default: $SOURCE_DATE_EPOCH, or the last commit's]",
)  # fmt: skip
@click.option(
    "--notes", type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="FILE",
    help="What to say of it before all that changed, in Markdown.",
)  # fmt: skip
@click.option(
    "--since", metavar="RELEASE",
    help="The release before it, as a folder.  [default: the last one of --to]",
)  # fmt: skip
@click.option(
    "--to", type=click.Path(file_okay=False, path_type=Path), metavar="DIR",
    help="The folder of published releases.  [default: releases, beside data]",
)  # fmt: skip
@click.option("--no-reason", is_flag=True, help="Leave the reasoner out of the build.")
@ontology_option
@data_option
@sources_option
@links_option
@out_option
@all_option
def release(
    version: str,
    day: datetime | None,
    notes: Path | None,
    since: str | None,
    to: Path | None,
    no_reason: bool,
    ontology_folder: Path | None,
    data_folder: Path,
    sources: Path | None,
    follow_links: bool,
    out: Path,
) -> None:
    """Publish the project as VERSION: checked, frozen, described, packed and ready to be cited.

    VERSION is checked against what changed since the release before (semver.org): what takes an
    axiom away is major, what adds is minor, what corrects is a patch; a release in which a
    published IRI is missing is refused. The ontology's header, ontology/versions/, the lists of
    IRIs and CITATION.cff are written for you to commit; folder and archive are for others. The
    same input and day give the same bytes.
    """
    from smegraph.build import build
    from smegraph.cli.progress import build_progress
    from smegraph.publishing.published import RELEASES, Order, publish
    from smegraph.publishing.semver import Version
    from smegraph.studies.project import Project

    def project() -> Project:  # anew, as what is published is written into it
        return Project.find(ontology_folder, data_folder, sources, follow_links=follow_links)

    def built() -> Path:
        with build_progress() as progress:
            return build(project(), out, reason=not no_reason, progress=progress).release

    root = data_folder.parent
    order = Order(
        Version.parse(version), day.date() if day else _day_of(root), root, project(),
        to or root / RELEASES, notes.read_text("utf-8") if notes else "", since,
    )  # fmt: skip
    done = publish(order, built)
    if done.last and done.judgement:
        level = done.judgement.level.name.lower()
        click.echo(f"Since {done.last}, a {level} change: {done.judgement.reason}.")
    click.echo(f"Version {version} is in {done.folder}, and packed in {done.archive}.")


# Decision 081: docs/decisions/081-published-releases.md
def _day_of(root: Path) -> date:
    """Return the day of the sources, which no clock decides.

    Raises:
        click.UsageError: nothing tells it.
    """
    told = os.environ.get(_EPOCH)
    try:
        seconds = told if told is not None else _commit_time(root)
        return datetime.fromtimestamp(int(seconds), UTC).date()
    except ValueError as error:
        where = (
            f"{_EPOCH} is no number of seconds" if told else "There is no commit to take it from"
        )
        raise click.UsageError(f"{where}: give the day with --date 2027-01-31.") from error


def _commit_time(root: Path) -> str:
    """Return the seconds of the last commit, or nothing where there is none, or no git."""
    try:
        done = subprocess.run(
            ["git", "-C", str(root), "log", "-1", "--format=%ct"],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
    except FileNotFoundError:
        return ""
    return done.stdout.strip()
