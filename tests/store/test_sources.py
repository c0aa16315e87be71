"""What a path that is to be served may hold."""

from __future__ import annotations

import bz2
import gzip
import os
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, Store

from smegraph.store import sources as sources_module
from smegraph.store.errors import SourceError
from smegraph.store.sources import estimate, find_source, fingerprint
from smegraph.store.syntax import Syntax, syntax_of
from tests.store.examples import FORMS, ONE, loaded, write


def test_a_folder_is_loaded_with_the_folders_in_it(tmp_path: Path) -> None:
    write(tmp_path, one__ttl=FORMS["a.ttl"])
    write(tmp_path / "deeper", two__nt=ONE.replace(b"/b", b"/c"))
    assert [file.name for file in find_source(tmp_path).files] == ["deeper/two.nt", "one.ttl"]
    assert len(loaded(tmp_path)) == 2


def test_hidden_files_are_skipped_and_files_that_are_no_rdf_are_told(tmp_path: Path) -> None:
    write(tmp_path, a__nt=ONE, README__md=b"# Read", __hidden__ttl=b"not turtle")
    write(tmp_path / ".git", x__ttl=b"not turtle")
    source = find_source(tmp_path)
    assert [file.name for file in source.files] == ["a.nt"]
    assert source.skipped == ("README.md",)


def test_a_file_of_an_ontology_editor_is_taken_for_what_it_holds(tmp_path: Path) -> None:
    turtle = b"@prefix e: <http://e/> . e:a e:b 1 ."
    write(
        tmp_path,
        a__owl=turtle,
        b__owl=b"Ontology(<http://e/>)",
        c__xml=b"<?xml version='1.0'?><a/>",
    )
    write(tmp_path, d__turtle=turtle, e__n3=turtle, f__ttl__bz2=bz2.compress(turtle))
    source = find_source(tmp_path)
    assert [(file.name, file.format.name) for file in source.files] == [
        ("a.owl", "Turtle"), ("d.turtle", "Turtle"), ("e.n3", "N3"), ("f.ttl.bz2", "Turtle"),
    ]  # fmt: skip
    assert source.skipped == ("b.owl (OWL functional syntax)", "c.xml (XML)")
    assert len(loaded(tmp_path)) == 1
    with pytest.raises(SourceError, match="is OWL functional syntax, and no RDF"):
        find_source(tmp_path / "b.owl")


