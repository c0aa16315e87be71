"""Names as files write them: several in one, organizations, and the mark of those left out.

A list of authors in one field is taken apart where each piece can be a person's name. Whatever is
decided on little ground is told.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from bibtexparser.middlewares.names import parse_single_name_into_parts

from smegraph.bibliography.record import Name, is_others, words

_AND = re.compile(r",?(?: |(?<=\.))(?:and|und|et|y|og|och) (?!al\b)|,? ?& ?| / ", re.IGNORECASE)
_OTHERS = re.compile(
    r"[,;]? ?(?:\band |& ?)?[\[(]?(?:\bet\.? ?al(?:ii|ia|iae)?\b\.?|\b(?:and|&) (?:others|al\b\.?)"
    r"|\bet autres\b|\bund andere\b|\by otros\b|\bu\. ?a\.)[\])]?\.?$",
    re.IGNORECASE,
)
_SUFFIX = re.compile(r"(?:Jr|Sr|jun|sen|II|III|IV|Esq|Ph\. ?D|PhD|M\. ?D|MD)\.?", re.IGNORECASE)
_INITIALS = re.compile(r"(?:[^\W\d_]\w?\.[ -]?)+|[^\W\d_a-z](?:[ -]?[^\W\d_a-z]){0,3}")
_INITIALS_FIRST = re.compile(r"((?:[^\W\d_]\w?\.[ -]?)+) ?([^\W\d_].*)")
_INITIALS_LAST = re.compile(r"([^\W\d_][^\d.,]*[^\W\d_A-Z]) ([A-Z]{1,3}|(?:[A-Z]\.[ -]?){1,4})")
_PARTICLES = words(
    "af al av bin d' da das de del della den der di do dos du el la las le los ten ter van von vom "
    "y zu zum zur"
)
_COMPANY = re.compile(
    r"(?:Inc|Ltd|Limited|LLC|LLP|GmbH|Corp|Corporation|Co|Company|AG|S\.?A|SA|plc|PLC|Oy|AB|A/S"
    r"|B\.?V|N\.?V|e\. ?V|S\.?p\.?A|S\.?r\.?l)\.?"
)
_SURNAMES = words(
    "bank board college forum group league office partners press research school service services "
    "sons team trust union"
)
_ORGANIZATION = re.compile(
    r"\b(?:academy|administration|agency|alliance|assembly|associates|association|authority|bank|"
    r"board|bureau|cent(?:er|re)|chamber|clinic|college|commission|committee|companies|company|"
    r"confederation|conference|consortium|consulting|corporation|council|department|dept|"
    r"directorate|division|enterprise|enterprises|faculty|federation|forum|foundation|fund|"
    r"government|group|hospital|industries|initiative|institut|institute|instituto|institution|"
    r"laboratory|league|library|minist[eè]re|ministerio|ministerium|ministry|museum|nations|network|"
    r"observatory|office|organi[sz]ation|parliament|partners|press|program|programme|project|"
    r"research|school|secretariat|service|services|society|sons|statistics|team|trust|union|"
    r"universidad|universit[aà]t?|universit[ée]|university)\b",
    re.IGNORECASE,
)
_OF = re.compile(r" (?:of|for|the) ")


# Decision 060: docs/decisions/060-imports-lose-nothing.md
def take_apart(text: str, told: Callable[[str], None], natural: bool = False) -> list[str]:
    """Return the names in a text that should hold one, each as `Family, Given` if it was several.

    Where names are left out ("et al."), the last one of the list says so. With `natural`, the names
    beside it stand in natural order.

    >>> take_apart("Doe, P.; Roe, M. and Poe, A. et al.", print)
    "Doe, P.; Roe, M. and Poe, A." is read as 3 names, separated by ";": "Doe, P.", "Roe, M.", ...
    ['Doe, P.', 'Roe, M.', 'Poe, A.', 'et al.']
    >>> take_apart("Ministry of Trade and Industry", print)
    ['Ministry of Trade and Industry']
    """
    if is_others(text):
        return [text]
    body = _OTHERS.sub("", text).strip(" ,;")
    more = ["et al."] if body != text.strip(" ,;") else []
    pieces = [piece for one in body.split(";") if (piece := one.strip(" ,"))]
    if not pieces:
        return more
    names = [name for piece in pieces for name in _joined(_without_and(piece), bool(more), natural)]
    if len(names) > 1:
        told(_several(body, names))
    elif not more:
        return [text.strip(" ;")]  # with the comma that marks an organization
    return [*names, *more]


def _without_and(piece: str) -> str:
    return re.sub(r"^(?:and|&) ", "", piece, flags=re.IGNORECASE)


def _several(body: str, names: list[str]) -> str:
    mark = ";" if ";" in body else match.group().strip() if (match := _AND.search(body)) else ","
    shown = ", ".join(f'"{name}"' for name in names[:5]) + (" …" if len(names) > 5 else "")
    return f'"{body[:80]}" is read as {len(names)} names, separated by "{mark}": {shown}.'


def is_organization(text: str, sure: bool = False) -> bool:
    """Whether a name tells that it is an organization's: "University of X", "Acme, Inc.".

    With `sure`, a word that may be a family name, too, is not enough.

    >>> is_organization("Ministry of Trade, Industry and Energy"), is_organization("Bank, John")
    (True, False)
    >>> is_organization("William Press"), is_organization("William Press", sure=True)
    (True, False)
    """
    first, *others = [field.strip() for field in text.split(",")]
    if others and _COMPANY.fullmatch(others[-1]):
        return True
    if " " not in first:
        return False
    found = (word.casefold() for word in _ORGANIZATION.findall(first))
    return any(not sure or word not in _SURNAMES for word in found) or bool(_OF.search(first))


def belongs_together(name: str, after: str) -> bool:
    """Whether what stands before and behind an "and" may be one organization's name."""
    if "{" in name or "," in name or not (_OF.search(name) and is_organization(name)):
        return False
    plain = "{" not in after and "," not in after and not is_organization(after)
    return plain and 0 < len(after.split()) < 4 and not _is_marked(after)


