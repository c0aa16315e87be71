"""The queries that wait: whose turn it is, how many there may be, and what is remembered."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest

from smegraph.server.engine.engine import QueryRequest
from smegraph.server.engine.errors import Overloaded
from smegraph.server.workers import queues as queues_module
from smegraph.server.workers.job import Job
from smegraph.server.workers.queues import Queues, SpeedClass, shape_of

POINT = "SELECT ?o { <http://e.org/%d> ?p ?o }"
SCAN = "SELECT * { ?s ?p ?o FILTER(?o > %d) }"
JOIN = "SELECT * { ?a ?p ?b . ?b ?q %d }"


@pytest.fixture
def loop() -> Iterator[asyncio.AbstractEventLoop]:
    found = asyncio.new_event_loop()
    yield found
    found.close()


class Maker:
    """Makes queries that wait."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop

    def __call__(self, text: str, *, deadline: float = 10.0) -> Job:
        future: asyncio.Future[Any] = self._loop.create_future()
        return Job(QueryRequest(text), future, 0.0, deadline, deadline)


@pytest.fixture
def job(loop: asyncio.AbstractEventLoop) -> Maker:
    return Maker(loop)


def drained(queues: Queues, *, slow: bool = True) -> list[Job]:
    """What is handed out, in order, until nothing is."""
    found = []
    while (job := queues.dequeue_short(0.0, slow=slow)) is not None:
        found.append(job)
    return found


# ------------------------------------------------------------------------------------- order


def test_nothing_waits_at_the_beginning() -> None:
    queues = Queues(10)
    assert len(queues) == 0
    assert queues.dequeue_short(0.0, slow=True) is None


def test_queries_of_one_speed_class_come_in_the_order_of_their_arrival(job: Maker) -> None:
    queues, jobs = Queues(10), [job(POINT % number) for number in range(5)]
    for each in jobs:
        queues.enqueue_short(each)
    assert drained(queues) == jobs


def test_the_quick_go_first_the_unknown_next_the_slow_last(job: Maker) -> None:
    queues = Queues(10)
    queues.remember_quick(job(POINT % 0))
    queues.remember_slow(job(JOIN % 0))
    slow, unknown, quick = job(JOIN % 1), job(SCAN % 1), job(POINT % 1)
    for each in (slow, unknown, quick):
        queues.enqueue_short(each)
    assert drained(queues) == [quick, unknown, slow]


def test_slow_ones_wait_where_none_are_wanted(job: Maker) -> None:
    queues = Queues(10)
    queues.remember_slow(job(JOIN % 0))
    slow, unknown = job(JOIN % 1), job(SCAN % 1)
    queues.enqueue_short(slow)
    queues.enqueue_short(unknown)
    assert drained(queues, slow=False) == [unknown]
    assert queues.short == 1
    assert drained(queues) == [slow]


def test_what_turns_out_to_be_slow_while_it_waits_stands_back(job: Maker) -> None:
    queues = Queues(10)
    first, second, other = job(JOIN % 1), job(JOIN % 2), job(SCAN % 1)
    for each in (first, second, other):
        queues.enqueue_short(each)
    queues.remember_slow(job(JOIN % 0))
    assert queues.dequeue_short(0.0, slow=False) is other
    assert drained(queues) == [first, second]


def test_heavy_queries_are_not_handed_out_among_the_short_ones(job: Maker) -> None:
    queues, heavy = Queues(10), job(SCAN % 1)
    queues.enqueue_heavy(heavy)
    assert queues.dequeue_short(0.0, slow=True) is None
    assert [*queues.heavy] == [heavy]
    assert (len(queues), queues.short) == (1, 0)


# ---------------------------------------------------------------------------------- capacity


def test_a_full_queue_refuses_the_next_and_says_when_to_come_back(job: Maker) -> None:
    queues = Queues(2)
    kept = [job(POINT % number) for number in range(2)]
    for each in kept:
        queues.enqueue_short(each)
    with pytest.raises(Overloaded) as refused:
        queues.enqueue_short(job(POINT % 2))
    assert refused.value.retry_after > 0
    assert drained(queues) == kept


def test_many_slow_queries_leave_room_for_quick_ones(job: Maker) -> None:
    queues = Queues(2)
    queues.remember_quick(job(POINT % 0))
    queues.remember_slow(job(JOIN % 0))
    for number in range(2):
        queues.enqueue_short(job(JOIN % number))
    with pytest.raises(Overloaded):
        queues.enqueue_short(job(JOIN % 2))
    quick = job(POINT % 1)
    queues.enqueue_short(quick)
    assert queues.dequeue_short(0.0, slow=True) is quick


