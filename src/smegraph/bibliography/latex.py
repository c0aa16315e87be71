r"""LaTeX as plain text, by pylatexenc; what is not read without a loss is told.

pylatexenc drops macros that it does not know, and logs where it fails. Here each macro of a text is
known, or it is told and its text stays.
"""

from __future__ import annotations

import logging
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from pylatexenc.latex2text import (
    LatexNodes2Text,
    MacroTextSpec,
    SpecialsTextSpec,
    get_default_latex_context_db,
)
from pylatexenc.latexwalker import (
    LatexMacroNode,
    LatexMathNode,
    LatexNode,
    LatexWalker,
)
from pylatexenc.latexwalker import get_default_latex_context_db as get_default_syntax
from pylatexenc.macrospec import LatexContextDb, MacroSpec

from smegraph.bibliography.macros import (
    ACCENTS,
    ASIDE,
    DOUBTFUL,
    LAYOUT,
    QUIET,
    SPACING,
    SYMBOLS,
    SYNTAX,
)

_MARKUP = re.compile(r"[\\$~]|``|''|--|[?!]`")
_BARE = re.compile(r"(?<!\\)([%&])")  # LaTeX would take the rest for a comment or a table
_CONDITION = re.compile(r"\\(ifmmode|iffalse|iftrue|else|fi)(?![A-Za-z])\s*")
_DOLLAR = re.compile(r"\\.|\$\$?", re.DOTALL)
_FORMULA = re.compile(r"[A-Za-z]|[0-9.,]+|[<>=+*|]|[^\s$]*[<>=][^\s$]*")
_GROUP = r"\{((?:[^{}]|\{[^{}]*\})*)\}"
_SCRIPT = re.compile(rf"(?<!\\)([_^])\s*(?:{_GROUP}|(\\[A-Za-z]+|[^\\\s{{}}]))")
_DOTLESS = {"\u0131": "i", "\u0237": "j"}
_ESCAPED = re.compile(r"\\.?", re.DOTALL)
_OPEN = {"\\", r"\(", r"\)", r"\[", r"\]"}
_PAIRS = re.compile(r"(?:\\\(\\\)|\\\[\\\])*")
_ENVIRONMENT = re.compile(r"\\(?:begin|end)\{[A-Za-z]+\*?\}")
_NAMED = re.compile(r"\\(?:[A-Za-z]+\*?|.)", re.DOTALL)

# A library's complaints are ours to report, each with its place.
logging.getLogger("pylatexenc").addHandler(logging.NullHandler())
logging.getLogger("pylatexenc").propagate = False


# Decision 060: docs/decisions/060-imports-lose-nothing.md
def decode(text: str, told: list[str] | None = None, *, braces: bool = False) -> str:
    r"""LaTeX as plain text: accents, braces, commands, short formulas.

    Args:
        text: the value of a field.
        told: gets a sentence for each macro that is unknown, or whose text is left out.
        braces: whether braces stay, which hold the words of a name together.

    Raises:
        RecursionError: the braces are nested too deeply.

    >>> decode(r"{\'E}cole de {SME}s: S{\o}ren \& 50% of {\"O}zt{\"u}rk")
    'École de SMEs: Søren & 50% of Öztürk'
    """
    if not _MARKUP.search(text):
        return text if braces else text.replace("{", "").replace("}", "")
    said: list[str] = []
    source = _dollars(_chosen(_BARE.sub(r"\\\1", text), said))
    whole = not _unclosed(source)
    result = _Text(said, braces).read(source).replace("\xa0", " ") if whole else ""
    if not whole or _loses(source, result):
        said.append("Its LaTeX cannot be read, and stays as it is.")
        result = text
    if told is not None:
        told += dict.fromkeys(said)
    return result


