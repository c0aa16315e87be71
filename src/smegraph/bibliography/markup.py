"""Entities and tags of HTML, JATS and MathML, read as the characters that they stand for."""

from __future__ import annotations

import html
import re
from collections import Counter
from html.entities import html5

from smegraph.bibliography.record import words

_AND = r"(?:amp|AMP|#0*38|#[xX]0*26);"  # escaped again, perhaps several times
_ENTITY = re.compile(rf"&((?:{_AND})*)(#[0-9]{{1,7}}|#[xX][0-9a-fA-F]{{1,6}}|[A-Za-z]\w{{1,31}});")
_INLINE = words(
    "a abbr b bdi bdo big bold cite code del dfn em emph font i inf ins italic kbd mark monospace "
    "named-content overline q roman s samp sans-serif sc scp small span strike strong "
    "styled-content sub sup tt u underline var xref"
)
_BLOCKS = words("abstract br div hr label li list list-item ol p sec td title tr ul")
_ATTRIBUTE = r"""\s{1,9}[\w:.-]{1,40}\s?=\s?(?:"[^"<>]{0,500}"|'[^'<>]{0,500}'|[^\s<>"']{1,500})"""
_TAG = re.compile(
    rf"<(/?)((?:mml|m):\w+|(?:jats:|xhtml:)?({'|'.join(sorted(_INLINE | _BLOCKS))}|math))"
    rf"((?:{_ATTRIBUTE}){{0,9}})\s?(/?)>",
    re.IGNORECASE,
)
_VOID = {"br", "hr"}
_SCRIPT = re.compile(r"(?<=[0-9])<(sup|sub|inf)>\s?([-+−]?[0-9]+)\s?</\1>", re.IGNORECASE)
_RAISED = str.maketrans("0123456789+-−", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻")
_LOWERED = str.maketrans("0123456789+-−", "₀₁₂₃₄₅₆₇₈₉₊₋₋")
_SECTION = ("<![CDATA[", "]]>")


def characters(text: str, told: list[str]) -> str:
    """Return a text with the characters that its entities stand for, and without tags.

    What is not read without a loss is said in `told`: an entity that HTML does not have, a tag
    without its partner, the address of a link. A power of a number stays one.

    >>> characters("R&amp;amp;D of <i>firms</i> in CO<sub>2</sub>, 10<sup>6</sup>", [])
    'R&D of firms in CO2, 10⁶'
    """
    if "&" in text:
        text = _ENTITY.sub(lambda match: _character(match, told), text)
    if "<" not in text:
        return text
    if all(mark in text for mark in _SECTION):
        text = text.replace(_SECTION[0], "").replace(_SECTION[1], "")
    return _without_tags(_SCRIPT.sub(_script, text), told)


def _character(match: re.Match[str], told: list[str]) -> str:
    escaped, name = match.groups()
    found = html.unescape(f"&{name};") if name[0] == "#" else html5.get(f"{name};", "")
    if found and "\ufffd" not in found:
        return found
    if escaped:  # "R&amp;D; a study"
        return f"&{name};"
    if name[0] == "#" or (name.islower() and len(name) > 2):
        told.append(f'"&{name};" is no entity of HTML; it stays as it is.')
    return match.group()


def _script(match: re.Match[str]) -> str:
    return match[2].translate(_RAISED if match[1].casefold() == "sup" else _LOWERED)


def _without_tags(text: str, told: list[str]) -> str:
    open_tags: Counter[str] = Counter()

    def replaced(match: re.Match[str]) -> str:
        closing, whole, name, attributes, alone = match.groups()
        name = (name or whole).casefold()
        if name not in _VOID and not alone:
            open_tags[name] += -1 if closing else 1
        if "href" in attributes.casefold():
            told.append(f'A link is read as its text, without "{attributes.strip()[:80]}".')
        if name == "math" or ":" in name:
            told.append("A formula in MathML is read as the text in it.")
        return " " if name in _BLOCKS else ""

    text = _TAG.sub(replaced, text)
    told += [
        f'The tag "{name}" has no partner; it is left out.' for name, n in open_tags.items() if n
    ]
    return text
