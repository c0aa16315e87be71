"""How what is served is loaded, whole or not at all."""

from __future__ import annotations

import gzip
import io
import json
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from pyoxigraph import QuerySolutions, RdfFormat, Store

from smegraph.store.embedded import EmbeddedStore, store_union
from smegraph.store.errors import SourceError
from smegraph.store.loading import (
    Dumped,
    dump,
    load_files,
    loader_command,
    parse_failure,
    parse_report,
    prepare,
)
from smegraph.store.sources import find_source
from tests.store.examples import FORMS, ONE, default_graph, loaded, write


@pytest.mark.parametrize("name", FORMS)
@pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["plain", "gzip"])
def test_every_format_is_loaded(tmp_path: Path, name: str, pack: Callable[[bytes], bytes]) -> None:
    path = tmp_path / (name if pack is bytes else f"{name}.gz")
    path.write_bytes(pack(FORMS[name]))
    (quad,) = loaded(path)
    assert f"{quad.triple} .\n".encode() == ONE
    in_graph = name in ("a.trig", "a.nq")
    assert str(quad.graph_name) == ("<http://example.org/g>" if in_graph else "DEFAULT")


def test_statements_come_sorted_the_last_first(tmp_path: Path) -> None:
    lines = [b"<http://e.org/%d> <http://e.org/p> <http://e.org/o> .\n" % n for n in b"cabd"]
    out = io.BytesIO()
    dump(find_source(write(tmp_path, a__nt=b"".join(lines))), out, union=True)
    assert out.getvalue() == b"".join(sorted(lines, reverse=True))


def test_a_catalog_that_an_ontology_editor_leaves_is_no_rdf(tmp_path: Path) -> None:
    catalog = b'<catalog xmlns="urn:oasis:names:tc:entity:xmlns:xml:catalog"/>'
    write(tmp_path, a__nt=ONE)
    (tmp_path / "catalog-v001.xml").write_bytes(catalog)
    source = find_source(tmp_path)
    assert [file.name for file in source.files] == ["a.nt"]
    assert source.skipped == ("catalog-v001.xml",)


def test_a_link_within_the_folder_loads_a_file_once(tmp_path: Path) -> None:
    write(tmp_path, a__ttl=b"[] <http://example.org/p> 1 .")
    (tmp_path / "b.ttl").symlink_to(tmp_path / "a.ttl")
    assert len(loaded(tmp_path)) == 1


def test_blank_nodes_of_two_files_are_not_confused(tmp_path: Path) -> None:
    write(tmp_path, a__nt=b"_:x <http://e.org/p> _:x .", b__nt=b"_:x <http://e.org/p> _:x .")
    assert len(loaded(tmp_path)) == 2


def test_relative_iris_tell_nothing_of_the_machine(tmp_path: Path) -> None:
    write(tmp_path / "my data", a__ttl=b"<> <p#q> <#b> .")
    (quad,) = loaded(tmp_path)
    assert str(quad.triple) == (
        "<file:///my%20data/a.ttl> <file:///my%20data/p#q> <file:///my%20data/a.ttl#b>"
    )


def test_a_byte_order_mark_is_no_fault(tmp_path: Path) -> None:
    assert len(loaded(write(tmp_path, a__ttl=b"\xef\xbb\xbf" + FORMS["a.ttl"]))) == 1


def test_rare_terms_come_through(tmp_path: Path) -> None:
    terms = b'"\\u0001\\r\\n .\\n", <<( <http://e.org/a> <http://e.org/b> "x"@en--ltr )>>, "\\\\" .'
    path = write(tmp_path, a__ttl=b"<http://e.org/a> <http://e.org/p> " + terms) / "a.ttl"
    expected = Store()
    expected.load(path=path)
    assert {q.triple for q in loaded(path, union=True)} == {q.triple for q in expected}


