"""How rows show: a table for a terminal, and one for a notebook."""

from __future__ import annotations

from pyoxigraph import BlankNode, Literal, NamedNode

from smegraph.client import Rows

FIRM = NamedNode("https://w3id.org/smegraph/id/firm-a")


def test_rows_show_as_a_table_with_short_iris() -> None:
    terms = [(FIRM, Literal(2014)), (None, Literal(2015))]
    assert repr(Rows(["firm", "founded"], terms)).splitlines() == [
        "firm       founded",
        "---------- -------",
        "id:firm-a  2014",
        "           2015",
        "(2 rows)",
    ]


def test_only_the_first_rows_and_the_beginning_of_a_text_show() -> None:
    text = repr(Rows(["a"], [(Literal(f"{n}\n" + "x" * 100),) for n in range(1000)]))
    assert text.splitlines()[2] == "0 " + "x" * 57 + "…"
    assert text.endswith("(1000 rows, the first 20 shown)")
    assert len(text.splitlines()) == 23


def test_a_table_without_rows_or_variables_shows() -> None:
    assert repr(Rows(["a"], [])) == "a\n-\n(0 rows)"
    assert repr(Rows([], [()])).endswith("(1 row)")


def test_a_notebook_shows_a_table_in_which_everything_is_escaped() -> None:
    bad = NamedNode("javascript:alert(1)")
    found = Rows(["a", "b"], [(Literal("<b>&"), FIRM), (bad, BlankNode("x"))])._repr_html_()
    assert "&lt;b&gt;&amp;" in found
    assert "<b>" not in found
    assert f'<a href="{FIRM.value}">id:firm-a</a>' in found
    assert "<td>&lt;javascript:alert(1)&gt;</td><td>_:x</td>" in found
    assert "<p>2 rows</p>" in found


def test_a_literal_shows_as_it_was_written() -> None:
    number = Literal("007", datatype=NamedNode("http://www.w3.org/2001/XMLSchema#integer"))
    found = Rows(["n"], [(number,)])
    assert "\n007\n" in repr(found)
    assert "<td>007</td>" in found._repr_html_()


def test_what_a_terminal_would_obey_is_written_out() -> None:
    assert "\x1b" not in repr(Rows(["a"], [(Literal("\x1b[2J"),)]))


def test_hints_stand_below_the_rows() -> None:
    rows = Rows(["a"], [], ["`sme:b` is in no graph.", "And <b>\x1b[2J</b>."])
    assert repr(rows).splitlines()[2:] == [
        "(0 rows)", "Hint: `sme:b` is in no graph.", "Hint: And <b>\\x1b[2J</b>.",
    ]  # fmt: skip
    assert rows._repr_html_().endswith(
        "<p>0 rows</p><p>Hint: `sme:b` is in no graph.</p>"
        "<p>Hint: And &lt;b&gt;\\x1b[2J&lt;/b&gt;.</p>"
    )
