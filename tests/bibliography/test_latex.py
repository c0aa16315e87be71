"""LaTeX as programs and people write it, without a loss that is not told."""

from __future__ import annotations

import pytest

from smegraph.bibliography.latex import decode
from smegraph.bibliography.markup import characters


def told(tex: str) -> tuple[str, list[str]]:
    said: list[str] = []
    return characters(decode(tex, said), said), said


@pytest.mark.parametrize(
    ("tex", "text"),
    [
        (r"\h{a} \textcommabelow{s} \t{oo}", "ả ș o͡o"),
        (r"\'{\i} \'\i{} \^\j{} \.{\i}", "í í ĵ i"),
        (r"{\ss} \o{} \ae{} \L{} \SS{} \DJ{}", "ß ø æ Ł ẞ Đ"),
        (r"\'{ab} \^{} \~{}", "áb ^ ~"),
        (r"\ifmmode \check{C}\else \v{C}\fi{}apek", "Čapek"),
        (r"\ifmmode \mbox{\c{s}}\else \c{s}\fi{}x", "şx"),
        (r"$\alpha$-stable CO$_2$, $p<0.05$, $10^{-6}$", "\u03b1-stable CO2, p<0.05, 10⁻⁶"),
        (r"\ensuremath{10^6} m\textsuperscript{2}", "10⁶ m2"),
        (r"costs $5 and $6; US$5m and A$6m", "costs $5 and $6; US$5m and A$6m"),
        (r"\copyright{} \pounds{}5 \S{}3 \textless{}4 \glqq{}a\grqq{}", "© £5 §3 <4 „a“"),
        (r"\enquote{x} \foreignlanguage{german}{Über} \textcolor{red}{y}", "“x” Über y"),
        (
            r"{\em x} \MakeUppercase{abc} \mbox{a\,b} \url{http://a.b/c~d}",
            "x ABC a b http://a.b/c~d",
        ),
    ],
)
def test_what_is_known_is_read_without_a_word(tex: str, text: str) -> None:
    assert told(tex) == (text, [])


@pytest.mark.parametrize(
    ("tex", "text", "said"),
    [
        (r"a \foo{b} c", "a b c", r"\foo is an unknown macro; its text is kept."),
        (r"a \foo b", r"a \foo b", r"\foo is an unknown macro; it stays as it is."),
        (r"A \href{https://x.org}{b}", "A b", r'"https://x.org" in \href is left out.'),
        (r"\noopsort{1973b}1973", "1973", r'"1973b" in \noopsort is left out.'),
        (r"a\ifmmode x\fi b", "ab", '"x" in a condition of TeX is left out.'),
        (r"\today", r"\today", r"\today is an unknown macro; it stays as it is."),
        (r"a\footnote{b}", "a b", r"\footnote is an unknown macro; its text is kept."),
        (r"$\foo{a}$", r"$\foo{a}$", r"\foo is an unknown macro; its formula stays as it is."),
        ("abc\\", "abc\\", "Its LaTeX cannot be read, and stays as it is."),
        (r"a \( b", r"a \( b", "Its LaTeX cannot be read, and stays as it is."),
        (r"a \end{x} b", r"a \end{x} b", "Its LaTeX cannot be read, and stays as it is."),
        (r"a \foo{} b", r"a \foo b", r"\foo is an unknown macro; it stays as it is."),
        (r"\begin{foo}a\end{foo}", "a", r"\begin{foo} is left out; its text is kept."),
        (r"\fi a", r"\fi a", r"\fi is an unknown macro; it stays as it is."),
    ],
)
def test_what_is_not_known_is_told_and_its_text_stays(tex: str, text: str, said: str) -> None:
    assert told(tex) == (text, [said])


def test_braces_stay_where_they_hold_words_together() -> None:
    assert decode(r"{Barnes \& Noble} and {\'E}mile", braces=True) == "{Barnes & Noble} and {É}mile"
