"""The process that owns a dataset: what it replies when a change fails."""

from __future__ import annotations

import errno
import os
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from smegraph.server.dataset.errors import ChangeRefused, ChangeUnfinished, DatasetUnusable
from smegraph.server.dataset.proof import LONGEST
from smegraph.server.dataset.writable_store import WritableStore
from smegraph.server.dataset.writer_process import WriterProcess, _run
from smegraph.server.engine.errors import InsufficientStorage
from smegraph.server.workers.messages import receive
from smegraph.sparql.errors import (
    DatasetConflict,
    LoadRefused,
    MalformedQuery,
    QueryFailed,
    UnsupportedFunction,
)

OPTIONS = {
    "base": "http://example.org/",
    "prefixes": {"e": "http://example.org/"},
    "allowed": list[str](),
}
FULL = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def failing(error: BaseException) -> Callable[..., Any]:
    def work(*_: object) -> None:
        raise error

    return work


class Owner:
    """The process, and the service's side of it."""

    def __init__(self, folder: Path) -> None:
        self._mine, its = socket.socketpair()
        self._process = WriterProcess(its, WritableStore(folder))

    def reply(self, work: Callable[[], object]) -> list[Any]:
        """What is replied for a piece of work."""
        self._process._answer(7, work)
        message = receive(self._mine)
        assert message is not None
        number, *reply = message[0]
        assert number == 7
        return reply

    def commanded(self, command: str, body: str = "", **options: Any) -> list[Any]:
        """What is replied to a command."""
        given = {**OPTIONS, "allowed": [], "longest": LONGEST, "before": "before", **options}
        return self.reply(lambda: self._process._queued[command](given, body.encode()))


@pytest.fixture
def owner(tmp_path: Path) -> Iterator[Owner]:
    found = Owner(tmp_path / "data")
    yield found
    found._mine.close()


# ------------------------------------------------------------------------------------- replies


@pytest.mark.parametrize(
    ("error", "reply"),
    [
        (MemoryError(), ["memory"]),
        (InsufficientStorage("There is no room."), ["full", "There is no room."]),
        (ChangeRefused("It cannot be."), ["refused", "ChangeRefused", "It cannot be."]),
        (DatasetConflict(), ["refused", "DatasetConflict", None]),
        (LoadRefused(), ["refused", "FederationRefused", str(LoadRefused())]),
    ],
    ids=lambda value: type(value).__name__,
)
def test_a_failure_is_replied_by_its_kind(
    owner: Owner, error: BaseException, reply: list[Any]
) -> None:
    assert owner.reply(failing(error)) == reply


@pytest.mark.parametrize("kind", [OSError, RuntimeError, ChangeUnfinished])
def test_an_engine_that_met_a_full_disk_takes_nothing_more(
    owner: Owner, kind: type[Exception]
) -> None:
    kind_of_reply, message = owner.reply(failing(kind(*FULL.args)))
    assert kind_of_reply == "full-for-good"
    assert "disk of the dataset is full" in message


@pytest.mark.parametrize("error", [OSError(errno.EIO, "x"), RuntimeError("x"), ChangeUnfinished()])
def test_what_nobody_knows_is_told_with_its_reason(owner: Owner, error: Exception) -> None:
    kind, message = owner.reply(failing(error))
    assert kind == "broken"
    assert message.endswith(f"The reason: {error}")


def test_a_dataset_that_is_gone_is_told_as_that(owner: Owner) -> None:
    assert owner.reply(failing(DatasetUnusable("It is gone."))) == ["unusable", "It is gone."]


# ------------------------------------------------------------------------------------ commands


def test_an_update_is_carried_out(owner: Owner) -> None:
    insert = "INSERT DATA { GRAPH e:g { e:a e:b 1 } }"
    assert owner.commanded("update", insert, using=None, using_named=None) == ["done", None]
    assert owner.commanded("drop", graph="http://example.org/g") == ["done", True]
    assert owner.commanded("drop", graph="http://example.org/g") == ["done", False]


def test_an_update_names_its_dataset_once(owner: Owner) -> None:
    text = "INSERT { ?s ?p 1 } USING <urn:g> WHERE { ?s ?p ?o }"
    reply = owner.commanded("update", text, using=["urn:h"], using_named=None)
    assert reply == ["refused", "DatasetConflict", None]


def test_an_update_may_have_a_prologue_before_each_operation(owner: Owner) -> None:
    text = """PREFIX a: <urn:a:> INSERT DATA { GRAPH a:g { a:x a:y "; PREFIX a: <urn:b:>" } } ;
        PREFIX a: <urn:b:> INSERT DATA { GRAPH a:g { a:x a:y a:z } } ; BASE <urn:c:>"""
    assert owner.commanded("update", text, using=None, using_named=None) == ["done", None]
    assert owner.commanded("drop", graph="urn:a:g") == ["done", True]
    assert owner.commanded("drop", graph="urn:b:g", before="next") == ["done", True]


