"""`smegraph locate`: the cells of a passage."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.conftest import Checkout


def test_locate_gives_offsets_and_hash_over_line_ends(checkout: Checkout, tmp_path: Path) -> None:
    text = "Été: sales of 32 000 € in\n2018. Sales of 112 000 € in 2019."
    (tmp_path / "source.txt").write_text(text, "utf-8")
    done = checkout.run("locate", tmp_path / "source.txt", "sales  of 32 000", "in 2018.")
    passage = "sales of 32 000 € in\n2018."
    start, digest = text.index(passage), sha256(passage.encode()).hexdigest()
    end = start + len(passage)
    assert done.stdout == f"charStart {start}, charEnd {end}, passageHash {digest}\n"


def test_locate_lists_every_place(checkout: Checkout, tmp_path: Path) -> None:
    (tmp_path / "source.txt").write_text("one two one", "utf-8")
    done = checkout.run("locate", tmp_path / "source.txt", "one")
    starts = [line.split(",")[0] for line in done.stdout.splitlines()]
    assert starts == ["charStart 0", "charStart 8"]


def test_locate_of_what_is_not_there_says_so(checkout: Checkout, tmp_path: Path) -> None:
    (tmp_path / "source.txt").write_text("one two", "utf-8")
    done = checkout.run("locate", tmp_path / "source.txt", "three")
    assert (done.returncode, done.stdout) == (1, "")
    assert "holds no such passage" in done.stderr
