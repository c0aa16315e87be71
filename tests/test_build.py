"""A build: the same bytes from the same input, nothing twice, and a refusal that leaves all."""

from __future__ import annotations

import gc
import json
import resource
import shutil
import subprocess
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest

from smegraph.build import Built, build
from smegraph.errors import SmegraphError
from smegraph.graph.errors import ShapeError
from smegraph.namespaces import GRAPH
from smegraph.ontology.errors import OntologyError, RuleError
from smegraph.ontology.schema import REFERENCE
from smegraph.release.errors import ReleaseError
from smegraph.release.releases import Releases
from smegraph.studies.errors import DataError
from smegraph.studies.passages import find_sources
from smegraph.studies.project import Project
from smegraph.studies.reader import FolderReader, Ingested
from tests.conftest import copy_of

if TYPE_CHECKING:
    from tests.conftest import Checkout, Release


class Begun(Exception):
    """Raised by the first step of a build, to go no further."""


@pytest.fixture
def workplace(small_workplace: Checkout) -> Checkout:
    """A checkout of one's own: a part of one study shows what holds of all builds."""
    return small_workplace


@pytest.fixture
def whole(built: Path, tmp_path: Path) -> Checkout:
    """A checkout of one's own with all the studies, which were reasoned over."""
    return copy_of(built, tmp_path / "whole")


def run(place: Checkout, *, reason: bool = False) -> Built:
    return build(Project(place.ontology, place.data), place.build, reason=reason)


def current(place: Checkout) -> Path:
    return Releases(place.build).current_release()


def study(place: Checkout, sheet: str) -> Path:
    return place.data / "studies" / "finnish-software" / sheet


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


def rubbish(out: Path) -> list[str]:
    """What a build may not leave: folders half-built or damaged, links and files beside."""
    left = [path for path in (out / "releases").iterdir() if path.name.startswith(".")]
    left += [path for path in out.iterdir() if path.name.startswith(".current-")]
    return sorted(str(path) for path in (*left, *(out / "cache").rglob("*.tmp")))


# ---------------------------------------------------------------------- the same bytes


def test_same_input_gives_the_same_bytes_wherever_it_is_built(built: Path, rebuilt: Path) -> None:
    answers = [{path.name for path in (out / "cache" / "reasoned").iterdir()}
               for out in (built, rebuilt)]  # fmt: skip
    assert answers[0] == answers[1]  # HermiT was told the same
    one, two = (Releases(out).current_release() for out in (built, rebuilt))
    files = [
        {p.relative_to(made).as_posix(): p.read_bytes() for p in made.rglob("*") if p.is_file()}
        for made in (one, two)
    ]
    data = [{name for name in found if not name.startswith("store/")} for found in files]
    assert data[0] == data[1] >= {"manifest.json", "smegraph.trig", "turtle/inferred.ttl"}
    differing = {name for name in data[0] if files[0][name] != files[1][name]}
    assert differing <= {"report.json"}  # it says when the build was made
    assert one.name == two.name


def test_manifest_holds_for_every_data_file(released: Release) -> None:
    assert released.is_whole()
    assert len(released.digests()) > 10


def test_data_files_hold_no_path_of_the_machine_and_no_time(built: Path, released: Release) -> None:
    places = {str(part).encode() for part in (built, built.parent)}
    when = json.loads((released.path / "report.json").read_text("utf-8"))["built"].encode()
    for path in released.path.rglob("*"):
        if path.is_file() and "store" not in path.parts and path.name != "report.json":
            text = path.read_bytes()
            assert when not in text
            assert not [place for place in places if place in text]


