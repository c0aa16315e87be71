"""A small release shaped like the real ones."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.server.conftest import write_release


@pytest.fixture(scope="session")
def release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_release(tmp_path_factory.mktemp("release"))