def _joined(text: str, more: bool, natural: bool) -> list[str]:
    """Return the names that are joined by "and" or by commas; the text itself, if it is one."""
    if is_organization(text):
        return [text]
    parts = [part for one in _AND.split(text) if (part := one.strip(" ,"))]
    natural = natural or any("," not in part and _is_whole(part) for part in parts)
    if len(parts) == 1 and not more and "," not in text:
        return [text]
    lists = [_listed(part, natural) for part in parts]
    return [name for names in lists for name in names] if all(lists) else [text]


def _listed(part: str, natural: bool) -> list[str]:
    """Return the names of a list with commas, or none where it may be something else.

    Args:
        part: the list.
        natural: whether a name beside it stands in natural order.
    """
    fields = [field for one in part.split(",") if (field := one.strip())]
    if any(is_organization(field) for field in fields):
        return []
    if len(fields) == 2 and _SUFFIX.fullmatch(fields[1]):
        return [f"{turned(fields[0])}, {fields[1]}"] if " " in fields[0] else [part]
    are_whole = all(_is_whole(field) for field in fields)
    if len(fields) == 1:
        return [turned(part)] if are_whole or _is_marked(part) else []
    if all(_is_marked(field) for field in fields) or (are_whole and (natural or len(fields) > 2)):
        return [turned(field) for field in fields]
    return _pairs(fields)


def _pairs(fields: list[str]) -> list[str]:
    """Return the names of `Family, Given[, Suffix]` in a row; none if they do not come out even."""
    names = []
    at = 0
    while at < len(fields):
        group = fields[at : at + 3]
        if len(group) < 2:
            return []
        size = 3 if len(group) == 3 and any(_SUFFIX.fullmatch(one) for one in group[1:]) else 2
        if size == 3 and _SUFFIX.fullmatch(group[2]) and _SUFFIX.fullmatch(group[1]):
            return []
        names.append(", ".join(group[:size]))
        at += size
    return names


