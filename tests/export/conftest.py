"""The release that the tests of exports export."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from smegraph.export.extract import Release
from smegraph.store.embedded import EmbeddedStore

if TYPE_CHECKING:
    from tests import conftest


@pytest.fixture(scope="session")
def release(released: conftest.Release) -> Release:
    """The release of the tests."""
    return Release(EmbeddedStore(released.path / "store"), released.path.resolve().name)
