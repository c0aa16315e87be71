"""Keys and labels of works and persons: author and year, family name and initials."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from hashlib import sha256

from smegraph.bibliography.record import Name
from smegraph.studies.index import slug

_LONGEST = 80
_LETTERS = str.maketrans(
    {
        "ø": "o", "Ø": "O", "æ": "ae", "Æ": "Ae", "œ": "oe", "Œ": "Oe", "ł": "l", "Ł": "L",
        "đ": "d", "Đ": "D", "ð": "d", "Ð": "D", "þ": "th", "Þ": "Th", "\u0131": "i",
        "'": "", "’": "", "‘": "", "\u02bc": "", "`": "",
    }
)  # fmt: skip
_SMALL = frozenset(
    {
        "a", "an", "and", "as", "at", "by", "for", "from", "in", "into", "is", "it", "its", "of",
        "on", "or", "the", "to", "toward", "towards", "with",
        "das", "dem", "den", "der", "des", "die", "ein", "eine", "im", "und", "von", "zu", "zur",
        "au", "aux", "d", "de", "du", "en", "et", "l", "la", "le", "les", "un", "une",
        "del", "e", "el", "las", "los", "y",
    }
)  # fmt: skip
_WORD = re.compile(r"[^\W_]+", re.UNICODE)


def part(text: str) -> str:
    """Return a text as part of a key; one without Latin letters or digits becomes a digest of it.

    >>> part("D’Angelo"), part("Søren Ångström")
    ('dangelo', 'soren-angstrom')
    """
    key = slug(text.translate(_LETTERS))
    if len(key) > _LONGEST:
        key = key[:_LONGEST].rsplit("-", 1)[0]
    return key or f"x{sha256(text.encode()).hexdigest()[:8]}"


def fold(text: str) -> str:
    """Return a text without case, accents and punctuation, for comparisons.

    >>> fold("New-wave’ global firms: Web 2.0") == fold("New wave global firms; web 2.0")
    True
    """
    # Twice, as a letter such as the one in "Ǣ" comes to light when its accent is taken apart.
    plain = unicodedata.normalize("NFKD", text.translate(_LETTERS)).translate(_LETTERS)
    plain = unicodedata.normalize("NFKD", plain.casefold())  # Unicode 3.13, D146
    plain = "".join(
        c for c in plain if not unicodedata.combining(c) and unicodedata.category(c) != "Cf"
    )
    return " ".join(_WORD.findall(plain))


def initials(given: str) -> str:
    """Given names shortened.

    >>> initials("Shintaro"), initials("Jean-Paul Marie"), initials("N.E."), initials("JA")
    ('S.', 'J.-P. M.', 'N. E.', 'J. A.')
    """
    return " ".join(
        "-".join(f"{half[0].upper()}." for half in token.split("-") if half[:1].isalpha())
        for token in _tokens(given)
    ).strip()


def _tokens(given: str) -> Iterator[str]:
    for token in re.split(r"(?:(?<=\.)|\s)\s*(?!-)", given):
        token = token.strip(" .,()\"'")
        if not token[:1].isalpha() or token[0].islower():
            continue  # a particle, such as "de" in "Maria de"
        if token.isalpha() and token.isupper() and 2 <= len(token) <= 3:
            yield from token  # as databases write initials
        else:
            yield token


def first_name(given: str) -> str:
    """Return the first of the given names, or its initial, folded."""
    return fold(next(_tokens(given), ""))


def person_label(name: Name) -> str:
    """How a list of references names a person: `Okazaki, S.`."""
    return ", ".join(p for p in (name.family, initials(name.given), name.suffix) if p)


def person_key(name: Name) -> str:
    """Return the key of a person: `okazaki-s`."""
    family = part(name.family)
    rest = slug(f"{initials(name.given)} {name.suffix}".translate(_LETTERS))
    return f"{family}-{rest}" if rest else family


def authors_key(names: Sequence[Name], more: bool) -> str:
    """Return the authors in the key of a work: one, two, or the first `et al`."""
    if len(names) > 2 or (more and names):
        return f"{part(names[0].family)}-et-al"
    return "-".join(part(name.family) for name in names)


def authors_label(names: Sequence[Name], more: bool) -> str:
    """Return the authors in the label of a work."""
    if len(names) > 2 or (more and names):
        return f"{names[0].family} et al."
    return " & ".join(name.family for name in names)


def title_words(title: str) -> list[str]:
    """Return the words of a title that tell it from others.

    >>> title_words("Towards an integrative model of the firm")
    ['integrative', 'model', 'firm']
    """
    words = [word for word in _WORD.findall(title) if word.casefold() not in _SMALL]
    return words or _WORD.findall(title)


def work_key(names: Sequence[Name], more: bool, year: str, title: str) -> str:
    """Return the key of a work: `okazaki-taylor-2013`, or the first words of the title."""
    stem = authors_key(names, more) or part(" ".join(title_words(title)[:4]))
    return f"{stem}-{year or 'nd'}"


def work_label(names: Sequence[Name], more: bool, year: str, title: str) -> str:
    """Return the label of a work: `Okazaki & Taylor (2013)`."""
    stem = authors_label(names, more) or " ".join(title.split()[:8])
    return f"{stem} ({year or 'n.d.'})"