def test_an_update_with_several_prologues_is_carried_out_as_a_whole_or_not_at_all(
    owner: Owner,
) -> None:
    text = """INSERT DATA { GRAPH <urn:g> { <urn:a> <urn:b> 1 } } ;
        PREFIX h: <urn:h:> DROP GRAPH h:none"""
    kind, name, _ = owner.commanded("update", text, using=None, using_named=None)
    assert (kind, name) == ("refused", "ChangeRefused")
    assert owner.commanded("drop", graph="urn:g") == ["done", False]


def test_an_update_with_several_prologues_sees_the_dataset_of_the_request(owner: Owner) -> None:
    text = "INSERT DATA { GRAPH <urn:g> { <urn:a> <urn:b> 1 } }"
    owner.commanded("update", text, using=None, using_named=None)
    text = """CREATE SILENT GRAPH <urn:g> ; PREFIX h: <urn:h:>
        INSERT { GRAPH h:out { ?s ?p ?o } } WHERE { ?s ?p ?o }"""
    assert owner.commanded("update", text, using=["urn:g"], using_named=None) == ["done", None]
    assert owner.commanded("drop", graph="urn:h:out") == ["done", True]


@pytest.mark.parametrize("word", ["LO\\u0041D", "\\u004cOAD", "LOAD"])
def test_load_is_refused_however_it_is_written(owner: Owner, word: str) -> None:
    text = f"INSERT DATA {{}} ; PREFIX h: <http://127.0.0.1:1/> {word} h:x"
    kind, _, message = owner.commanded("update", text, using=None, using_named=None)
    assert kind == "refused"
    assert message.startswith("LOAD is refused")


def test_a_byte_order_mark_before_an_update_or_a_patch_is_dropped(owner: Owner) -> None:
    text = "\ufeffINSERT DATA { GRAPH e:g { e:a e:b 1 } }"
    assert owner.commanded("update", text, using=None, using_named=None) == ["done", None]
    patch = "\ufeffINSERT DATA { e:a e:b 2 }"
    assert owner.commanded("patch", patch, graph="http://example.org/g", before="next") == [
        "done",
        True,
    ]


def test_a_patch_may_have_a_prologue_before_each_operation(owner: Owner) -> None:
    owner.commanded("put", graph="urn:g", clear=False, data=None)
    text = "INSERT DATA { e:a e:b 1 } ; PREFIX e: <urn:e:> INSERT DATA { e:a e:b 1 }"
    assert owner.commanded("patch", text, graph="urn:g", before="next") == ["done", True]


def test_putting_a_graph_says_whether_it_is_new(owner: Owner, tmp_path: Path) -> None:
    put = {"graph": "urn:g", "clear": True, "data": None}
    assert owner.commanded("put", **put) == ["done", True]
    assert owner.commanded("put", **put, before="next") == ["done", False]


def test_a_patch_of_a_graph_that_is_not_there_changes_nothing(owner: Owner) -> None:
    assert owner.commanded("patch", "INSERT DATA { e:a e:b 1 }", graph="urn:g") == ["done", False]


def test_a_patch_that_makes_another_graph_is_refused(owner: Owner) -> None:
    owner.commanded("put", graph="urn:g", clear=False, data=None)
    text = "INSERT DATA { GRAPH <urn:h> { e:a e:b 1 } }"
    kind, name, message = owner.commanded("patch", text, graph="urn:g", before="next")
    assert (kind, name) == ("refused", "ChangeRefused")
    assert "names no other" in message


# --------------------------------------------------------------------------- the engine's errors


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (RuntimeError("The custom function <urn:f> is not supported"), UnsupportedFunction),
        (RuntimeError("The graph <urn:g> already exists"), ChangeRefused),
        (RuntimeError("The graph <urn:g> does not exist"), ChangeRefused),
        (RuntimeError("It failed"), QueryFailed),
        (OSError(errno.EIO, "It failed"), QueryFailed),
        (ValueError("It failed"), QueryFailed),
    ],
)
def test_what_the_engine_raises_is_named(error: Exception, kind: type[Exception]) -> None:
    with pytest.raises(kind):
        _run(failing(error), "", OPTIONS)


@pytest.mark.parametrize("error", [FULL, RuntimeError(f"IO error: {FULL.strerror}")])
def test_a_full_disk_stays_what_it_is(error: Exception) -> None:
    with pytest.raises(type(error)) as raised:
        _run(failing(error), "", OPTIONS)
    assert raised.value is error


def test_the_place_of_a_fault_is_that_in_the_text_as_it_was_sent() -> None:
    text = "INSERT DATA {\n e:a e:b }"
    error = SyntaxError("error at 3:10: expected an object")
    with pytest.raises(MalformedQuery) as caught:
        _run(failing(error), text, OPTIONS)
    assert caught.value.diagnosis.line == 2


def test_a_long_string_with_a_wrong_escape_is_told_as_that(owner: Owner) -> None:
    text = f'INSERT DATA {{ <urn:a> <urn:b> "{"x" * (2 * 2**20)}\\z" }}'
    kind, name, told = owner.commanded("update", text, using=None, using_named=None)
    assert (kind, name, told["line"]) == ("refused", "MalformedQuery", 1)
