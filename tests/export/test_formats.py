"""Which format and which compression are meant."""

from __future__ import annotations

from pathlib import Path

import pytest

from smegraph.export.errors import ExportError
from smegraph.export.formats import FORMATS, chosen


def test_each_ending_tells_one_format_with_and_without_compression() -> None:
    for form in FORMATS.values():
        for ending in form.endings:
            for packed, compression in (("", "none"), (".gz", "gzip"), (".zst", "zstd")):
                found = chosen(Path(f"all{ending}{packed}".upper()), None, None)
                assert found == (form, compression)


def test_a_format_is_named_where_nothing_ends_in_it() -> None:
    assert chosen(None, "nquads", "gzip") == (FORMATS["nquads"], "gzip")
    assert chosen(Path("all"), "turtle", None) == (FORMATS["turtle"], "none")


@pytest.mark.parametrize(
    ("target", "form", "compress", "said"),
    [
        (None, None, None, "--format is one of turtle"),
        ("all.tttl", None, None, 'Did you mean ".ttl"?'),
        ("all.doc", None, None, "Known are .ttl"),
        ("all.ttl", "nquads", None, "ends as turtle does"),
        ("all.ttl.gz", None, "zstd", "a file of gzip"),
    ],
)
def test_what_contradicts_itself_is_told(
    target: str | None, form: str | None, compress: str | None, said: str
) -> None:
    with pytest.raises(ExportError) as error:
        chosen(Path(target) if target else None, form, compress)  # type: ignore[arg-type]
    assert said in str(error.value)
