"""The files of a release are told as its manifest has them."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING

from smegraph.export.listing import data_files

if TYPE_CHECKING:
    from tests.conftest import Release


def test_each_file_has_its_size_digest_media_type_and_a_description(released: Release) -> None:
    files = data_files(released.path)
    names = {one.name for one in files}
    assert {"smegraph.trig", "turtle/ontology.ttl", "context.jsonld", "manifest.json"} <= names
    for one in files:
        data = (released.path / one.name).read_bytes()
        assert (one.bytes, one.sha256) == (len(data), hashlib.sha256(data).hexdigest())
        assert one.what != one.name
        assert "/" in one.bare_type != "application/octet-stream"


def test_a_manifest_that_lists_nothing_gives_nothing(tmp_path: Path) -> None:
    assert data_files(tmp_path) == []
    (tmp_path / "manifest.json").write_text(json.dumps({"version": "1"}))
    assert data_files(tmp_path) == []
