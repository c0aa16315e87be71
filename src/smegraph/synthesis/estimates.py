"""Which estimates of effects can be combined: one kind of number, one estimate for each sample."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import atanh, isfinite, log, sqrt
from statistics import NormalDist
from types import MappingProxyType
from typing import Final, Literal, TypeAlias

from smegraph.synthesis.errors import NotCombined

Rule: TypeAlias = Literal["adjusted", "first"]
RULES: Final[dict[str, str]] = {
    "adjusted": "of each sample the estimate of the model that holds most constant; among equals "
    "the first in the document",
    "first": "of each sample the first estimate in the document",
}
CONVERSIONS: Final[dict[str, str]] = {
    "peterson-brown": "standardized coefficient to correlation, r = β + 0.05 λ with λ = 1 for "
    "β ≥ 0, else 0 (Peterson & Brown 2005), for β between −0.5 and 0.5",
}
_CORRELATIONS: Final = frozenset({"pearson-correlation", "spearman-correlation"})
_RATIOS: Final = frozenset({"odds-ratio", "hazard-ratio"})
_STANDARDIZED: Final = frozenset({"standardized-coefficient", "path-coefficient"})
_AS_PRINTED: Final = frozenset(
    {*_STANDARDIZED, "unstandardized-coefficient", "mean-difference", "cohens-d"}
)
_STEEPEST: Final = 0.5


@dataclass(frozen=True, slots=True)
class Estimate:
    """A number that a document prints for an effect.

    Attributes:
        key: what names it.
        sample: what names the sample, or the document where no sample is told.
        statistic: the kind of number, such as `pearson-correlation`.
        value: the number as printed.
        error: its standard error; None where none is printed.
        low, high, level: its interval, and the level of it in percent; None where none is printed.
        n: the number of cases; None where it is not told.
        is_turned: whether a higher number means less of the effect that is asked of.
        is_part: whether it holds for a part of the sample only.
        is_adjusted: whether other variables are held constant.
        controls: how many constructs are held constant.
        place: where it stands in the document, in the order in which places compare.
    """

    key: str
    sample: str
    statistic: str
    value: float
    error: float | None = None
    low: float | None = None
    high: float | None = None
    level: float | None = None
    n: int | None = None
    is_turned: bool = False
    is_part: bool = False
    is_adjusted: bool = False
    controls: int = 0
    place: tuple[int, str] = (0, "")


@dataclass(frozen=True, slots=True)
class Weighed:
    """An estimate on the scale on which estimates are combined, with its standard error."""

    estimate: Estimate
    value: float
    error: float


@dataclass(frozen=True, slots=True)
class Selection:
    """What goes into a meta-analysis, and why the rest does not.

    Attributes:
        scale: on what scale the numbers are.
        kept: the estimates, one for each sample.
        left: each estimate that is left out, with the reason.
    """

    scale: str
    kept: tuple[Weighed, ...]
    left: tuple[tuple[Estimate, str], ...]


def select(
    estimates: Iterable[Estimate],
    statistic: str,
    *,
    rule: Rule = "adjusted",
    conversion: str = "",
    names: Mapping[str, str] = MappingProxyType({}),
) -> Selection:
    """Return one estimate of a statistic for each sample, on the scale for combining.

    Correlations become Fisher's z with variance 1 / (n - 3) (metafor's ZCOR), ratios their
    logarithm with the standard error from the interval; other coefficients stay as printed.

    Args:
        estimates: the estimates.
        statistic: the kind of number; estimates of another are left out.
        rule: which of several estimates of a sample is taken.
        conversion: `peterson-brown` where standardized coefficients shall count as correlations.
        names: what people call the kinds of numbers.

    Raises:
        NotCombined: numbers of this kind have no standard errors to weight them by.
    """
    kind, scale = _kinds(statistic, conversion)
    weighed: list[Weighed] = []
    left: list[tuple[Estimate, str]] = []
    for one in estimates:
        if one.statistic not in kind:
            name = names.get(one.statistic, one.statistic)
            left.append((one, f"another kind of number: {name}"))
            continue
        try:
            weighed.append(_weighed(one, kind[one.statistic]))
        except NotCombined as error:
            left.append((one, str(error)))
    kept, rest = _one_each(weighed, rule)
    left += [(one.estimate, "another estimate of the same sample is taken") for one in rest]
    return Selection(scale, tuple(kept), tuple(left))


_To = Callable[[Estimate], tuple[float, float]]


def _kinds(statistic: str, conversion: str) -> tuple[dict[str, _To], str]:
    """Return how each kind of number is brought to the scale, and the name of the scale."""
    if statistic in _CORRELATIONS:
        # A rank correlation stands beside no other one: its variance differs.
        kinds: dict[str, _To] = {statistic: _fisher}
        if conversion == "peterson-brown" and statistic == "pearson-correlation":
            kinds |= dict.fromkeys(_STANDARDIZED, _from_beta)
        return kinds, "Fisher’s z"
    if statistic in _RATIOS:
        return {statistic: _logarithm}, "logarithm of the ratio"
    if statistic in _AS_PRINTED:
        return {statistic: _printed}, "as printed"
    raise NotCombined("numbers of this kind tell no size of an effect with a standard error")


def _weighed(one: Estimate, to: _To) -> Weighed:
    value, error = to(one)
    if not (isfinite(value) and isfinite(error) and error > 0):
        raise NotCombined("its standard error is no number above 0")
    return Weighed(one, -value if one.is_turned else value, error)


def _fisher(one: Estimate, r: float | None = None) -> tuple[float, float]:
    """Return Fisher's z of a correlation and its standard error; r is the value by default."""
    found = one.value if r is None else r
    if one.n is None or one.n < 4:
        raise NotCombined("the number of cases is not told, or below 4")
    if not abs(found) < 1:
        raise NotCombined("a correlation of 1 has no Fisher’s z")
    return atanh(found), 1 / sqrt(one.n - 3)