def test_heavy_queries_have_a_limit_of_their_own(job: Maker) -> None:
    queues = Queues(1)
    queues.enqueue_short(job(SCAN % 1))
    queues.enqueue_heavy(job(SCAN % 2))
    with pytest.raises(Overloaded):
        queues.enqueue_heavy(job(SCAN % 3))
    assert len(queues) == 2


def test_no_query_may_wait_where_the_limit_is_nought(job: Maker) -> None:
    with pytest.raises(Overloaded):
        Queues(0).enqueue_short(job(POINT % 1))


# --------------------------------------------------------------------------------- taking out


def test_a_query_can_be_taken_out_wherever_it_waits(job: Maker) -> None:
    queues = Queues(10)
    queues.remember_slow(job(JOIN % 0))
    short, slow, heavy = job(POINT % 1), job(JOIN % 1), job(SCAN % 1)
    queues.enqueue_short(short)
    queues.enqueue_short(slow)
    queues.enqueue_heavy(heavy)
    for each in (short, slow, heavy):
        queues.remove(each)
    assert len(queues) == 0


def test_taking_out_what_does_not_wait_is_no_fault(job: Maker) -> None:
    Queues(10).remove(job(POINT % 1))


def test_those_whose_time_is_over_are_taken_out_from_every_queue(job: Maker) -> None:
    queues = Queues(10)
    short, heavy = job(POINT % 1, deadline=1.0), job(SCAN % 1, deadline=2.0)
    in_time = job(POINT % 2, deadline=2.5)
    queues.enqueue_short(short)
    queues.enqueue_short(in_time)
    queues.enqueue_heavy(heavy)
    assert queues.remove_expired(0.9) == []
    assert queues.remove_expired(2.0) == [short, heavy]
    assert queues.remove_all() == [in_time]


def test_all_can_be_taken_out_at_once(job: Maker) -> None:
    queues = Queues(10)
    short, heavy = job(POINT % 1), job(SCAN % 1)
    queues.enqueue_short(short)
    queues.enqueue_heavy(heavy)
    assert queues.remove_all() == [short, heavy]
    assert len(queues) == 0


# ------------------------------------------------------------------------------ what is known


def test_what_nobody_knows_is_neither_slow_nor_heavy(job: Maker) -> None:
    queues = Queues(10)
    assert queues.speed_class(job(POINT % 1)) == SpeedClass.UNKNOWN
    assert not queues.is_slow(job(POINT % 1))
    assert not queues.was_heavy(job(POINT % 1))


def test_one_query_tells_of_all_that_have_its_shape(job: Maker) -> None:
    queues = Queues(10)
    queues.remember_slow(job(SCAN % 1))
    assert queues.is_slow(job(SCAN % 2))
    assert not queues.is_slow(job(JOIN % 1))


def test_a_heavy_text_is_known_by_all_of_it_and_its_shape_is_slow(job: Maker) -> None:
    queues = Queues(10)
    queues.remember_heavy(job(SCAN % 1))
    assert queues.was_heavy(job(SCAN % 1))
    assert not queues.was_heavy(job(SCAN % 2))
    assert queues.is_slow(job(SCAN % 2))


def test_what_was_quick_of_late_is_heavy_and_slow_no_more(job: Maker) -> None:
    queues = Queues(10)
    queues.remember_heavy(job(SCAN % 1))
    queues.remember_quick(job(SCAN % 1))
    assert not queues.was_heavy(job(SCAN % 1))
    assert queues.speed_class(job(SCAN % 2)) == SpeedClass.QUICK


def test_of_a_thousand_shapes_the_one_that_came_longest_ago_is_forgotten(
    job: Maker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queues_module, "_REMEMBERED", 2)
    queues = Queues(10)
    for text in (POINT, SCAN, POINT, JOIN):
        queues.remember_slow(job(text % 0))
    slow = [text for text in (POINT, SCAN, JOIN) if queues.is_slow(job(text % 1))]
    assert slow == [POINT, JOIN]


# ------------------------------------------------------------------------------------- shapes


@pytest.mark.parametrize(
    "other",
    [
        "SELECT ?o { <http://e.org/2> ex:p ?o FILTER(?o > 17.5) FILTER(?l = 'b') }",
        'SELECT ?o { <http://e.org/1> ex:q ?o FILTER(?o > 1) FILTER(?l = "a") }',
        "SELECT ?o # first\n{\n  <http://e.org/1> ex:p ?o\n  FILTER(?o > 1) FILTER(?l = 'a')\n}",
    ],
)
def test_constants_comments_and_space_do_not_change_the_shape(other: str) -> None:
    text = "SELECT ?o { <http://e.org/1> ex:p ?o FILTER(?o > 1) FILTER(?l = 'a') }"
    assert shape_of(other) == shape_of(text)


