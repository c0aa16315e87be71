"""The built release served by the real command on a free port."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.conftest import Checkout


@contextmanager
def serving(checkout: Checkout, out: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """`smegraph serve` as a process, with the address that it says it serves."""
    with checkout.start("serve", "--out", out, "--port", "0") as process:
        try:
            assert process.stdout is not None
            said = process.stdout.readline()
            address = re.search(r"http://127\.0\.0\.1:\d+", said)
            assert address, said or process.communicate(timeout=60)[1]
            yield process, address.group()
        finally:
            process.kill()


@pytest.fixture(scope="session")
def service(checkout: Checkout, built: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A process that serves the built release, and its address; it goes on serving."""
    with serving(checkout, built) as (process, address):
        yield process, address