def test_report_tells_what_was_built(released: Release) -> None:
    report = json.loads((released.path / "report.json").read_text("utf-8"))
    counted = released.ask("SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g")
    assert report["graphs"] == {graph: int(count) for graph, count in counted}
    assert report["quads"] == sum(report["graphs"].values())
    assert report["reasoned"] is True
    assert report["version"] == released.path.name
    assert set(report["seconds"]) == {"ingest", "validate", "reason", "derive", "write"}
    years = [w for w in report["warnings"] if w.get("column") == "year"]
    assert len(years) == 10  # the headcounts of 002 Table 1 and 000 Table 2 have no year


def test_garbage_collector_rests_while_a_release_is_built_and_no_longer(
    workplace: Checkout,
) -> None:
    change(study(workplace, "study.yaml"), "label: ", "label: Changed ")
    rests: list[bool] = []
    project = Project(workplace.ontology, workplace.data)
    build(
        project,
        workplace.build,
        reason=False,
        progress=lambda done, total, step: rests.append(not gc.isenabled()),
    )
    assert rests
    assert all(rests)
    assert gc.isenabled()


# ---------------------------------------------------------------------- nothing twice


def test_unchanged_input_builds_nothing(workplace: Checkout) -> None:
    before = {path: path.stat().st_mtime_ns for path in current(workplace).rglob("*")}
    again = run(workplace)
    assert not again.fresh
    assert again.release.resolve() == current(workplace)
    assert {path: path.stat().st_mtime_ns for path in current(workplace).rglob("*")} == before


def test_moved_checkout_is_up_to_date(workplace: Checkout, tmp_path: Path) -> None:
    moved = tmp_path / "another place"
    workplace.root.rename(moved)
    again = build(Project(moved / "ontology", moved / "data"), moved / "build", reason=False)
    assert not again.fresh


