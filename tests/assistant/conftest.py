"""What asks the release, for all tests of the tools."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from smegraph.assistant.asking import Asker, Limits, open_asker
from smegraph.assistant.terms import Names


@pytest.fixture(scope="package")
def asker(built: Path) -> Iterator[Asker]:
    """What asks the release; no query of these tests is stopped."""
    found = open_asker(str(built), Limits(seconds=600))
    yield found
    found.close()


@pytest.fixture(scope="package")
def names(asker: Asker) -> Names:
    """The names of its terms."""
    return Names(asker)