class TestUnion:
    TRIG = b"""@prefix e: <http://e.org/> . e:d e:p 1 . e:g { e:a e:p e:b, e:c } _:h { e:a e:p e:b }
               e:g { [] e:p "x .\\n" }"""

    def test_the_default_graph_holds_each_triple_once(self, tmp_path: Path) -> None:
        path = write(tmp_path, a__trig=self.TRIG)
        store = loaded(path, union=True)
        assert len(default_graph(store)) == 4
        assert len(store) == 4 + 4

    def test_it_is_what_store_union_makes(self, tmp_path: Path) -> None:
        path = write(
            tmp_path, a__nq=b"\n".join(ONE[:-3] + b"<http://e.org/%d> ." % n for n in b"ab")
        )
        by_hand = loaded(path)
        store_union(by_hand)
        assert set(loaded(path, union=True)) == set(by_hand)

    def test_strict_leaves_the_default_graph_as_it_is(self, tmp_path: Path) -> None:
        assert len(default_graph(loaded(write(tmp_path, a__trig=self.TRIG)))) == 1

    def test_what_is_counted_is_the_source(self, tmp_path: Path) -> None:
        source = find_source(write(tmp_path, a__trig=self.TRIG))
        assert {dump(source, io.BytesIO(), union=union).quads for union in (True, False)} == {5}

    @pytest.mark.parametrize(
        ("text", "shared"),
        [
            (b"<urn:g> { e:a e:p 1 } <urn:h> { e:a e:p 1.0 }", False),
            (b"<urn:g> { e:a e:p 1 } <urn:h> { e:a e:p 1 }", True),
            (b"e:a e:p 1 . <urn:g> { e:a e:p 2 }", False),
            (b"e:a e:p 1 . <urn:g> { e:a e:p 1 }", True),
            (b"e:a e:p 1 , 2 .", False),
            (b"<urn:g> { _:a e:p _:b } <urn:h> { _:b e:p _:a }", False),
            (b"<urn:g> { _:a e:p _:b } <urn:h> { _:a e:p _:b }", True),
        ],
    )
    def test_it_is_stored_only_where_two_graphs_state_a_triple(
        self, tmp_path: Path, text: bytes, shared: bool
    ) -> None:
        path = write(tmp_path, a__trig=b"@prefix e: <http://e.org/> . " + text)
        out = io.BytesIO()
        told = dump(find_source(path), out, union=True)
        assert told == Dumped(told.quads, union=shared, disjoint=not shared)
        store = Store()
        store.bulk_load(out.getvalue(), format=RdfFormat.N_QUADS)
        asked = EmbeddedStore(store, stored_union=told.union, disjoint=told.disjoint)
        found = asked.query("SELECT ?s ?p ?o { ?s ?p ?o }")
        assert isinstance(found, QuerySolutions)
        triples = [(row["s"], row["p"], row["o"]) for row in found]
        assert len(triples) == len(set(triples)) == told.quads - shared

    def test_graphs_are_not_compared_for_those_who_ask_none(self, tmp_path: Path) -> None:
        source = find_source(write(tmp_path, a__trig=self.TRIG))
        assert dump(source, io.BytesIO(), union=False) == Dumped(5, union=False, disjoint=False)


class TestRelease:
    def test_a_union_that_it_brings_is_no_data_of_its_own(
        self, release: Path, tmp_path: Path
    ) -> None:
        Store.read_only(str(release / "store")).backup(str(tmp_path / "store"))
        store = Store(str(tmp_path / "store"))
        named = len(store)
        store_union(store)
        store.flush()
        union = default_graph(store)
        del store
        (tmp_path / "manifest.json").write_text('{"version": "1"}')
        assert default_graph(loaded(tmp_path, union=True)) == union
        assert default_graph(loaded(tmp_path)) == []
        assert dump(find_source(tmp_path), io.BytesIO(), union=True).quads == named


class TestRefused:
    def test_a_folder_that_only_looks_like_a_store(self, tmp_path: Path) -> None:
        with pytest.raises(SourceError, match="no Oxigraph store"):
            loaded(write(tmp_path, CURRENT=b"MANIFEST-000001\n"))

    def test_every_fault_of_every_file_is_told(self, tmp_path: Path) -> None:
        write(tmp_path, good__nt=ONE, a__nt=ONE + b"<no iri> .\n" + ONE + b"x\n", b__json=b"{,")
        with pytest.raises(SourceError) as refused:
            loaded(tmp_path)
        places = [(fault.file, fault.line, fault.column) for fault in refused.value.faults]
        assert places == [("a.nt", 2, 1), ("a.nt", 4, 1), ("b.json", 1, 2)]
        assert "It cannot be served, as there are 3 faults in 2 files" in str(refused.value)
        assert "Invalid IRI code point" in str(refused.value)

    def test_a_file_full_of_faults_does_not_flood(self, tmp_path: Path) -> None:
        with pytest.raises(SourceError, match="and perhaps more") as refused:
            loaded(write(tmp_path, a__nt=b"x\n" * 1000))
        assert len(refused.value.faults) == 21

    def test_a_remote_json_ld_context_is_not_fetched(self, tmp_path: Path) -> None:
        remote = b'{"@context": "http://127.0.0.1:9/context", "@id": "http://e.org/a", "p": 1}'
        with pytest.raises(SourceError, match="the JSON-LD context lies elsewhere"):
            loaded(write(tmp_path, a__jsonld=remote))

    def test_a_bomb_is_not_unpacked(self, tmp_path: Path) -> None:
        write(tmp_path, a__nt__gz=gzip.compress(ONE * 100_000))
        store = Store()
        with pytest.raises(
            SourceError, match=r"a\.nt\.gz: unpacked it is larger than 100000 bytes"
        ):
            load_files(find_source(tmp_path), store, limit=100_000)

    @pytest.mark.parametrize(
        "broken", [b"no gzip", gzip.compress(ONE * 9)[:-9]], ids=["other", "cut"]
    )
    def test_what_cannot_be_unpacked(self, tmp_path: Path, broken: bytes) -> None:
        with pytest.raises(SourceError, match=r"a\.nt\.gz: (it cannot be unpacked|Not a gzipped)"):
            loaded(write(tmp_path, a__nt__gz=broken))

    def test_nested_xml_entities(self, tmp_path: Path) -> None:
        bomb = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>' + FORMS["a.rdf"]
        with pytest.raises(SourceError, match="entities are nested"):
            loaded(write(tmp_path, a__owl=bomb))