def _from_beta(one: Estimate) -> tuple[float, float]:
    """Return Fisher's z of the correlation that Peterson & Brown (2005, JAP 90(1)) impute."""
    if abs(one.value) > _STEEPEST:
        raise NotCombined("a coefficient beyond 0.5 is outside what Peterson & Brown (2005) tried")
    # Where the measure is reversed, the construct's own coefficient is the one that is imputed.
    beta = -one.value if one.is_turned else one.value
    z, error = _fisher(one, beta + (0.05 if beta >= 0 else 0.0))
    return (-z if one.is_turned else z), error


def _logarithm(one: Estimate) -> tuple[float, float]:
    if one.value <= 0:
        raise NotCombined("a ratio is above 0")
    low, high, z = _interval(one)
    if low <= 0:
        raise NotCombined("the interval of a ratio is above 0")
    return log(one.value), (log(high) - log(low)) / (2 * z)


def _printed(one: Estimate) -> tuple[float, float]:
    if one.error is not None:
        return one.value, one.error
    low, high, z = _interval(one)
    return one.value, (high - low) / (2 * z)


def _interval(one: Estimate) -> tuple[float, float, float]:
    """Return an interval, and how many standard errors it reaches to each side."""
    if one.low is None or one.high is None or one.level is None or not 0 < one.level < 100:
        what = "interval" if one.statistic in _RATIOS else "standard error and no interval"
        raise NotCombined(f"it has no {what}")
    return one.low, one.high, NormalDist().inv_cdf((1 + one.level / 100) / 2)


def _one_each(weighed: Sequence[Weighed], rule: Rule) -> tuple[list[Weighed], list[Weighed]]:
    """Return one estimate for each sample, in the order of samples, and the others."""

    def rank(one: Weighed) -> tuple[bool, int, bool, tuple[int, str], str]:
        it = one.estimate
        adjusted = rule == "adjusted"
        return (
            it.is_part,
            -it.controls if adjusted else 0,
            not it.is_adjusted if adjusted else False,
            it.place,
            it.key,
        )

    taken: dict[str, Weighed] = {}
    rest = []
    for one in sorted(weighed, key=rank):
        if taken.setdefault(one.estimate.sample, one) is not one:
            rest.append(one)
    return [taken[sample] for sample in sorted(taken)], rest
