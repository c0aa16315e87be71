"""Virtuoso 7 of Debian (virtuoso-opensource-7), where it is installed, in a folder of its own."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from pathlib import Path

from measure import BenchmarkError
from serving_servers import Server, free_port, start

NAME = "virtuoso"
MISSING = "not measured, as there is no virtuoso-t and isql-vt (Debian: virtuoso-opensource-7)"
_SERVER, _CLIENT = "virtuoso-t", "isql-vt"
_ACCOUNT = "dba"  # of a new database, with itself as password
_BUFFERS = 170_000  # of 8 KiB; Virtuoso's own advice for 2 GB
_SETTINGS = """\
[Database]
DatabaseFile = virtuoso.db
ErrorLogFile = errors.log
LockFile = virtuoso.lck
TransactionFile = virtuoso.trx
xa_persistent_file = virtuoso.pxa
FileExtend = 200
MaxCheckpointRemap = 2000
TempStorage = TempDatabase

[TempDatabase]
DatabaseFile = temporary.db
TransactionFile = temporary.trx
MaxCheckpointRemap = 2000

[Parameters]
ServerPort = 127.0.0.1:{sql}
DisableUnixSocket = 1
MaxClientConnections = 40
CheckpointInterval = 0
DirsAllowed = {folder}
NumberOfBuffers = {buffers}
MaxDirtyBuffers = {dirty}
ThreadsPerQuery = {cores}

[HTTPServer]
ServerPort = 127.0.0.1:{http}
ServerRoot = .
MaxClientConnections = 40
ServerThreads = 40
MaxKeepAlives = 40
KeepAliveTimeout = 300
EnabledGzipContent = 0

[SPARQL]
ResultSetMaxRows = 10000000
MaxQueryCostEstimationTime = 0
MaxQueryExecutionTime = 0
"""


def installed() -> bool:
    """Whether this machine has Virtuoso."""
    return shutil.which(_SERVER) is not None and shutil.which(_CLIENT) is not None


def start_virtuoso(_: Path, graph: Path, work: Path) -> Server:
    """Start Virtuoso on an empty database and load N-Quads in bulk.

    Its default graph is the union of all graphs by itself.
    """
    folder = work.resolve() / NAME
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    sql, http = free_port(), free_port()
    (folder / "virtuoso.ini").write_text(
        _SETTINGS.format(
            sql=sql,
            http=http,
            folder=graph.resolve().parent,
            buffers=_BUFFERS,
            dirty=_BUFFERS * 3 // 4,
            cores=os.cpu_count() or 1,
        ),
        encoding="utf-8",
    )
    command = [_SERVER, "+foreground", "+configfile", "virtuoso.ini"]
    process, loading = start(command, http, folder / "output.log", folder)
    settings = f"Virtuoso 7 on disk, NumberOfBuffers {_BUFFERS}"
    server = Server(NAME, process, http, "/sparql", settings, loading)
    try:
        server.loading += _load(sql, graph.resolve())
    except BenchmarkError:
        server.stop()
        raise
    return server


def _load(port: int, graph: Path) -> float:
    """Load a file and write it to disk; return the seconds that it took."""
    begun = time.perf_counter()
    # The graph that is named here is for statements without one.
    told = _tell(
        port,
        f"ld_dir('{graph.parent}', '{graph.name}', 'urn:none'); rdf_loader_run(); checkpoint; "
        "select concat('state ', cast(ll_state as varchar), coalesce(ll_error, '')) "
        "from DB.DBA.load_list;",
    )
    if "\nstate 2\n" not in told.replace(" \n", "\n"):
        raise BenchmarkError(f"Virtuoso did not load the graph:\n{told[-2000:]}")
    return time.perf_counter() - begun


def _tell(port: int, statements: str) -> str:
    command = [_CLIENT, f"127.0.0.1:{port}", _ACCOUNT, _ACCOUNT, f"exec={statements}"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise BenchmarkError(f"{_CLIENT}: {(done.stdout + done.stderr)[-2000:]}")
    return done.stdout
