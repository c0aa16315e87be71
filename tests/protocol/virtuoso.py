"""Virtuoso 7 of Debian (virtuoso-opensource-7) as another service, where it is installed."""

from __future__ import annotations

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

_SERVER, _CLIENT = "virtuoso-t", "isql-vt"
INSTALLED = shutil.which(_SERVER) is not None and shutil.which(_CLIENT) is not None
_PATIENCE = 120  # seconds; a new database takes some on a busy machine
_SETTINGS = """\
[Database]
DatabaseFile = virtuoso.db
ErrorLogFile = errors.log
LockFile = virtuoso.lck
TransactionFile = virtuoso.trx
xa_persistent_file = virtuoso.pxa
[TempDatabase]
DatabaseFile = temporary.db
TransactionFile = temporary.trx
[Parameters]
ServerPort = 127.0.0.1:{sql}
DisableUnixSocket = 1
DirsAllowed = {folder}
NumberOfBuffers = 10000
[HTTPServer]
ServerPort = 127.0.0.1:{http}
ServerRoot = .
"""
# What lets a query call other services (Virtuoso's manual, section on SPARQL federation).
_FEDERATION = """
grant SPARQL_SELECT_FED to "SPARQL";
grant select on DB.DBA.SPARQL_SINV_2 to "SPARQL";
grant execute on DB.DBA.SPARQL_SINV_IMP to "SPARQL";
grant execute on DB.DBA.SPARQL_SD_PROBE to "SPARQL";
"""


@contextmanager
def virtuoso(folder: Path, turtle: str) -> Iterator[str]:
    """Serve a graph, and give the address of its SPARQL endpoint."""
    sql, http = _free_port(), _free_port()
    (folder / "data.ttl").write_text(turtle, "utf-8")
    (folder / "virtuoso.ini").write_text(
        _SETTINGS.format(sql=sql, http=http, folder=folder), "utf-8"
    )
    with (folder / "output.log").open("wb") as log:
        command = [_SERVER, "+foreground", "+configfile", "virtuoso.ini"]
        process = subprocess.Popen(command, cwd=folder, stdout=log, stderr=log)
    address = f"http://127.0.0.1:{http}/sparql"
    try:
        _wait(process, address, folder)
        load = f"ld_dir('{folder}', 'data.ttl', 'http://other.example/'); rdf_loader_run();"
        _tell(sql, load)
        for line in _FEDERATION.strip().splitlines():
            _tell(sql, line)
        yield address
    finally:
        process.kill()
        process.wait()


def _wait(process: subprocess.Popen[bytes], address: str, folder: Path) -> None:
    deadline = time.monotonic() + _PATIENCE
    while True:
        assert process.poll() is None, (folder / "output.log").read_text("utf-8", "replace")[-2000:]
        assert time.monotonic() < deadline, "Virtuoso does not start in time"
        try:
            httpx.get(address, params={"query": "ASK {}"}, timeout=5)
        except httpx.HTTPError:
            time.sleep(0.2)
        else:
            return


def _tell(port: int, statement: str) -> None:
    command = [_CLIENT, f"127.0.0.1:{port}", "dba", "dba", f"exec={statement}"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port