class _Text(LatexNodes2Text):  # type: ignore[misc]
    """Renders a text, and says what it does not know."""

    def __init__(self, told: list[str], braces: bool) -> None:
        super().__init__(
            latex_context=_context(), math_mode="text", keep_braced_groups=braces,
            keep_braced_groups_minlen=0,
        )  # fmt: skip
        self.told, self.braces = told, braces

    def read(self, source: str) -> str:
        """Parse and render."""
        walker = LatexWalker(source, latex_context=_syntax(), tolerant_parsing=True)
        return str(self.nodelist_to_text(walker.get_latex_nodes()[0]))

    def macro_node_to_text(self, node: LatexMacroNode) -> str:
        """Render a macro; of one that is unknown, its text."""
        name = node.macroname
        if name == "ensuremath" and _arguments(node):
            inner = str(_arguments(node)[0].latex_verbatim())
            return self._formula(str(node.latex_verbatim()), inner)
        texts = [str(self._groupnodecontents_to_text(one)) for one in _arguments(node)]
        if name in ASIDE:
            set_from = len(texts) - ASIDE[name]
            left = " ".join(texts[:set_from]).strip()
            if name not in QUIET and left:
                self.told.append(f'"{left[:80]}" in \\{name} is left out.')
            return "".join(texts[set_from:])
        spec = self.latex_context.get_macro_spec(name)
        if name not in DOUBTFUL and spec is not None and _fits(spec, texts):
            return str(super().macro_node_to_text(node))
        return self._unknown(node, texts)

    def _unknown(self, node: LatexMacroNode, texts: list[str]) -> str:
        end = node.pos + node.len
        after = node.parsing_state.s[end : end + 2]
        if texts or (after[:1] == "{" and after != "{}"):
            self.told.append(f"\\{node.macroname} is an unknown macro; its text is kept.")
            return f" {' '.join(texts)}" if texts else ""
        self.told.append(f"\\{node.macroname} is an unknown macro; it stays as it is.")
        return f"\\{node.macroname}{node.macro_post_space}"

    def environment_node_to_text(self, node: LatexNode) -> str:
        """Render what stands in an environment."""
        self.told.append(f"\\begin{{{node.environmentname}}} is left out; its text is kept.")
        return str(self.nodelist_to_text(node.nodelist))

    def math_node_to_text(self, node: LatexMathNode) -> str:
        """Render a formula as text if all of it is known; else it stays as it is."""
        whole = str(node.latex_verbatim())
        return self._formula(whole, whole[len(node.delimiters[0]) : -len(node.delimiters[1])])

    def _formula(self, whole: str, inner: str) -> str:
        told: list[str] = []
        text = _Text(told, False).read(_SCRIPT.sub(_script, inner)).strip()
        if not told:
            return text
        self.told += [f"{one.split(';')[0]}; its formula stays as it is." for one in told]
        return whole


def _arguments(node: LatexMacroNode) -> list[LatexNode]:
    found = node.nodeargd.argnlist if node.nodeargd else None
    return [one for one in found or () if one is not None]


def _fits(spec: MacroTextSpec, texts: list[str]) -> bool:
    """Whether a pattern of pylatexenc has as many places as there are texts."""
    pattern = spec.simplify_repl
    if not isinstance(pattern, str) or "%s" not in pattern:
        return True
    return pattern.count("%s") == len(texts)


# ---------------------------------------------------------------------- before it is parsed


def _chosen(text: str, told: list[str]) -> str:
    r"""Return a text with the branches of `\ifmmode` and its like that are set in a text."""
    if "\\if" not in text:
        return text
    parts: list[str] = []
    branches: list[_Branch] = []
    position = 0
    for match in _CONDITION.finditer(text):
        piece, position, word = text[position : match.start()], match.end(), match[1]
        if not any(branch.hidden for branch in branches):
            parts.append(piece)
        else:
            branches[-1].left += piece
        if word.startswith("if"):
            branches.append(_Branch(word != "iftrue"))
        elif not branches:
            return text  # its macros are told one by one
        elif word == "else":
            branches[-1].hidden, branches[-1].other = not branches[-1].hidden, True
        elif (branch := branches.pop()).left.strip() and not branch.other:
            told.append(f'"{branch.left.strip()[:80]}" in a condition of TeX is left out.')
    return text if branches else "".join([*parts, text[position:]])


@dataclass
class _Branch:
    """A branch of a condition, what of it is not set, and whether it has another."""

    hidden: bool
    other: bool = False
    left: str = ""


def _dollars(text: str) -> str:
    """Return a text in which `$` is escaped where it begins no formula, but means money."""
    if "$" not in text:
        return text
    marks = [match for match in _DOLLAR.finditer(text) if match.group()[0] == "$"]
    parts, position, number = [], 0, 0
    while number < len(marks):
        mark, after = marks[number], next(iter(marks[number + 1 : number + 2]), None)
        if after is not None and _is_formula(text, mark, after):
            parts.append(text[position : after.end()])
            position, number = after.end(), number + 2
            continue
        parts += [text[position : mark.start()], mark.group().replace("$", r"\$")]
        position, number = mark.end(), number + 1
    return "".join([*parts, text[position:]])


def _is_formula(text: str, begin: re.Match[str], end: re.Match[str]) -> bool:
    inner = text[begin.end() : end.start()]
    if begin.group() != end.group() or not inner.strip():
        return False
    if re.search(r"\\[A-Za-z]|(?<!\\)[_^]", inner):
        return True
    follows = text[end.end() : end.end() + 1]
    return not follows.isdigit() and _FORMULA.fullmatch(inner) is not None


def _script(match: re.Match[str]) -> str:
    """Write what is raised or lowered as macros."""
    name = "textsuperscript" if match[1] == "^" else "textsubscript"
    return f"\\{name}{{{match[2] if match[2] is not None else match[3]}}}"


