"""What is served, from its start to its end: large sources, switches, leftovers."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

import smegraph.server.service as module
from smegraph.errors import SmegraphError
from smegraph.server.engine.engine import QueryRequest
from smegraph.server.service import Service, offline_site
from smegraph.server.settings import Settings
from tests.server.pages.conftest import Visitor

COUNT = QueryRequest("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", table_format="csv")


def write(folder: Path, number: int) -> Path:
    """Statements in two graphs, one of them in both."""
    lines = [f"<http://s/{i}> <http://p> {i} ." for i in range(number)]
    text = "\n".join(lines)
    (folder / "data.trig").write_text(f"<http://g> {{ {text} }} <http://h> {{ {lines[0]} }}")
    return folder


def serve(
    work: Callable[[Service, list[str]], Awaitable[None]], tmp_path: Path, **named: Any
) -> list[str]:
    """Start a service, let it work, stop it; returns the names of what it told of."""
    told: list[str] = []
    settings = Settings(spool=tmp_path / "spool", workers=2, **named)

    async def run() -> None:
        service = Service(settings, lambda name, **_: told.append(name))
        await service.start()
        try:
            await work(service, told)
        finally:
            await service.stop()

    asyncio.run(run())
    return told


async def body(service: Service) -> bytes | None:
    return (await service.answer(COUNT)).body


@pytest.fixture
def data(tmp_path: Path) -> Path:
    (tmp_path / "data").mkdir()
    return write(tmp_path / "data", 3)


def test_a_large_source_is_read_from_disk(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_IN_MEMORY", 0)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))

    async def work(service: Service, told: list[str]) -> None:
        assert await body(service) == b"n\r\n3\r\n"

    serve(work, tmp_path, dataset=data)
    assert len([*(tmp_path / "cache/smegraph").glob("*/*-union/CURRENT")]) == 1


def test_changed_files_are_served_within_seconds(data: Path, tmp_path: Path) -> None:
    async def work(service: Service, told: list[str]) -> None:
        former = service.version
        write(data, 5)
        until = time.monotonic() + 60
        while service.version == former and time.monotonic() < until:
            assert await body(service) in (b"n\r\n3\r\n", b"n\r\n5\r\n")
            await asyncio.sleep(0.05)
        assert await body(service) == b"n\r\n5\r\n"

    assert serve(work, tmp_path, dataset=data) == ["ready", "switched"]


def test_broken_files_leave_the_former_state(data: Path, tmp_path: Path) -> None:
    async def work(service: Service, told: list[str]) -> None:
        (data / "data.trig").write_text("<http://g> { oh no }")
        service.look_now()
        until = time.monotonic() + 60
        while "switch-failed" not in told and time.monotonic() < until:
            await asyncio.sleep(0.05)
        assert await body(service) == b"n\r\n3\r\n"

    assert serve(work, tmp_path, dataset=data) == ["ready", "switch-failed"]


def test_what_a_killed_service_left_is_removed(data: Path, tmp_path: Path) -> None:
    left = tmp_path / "spool" / "smegraph-spool-999999999-x"
    left.mkdir(parents=True)
    kept = tmp_path / "spool" / f"smegraph-spool-{os.getpid()}-x"
    kept.mkdir()

    async def work(service: Service, told: list[str]) -> None:
        assert not left.exists()

    serve(work, tmp_path, dataset=data)
    assert [*(tmp_path / "spool").iterdir()] == [kept]


def test_a_service_that_cannot_start_removes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "kept.txt").write_text("")
    (tmp_path / "spool").write_text("a file, where a folder should be")

    async def work(service: Service, told: list[str]) -> None:
        raise AssertionError("it has started")

    with pytest.raises(SmegraphError):
        serve(work, tmp_path, dataset=tmp_path)
    assert (tmp_path / "kept.txt").exists()


def test_pages_without_workers_answer_as_the_service_does(release: Path) -> None:
    visitor = Visitor(offline_site(release))
    assert "<dt>firms</dt><dd>3</dd>" in visitor.get("/").text
    assert visitor.get("/id/facebook").status_code == 303
    assert visitor.get("/id/facebook.ttl").status_code == 200
    assert visitor.get("/id/faceboo").status_code == 404


def test_pages_of_a_running_service_show_what_its_workers_answer(
    release: Path, tmp_path: Path
) -> None:
    async def work(service: Service, told: list[str]) -> None:
        transport = httpx.ASGITransport(app=service.state.site)
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as http:
            page = (await http.get("/")).text
        assert "<dt>firms</dt><dd>3</dd>" in page

    for union in ("union", "strict"):
        named = {"dataset": release, "default_graph": union, "default_prefixes": False}
        assert serve(work, tmp_path, **named) == ["ready"]


def test_links_out_of_the_folder_are_passed_over_with_a_word(tmp_path: Path, data: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    write(outside, 5)
    (data / "more").symlink_to(outside)

    async def count(service: Service, told: list[str]) -> None:
        assert await body(service) == b"n\r\n3\r\n"

    assert "links-passed-over" in serve(count, tmp_path, dataset=data)

    async def count_all(service: Service, told: list[str]) -> None:
        assert await body(service) == b"n\r\n5\r\n"

    assert "links-passed-over" not in serve(count_all, tmp_path, dataset=data, follow_links=True)