@pytest.mark.parametrize(
    "file",
    [
        "ontology/modules/firm.ttl",
        "ontology/vocabulary/purposes.ttl",
        "ontology/shapes/firm.ttl",
        "ontology/rules/reported-to-increase.rq",
        "ontology/rules/before-reasoning/cites.rq",
        "ontology/questions/firms/export-intensity.rq",
        "ontology/questions/firms/export-intensity.csv",
        "data/reference/places.csv",
        "data/studies/finnish-software/study.yaml",
        "data/studies/finnish-software/firms.csv",
    ],
)
def test_change_of_any_input_makes_another_version(
    workplace: Checkout, file: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    audit = (current(workplace) / "audit.json").read_text("utf-8")
    monkeypatch.setattr("smegraph.build._audit", lambda *_: audit)  # whatever it finds
    path = workplace.root / file
    original, text = path.read_bytes(), path.read_text("utf-8")
    if file.endswith(".csv"):
        path.write_text(text.rstrip("\n").replace("\n", "\r\n", 1) + "\n", "utf-8", newline="")
    else:
        path.write_text(text + "# changed\n", "utf-8")

    def stop(done: int, total: int, step: str) -> None:
        raise Begun

    with pytest.raises(Begun):  # the build has seen that there is something to build
        build(
            Project(workplace.ontology, workplace.data),
            workplace.build,
            reason=False,
            progress=stop,
        )
    path.write_bytes(original)
    assert not run(workplace).fresh


def test_build_without_the_reasoner_is_a_release_beside_the_first(
    whole: Checkout,
) -> None:
    reasoned = current(whole)
    built = run(whole, reason=False)
    assert built.fresh
    assert built.release.name != reasoned.name
    report = json.loads((built.release / "report.json").read_text("utf-8"))
    assert report["reasoned"] is False
    inferred = ox.parse(
        path=str(built.release / "turtle" / "inferred.ttl"), format=ox.RdfFormat.TURTLE
    )
    assert {quad.subject.value for quad in inferred} == {GRAPH + "inferred"}  # its header alone
    assert not run(whole, reason=True).fresh
    assert current(whole) == reasoned


def test_damaged_release_is_built_again(workplace: Checkout, small_built: Path) -> None:
    trig = current(workplace) / "smegraph.trig"
    data = bytearray(trig.read_bytes())
    data[len(data) // 2] ^= 1
    trig.write_bytes(data)
    again = run(workplace)
    assert again.fresh
    assert (current(workplace) / "smegraph.trig").read_bytes() != bytes(data)
    assert Releases(workplace.build).is_sound(again.release.name)
    assert trig.read_bytes() == (small_built / "current" / "smegraph.trig").read_bytes()
    assert rubbish(workplace.build) == []


def test_release_without_a_store_is_built_again(workplace: Checkout) -> None:
    shutil.rmtree(current(workplace) / "store")
    assert run(workplace).fresh
    assert (current(workplace) / "store" / "CURRENT").is_file()


def test_quads_and_warnings_of_a_new_build_are_told(workplace: Checkout) -> None:
    change(study(workplace, "firms.csv"), "Firm A", "Firm Ä")
    built = run(workplace)
    report = json.loads((built.release / "report.json").read_text("utf-8"))
    assert (built.quads, len(built.warnings)) == (report["quads"], len(report["warnings"]))


# ---------------------------------------------------------------------- refusals


def refuse(place: Checkout, kind: type[SmegraphError]) -> str:
    """What a build says that is refused; what stood before stands as it stood."""
    before = current(place)
    stood = {path: path.stat().st_mtime_ns for path in before.rglob("*")}
    with pytest.raises(kind) as caught:
        run(place)
    assert type(caught.value) is kind
    assert current(place) == before
    assert {path: path.stat().st_mtime_ns for path in before.rglob("*")} == stood
    assert rubbish(place.build) == []
    return str(caught.value)


def test_sheet_with_errors_is_refused_and_the_former_release_stays(workplace: Checkout) -> None:
    change(study(workplace, "firms.csv"), ",2014,Finland,", ",soon,Atlantis,")
    assert refuse(workplace, DataError) == "2 errors in the sheets"


def test_violated_shape_is_refused_with_the_names_of_all_that_break_it(
    workplace: Checkout,
) -> None:
    shapes = workplace.ontology / "shapes" / "firm.ttl"
    text = shapes.read_text("utf-8")
    added = "\nshapes:Old a sh:NodeShape ; sh:targetClass sme:Firm ; sh:property shapes:Old-year ."
    added += "\nshapes:Old-year a sh:PropertyShape ; sh:path sme:founded ; sh:maxExclusive 2015 .\n"
    shapes.write_text(text + added, "utf-8")
    said = refuse(workplace, ShapeError)
    assert said.startswith("finnish-software: the graph breaks its shapes:\n")
    assert 'column "founded": <https://w3id.org/smegraph/id/firm-finnish-b> (Firm B)' in said
    assert said.count("\n") == 1  # Firm A was founded in 2014


def test_rule_that_is_no_rule_is_refused_by_its_name(workplace: Checkout) -> None:
    rule = workplace.ontology / "rules" / "endless.rq"
    rule.write_text("SELECT * { ?s ?p ?o }", "utf-8")
    assert "endless.rq" in refuse(workplace, RuleError)


def test_folder_without_studies_is_refused(workplace: Checkout) -> None:
    shutil.rmtree(workplace.data)
    workplace.data.mkdir()
    assert "neither reference/ nor studies/" in refuse(workplace, OntologyError)


def test_folder_without_an_ontology_is_refused(workplace: Checkout) -> None:
    (workplace.ontology / "smegraph.ttl").unlink()
    assert "smegraph.ttl is missing" in refuse(workplace, OntologyError)


def test_second_build_is_refused_by_name_while_one_is_at_work(workplace: Checkout) -> None:
    with Releases(workplace.build).lock():
        said = refuse(workplace, ReleaseError)
        done = workplace.run("build")
    assert said == f"Another build is at work in {workplace.build}."
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "smegraph: Another build is at work in build.\n"


# ---------------------------------------------------------------------- a full disk


@pytest.mark.parametrize("kilobytes", [0, 200, 600])
def test_file_that_may_not_grow_leaves_the_former_release(
    workplace: Checkout, kilobytes: int
) -> None:
    """The limit is met by the cache, by a Turtle file or the store, and by the TriG file."""
    before = current(workplace)
    change(study(workplace, "firms.csv"), "Firm A", "Firm Ä")
    with workplace.start("build", "--no-reason") as process:
        limit = kilobytes * 1024
        resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (limit, limit))
        _, said = process.communicate(timeout=1800)
    assert process.returncode == 1
    assert "Traceback" not in said
    assert said.splitlines()[-1].startswith("smegraph: ")
    assert "File too large" in said
    assert current(workplace) == before
    assert Releases(workplace.build).is_sound(before.name)
    assert rubbish(workplace.build) == []


@pytest.fixture
def small_disk(workplace: Checkout, tmp_path: Path) -> Iterator[Path]:
    """A disk that holds the build of the workplace and hardly more."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=160m", "smegraph-test", disk],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if mounted.returncode:
        pytest.skip(f"no disk can be mounted here: {mounted.stderr.strip()}")
    try:
        shutil.copytree(workplace.build, disk / "build", symlinks=True)
        yield disk / "build"
    finally:
        subprocess.run(["umount", disk], check=True)


@pytest.mark.parametrize("free", [0, 4000])
def test_full_disk_leaves_the_former_release_and_says_so(
    workplace: Checkout, small_disk: Path, free: int
) -> None:
    before = Releases(small_disk).current_release()
    left = shutil.disk_usage(small_disk).free - free * 1024
    (small_disk / "ballast").write_bytes(b"0" * left)
    change(study(workplace, "firms.csv"), "Firm A", "Firm Ä")
    done = workplace.run("build", "--no-reason", "--out", small_disk)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "No space left on device" in done.stderr.splitlines()[-1]
    assert Releases(small_disk).current_release() == before
    assert Releases(small_disk).is_sound(before.name)
    assert rubbish(small_disk) == []
    (small_disk / "ballast").unlink()
    assert workplace.run("build", "--no-reason", "--out", small_disk).returncode == 0
    assert Releases(small_disk).current_release() != before


def test_file_that_is_no_sheet_is_refused_though_the_release_is_up_to_date(
    workplace: Checkout,
) -> None:
    former = current(workplace)
    study(workplace, "findngs.csv").write_text("id\n", "utf-8")
    with pytest.raises(DataError) as caught:
        run(workplace)
    assert [problem.kind for problem in caught.value.problems] == ["unknown-sheet"]
    assert current(workplace) == former


def test_sources_bring_coverage_into_the_release_and_nothing_of_their_text(
    workplace: Checkout, sources: Path
) -> None:
    files = find_sources(sources)
    plain = run(workplace).release
    built = build(Project(workplace.ontology, workplace.data, files), workplace.build, reason=False)
    covered = json.loads((built.release / "coverage.json").read_text("utf-8"))
    assert not (plain / "coverage.json").exists()
    assert built.release.name != plain.name
    assert {study["study"] for study in covered["studies"]} >= {"finnish-software"}
    assert str(workplace.root) not in json.dumps(covered)
    assert Releases(workplace.build).is_sound(built.release.name)
    assert run(workplace).release == plain


def test_a_build_with_sources_reads_the_sheets_once(
    workplace: Checkout, sources: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []
    run_reader = FolderReader.run

    def counted(reader: FolderReader) -> Ingested:
        read.append(reader.folder.name)
        return run_reader(reader)

    monkeypatch.setattr(FolderReader, "run", counted)
    project = Project(workplace.ontology, workplace.data, find_sources(sources))
    assert build(project, workplace.build, reason=False).fresh
    # A study is read once for its record, to which others refer, and once for its rows.
    assert Counter(read) == {
        folder.name: 1 if folder.scope == REFERENCE else 2 for folder in project.folders
    }