def _unclosed(text: str) -> bool:
    r"""Whether `\(` or `\[`, or a backslash at the end, is left open."""
    marks = (mark for mark in _ESCAPED.findall(text) if mark in _OPEN)
    return _PAIRS.fullmatch("".join(marks)) is None


def _loses(source: str, result: str) -> bool:
    """Whether a letter or digit of a text does not stand in what it became, in its order."""
    for name in ASIDE:
        if f"\\{name}" in source:
            source = re.sub(rf"\\{name}\*?\s*(?:\[[^\]]*\])?{_GROUP}", " ", source)
    if source.count(r"\begin{") == source.count(r"\end{"):
        source = _ENVIRONMENT.sub(" ", source)
    there = iter(_letters(result))
    return not all(letter in there for letter in _letters(_NAMED.sub(" ", source)))


def _letters(text: str) -> list[str]:
    plain = unicodedata.normalize("NFKD", text).casefold()
    return [_DOTLESS.get(c, c) for c in plain if c.isalnum()]


# ---------------------------------------------------------------------- macros


@cache
def _syntax() -> LatexContextDb:
    """Return which macros have which arguments."""
    syntax = get_default_syntax()
    macros = [MacroSpec(name, arguments) for name, arguments in SYNTAX.items()]
    macros += [MacroSpec(name, "{") for name in ACCENTS]
    syntax.add_context_category("smegraph", prepend=True, macros=macros)
    return syntax


@cache
def _context() -> LatexContextDb:
    """Return how macros are rendered."""
    context = get_default_latex_context_db().filter_context(
        exclude_categories=["latex-placeholders", "latex-ethuebung", "nonstandard-qit"]
    )
    macros = [MacroTextSpec(name, simplify_repl=_accent(name)) for name in ACCENTS]
    macros += [MacroTextSpec(name, simplify_repl=_symbol(text)) for name, text in SYMBOLS.items()]
    macros += [MacroTextSpec(name, discard=False) for name in LAYOUT]
    macros += [
        MacroTextSpec("textsuperscript", simplify_repl="<sup>%s</sup>"),
        MacroTextSpec("textsubscript", simplify_repl="<sub>%s</sub>"),
        MacroTextSpec("t", simplify_repl=_tied),
        MacroTextSpec("url", simplify_repl=_address),
        *(MacroTextSpec(name, simplify_repl=_capitals) for name in ("uppercase", "MakeUppercase")),
        *(MacroTextSpec(name, simplify_repl=_small) for name in ("lowercase", "MakeLowercase")),
        *(MacroTextSpec(name, simplify_repl="“%s”") for name in ("enquote", "mkbibquote")),
    ]
    specials = [SpecialsTextSpec("&", simplify_repl="&")]
    context.add_context_category("smegraph", prepend=True, macros=macros, specials=specials)
    return context


def _symbol(text: str) -> Callable[[LatexMacroNode], str]:
    return lambda node: text


def _accent(name: str) -> Callable[[LatexMacroNode, _Text], str]:
    """Put an accent on the first letter of what follows, in normal form C."""
    mark = ACCENTS[name]

    def render(node: LatexMacroNode, l2tobj: _Text) -> str:
        text = _argument(node, l2tobj).strip()
        if not text:
            return SPACING.get(name, f"\\{name}")
        letter, rest = text[0], text[1:]
        if unicodedata.combining(mark) == 230:  # above, where the dot of a letter was
            if mark == "\u0307" and letter == "\u0131":
                return f"i{rest}"
            letter = _DOTLESS.get(letter, letter)
        while rest and unicodedata.combining(rest[0]):
            letter, rest = letter + rest[0], rest[1:]
        return unicodedata.normalize("NFC", letter + mark) + rest

    return render


def _argument(node: LatexMacroNode, l2tobj: _Text) -> str:
    return "".join(str(l2tobj._groupnodecontents_to_text(one)) for one in _arguments(node))


def _tied(node: LatexMacroNode, l2tobj: _Text) -> str:
    text = _argument(node, l2tobj)
    return f"{text[:1]}\u0361{text[1:]}" if len(text) > 1 else text


def _address(node: LatexMacroNode) -> str:
    """Return an address as it is written, in which `~` and `--` are no LaTeX."""
    text = "".join(str(one.latex_verbatim()).strip("{}") for one in _arguments(node))
    return re.sub(r"\\([%&])", r"\1", text)


def _capitals(node: LatexMacroNode, l2tobj: _Text) -> str:
    return _argument(node, l2tobj).upper()


def _small(node: LatexMacroNode, l2tobj: _Text) -> str:
    return _argument(node, l2tobj).lower()
