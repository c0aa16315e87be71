"""Entities and tags in the fields of references."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smegraph.bibliography.markup import characters


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("R&amp;D, R&amp;amp;D, R&#38;D, R&#x26;amp;D", "R&D, R&D, R&D, R&D"),
        ("R&amp;D; a study of AT&T; Q&A", "R&D; a study of AT&T; Q&A"),
        ("Mu&ntilde;oz &ndash; &#8220;a&#x201d; &lt; b", "Muñoz – “a” < b"),
        ("&lt;i&gt;Homo&lt;/i&gt; &amp;lt;b&amp;gt;x&amp;lt;/b&amp;gt;", "Homo x"),
        ("<jats:p>A <jats:italic>b</jats:italic></jats:p>", " A b "),
        ("<span class=\"nocase\" style='a'>x</span><br/>y", "x y"),
        ("CO<sub>2</sub>, 1<sup>st</sup>, R<sup>2</sup>, 10<sup>-6</sup>", "CO2, 1st, R2, 10⁻⁶"),
        ("<![CDATA[a]]>", "a"),
        (
            "if a < b and c > d, <foo> stays, a <b and c> too",
            "if a < b and c > d, <foo> stays, a <b and c> too",
        ),
    ],
)
def test_markup_is_read_as_characters(raw: str, text: str) -> None:
    said: list[str] = []
    assert (characters(raw, said), said) == (text, [])


@pytest.mark.parametrize(
    ("raw", "text", "said"),
    [
        ("a &foobar; b", "a &foobar; b", '"&foobar;" is no entity'),
        ("a &#xD800; b", "a &#xD800; b", '"&#xD800;" is no entity'),
        ("a <i>b", "a b", 'The tag "i" has no partner'),
        ('<a href="http://x.org">b</a>', "b", "http://x.org"),
        ("<mml:math><mml:mi>x</mml:mi></mml:math>", "x", "MathML"),
    ],
)
def test_what_is_lost_is_told(raw: str, text: str, said: str) -> None:
    told: list[str] = []
    assert characters(raw, told) == text
    assert said in told[0]


@given(st.text("&<>/;#xamplti \"'=0", max_size=200))
def test_no_text_breaks_it(text: str) -> None:
    assert isinstance(characters(text, []), str)


def test_a_hundred_thousand_entities_are_quick() -> None:
    assert characters("&" + "amp;" * 100_000, []) == "&"
