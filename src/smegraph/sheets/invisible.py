"""Characters that nobody sees: they come with text from web pages and PDF files.

Two names that look the same are the same. In running text such characters may have a meaning, as
joiners have in Persian and marks of direction in Hebrew; there they stay.
"""

from __future__ import annotations

import re
import unicodedata

_SPACES = re.compile(r"[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")
# Soft hyphens, zero-width spaces, word joiners, byte order marks, marks of direction, and other
# characters without a shape (Unicode, Default_Ignorable_Code_Point).
_HIDDEN = re.compile(
    r"[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200e\u200f\u202a-\u202e"
    r"\u2060-\u206f\u3164\ufeff\uffa0\ufff0-\ufffb\U000e0000-\U000e007f]"
)
# Joiners have a meaning behind letters of some scripts, and in emoji.
_JOINERS = re.compile(r"(?<![\u0590-\u1fff\u2190-\u2bff\ua800-\U0010ffff])[\u200c\u200d]+")
_SPECIAL = re.compile(rf"{_SPACES.pattern}|{_HIDDEN.pattern}|[\u200c\u200d]")
_SHAPELESS = re.compile(r"[\u200c\u200d\ufe00-\ufe0f\U000e0100-\U000e01ef]")
_LETTERS = re.compile(r"[^\W\d_]+")


# Decision 056: docs/decisions/056-names-that-look-the-same.md
def plain(text: str) -> str:
    r"""Return a name without what nobody sees, in normal form C; other spaces become one of ASCII.

    >>> plain("Mo\u200bvy\u00a02"), plain("\ufeffid")
    ('Movy 2', 'id')
    """
    if text.isascii() or not _SPECIAL.search(text):
        return text
    seen = _JOINERS.sub("", _HIDDEN.sub("", _SPACES.sub(" ", text)))
    return text if seen == text else unicodedata.normalize("NFC", seen)


def identity(text: str) -> str:
    r"""Return what two names have in common that look the same, whatever their case.

    >>> identity("Firm\u00a0 A") == identity("ﬁrm a")
    True
    """
    if not text.isascii():
        text = unicodedata.normalize("NFKC", _SHAPELESS.sub("", plain(text)))
    return " ".join(text.casefold().split())


def is_blank(text: str) -> bool:
    """Whether a cell has nothing that anybody sees."""
    if not text or text.isascii():
        return not text.strip()
    return not _SHAPELESS.sub("", plain(text)).strip()


def lookalikes(text: str) -> str:
    r"""Name the first Cyrillic or Greek letter among Latin ones, as it looks like one; "" for none.

    >>> lookalikes("M\u043evy")[8:], lookalikes("Movy")
    ('is CYRILLIC SMALL LETTER O.', '')
    """
    for word in () if text.isascii() else _LETTERS.findall(text):
        names = {letter: unicodedata.name(letter, "") for letter in word}
        odd = [c for c in names if names[c].startswith(("CYRILLIC", "GREEK"))]
        if odd and any(name.startswith("LATIN") for name in names.values()):
            return f'Its "{odd[0]}" is {names[odd[0]]}.'
    return ""
