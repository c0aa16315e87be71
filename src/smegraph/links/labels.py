"""Labels made alike, so that those that differ in form only are found in an index.

Two labels with one key are the same but for case, punctuation, British spelling or number. How far
they were changed to become the same is part of the evidence.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final, Literal

# From the least to the most that was changed.
Step = Literal["as written", "punctuation", "spelling", "plural", "qualifier"]

_QUALIFIER: Final = re.compile(r"\s*[(\[][^)\]]*[)\]]\s*$")
_NO_WORD: Final = re.compile(r"[\W_]+")
_SPELLINGS: Final = (
    (re.compile(r"is(e|ed|es|er|ers|ing|ation|ations|ational)$"), r"iz\1"),
    (re.compile(r"ys(e|ed|es|ing)$"), r"yz\1"),
    (re.compile(r"(col|fav|lab|behavi|neighb|hon|endeav|hum)our"), r"\1or"),
    (re.compile(r"(cent|theat|fib|lit|met)re(s?)$"), r"\1er\2"),
    (re.compile(r"programme(s?)$"), r"program\1"),
    (re.compile(r"(catal|dial|anal)ogue(s?)$"), r"\1og\2"),
    (re.compile(r"lled$"), "led"),
    (re.compile(r"lling$"), "ling"),
    (re.compile(r"^defence$"), "defense"),
    (re.compile(r"^licence(s?)$"), r"license\1"),
)
_BRITISH: Final = re.compile("|".join(pattern.pattern for pattern, _ in _SPELLINGS))
_KEEP_S: Final = re.compile(r"(?:ss|us|is|ics|news|series|species|sales)$")
_IRREGULAR: Final = {
    "analyses": "analysis", "crises": "crisis", "criteria": "criterion", "hypotheses": "hypothesis",
    "indices": "index", "media": "media", "data": "data", "men": "man", "women": "woman",
    "people": "person", "theses": "thesis", "bases": "basis", "phenomena": "phenomenon",
}  # fmt: skip


def plain(text: str) -> str:
    """Return a label without difference of case and white space.

    >>> plain("  Social\\u00a0Media ")
    'social media'
    """
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def worded(text: str) -> str:
    """Return the words of a plain label, without marks and accents.

    >>> worded("e-mail & café")
    'e mail and cafe'
    """
    text = text.replace("&", " and ").replace("'", "").replace("’", "")
    if not text.isascii():
        parts = unicodedata.normalize("NFKD", text)
        text = "".join(c for c in parts if not unicodedata.combining(c))
    return " ".join(_NO_WORD.sub(" ", text).split())


@lru_cache(maxsize=200_000)
def american(word: str) -> str:
    """Return a word in American spelling.

    >>> american("internationalisation"), american("behaviour"), american("advertise")
    ('internationalization', 'behavior', 'advertize')
    """
    for pattern, new in _SPELLINGS if _BRITISH.search(word) else ():
        word = pattern.sub(new, word)
    return word


@lru_cache(maxsize=200_000)
def singular(word: str) -> str:
    """Return a word in the singular, where a rule tells it.

    >>> singular("companies"), singular("boxes"), singular("business"), singular("logistics")
    ('company', 'box', 'business', 'logistics')
    """
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if len(word) < 4 or not word.endswith("s") or _KEEP_S.search(word):
        return word
    if word.endswith("ies"):
        return word[:-3] + "y"
    if word.endswith(("xes", "ches", "shes", "sses")):
        return word[:-2]
    return word[:-1]


def key(text: str) -> str:
    """Return what labels have in common that differ in form only.

    >>> key("Small Enterprises") == key("small enterprise")
    True
    """
    words = worded(plain(text)).split()
    return " ".join(american(singular(word)) for word in words)


def without_qualifier(text: str) -> str | None:
    """Return a label without the words in brackets at its end, or None where it has none.

    >>> without_qualifier("Trust (law)"), without_qualifier("Trust")
    ('Trust', None)
    """
    bare = _QUALIFIER.sub("", text)
    return bare if bare and bare != text else None


def step(one: str, other: str) -> Step:
    """Return what had to be changed to make one of two labels with the same key.

    >>> step("E-commerce", "e commerce"), step("trust", "Trusts")
    ('punctuation', 'plural')
    """
    if plain(one) == plain(other):
        return "as written"
    words = worded(plain(one)), worded(plain(other))
    if words[0] == words[1]:
        return "punctuation"
    spelled = [[american(word) for word in text.split()] for text in words]
    return "spelling" if spelled[0] == spelled[1] else "plural"
