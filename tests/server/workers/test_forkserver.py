"""A forkserver as the service hears it, over a socket; the pool's own are in test_pool.py."""

from __future__ import annotations

import array
import fcntl
import json
import os
import resource
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from smegraph.server.engine.engine import QueryRequest
from smegraph.server.workers.forkserver import (
    MESSAGE_SIZE,
    ForkserverSettings,
    _descriptors,
    _report,
)
from smegraph.server.workers.job import encode_request
from smegraph.server.workers.messages import pack, receive
from smegraph.store.loading import Dumped

SETTINGS = ForkserverSettings(
    parent=os.getpid(), loader=(), stored_union=False, spool=".", memory=2**30, result=2**30,
    services=("http://example.org/sparql",), base="http://example.org/",
)  # fmt: skip


class Control:
    """The service's end of the socket to a forkserver."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection

    def hear(self) -> list[Any]:
        """The next message; nothing when the process has ended."""
        data = self._connection.recv(MESSAGE_SIZE)
        return list(json.loads(data)) if data else []

    def tell(self, *message: Any, files: list[int] | None = None) -> None:
        socket.send_fds(self._connection, [json.dumps(message).encode()], files or [])

    def fork(self, number: int) -> tuple[int, socket.socket]:
        """Ask for a worker; return its process and the connection to it."""
        mine, its = socket.socketpair()
        stderr = os.memfd_create("worker")
        self.tell("fork", number, files=[its.fileno(), stderr])
        its.close()
        os.close(stderr)
        kind, told, pid = self.hear()
        assert (kind, told) == ("forked", number)
        return pid, mine


@contextmanager
def serving(*loader: str, above: int = 0) -> Iterator[Control]:
    """A forkserver; its end of the connection has a number from `above` on."""
    settings = ForkserverSettings.from_json(SETTINGS.as_json())
    fields = json.loads(settings.as_json()) | {"loader": loader}
    mine, its = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    if above:
        higher = fcntl.fcntl(its.fileno(), fcntl.F_DUPFD_CLOEXEC, above)
        its.close()
        its = socket.socket(fileno=higher)
    command = [sys.executable, "-m", "smegraph.server.workers", str(its.fileno())]
    with (
        mine,
        subprocess.Popen([*command, json.dumps(fields)], pass_fds=(its.fileno(),)) as process,
    ):
        its.close()
        try:
            yield Control(mine)
        finally:
            process.kill()


def test_settings_go_over_a_command_line_and_back() -> None:
    assert ForkserverSettings.from_json(SETTINGS.as_json()) == SETTINGS


def test_a_worker_answers_from_the_store_that_was_loaded(tmp_path: Path) -> None:
    data = tmp_path / "data.nq"
    data.write_text("<urn:a> <urn:b> <urn:c> .\n<urn:a> <urn:b> <urn:d> .\n")
    with serving("cat", str(data)) as control:
        assert control.hear() == ["loaded", 2, False]  # SERVICE needs the network.
        pid, worker = control.fork(7)
        assert receive(worker) == (["ready", pid], b"")
        text = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
        worker.sendall(pack(encode_request(QueryRequest(text, table_format="csv"))))
        answer = receive(worker)
        assert answer is not None
        assert (answer[0][:4], answer[1]) == (["whole", "csv", "identity", False], b"n\r\n2\r\n")
        worker.close()
        assert control.hear() == ["ended", pid, 0]


def test_a_signal_ends_a_worker_and_its_end_is_told_with_the_signal() -> None:
    with serving() as control:
        assert control.hear() == ["loaded", 0, False]
        pid, worker = control.fork(1)
        assert receive(worker) is not None
        control.tell("signal", pid, int(signal.SIGKILL))
        assert control.hear() == ["ended", pid, -signal.SIGKILL]
        worker.close()


def test_a_service_may_have_more_files_open_than_select_knows() -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < 2048:
        pytest.skip("a process may not have so many files open here")
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, 2048), hard))
    try:
        with serving(above=1024) as control:
            assert control.hear() == ["loaded", 0, False]
            pid, worker = control.fork(1)
            assert receive(worker) == (["ready", pid], b"")
            worker.close()
            assert control.hear() == ["ended", pid, 0]
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_a_process_that_is_no_worker_gets_no_signal() -> None:
    with serving() as control, subprocess.Popen(["sleep", "60"]) as stranger:
        control.hear()
        control.tell("signal", stranger.pid, int(signal.SIGKILL))
        _, worker = control.fork(1)  # So the signal has been dealt with.
        assert stranger.poll() is None
        stranger.kill()
        worker.close()


def test_a_worker_can_be_reniced() -> None:
    with serving() as control:
        control.hear()
        pid, worker = control.fork(1)
        assert receive(worker) is not None
        before = os.getpriority(os.PRIO_PROCESS, pid)
        control.tell("nice", pid, 19)
        _, other = control.fork(2)
        assert before < os.getpriority(os.PRIO_PROCESS, pid) == 19
        worker.close()
        other.close()


def test_data_that_cannot_be_loaded_are_told_in_the_loader_s_words() -> None:
    script = """import sys; sys.stderr.write('{"error": "It cannot be read."}'); sys.exit(1)"""
    with serving(sys.executable, "-c", script) as control:
        assert control.hear() == ["failed", "It cannot be read."]
        assert control.hear() == []


def test_data_that_are_no_n_quads_are_told_as_such() -> None:
    with serving("echo", "no quads") as control:
        kind, message = control.hear()
        assert kind == "failed"
        assert "The data cannot be loaded" in message


def test_what_the_loader_tells_is_believed_and_another_program_tells_nothing() -> None:
    told = '{"quads": 7, "union": false, "disjoint": true}'
    assert _report(told) == Dumped(7, union=False, disjoint=True)
    for other in ("", "Killed", '{"quads": 7}', "[]"):
        assert _report(other) is None


def test_of_what_comes_with_a_message_the_descriptors_are_taken() -> None:
    found = array.array("i", [3, 4]).tobytes()
    assert _descriptors([(socket.SOL_SOCKET, socket.SCM_RIGHTS, found + b"\x00")]) == [3, 4]
    assert _descriptors([(socket.SOL_SOCKET, socket.SCM_RIGHTS + 1, found)]) == []


@pytest.mark.parametrize(("services", "are_loaded"), [((), "False"), (("http://a/",), "True")])
def test_the_libraries_that_call_services_come_where_some_may_be_called(
    services: tuple[str, ...], are_loaded: str
) -> None:
    settings = replace(SETTINGS, services=services).as_json()
    code = (
        "import sys; from smegraph.server.workers.forkserver import ForkserverSettings, _gateway; "
        "_gateway(ForkserverSettings.from_json(sys.argv[1])); print('httpx' in sys.modules)"
    )
    command = [sys.executable, "-c", code, settings]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == are_loaded
