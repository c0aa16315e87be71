"""Data frames of rows, with the libraries that are installed and without."""

from __future__ import annotations

import sys
from typing import Any

import pytest
from pyoxigraph import Literal, NamedNode

from smegraph.client import MissingLibrary, Rows

XSD = "http://www.w3.org/2001/XMLSchema#"


def typed(text: str, datatype: str) -> Literal:
    return Literal(text, datatype=NamedNode(XSD + datatype))


COLUMNS = {
    "firm": [NamedNode("https://example.org/a"), NamedNode("https://example.org/b"), None],
    "whole": [typed("1", "integer"), typed("2", "integer"), typed("3", "integer")],
    "gaps": [typed("1", "integer"), None, typed("3", "integer")],
    "growth": [typed("10.29", "decimal"), typed("225", "integer"), None],
    "listed": [typed("true", "boolean"), None, typed("false", "boolean")],
    "when": [typed(f"2020-01-17T12:00:00{zone}", "dateTime") for zone in ("Z", "+02:00", "+00:00")],
    "mixed": [typed("1", "integer"), Literal("a"), typed("2020-01-01", "date")],
    "huge": [typed("9" * 30, "integer"), None, None],
    "empty": [None, None, None],
}  # fmt: skip


@pytest.fixture
def rows() -> Rows:
    return Rows([*COLUMNS], [*zip(*COLUMNS.values(), strict=True)])


@pytest.mark.parametrize("library", ["pandas", "polars"])
def test_a_missing_library_is_named_with_what_would_install_it(
    library: str, rows: Rows, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(MissingLibrary, match=f"pip install {library}"):
        getattr(rows, f"to_{library}")()


@pytest.fixture
def pandas_frame(rows: Rows) -> Any:
    pytest.importorskip("pandas")
    return rows.to_pandas()


@pytest.fixture
def polars_frame(rows: Rows) -> Any:
    pytest.importorskip("polars")
    return rows.to_polars()


def test_pandas_gets_a_type_for_each_column(pandas_frame: Any) -> None:
    types = {name: str(dtype) for name, dtype in pandas_frame.dtypes.items()}
    assert types["firm"] in ("str", "object")
    assert types["when"].endswith("UTC]")
    assert {name: types[name] for name in ("whole", "gaps", "growth", "listed")} == {
        "whole": "int64",
        "gaps": "Int64",
        "growth": "float64",
        "listed": "boolean",
    }


def test_pandas_gets_the_values(pandas_frame: Any) -> None:
    assert pandas_frame["growth"].sum() == pytest.approx(235.29)
    assert pandas_frame["when"].dt.hour.tolist()[:2] == [12, 10]
    assert pandas_frame["mixed"].tolist() == ["1", "a", "2020-01-01"]
    assert pandas_frame["huge"][0] == "9" * 30
    assert pandas_frame["gaps"].isna().tolist() == [False, True, False]


def test_polars_gets_a_type_for_each_column(polars_frame: Any) -> None:
    types = {name: str(dtype) for name, dtype in polars_frame.schema.items()}
    assert types == {
        "firm": "String",
        "whole": "Int64",
        "gaps": "Int64",
        "growth": "Float64",
        "listed": "Boolean",
        "when": "Datetime(time_unit='us', time_zone='UTC')",
        "mixed": "String",
        "huge": "String",
        "empty": "Null",
    }


def test_polars_gets_the_values(polars_frame: Any) -> None:
    assert polars_frame["growth"].sum() == pytest.approx(235.29)
    assert polars_frame["mixed"].to_list() == ["1", "a", "2020-01-01"]
    assert polars_frame["gaps"].to_list() == [1, None, 3]


@pytest.mark.parametrize("library", ["pandas", "polars"])
def test_no_rows_make_a_frame_with_the_columns(library: str) -> None:
    pytest.importorskip(library)
    frame = getattr(Rows(["a", "b"], []), f"to_{library}")()
    assert ([*frame.columns], len(frame)) == (["a", "b"], 0)
