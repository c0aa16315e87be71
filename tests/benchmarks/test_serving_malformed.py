"""The malformed queries of the benchmark are as long as they say, and malformed."""

from __future__ import annotations

import pytest
from pyoxigraph import Store
from serving_malformed import kinds

SIZE = 2_000


@pytest.mark.parametrize("name", kinds(SIZE))
def test_each_kind_is_so_long_and_refused(name: str) -> None:
    text = kinds(SIZE)[name]
    assert len(text.encode()) == SIZE
    with pytest.raises(SyntaxError):
        Store().query(text)
