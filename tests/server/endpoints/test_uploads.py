"""Uploaded documents become files for as long as they are needed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from starlette.requests import Request

from smegraph.server.disk_space import DiskSpace
from smegraph.server.endpoints.uploads import received
from smegraph.server.engine.errors import InsufficientStorage
from smegraph.server.http.problems import HttpProblem
from tests.server.loops import in_loop

FORM = "multipart/form-data; boundary=x"
MULTIPART = (
    b'--x\r\nContent-Disposition: form-data; name="f"; filename="a.ttl"\r\n\r\nfirst\r\n'
    b'--x\r\nContent-Disposition: form-data; name="f"; filename="b"\r\n'
    b"Content-Type: application/n-triples\r\n\r\nsecond\r\n--x--\r\n"
)


class Upload:
    """A request with a body, and the folder that it goes to."""

    def __init__(self, folder: Path, keep_free: int = 0) -> None:
        self.folder, self._disk = folder, DiskSpace(folder, keep_free)

    async def take(self, body: bytes, content_type: str = "") -> list[tuple[bytes, str, str]]:
        """The content, media type and name of each document that is received."""
        fields = [(b"content-length", str(len(body)).encode())]
        if content_type:
            fields.append((b"content-type", content_type.encode()))
        scope = {"type": "http", "method": "PUT", "path": "/graphs", "headers": fields}
        messages: list[dict[str, Any]] = [{"type": "http.request", "body": body}]

        async def receive() -> dict[str, Any]:
            return messages.pop(0)

        request = Request(scope, receive)
        async with received(
            request, self.folder, limit=10_000, timeout=30.0, disk=self._disk
        ) as documents:
            return [(Path(path).read_bytes(), kind, name) for path, kind, name in documents]


@pytest.fixture
def upload(tmp_path: Path) -> Upload:
    return Upload(tmp_path)


@in_loop
async def test_a_body_is_one_document_of_its_media_type(upload: Upload) -> None:
    found = await upload.take(b"data", 'Text/Turtle; charset="UTF-8"')
    assert found == [(b"data", "text/turtle", "")]


@in_loop
async def test_another_name_of_a_format_becomes_its_own(upload: Upload) -> None:
    ((_, media_type, _),) = await upload.take(b"data", "application/x-turtle")
    assert media_type == "text/turtle"


@in_loop
async def test_a_body_without_a_media_type_is_rdf_xml_and_said_to_be_read_so(
    upload: Upload,
) -> None:
    ((content, media_type, name),) = await upload.take(b"data")
    assert (content, media_type) == (b"data", "application/rdf+xml")
    assert "without a Content-Type" in name


@in_loop
async def test_nothing_at_all_is_no_document(upload: Upload) -> None:
    assert await upload.take(b"") == []


@in_loop
async def test_an_empty_body_of_a_media_type_is_an_empty_document(upload: Upload) -> None:
    assert await upload.take(b"", "text/turtle") == [(b"", "text/turtle", "")]


@in_loop
async def test_a_form_holds_several_documents_by_type_or_by_the_ending_of_their_names(
    upload: Upload,
) -> None:
    assert await upload.take(MULTIPART, FORM) == [
        (b"first", "text/turtle", "a.ttl"),
        (b"second", "application/n-triples", "b"),
    ]


@pytest.mark.parametrize(
    ("body", "content_type", "kind"),
    [
        (b"data", "text/csv", "unsupported-media-type"),
        (b"data", "text/turtle; charset=latin-1", "unsupported-media-type"),
        (
            MULTIPART.replace(b"a.ttl", b"a.csv"),
            FORM,
            "unsupported-media-type",
        ),
        (b"data", FORM, "refused"),
        (b"x" * 10_001, "text/turtle", "body-too-large"),
    ],
)
@in_loop
async def test_what_cannot_be_taken_is_a_problem_and_leaves_no_file(
    upload: Upload, body: bytes, content_type: str, kind: str
) -> None:
    with pytest.raises(HttpProblem) as refused:
        await upload.take(body, content_type)
    assert refused.value.kind == kind
    assert left(upload) == []


@in_loop
async def test_the_files_are_removed_when_they_were_used(upload: Upload) -> None:
    await upload.take(MULTIPART, FORM)
    assert left(upload) == []


@in_loop
async def test_where_too_little_is_left_on_the_disk_nothing_is_taken(tmp_path: Path) -> None:
    upload = Upload(tmp_path, keep_free=10**18)
    with pytest.raises(InsufficientStorage):
        await upload.take(b"data", "text/turtle")
    assert left(upload) == []


@in_loop
async def test_a_disk_that_is_full_midway_is_told_as_such(
    upload: Upload, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(self: Path, *arguments: Any, **options: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "open", fail)
    with pytest.raises(InsufficientStorage, match="no room for this body"):
        await upload.take(b"data", "text/turtle")
    assert left(upload) == []


def left(upload: Upload) -> Sequence[Path]:
    return [*upload.folder.iterdir()]
