"""The one writer of a dataset: real processes, a real store on disk."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import threading
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from pathlib import Path

import pytest
from click.testing import CliRunner
from pyoxigraph import NamedNode, Store

from smegraph.cli.backup import back_up
from smegraph.cli.errors import BackupFailed
from smegraph.cli.main import main
from smegraph.server.dataset.access_tokens import TokenFile
from smegraph.server.dataset.errors import (
    ChangeRefused,
    ChildProcessUnusable,
    DatasetGone,
    MalformedDocument,
    TermTooLong,
)
from smegraph.server.dataset.interface import UpdateRequest
from smegraph.server.dataset.writer import DatasetWriter, Limits
from smegraph.server.engine.errors import (
    DeadlineExceeded,
    EngineError,
    MemoryExceeded,
    Overloaded,
    WorkerLost,
)
from smegraph.sparql.errors import (
    DatasetConflict,
    FederationRefused,
    InvalidGraphName,
    MalformedQuery,
    UnsupportedFunction,
)
from tests.server.loops import in_loop

ENDLESS = "INSERT { ?a ?b ?z } WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?x ?y ?z }"
MANY = "; ".join(f"INSERT DATA {{ <urn:s{n}> <urn:p> 0, 1, 2, 3, 4 }}" for n in range(40))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


@asynccontextmanager
async def writing(folder: Path, **limits: float) -> AsyncIterator[DatasetWriter]:
    base = "http://example.org/sparql"
    writer = DatasetWriter(folder / "data", base=base, limits=Limits(**limits))  # type: ignore[arg-type]
    await writer.start()
    try:
        yield writer
    finally:
        await writer.stop()


async def under_way(writer: DatasetWriter) -> None:
    """Wait until the process has the change that it was given, for a minute at most."""
    async with asyncio.timeout(60):
        while writer._writer._run is None or not writer._writer._run._waiting:
            await asyncio.sleep(0.01)
    await asyncio.sleep(0.05)


async def quads(writer: DatasetWriter) -> set[str]:
    """What the next query would see."""
    snapshot = await writer.snapshot()
    return {str(quad) for quad in Store.read_only(str(snapshot.path))}


async def put(
    writer: DatasetWriter, graph: str | None, turtle: str, *, replace: bool = True
) -> bool:
    document = writer.folder / "uploads" / "document.ttl"
    document.write_text(turtle)
    parts = [(str(document), "text/turtle", "")]
    return await writer.put(graph, parts, base="http://example.org/", replace=replace)


# ----------------------------------------------------------------------------------- updates


@in_loop
async def test_an_update_is_seen_by_the_next_query(folder: Path) -> None:
    async with writing(folder) as writer:
        assert await quads(writer) == set()
        await writer.update(UpdateRequest("INSERT DATA { <urn:a> <urn:b> <urn:c> }"))
        assert await quads(writer) == {"<urn:a> <urn:b> <urn:c>"}


@in_loop
async def test_an_update_is_there_after_a_restart(folder: Path) -> None:
    async with writing(folder) as writer:
        await writer.update(UpdateRequest("INSERT DATA { <urn:a> <urn:b> <urn:c> }"))
    async with writing(folder) as writer:
        assert await quads(writer) == {"<urn:a> <urn:b> <urn:c>"}


@in_loop
async def test_relative_iris_start_at_the_endpoint(folder: Path) -> None:
    async with writing(folder) as writer:
        await writer.update(UpdateRequest("INSERT DATA { <a> <#b> <c> }"))
        assert await quads(writer) == {
            "<http://example.org/a> <http://example.org/sparql#b> <http://example.org/c>"
        }


@in_loop
async def test_several_operations_are_one_transaction(folder: Path) -> None:
    twice = "INSERT DATA { <urn:a> <urn:b> 1 } ; CREATE GRAPH <urn:g> ; CREATE GRAPH <urn:g>"
    async with writing(folder) as writer:
        with pytest.raises(ChangeRefused, match="already exists"):
            await writer.update(UpdateRequest(twice))
        assert await quads(writer) == set()


@in_loop
async def test_a_syntax_error_has_a_place(folder: Path) -> None:
    async with writing(folder) as writer:
        with pytest.raises(MalformedQuery) as caught:
            await writer.update(UpdateRequest("INSERT DATA {\n <urn:a> <urn:b> }"))
        assert caught.value.diagnosis.line == 2


@in_loop
async def test_a_query_is_told_that_it_is_one(folder: Path) -> None:
    async with writing(folder) as writer:
        with pytest.raises(MalformedQuery, match="this is a query"):
            await writer.update(UpdateRequest("PREFIX a: <urn:a> SELECT * { ?s ?p ?o }"))


@in_loop
async def test_an_unknown_function_is_refused(folder: Path) -> None:
    unknown = "INSERT { ?s ?p ?x } WHERE { ?s ?p ?o BIND(<urn:f>(?o) AS ?x) }"
    async with writing(folder) as writer:
        with pytest.raises(UnsupportedFunction, match="urn:f"):
            await writer.update(UpdateRequest(unknown))


@pytest.mark.parametrize(
    "text",
    [
        "LOAD <http://127.0.0.1:9/x>",
        "lOaDsIlEnT<http://127.0.0.1:9/x>",
        "PREFIX x: <http://127.0.0.1:9/> LOADx:y",
        "PREFIX : <http://127.0.0.1:9/> LOAD:y INTO GRAPH <urn:g>",
        "CLEAR DEFAULT # LOAD\n;LOAD#<\n<http://127.0.0.1:9/x>",
        "INSERT { ?s ?p ?o } WHERE { SERVICE <http://127.0.0.1:9/x> { ?s ?p ?o } }",
    ],
)
@in_loop
async def test_no_update_reaches_another_machine(folder: Path, text: str) -> None:
    async with writing(folder) as writer:
        with pytest.raises(FederationRefused, match=r"(LOAD|SERVICE) is refused"):
            await writer.update(UpdateRequest(text))


@in_loop
async def test_the_word_load_alone_is_no_operation(folder: Path) -> None:
    text = "PREFIX load: <urn:load:> INSERT DATA { load:a load:b 'LOAD <urn:x>' } # LOAD <urn:x>"
    async with writing(folder) as writer:
        await writer.update(UpdateRequest(text))
        assert await quads(writer) == {'<urn:load:a> <urn:load:b> "LOAD <urn:x>"'}


# ------------------------------------------------------------------ the dataset of a request

_THREE = """INSERT DATA {
    <urn:d> <urn:p> 1 GRAPH <urn:g> { <urn:x> <urn:p> 1 } GRAPH <urn:h> { <urn:y> <urn:p> 1 }
}"""
_COPY = """INSERT { GRAPH <urn:out> { ?s ?p ?o } }
    WHERE { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } }"""


@pytest.mark.parametrize(
    ("using", "named", "seen"),
    [
        (None, None, {"urn:d", "urn:x", "urn:y"}),
        (("urn:g",), None, {"urn:x"}),
        (("urn:g", "urn:h"), None, {"urn:x", "urn:y"}),
        (None, ("urn:h",), {"urn:y"}),
        (("urn:g",), ("urn:h",), {"urn:x", "urn:y"}),
    ],
)
@in_loop
async def test_the_request_names_the_dataset_of_where(
    folder: Path,
    using: tuple[str, ...] | None,
    named: tuple[str, ...] | None,
    seen: set[str],
) -> None:
    async with writing(folder) as writer:
        await writer.update(UpdateRequest(_THREE))
        await writer.update(UpdateRequest(_COPY, using, named))
        out = {quad.split()[0] for quad in await quads(writer) if quad.endswith("<urn:out>")}
        assert out == {f"<{iri}>" for iri in seen}


@in_loop
async def test_delete_where_matches_in_the_graph_that_the_request_names(folder: Path) -> None:
    async with writing(folder) as writer:
        await writer.update(UpdateRequest("INSERT DATA { <urn:x> <urn:p> 1 . <urn:d> <urn:p> 2 }"))
        await writer.update(UpdateRequest("INSERT DATA { GRAPH <urn:g> { <urn:x> <urn:p> 1 } }"))
        text = "DELETE WHERE { ?s <urn:p> ?o # } WHERE {\n }"
        await writer.update(UpdateRequest(text, ("urn:g",)))
        left = {quad.split()[0] + " " + quad.split()[-1] for quad in await quads(writer)}
        assert len(left) == 2
        assert not any(quad.startswith("<urn:x>") and "urn:g" not in quad for quad in left)


@pytest.mark.parametrize(
    "text",
    [
        "WITH <urn:g> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }",
        "INSERT { ?s ?p 1 } USING <urn:g> WHERE { ?s ?p ?o }",
        "CLEAR DEFAULT; INSERT { ?s ?p 1 } using named <urn:g> WHERE { ?s ?p ?o }",
    ],
)
@in_loop
async def test_two_datasets_are_in_conflict(folder: Path, text: str) -> None:
    async with writing(folder) as writer:
        with pytest.raises(DatasetConflict):
            await writer.update(UpdateRequest(text, using_named_graphs=("urn:g",)))


@in_loop
async def test_using_in_a_string_is_no_conflict(folder: Path) -> None:
    text = "INSERT { <urn:a> <urn:b> 'USING <urn:x> WHERE {' } WHERE { SELECT * WHERE {} }"
    async with writing(folder) as writer:
        await writer.update(UpdateRequest(text, ("urn:g",)))
        assert len(await quads(writer)) == 1


@in_loop
async def test_a_graph_of_the_request_is_an_absolute_iri(folder: Path) -> None:
    async with writing(folder) as writer:
        with pytest.raises(InvalidGraphName, match="'g'"):
            await writer.update(UpdateRequest("CLEAR DEFAULT", ("g",)))


# ------------------------------------------------------------------------ deadline and death


@in_loop
async def test_an_update_beyond_its_deadline_is_ended_and_leaves_nothing(folder: Path) -> None:
    async with writing(folder) as writer:
        await writer.update(UpdateRequest(MANY))
        before = await quads(writer)
        with pytest.raises(DeadlineExceeded, match=r"update was ended after 0\.3 s"):
            await writer.update(UpdateRequest(f"CLEAR DEFAULT ; {MANY} ; {ENDLESS}", timeout=0.3))
        assert await quads(writer) == before


@in_loop
async def test_those_that_wait_go_on_after_a_deadline(folder: Path) -> None:
    async with writing(folder) as writer:
        await writer.update(UpdateRequest(MANY))
        slow = asyncio.create_task(writer.update(UpdateRequest(ENDLESS, timeout=0.5)))
        quick = asyncio.create_task(writer.update(UpdateRequest("INSERT DATA { <urn:q> a 1 }")))
        with pytest.raises(DeadlineExceeded):
            await slow
        await quick
        assert any(quad.startswith("<urn:q>") for quad in await quads(writer))


@in_loop
async def test_queries_do_not_wait_for_a_running_update(folder: Path) -> None:
    async with writing(folder, timeout=600) as writer:
        await writer.update(UpdateRequest(MANY))
        slow = asyncio.create_task(writer.update(UpdateRequest(ENDLESS)))
        await under_way(writer)
        assert len(await quads(writer)) == 200
        assert not slow.done()
        os.kill(writer._writer.pid, signal.SIGKILL)
        with pytest.raises(WorkerLost):
            await slow


@in_loop
async def test_a_writer_that_dies_is_replaced_and_costs_one_update(folder: Path) -> None:
    async with writing(folder) as writer:
        await writer.update(UpdateRequest(MANY))
        slow = asyncio.create_task(writer.update(UpdateRequest(ENDLESS)))
        await under_way(writer)
        os.kill(writer._writer.pid, signal.SIGKILL)
        with pytest.raises(WorkerLost):
            await slow
        await writer.update(UpdateRequest("CLEAR DEFAULT"))
        assert await quads(writer) == set()


@in_loop
async def test_an_update_that_takes_all_memory_fails_alone(folder: Path) -> None:
    many = "; ".join(f"INSERT DATA {{ <urn:s{n}> <urn:p> {n} }}" for n in range(400))
    hog = "INSERT { [] ?y ?c } WHERE { ?x ?y ?z . ?a ?b ?c . ?d ?e ?f }"
    async with writing(folder, memory=256 * 2**20, timeout=600) as writer:
        await writer.update(UpdateRequest(many))
        with pytest.raises(MemoryExceeded):
            await writer.update(UpdateRequest(hog))
        assert len(await quads(writer)) == 400


@in_loop
async def test_too_many_updates_at_once_are_told_to_come_back(folder: Path) -> None:
    async with writing(folder, queue=1) as writer:
        await writer.update(UpdateRequest(MANY))
        running = [
            asyncio.create_task(writer.update(UpdateRequest(ENDLESS, timeout=0.5)))
            for _ in range(5)
        ]
        found = await asyncio.gather(*running, return_exceptions=True)
        assert any(isinstance(error, Overloaded) for error in found)
        assert any(isinstance(error, DeadlineExceeded) for error in found)
        assert all(isinstance(error, EngineError) for error in found)


@in_loop
async def test_an_update_goes_on_when_nobody_waits_for_it(folder: Path) -> None:
    async with writing(folder) as writer:
        task = asyncio.create_task(writer.update(UpdateRequest("INSERT DATA { <urn:a> a 1 }")))
        await asyncio.sleep(0)  # It has its turn, and is on its way.
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await writer.update(UpdateRequest("INSERT DATA { <urn:b> a 1 }"))
        assert len(await quads(writer)) == 2


# ----------------------------------------------------------------------------------- graphs


@in_loop
async def test_putting_a_graph_replaces_it(folder: Path) -> None:
    async with writing(folder) as writer:
        assert await put(writer, "urn:g", "<urn:a> <urn:b> 1, 2 .")
        assert not await put(writer, "urn:g", "<urn:a> <urn:b> <urn:c> .")
        assert await quads(writer) == {"<urn:a> <urn:b> <urn:c> <urn:g>"}


@in_loop
async def test_adding_to_a_graph_keeps_what_it_has(folder: Path) -> None:
    async with writing(folder) as writer:
        await put(writer, "urn:g", "<urn:a> <urn:b> <urn:c> .")
        assert not await put(writer, "urn:g", "<urn:a> <urn:b> <urn:d> .", replace=False)
        assert len(await quads(writer)) == 2


@in_loop
async def test_blank_nodes_of_two_uploads_are_not_the_same(folder: Path) -> None:
    async with writing(folder) as writer:
        await put(writer, None, "_:x <urn:p> 1 .", replace=False)
        await put(writer, None, "_:x <urn:p> 1 .", replace=False)
        assert len(await quads(writer)) == 2


@in_loop
async def test_a_graph_that_cannot_be_parsed_changes_nothing(folder: Path) -> None:
    async with writing(folder) as writer:
        await put(writer, "urn:g", "<urn:a> <urn:b> <urn:c> .")
        with pytest.raises(MalformedDocument, match=r"^Line 2, column \d+: ") as caught:
            await put(writer, "urn:g", "<urn:a> <urn:b> 1 .\n<urn:a> <urn:b>")
        assert caught.value.line == 2
        assert await quads(writer) == {"<urn:a> <urn:b> <urn:c> <urn:g>"}


@in_loop
async def test_a_graph_larger_than_one_transaction_is_stored_whole(folder: Path) -> None:
    lines = "".join(f"<urn:s{n}> <urn:p> {n} .\n" for n in range(30_000))
    async with writing(folder) as writer:
        await put(writer, "urn:g", lines)
        assert len(await quads(writer)) == 30_000
        await put(writer, "urn:g", lines.replace("urn:p", "urn:q"))
        assert len(await quads(writer)) == 30_000


@in_loop
async def test_a_graph_is_never_seen_half_replaced(folder: Path) -> None:
    """Its writer is killed while it works, too: the change is finished when it starts again.

    On a busy machine the change may be over before it is looked at; then another one is made.
    """
    lines = [f"<urn:s{n}> <urn:p> <urn:%s> .\n" for n in range(8_000)]
    async with writing(folder) as writer:
        await put(writer, "urn:g", "".join(lines) % (("0",) * len(lines)))
        for number in range(1, 20):
            new = "".join(lines) % ((str(number),) * len(lines))
            task = asyncio.create_task(put(writer, "urn:g", new))
            while not ((writer.folder / "pending" / "change.json").exists() or task.done()):
                await asyncio.sleep(0.001)
            (seen,) = _kinds(await quads(writer)).items()
            assert seen in ((f"<urn:{number - 1}>", 8_000), (f"<urn:{number}>", 8_000))
            os.kill(writer._writer.pid, signal.SIGKILL)
            (result,) = await asyncio.gather(task, return_exceptions=True)
            assert _kinds(await quads(writer)) == {f"<urn:{number}>": 8_000}
            assert not list((writer.folder / "pending").iterdir())
            if isinstance(result, WorkerLost) and seen[0] != f"<urn:{number}>":
                break
        else:
            pytest.fail("no change was seen at work")


def _kinds(found: set[str]) -> dict[str, int]:
    objects = [quad.split()[2] for quad in found]
    return {kind: objects.count(kind) for kind in set(objects)}


@in_loop
async def test_dropping_a_graph_removes_it_and_its_name(folder: Path) -> None:
    async with writing(folder) as writer:
        await put(writer, "urn:g", "<urn:a> <urn:b> 1 .")
        assert await writer.drop("urn:g")
        assert not await writer.drop("urn:g")
        snapshot = await writer.snapshot()
        assert not list(Store.read_only(str(snapshot.path)).named_graphs())


@in_loop
async def test_an_empty_graph_exists(folder: Path) -> None:
    async with writing(folder) as writer:
        assert await put(writer, "urn:g", "")
        snapshot = await writer.snapshot()
        assert list(Store.read_only(str(snapshot.path)).named_graphs()) == [NamedNode("urn:g")]


@in_loop
async def test_a_patch_sees_and_changes_one_graph(folder: Path) -> None:
    async with writing(folder) as writer:
        await put(writer, None, "<urn:d> <urn:p> 1 .")
        await put(writer, "urn:g", "<urn:a> <urn:p> 1 , [] .")
        text = "DELETE { ?s ?p 1 } INSERT { ?s ?p <urn:new> } WHERE { ?s ?p 1 }"
        assert await writer.patch("urn:g", text)
        found = await quads(writer)
        assert "<urn:a> <urn:p> <urn:new> <urn:g>" in found
        assert len(found) == 3


@in_loop
async def test_a_patch_that_names_another_graph_is_refused(folder: Path) -> None:
    async with writing(folder) as writer:
        await put(writer, "urn:g", "<urn:a> <urn:p> 1 .")
        before = await quads(writer)
        with pytest.raises(ChangeRefused, match="names no other"):
            await writer.patch("urn:g", "INSERT DATA { GRAPH <urn:h> { <urn:a> <urn:p> 2 } }")
        assert await quads(writer) == before


# -------------------------------------------------------------------------------- snapshots


@in_loop
async def test_nothing_written_gives_the_same_snapshot(folder: Path) -> None:
    async with writing(folder) as writer:
        first = await writer.snapshot()
        assert await writer.snapshot() is first
        assert writer.current is first


@in_loop
async def test_a_refused_update_makes_no_new_snapshot(folder: Path) -> None:
    async with writing(folder) as writer:
        first = await writer.snapshot()
        with pytest.raises(MalformedQuery):
            await writer.update(UpdateRequest("INSERT"))
        assert writer.current is first


@in_loop
async def test_an_update_outdates_the_snapshot(folder: Path) -> None:
    async with writing(folder) as writer:
        first = await writer.snapshot()
        await writer.update(UpdateRequest("INSERT DATA { <urn:a> a 1 }"))
        assert writer.current is None
        second = await writer.snapshot()
        assert second.generation != first.generation
        assert len(Store.read_only(str(first.path))) == 0
        assert len(Store.read_only(str(second.path))) == 1


@in_loop
async def test_queries_at_once_share_one_snapshot(folder: Path) -> None:
    async with writing(folder) as writer:
        await writer.update(UpdateRequest("INSERT DATA { <urn:a> a 1 }"))
        found = await asyncio.gather(*(writer.snapshot() for _ in range(20)))
        assert len({snapshot.generation for snapshot in found}) == 1


@in_loop
async def test_old_snapshots_go_unless_they_are_in_use(folder: Path) -> None:
    async with writing(folder) as writer:
        made = [await writer.snapshot()]
        for number in range(3):
            await writer.update(UpdateRequest(f"INSERT DATA {{ <urn:a> a {number} }}"))
            made.append(await writer.snapshot())
        writer.retire({made[1].generation})
        kept = {path.name for path in (writer.folder / "snapshots").iterdir()}
        assert kept == {made[1].generation, made[3].generation}


@in_loop
async def test_generations_differ_after_a_restart_and_old_ones_are_removed(folder: Path) -> None:
    async with writing(folder) as writer:
        first = await writer.snapshot()
    async with writing(folder) as writer:
        second = await writer.snapshot()
        assert first.generation != second.generation
        assert [path.name for path in second.path.parent.iterdir()] == [second.generation]


# ---------------------------------------------------------------------------------- folders


@in_loop
async def test_a_folder_is_made_when_it_is_missing(folder: Path) -> None:
    async with writing(folder / "a" / "b"):
        assert (folder / "a" / "b" / "data" / "store").is_dir()


@in_loop
async def test_a_folder_of_other_files_is_refused(folder: Path) -> None:
    (folder / "data").mkdir()
    (folder / "data" / "cities.ttl").write_text("")
    with pytest.raises(ChildProcessUnusable, match=r"holds 'cities\.ttl' and no dataset"):
        await DatasetWriter(folder / "data").start()
    assert [path.name for path in (folder / "data").iterdir()] == ["cities.ttl"]


@in_loop
async def test_a_second_service_on_the_same_dataset_is_refused(folder: Path) -> None:
    async with writing(folder) as writer:
        first = await writer.snapshot()
        with pytest.raises(ChildProcessUnusable, match="Another process has"):
            await DatasetWriter(folder / "data", lock_wait=0.2).start()
        assert first.path.is_dir()


@in_loop
async def test_nothing_outlives_the_service(folder: Path) -> None:
    async with writing(folder) as writer:
        await put(writer, "urn:g", "<urn:a> <urn:b> 1 .")
        pids = [writer._writer.pid, writer._parser.pid]
        assert all(Path(f"/proc/{pid}").exists() for pid in pids)
    assert not any(Path(f"/proc/{pid}").exists() for pid in pids)


@in_loop
async def test_queries_go_on_while_no_snapshot_can_be_made(folder: Path) -> None:
    async with writing(folder) as writer:
        await writer.update(UpdateRequest(MANY))
        before = await writer.snapshot()
        slow = asyncio.create_task(writer.update(UpdateRequest(ENDLESS)))
        await under_way(writer)
        with spoiled(writer.folder / "snapshots"):
            os.kill(writer._writer.pid, signal.SIGKILL)
            with pytest.raises(WorkerLost):
                await slow
            assert writer.current is None
            assert await writer.snapshot() == before
            assert writer.current == before
        writer._retry_at = 0.0
        assert (await writer.snapshot()).generation != before.generation


@in_loop
async def test_an_answered_update_is_never_left_out_of_what_queries_see(folder: Path) -> None:
    async with writing(folder) as writer:
        await writer.snapshot()
        await writer.update(UpdateRequest(MANY))
        with spoiled(writer.folder / "snapshots"):
            os.kill(writer._writer.pid, signal.SIGKILL)
            await writer._writer._run.exited.wait()  # type: ignore[union-attr]
            with pytest.raises(DatasetGone, match="cannot be opened"):
                await writer.snapshot()
        assert len(await quads(writer)) == 200


@contextmanager
def spoiled(folder: Path) -> Iterator[None]:
    """Let a file stand where a folder should."""
    aside = folder.with_name("aside")
    folder.rename(aside)
    folder.touch()
    yield
    folder.unlink()
    aside.rename(folder)


@in_loop
async def test_a_snapshot_is_whole_from_the_moment_that_it_is_there(folder: Path) -> None:
    seen: Counter[bool] = Counter()
    over = threading.Event()

    def look() -> None:
        while not over.is_set():
            for path in (folder / "data" / "snapshots").iterdir():
                with suppress(FileNotFoundError):
                    names = {found.name for found in path.iterdir()}
                    seen["CURRENT" in names or not path.exists()] += 1

    async with writing(folder) as writer:
        watcher = threading.Thread(target=look)
        watcher.start()
        for number in range(60):
            await writer.update(UpdateRequest(f"INSERT DATA {{ <urn:s> <urn:p> {number} }}"))
            await writer.snapshot()
        over.set()
        watcher.join()
    assert seen[True] > 60
    assert not seen[False]


@in_loop
async def test_a_part_of_a_store_is_no_empty_dataset(folder: Path) -> None:
    async with writing(folder) as writer:
        await writer.update(UpdateRequest(MANY))
        await writer.snapshot()
    (folder / "data" / "store" / "CURRENT").unlink()
    with pytest.raises(ChildProcessUnusable, match="lacks the file CURRENT"):
        async with writing(folder):
            raise AssertionError("it has started")


@in_loop
async def test_snapshots_without_their_store_are_kept(folder: Path) -> None:
    async with writing(folder) as writer:
        await writer.update(UpdateRequest(MANY))
        newest = (await writer.snapshot()).path
    shutil.rmtree(folder / "data" / "store")
    with pytest.raises(ChildProcessUnusable, match="has snapshots and no store/"):
        async with writing(folder):
            raise AssertionError("it has started")
    newest.rename(folder / "data" / "store")
    async with writing(folder) as writer:
        assert len(await quads(writer)) == 200


# ------------------------------------------------------------------------------------ backup


@in_loop
async def test_a_backup_beside_a_running_service_is_whole(folder: Path) -> None:
    """Taken while updates go on, it holds at least what a query had seen before."""
    async with writing(folder) as writer:
        going = True

        async def change() -> None:
            number = 0
            while going:
                number += 1
                await writer.update(UpdateRequest(f"INSERT DATA {{ <urn:s> <urn:p> {number} }}"))
                await writer.snapshot()
                writer.retire(())

        changes = asyncio.create_task(change())
        for number in range(10):
            seen = len(await quads(writer))
            target = folder / f"copy-{number}"
            assert await asyncio.to_thread(back_up, folder / "data", target) >= seen
            copied = {str(quad) for quad in Store.read_only(str(target / "store"))}
            assert len(copied) >= seen
        going = False
        await changes
    assert not [*(folder / "data" / "uploads").iterdir()]


@in_loop
async def test_a_backup_can_be_served_in_the_place_of_its_dataset(folder: Path) -> None:
    token = TokenFile(folder / "data").create(["update"])
    async with writing(folder) as writer:
        await writer.update(UpdateRequest(MANY))
    command = ["backup", "--dataset", str(folder / "data"), str(folder / "copy")]
    done = CliRunner().invoke(main, command)
    assert (done.exit_code, done.output) == (0, f"{folder / 'copy'} holds 200 statements.\n")
    shutil.rmtree(folder / "data")
    (folder / "copy").rename(folder / "data")
    async with writing(folder) as writer:
        assert len(await quads(writer)) == 200
        await writer.update(UpdateRequest("CLEAR DEFAULT"))
    assert TokenFile(folder / "data").find(token) is not None


def test_a_backup_overwrites_nothing_and_leaves_no_part(folder: Path) -> None:
    (folder / "there").mkdir()
    with pytest.raises(BackupFailed, match="is there already"):
        back_up(folder, folder / "there")
    with pytest.raises(BackupFailed, match="holds no dataset"):
        back_up(folder / "there", folder / "new")
    assert [*folder.iterdir()] == [folder / "there"]


@in_loop
async def test_a_backup_is_not_made_of_what_is_half_changed_or_damaged(folder: Path) -> None:
    async with writing(folder) as writer:
        await writer.update(UpdateRequest(MANY))
    (folder / "data" / "pending" / "change.json").write_text("{}")
    with pytest.raises(BackupFailed, match="start the service once"):
        back_up(folder / "data", folder / "copy")
    (folder / "data" / "store" / "CURRENT").write_text("nonsense")
    with pytest.raises(BackupFailed, match="cannot be read"):
        back_up(folder / "data", folder / "copy")
    assert not (folder / "copy").exists()


# ------------------------------------------------------------ nothing lost, nothing made unasked

_RDF_XML = (
    '<!DOCTYPE r [<!ENTITY e "%s">]><rdf:RDF xmlns:u="urn:" '
    'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    '<rdf:Description rdf:about="urn:a"><u:b>%s</u:b></rdf:Description></rdf:RDF>'
)
_LONG = 17 * 2**20
TOO_LONG = {
    "a literal in RDF/XML": ("application/rdf+xml", _RDF_XML % ("", "a" * _LONG)),
    "an entity used often": ("application/rdf+xml", _RDF_XML % ("a" * 2000, "&e;" * 20_000)),
    "line ends that grow": ("text/turtle", f'<urn:a> <urn:b> """{chr(10) * 5 * 2**20}""" .'),
    "a literal in Turtle": ("text/turtle", f'<urn:a> <urn:b>\n  "{"a" * _LONG}" .'),
    "a literal in JSON-LD": (
        "application/ld+json", '{"@id": "urn:a", "urn:b": "%s"}' % ("a" * _LONG)
    ),
    "an IRI": ("text/turtle", f"<urn:a> <urn:b> <urn:{'a' * 9 * 2**20}> ."),
}  # fmt: skip


@pytest.mark.parametrize("kind", TOO_LONG)
@in_loop
async def test_what_could_not_be_read_again_is_refused_and_the_next_change_is_made(
    folder: Path, kind: str
) -> None:
    media_type, text = TOO_LONG[kind]
    async with writing(folder) as writer:
        document = writer.folder / "uploads" / "document"
        document.write_text(text)
        parts = [(str(document), media_type, "")]
        with pytest.raises(TermTooLong, match="8388608"):
            await writer.put("urn:g", parts, base="http://example.org/", replace=True)
        await writer.update(UpdateRequest("INSERT DATA { <urn:a> <urn:b> <urn:c> }"))
        assert await quads(writer) == {"<urn:a> <urn:b> <urn:c>"}
    async with writing(folder) as writer:
        assert len(await quads(writer)) == 1


@in_loop
async def test_the_place_of_a_literal_that_is_too_long_is_told(folder: Path) -> None:
    text = f'INSERT DATA {{\n  <urn:a> <urn:b> "{"x" * 3000}" }}'
    async with writing(folder, literal=2000) as writer:
        with pytest.raises(TermTooLong) as refused:
            await writer.update(UpdateRequest(text))
        assert (refused.value.line, refused.value.column) == (2, 19)
        assert "3002 bytes" in str(refused.value)
        await writer.update(UpdateRequest("INSERT DATA { GRAPH <urn:g> { <urn:a> <urn:b> 1 } }"))
        with pytest.raises(TermTooLong):
            await writer.patch("urn:g", text)
        growing = 'INSERT { ?a <urn:c> ?d } WHERE { ?a ?b ?c BIND(CONCAT("%s", "yyyy") AS ?d) }'
        with pytest.raises(TermTooLong, match="<urn:c> of <urn:a>"):
            await writer.patch("urn:g", growing % ("x" * 1996))


@in_loop
async def test_a_dataset_whose_folder_has_gone_is_neither_changed_nor_made_anew(
    folder: Path,
) -> None:
    events: list[str] = []
    async with writing(folder) as writer:
        writer._event = lambda name, **fields: events.append(name)
        await writer.update(UpdateRequest("INSERT DATA { <urn:a> <urn:b> 1 }"))
        assert writer.is_there
        writer.folder.rename(folder / "away")
        for killed in (False, True):
            if killed:
                os.kill(writer._writer.pid, signal.SIGKILL)
                await writer._writer._run.exited.wait()  # type: ignore[union-attr]
            assert not writer.is_there
            with pytest.raises(DatasetGone, match="is gone"):
                await writer.update(UpdateRequest("INSERT DATA { <urn:a> <urn:b> 2 }"))
            with pytest.raises(DatasetGone, match="is gone"):
                await writer.drop("urn:g")
        with pytest.raises(DatasetGone):
            await writer.snapshot()
        assert not writer.folder.exists()
        (folder / "away").rename(writer.folder)
        assert writer.is_there
        await writer.update(UpdateRequest("INSERT DATA { <urn:a> <urn:b> 3 }"))
        assert len(await quads(writer)) == 2
    assert events == ["dataset-gone", "dataset-back"]


@in_loop
async def test_a_change_that_is_set_aside_is_logged(folder: Path) -> None:
    async with writing(folder):
        pass
    (folder / "data" / "pending" / "change.json").write_text("{")
    events: list[tuple[str, str]] = []
    writer = DatasetWriter(
        folder / "data", event=lambda name, **fields: events.append((name, str(fields["why"])))
    )
    await writer.start()
    await writer.stop()
    ((name, why),) = events
    assert name == "change-set-aside"
    assert "set-aside" in why