def _is_marked(field: str) -> bool:
    """Whether a field is a whole name by its initials: "J. Doe", "Doe JA"."""
    return bool(_INITIALS_FIRST.fullmatch(field) or _INITIALS_LAST.fullmatch(field)) and not (
        _INITIALS.fullmatch(field)
    )


def _is_whole(field: str) -> bool:
    """Whether a field is a person's whole name: "Jane Doe", "Jan van der Berg", "Doe JA"."""
    parts = field.split()
    shouted = field.isupper()
    if len(parts) - sum(word in _PARTICLES for word in parts) < 2 or len(parts) > 6:
        return False
    return _is_marked(field) or all(_is_name_word(word, shouted) for word in parts)


def _is_name_word(word: str, shouted: bool) -> bool:
    plain = re.sub(r"[-.'’]", "", word)
    acronym = len(plain) > 3 and plain.isupper() and not shouted
    return word in _PARTICLES or (plain.isalpha() and word[0].isupper() and not acronym)


def turned(text: str) -> str:
    """Return a name in natural order as `Family, Given`; one with initials behind, too.

    >>> turned("Jan van der Berg"), turned("Doe JA"), turned("J. R. Doe")
    ('van der Berg, Jan', 'Doe, JA', 'Doe, J. R.')
    """
    if match := _INITIALS_LAST.fullmatch(text):
        return f"{match[1]}, {match[2]}"
    if match := _INITIALS_FIRST.fullmatch(text):
        return f"{match[2]}, {match[1].strip()}"
    parts = parse_single_name_into_parts(text, strict=False)
    family, given = " ".join(parts.von + parts.last), " ".join(parts.first)
    return f"{family}, {given}" if given else family


def parse(text: str, told: Callable[[str], None]) -> Name:
    """Read `Family, Given, Suffix`; a name without a comma is an organization's."""
    fields = [field.strip() for field in text.split(",")]
    if is_others(text):
        return Name(text)
    if len(fields) == 2 and not fields[1]:  # so EndNote marks an organization
        return Name(fields[0], is_person=False)
    if is_organization(text):
        if len(fields) > 1:
            told(f'The name "{text[:60]}" is taken for an organization\'s.')
            return Name(text, is_person=False)
    elif len(fields) > 1:
        return _person(fields, text, told)
    elif match := _INITIALS_FIRST.fullmatch(text):
        return Name(match[2], match[1].strip())
    told(f'The name "{text[:60]}" has no comma: taken for an organization.')
    return Name(text, is_person=False)


def _person(fields: list[str], text: str, told: Callable[[str], None]) -> Name:
    family, given, *others = [fields[0], fields[1], *filter(None, fields[2:])]
    if len(others) > 1 or _AND.search(", ".join(fields[1:])):
        told(
            f'"{text[:60]}" is no one person\'s name, and cannot be taken apart: no person is made.'
        )
        return Name(text, is_person=False)
    if others and _SUFFIX.fullmatch(given) and not _SUFFIX.fullmatch(others[0]):
        given, others[0] = others[0], given  # "Smith, Jr., J."
    if any(not _SUFFIX.fullmatch(one) for one in others):
        told(f'The name "{text[:60]}" has three parts: one person, unless it is a list.')
    return Name(family, given, ", ".join(others))


def as_bibtex(text: str) -> str:
    """Return `Last, First, Jr` as `Last, Jr, First`, which is the order of BibTeX."""
    fields = [field.strip() for field in text.split(",")]
    if len(fields) == 3 and _SUFFIX.fullmatch(fields[2]) and not _SUFFIX.fullmatch(fields[1]):
        fields[1], fields[2] = fields[2], fields[1]
    return ", ".join(fields)