def test_xml_entities_for_namespaces_are_no_fault(tmp_path: Path) -> None:
    short = b'<!DOCTYPE x [<!ENTITY ex "http://example.org/">]>' + FORMS["a.rdf"]
    short = short.replace(b'"http://example.org/b"', b'"&ex;b"')
    (quad,) = loaded(write(tmp_path, a__owl=short))
    assert f"{quad.triple} .\n".encode() == ONE


class TestOnDisk:
    def test_a_store_is_made_once_for_each_state_of_the_files(self, tmp_path: Path) -> None:
        data = write(tmp_path / "data", a__trig=TestUnion.TRIG)
        made = prepare(find_source(data), tmp_path / "cache", union=True)
        store = Store.read_only(str(made))
        assert len(default_graph(store)) == 4
        assert prepare(find_source(data), tmp_path / "cache", union=True) == made
        write(data, b__nt=ONE)
        assert prepare(find_source(data), tmp_path / "cache", union=True) != made

    def test_no_more_than_two_are_kept(self, tmp_path: Path) -> None:
        data = tmp_path / "data"
        for number in range(4):
            write(data, a__nt=ONE * (number + 1))
            made = prepare(find_source(data), tmp_path / "cache", union=False)
        left = list((tmp_path / "cache").iterdir())
        assert len(left) == 2
        assert made in left

    def test_a_fault_leaves_nothing_behind(self, tmp_path: Path) -> None:
        data = write(tmp_path / "data", a__nt=ONE, b__nt=b"x")
        with pytest.raises(SourceError):
            prepare(find_source(data), tmp_path / "cache", union=True)
        assert list((tmp_path / "cache").iterdir()) == []

    def test_a_release_is_served_where_it_lies(self, release: Path, tmp_path: Path) -> None:
        made = prepare(find_source(release), tmp_path / "cache", union=True)
        assert made == release / "store"

    def test_the_union_of_a_store_is_made_beside_it(self, tmp_path: Path) -> None:
        store = Store(str(tmp_path / "data"))
        store.load(TestUnion.TRIG, RdfFormat.TRIG)
        store.flush()
        del store
        made = prepare(find_source(tmp_path / "data"), tmp_path / "cache", union=True)
        assert len(default_graph(Store.read_only(str(made)))) == 4
        assert len(default_graph(Store.read_only(str(tmp_path / "data")))) == 1


class TestLoaderProcess:
    def run(self, path: Path) -> subprocess.CompletedProcess[bytes]:
        command = loader_command(path, union=True)
        return subprocess.run(command, capture_output=True, check=False, timeout=300)

    def test_it_writes_the_data_and_tells_how_much(self, tmp_path: Path) -> None:
        done = self.run(write(tmp_path, a__nq=FORMS["a.nq"]))
        assert (done.returncode, done.stdout) == (0, FORMS["a.nq"])
        assert parse_report(done.stderr.decode()) == Dumped(1, union=False, disjoint=True)

    def test_it_tells_faults_in_lines_of_json(self, tmp_path: Path) -> None:
        done = self.run(write(tmp_path, a__nt=ONE + b"x\n", b__nt=b"y\n"))
        assert (done.returncode, done.stdout) == (1, b"")
        assert json.loads(done.stderr.splitlines()[1])["line"] == 2
        failure = parse_failure(done.stderr.decode())
        assert [fault.file for fault in failure.faults] == ["a.nt", "b.nt"]
        assert "It cannot be served" in failure.message

    def test_its_faults_can_be_read_after_its_output(self, tmp_path: Path) -> None:
        for number in range(60):  # more than a pipe holds
            write(tmp_path, **{f"{'long' * 20}{number}__nt": b"x\n" * 30})
        command = loader_command(tmp_path, union=True)
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as loader:
            assert loader.stdout is not None
            assert loader.stderr is not None
            assert loader.stdout.read() == b""
            said = loader.stderr.read()
        assert len(said) > 1 << 16
        assert len(parse_failure(said.decode()).faults) == 60 * 21

    def test_one_that_dies_midway_is_told_by_its_exit_code(self, tmp_path: Path) -> None:
        lines = (ONE.replace(b"/a>", b"/%d>" % number) for number in range(20_000))
        command = loader_command(write(tmp_path, a__nt=b"".join(lines)), union=True)
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as loader:
            assert loader.stdout is not None
            assert loader.stdout.read(10_000)
            loader.send_signal(signal.SIGKILL)
            loader.stdout.read()
        assert loader.returncode == -signal.SIGKILL

    def test_one_whose_reader_has_gone_ends(self, tmp_path: Path) -> None:
        lines = (ONE.replace(b"/a>", b"/%d>" % number) for number in range(20_000))
        command = loader_command(write(tmp_path, a__nt=b"".join(lines)), union=True)
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as loader:
            assert loader.stdout is not None
            assert loader.stderr is not None
            loader.stdout.close()
            assert loader.wait(60) == 1
            assert loader.stderr.read() == b""