@pytest.mark.parametrize(
    "other",
    ["SELECT ?s { ?s ?p ?o . ?o ?q ?s }", "SELECT ?x { ?s ?p ?o }", "ASK { ?s ?p ?o }"],
)
def test_patterns_and_variables_change_it(other: str) -> None:
    assert shape_of(other) != shape_of("SELECT ?s { ?s ?p ?o }")


def test_only_the_beginning_of_a_long_text_is_looked_at() -> None:
    begin = "SELECT * { " + "?s ?p ?o . " * 400
    assert shape_of(begin + "}") == shape_of(begin + "?a ?b ?c }")


# ------------------------------------------------------------------------------ instant ones


def test_a_shape_is_instant_as_long_as_its_last_query_was(job: Maker) -> None:
    queues = Queues(10)
    assert not queues.is_instant(job(POINT % 1))
    queues.remember_quick(job(POINT % 1), instant=True)
    assert queues.is_instant(job(POINT % 2))
    queues.remember_quick(job(POINT % 2))
    assert not queues.is_instant(job(POINT % 1))
    queues.remember_quick(job(POINT % 1), instant=True)
    queues.remember_slow(job(POINT % 3))
    assert not queues.is_instant(job(POINT % 1))


def test_only_an_instant_query_whose_turn_it_is_is_handed_out_as_one(job: Maker) -> None:
    queues = Queues(10)
    queues.remember_quick(job(POINT % 0), instant=True)
    queues.remember_quick(job(SCAN % 0))
    waiting = [job(POINT % 1), job(SCAN % 1), job(POINT % 2)]
    for found in waiting:
        queues.enqueue_short(found)
    assert queues.dequeue_instant(0.0) is waiting[0]
    assert queues.dequeue_instant(0.0) is None
    assert drained(queues) == waiting[1:]


def test_an_instant_query_goes_before_those_that_wait_only_where_no_quick_one_does(
    job: Maker,
) -> None:
    queues = Queues(10)
    queues.remember_quick(job(POINT % 0), instant=True)
    assert queues.lets_pass(job(POINT % 1), 0.0)
    assert not queues.lets_pass(job(SCAN % 1), 0.0)
    queues.enqueue_short(job(SCAN % 1))
    assert queues.lets_pass(job(POINT % 1), 0.0)
    queues.enqueue_short(job(POINT % 1))
    assert not queues.lets_pass(job(POINT % 2), 0.0)


def test_one_that_comes_again_goes_before_the_others_of_its_kind(job: Maker) -> None:
    queues = Queues(1)
    first, again = job(POINT % 1), job(POINT % 2)
    queues.enqueue_short(first)
    queues.enqueue_first(again)
    assert drained(queues) == [again, first]


# ---------------------------------------------------------------------------------- patience


@pytest.mark.parametrize("known_as_slow", [False, True])
def test_what_has_waited_too_long_goes_first_now_and_then(job: Maker, known_as_slow: bool) -> None:
    queues = Queues(10)
    queues.remember_quick(job(POINT % 0), instant=True)
    if known_as_slow:
        queues.remember_slow(job(SCAN % 0))
    patient = [job(SCAN % number) for number in range(2)]
    for found in patient:
        queues.enqueue_short(found)
    quick = [job(POINT % number) for number in range(4)]
    for found in quick:
        found.arrived = 0.1
        queues.enqueue_short(found)
    assert queues.dequeue_short(0.2, slow=False) is quick[0]
    assert queues.dequeue_instant(0.3) is None  # A worker that is free now is for the patient one.
    assert not queues.lets_pass(job(POINT % 9), 0.3)
    assert queues.dequeue_short(0.3, slow=False) is patient[0]
    assert queues.dequeue_short(0.35, slow=False) is quick[1]
    assert queues.dequeue_instant(0.35) is quick[2]
    assert queues.dequeue_short(0.45, slow=False) is patient[1]
    assert queues.dequeue_short(0.6, slow=False) is quick[3]


def test_a_quick_query_that_came_before_the_patient_one_keeps_its_turn(job: Maker) -> None:
    queues = Queues(10)
    queues.remember_quick(job(POINT % 0))
    quick, patient = job(POINT % 1), job(SCAN % 1)
    patient.arrived = 0.1
    for found in (patient, quick):
        queues.enqueue_short(found)
    assert drained(queues) == [quick, patient]


def test_to_take_out_tells_whether_it_waited(job: Maker) -> None:
    queues = Queues(10)
    waiting = job(POINT % 1)
    queues.enqueue_short(waiting)
    assert queues.remove(waiting)
    assert not queues.remove(waiting)
