"""Java may take half of the memory that there is, or what the operator says."""

from __future__ import annotations

from pathlib import Path

import pytest

from smegraph.graph import heap
from smegraph.graph.errors import ReasonerError
from smegraph.graph.heap import HEAP_VARIABLE, heap_size, memory_size


def test_half_of_the_memory_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(HEAP_VARIABLE, raising=False)
    assert heap_size() == memory_size() // 2


def test_a_variable_that_is_empty_says_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(HEAP_VARIABLE, "")
    assert heap_size() == memory_size() // 2


def test_what_the_operator_says_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(HEAP_VARIABLE, "4096")
    assert heap_size() == 4096


def test_a_tiny_machine_gets_what_java_needs_to_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(HEAP_VARIABLE, raising=False)
    monkeypatch.setattr(heap, "memory_size", lambda: 20)
    assert heap_size() == heap.LEAST


@pytest.mark.parametrize("stated", ["2G", "-1", "0", "15", " 64", "1e3", "²"])
def test_what_is_no_number_of_mib_is_refused(monkeypatch: pytest.MonkeyPatch, stated: str) -> None:
    monkeypatch.setenv(HEAP_VARIABLE, stated)
    with pytest.raises(
        ReasonerError, match=r"SMEGRAPH_JAVA_HEAP is .* a number of MiB, 16 or more"
    ):
        heap_size()


@pytest.mark.parametrize("name", ["memory.max", "memory/memory.limit_in_bytes"])
def test_limit_of_the_control_group_is_kept(tmp_path: Path, name: str) -> None:
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_text(f"{64 << 20}\n", "ascii")
    assert memory_size(tmp_path) == 64


@pytest.mark.parametrize("limit", ["max", str(1 << 62)])
def test_control_group_without_a_limit_changes_nothing(tmp_path: Path, limit: str) -> None:
    (tmp_path / "memory.max").write_text(f"{limit}\n", "ascii")
    assert memory_size(tmp_path) == memory_size(tmp_path / "none")
