"""What a wrong name was perhaps meant to be: the nearest of the names that there are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from difflib import get_close_matches


def nearest(text: str, names: Iterable[str], *, cutoff: float = 0.6) -> str | None:
    """Return the name that looks most like a text, whatever the case, or None.

    Args:
        text: what somebody wrote.
        names: what there is; of two that differ in case only the last is taken.
        cutoff: how much alike they must be, from 0 (anything) to 1 (the same).

    >>> nearest("Fonded", ["founded", "label"]), nearest("xyz", ["founded", "label"])
    ('founded', None)
    """
    found = near(text, names, count=1, cutoff=cutoff)
    return found[0] if found else None


def near(text: str, names: Iterable[str], *, count: int, cutoff: float = 0.6) -> list[str]:
    """Return up to `count` names that look like a text, whatever the case, the likest first."""
    folded = {name.casefold(): name for name in names}
    return [folded[name] for name in get_close_matches(text.casefold(), folded, count, cutoff)]


def did_you_mean(text: str, names: Iterable[str], otherwise: str, *, cutoff: float = 0.6) -> str:
    """Return the question whether the nearest name was meant, or what is said without one.

    >>> did_you_mean("founed", ["founded", "label"], "There are two columns.")
    'Did you mean "founded"?'
    """
    found = nearest(text, names, cutoff=cutoff)
    return f'Did you mean "{found}"?' if found else otherwise


def sharing_letters(text: str, names: Collection[str], count: int) -> list[str]:
    """Return the names that have most pairs of letters in common with a text, whatever the case.

    Of many names those that are worth a closer look: to compare letter by letter takes long.

    >>> sharing_letters("firm-cuberdn", ["place-china", "firm-cuberdon", "firm-a"], 2)
    ['firm-cuberdon', 'firm-a']
    """
    folded = text.casefold()
    pairs = {folded[place : place + 2] for place in range(len(folded) - 1)}
    shared = Counter(
        {
            name: sum(pair in name.casefold() for pair in pairs) / (len(name) + len(text))
            for name in names
        }
    )
    return [name for name, _ in shared.most_common(count)]