def test_a_file_is_looked_into_once_for_each_of_its_states(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[Path] = []

    def look(path: Path) -> Syntax | None:
        looked.append(path)
        return syntax_of(path)

    monkeypatch.setattr(sources_module, "syntax_of", look)
    write(tmp_path, a__owl=b"@prefix e: <http://e/> . e:a e:b 1 .")
    for _ in range(3):
        find_source(tmp_path)
    assert len(looked) == 1
    write(tmp_path, a__owl=b"Ontology(<http://e/>)")
    with pytest.raises(SourceError, match="OWL functional syntax"):
        find_source(tmp_path)
    assert len(looked) == 2


def test_what_is_no_regular_file_is_not_opened(tmp_path: Path) -> None:
    write(tmp_path, a__nt=ONE)
    os.mkfifo(tmp_path / "b.ttl")
    os.mkfifo(tmp_path / "c.owl")
    source = find_source(tmp_path)
    assert source.skipped == ("b.ttl (is no regular file)", "c.owl (is no regular file)")
    with pytest.raises(SourceError, match="neither a folder nor a regular file"):
        find_source(tmp_path / "c.owl")


def test_a_link_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    outside = write(tmp_path / "outside", secret__nt=ONE)
    inside = write(tmp_path / "inside", a__nt=ONE)
    (inside / "b.nt").symlink_to(outside / "secret.nt")
    (inside / "folder").symlink_to(outside)
    source = find_source(inside)
    assert [file.name for file in source.files] == ["a.nt"]
    assert source.skipped == (
        "b.nt (leads out of the folder)", "folder (leads out of the folder)",
    )  # fmt: skip
    assert source.links_out == ("b.nt", "folder")


def test_a_link_out_of_the_folder_is_followed_where_somebody_says_so(tmp_path: Path) -> None:
    outside = write(tmp_path / "outside", secret__nt=ONE, other__nt=ONE)
    inside = write(tmp_path / "inside", a__nt=ONE)
    (inside / "b.nt").symlink_to(outside / "secret.nt")
    (inside / "folder").symlink_to(outside)
    source = find_source(inside, follow_links=True)
    assert [file.name for file in source.files] == ["a.nt", "b.nt", "folder/other.nt"]
    assert (source.skipped, source.links_out, source.follows_links) == ((), (), True)


def test_a_folder_of_links_alone_is_told_how_they_would_be_followed(tmp_path: Path) -> None:
    outside = write(tmp_path / "outside", secret__nt=ONE)
    (tmp_path / "inside").mkdir()
    (tmp_path / "inside" / "b.nt").symlink_to(outside / "secret.nt")
    with pytest.raises(SourceError, match=r"b\.nt \(leads out of the folder\).*`--follow-links`"):
        find_source(tmp_path / "inside")


def test_a_path_that_is_named_may_be_a_link_itself(tmp_path: Path) -> None:
    folder = write(tmp_path / "folder", a__nt=ONE)
    (tmp_path / "link").symlink_to(folder)
    (tmp_path / "link.nt").symlink_to(folder / "a.nt")
    assert [file.name for file in find_source(tmp_path / "link").files] == ["a.nt"]
    assert len(find_source(tmp_path / "link.nt").files) == 1


class TestRelease:
    def test_an_output_folder_stands_for_its_current_release(
        self, release: Path, tmp_path: Path
    ) -> None:
        (tmp_path / "current").symlink_to(release)
        source = find_source(tmp_path)
        assert (source.kind, source.path, source.version) == ("release", release, "1.2.3")
        assert fingerprint(source) == "1.2.3"

    def test_its_store_stands_for_it(self, release: Path) -> None:
        assert find_source(release / "store") == find_source(release)

    def test_a_manifest_without_a_version_is_refused(self, release: Path, tmp_path: Path) -> None:
        Store.read_only(str(release / "store")).backup(str(tmp_path / "store"))
        (tmp_path / "manifest.json").write_text("{}")
        with pytest.raises(SourceError, match="does not say which version"):
            find_source(tmp_path)


def test_a_writable_dataset_and_an_oxigraph_store_are_told_apart(tmp_path: Path) -> None:
    store = Store(str(tmp_path / "store"))
    store.load(ONE, RdfFormat.N_TRIPLES)
    store.flush()
    del store
    assert find_source(tmp_path).kind == "dataset"
    assert find_source(tmp_path / "store").kind == "store"
    assert len(loaded(tmp_path)) == 1


class TestRefused:
    def test_a_path_that_does_not_exist(self, tmp_path: Path) -> None:
        with pytest.raises(SourceError, match="does not exist"):
            find_source(tmp_path / "nowhere")

    def test_an_empty_folder(self, tmp_path: Path) -> None:
        with pytest.raises(SourceError, match=r"It is empty.*\.ttl \.turtle"):
            find_source(tmp_path)

    def test_a_folder_without_rdf_is_told_what_would_do(self, tmp_path: Path) -> None:
        with pytest.raises(SourceError, match=r"It holds notes\.txt\. These endings would do"):
            find_source(write(tmp_path, notes__txt=b""))

    def test_a_file_of_an_unknown_ending(self, tmp_path: Path) -> None:
        with pytest.raises(SourceError, match="no ending of an RDF file"):
            find_source(write(tmp_path, a__csv=b"") / "a.csv")

    def test_links_in_a_circle(self, tmp_path: Path) -> None:
        (tmp_path / "a").symlink_to(tmp_path / "b")
        (tmp_path / "b").symlink_to(tmp_path / "a")
        with pytest.raises(SourceError, match="cannot be read"):
            find_source(tmp_path / "a")


class TestFingerprint:
    def test_it_stays_as_long_as_the_files_do(self, tmp_path: Path) -> None:
        write(tmp_path, a__nt=ONE)
        assert fingerprint(find_source(tmp_path)) == fingerprint(find_source(tmp_path))

    @pytest.mark.parametrize("change", ["content", "time", "name", "more"])
    def test_it_changes_with_the_files(self, tmp_path: Path, change: str) -> None:
        file = write(tmp_path, a__nt=ONE) / "a.nt"
        before = fingerprint(find_source(tmp_path))
        if change == "content":
            file.write_bytes(ONE * 2)
        elif change == "time":
            os.utime(file, ns=(1, 1))
        elif change == "name":
            file.rename(tmp_path / "b.nt")
        else:
            write(tmp_path, b__nt=ONE)
        assert fingerprint(find_source(tmp_path)) != before

    def test_reading_a_store_does_not_change_it(self, tmp_path: Path) -> None:
        store = Store(str(tmp_path))
        store.load(ONE, RdfFormat.N_TRIPLES)
        store.flush()
        del store
        before = fingerprint(find_source(tmp_path))
        loaded(tmp_path)
        assert fingerprint(find_source(tmp_path)) == before


@pytest.mark.parametrize("name", ["a.nt", "a.nq", "a.nt.gz"])
def test_the_estimate_tells_thousands_from_millions(tmp_path: Path, name: str) -> None:
    content = b"".join(ONE.replace(b"/a>", b"/%d>" % n) for n in range(10_000))
    (tmp_path / name).write_bytes(gzip.compress(content) if name.endswith("gz") else content)
    assert 2_000 < estimate(find_source(tmp_path)) < 50_000
