"""Messages over a socket: whole, in order, wherever the stream is cut."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smegraph.server.workers.messages import Unpacker, pack, receive

Pair = tuple[socket.socket, socket.socket]

_VALUES = st.one_of(st.none(), st.booleans(), st.integers(-(2**53), 2**53), st.text())
_MESSAGES = st.lists(st.tuples(st.lists(_VALUES), st.binary(max_size=50)), max_size=5)


@pytest.fixture
def pair() -> Iterator[Pair]:
    mine, its = socket.socketpair()
    with mine, its:
        yield mine, its


@settings(deadline=None, max_examples=50)
@given(messages=_MESSAGES, size=st.integers(1, 60))
def test_what_is_packed_comes_out_whatever_the_parts(
    messages: list[tuple[list[Any], bytes]], size: int
) -> None:
    stream = b"".join(pack(head, body) for head, body in messages)
    unpacker, found = Unpacker(), []
    for start in range(0, len(stream), size):
        found += unpacker.feed(stream[start : start + size])
    assert found == messages


def test_a_message_comes_with_its_last_byte_and_not_before() -> None:
    unpacker, stream = Unpacker(), pack(["end", 3], b"body")
    assert unpacker.feed(stream[:-1]) == []
    assert unpacker.feed(stream[-1:]) == [(["end", 3], b"body")]


def test_a_body_is_bytes_as_they_are() -> None:
    body = bytes(range(256))
    assert Unpacker().feed(pack(["whole"], body)) == [(["whole"], body)]


def test_receiving_waits_for_one_message_and_leaves_the_next(pair: Pair) -> None:
    mine, its = pair
    mine.sendall(pack(["first"], b"x") + pack(["second"]))
    assert receive(its) == (["first"], b"x")
    assert receive(its) == (["second"], b"")


def test_a_message_larger_than_the_socket_takes_is_received_whole(pair: Pair) -> None:
    mine, its = pair
    body = b"x" * 5_000_000
    sender = threading.Thread(target=mine.sendall, args=(pack(["whole"], body),))
    sender.start()
    assert receive(its) == (["whole"], body)
    sender.join()


@pytest.mark.parametrize("sent", [0, 3, 8, 12, -1])
def test_nothing_is_received_of_one_that_has_gone_midway(pair: Pair, sent: int) -> None:
    mine, its = pair
    mine.sendall(pack(["first"], b"body")[:sent])
    mine.close()
    assert receive(its) is None
