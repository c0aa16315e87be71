"""Random-effects meta-analysis of estimates, computed by statsmodels; the rest is stated here.

Equal to the R package metafor (Viechtbauer 2010, Journal of Statistical Software 36(3)) to four
digits on its example data; see the tests.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite, sqrt
from statistics import NormalDist
from typing import Any, Final, Literal, TypeAlias

from smegraph.synthesis.errors import NotCombined, NotInstalled

Estimator: TypeAlias = Literal["PM", "DL"]
Interval: TypeAlias = Literal["normal", "HKSJ"]

ESTIMATORS: Final[dict[str, str]] = {
    "PM": "Paule & Mandel (1982)",
    "DL": "DerSimonian & Laird (1986)",
}
INTERVALS: Final[dict[str, str]] = {
    "HKSJ": "Hartung & Knapp (2001), Sidik & Jonkman (2002): t with k − 1 degrees of freedom",
    "normal": "normal distribution, known variances (Wald)",
}
FEWEST: Final = 3
LEVEL: Final = 0.95
INSTALL: Final = 'pip install "smegraph[synthesis]"'

_TOLERANCE: Final = 1e-9
_MOST_STEPS: Final = 500


@dataclass(frozen=True, slots=True)
class Combined:
    """What estimates say together.

    Attributes:
        k: how many estimates there are.
        estimate: the mean of the distribution of effects.
        error: its standard error.
        low, high: its interval at 95 %.
        tau2: the variance between the effects of the samples.
        q: Cochran's Q, with k - 1 degrees of freedom.
        q_p: its p-value.
        i2: the share of the variance that is no sampling error, in percent.
        predicted_low, predicted_high: in which the effect in a new sample lies, at 95 %.
        weights: the weight of each estimate in percent.
        estimator: how tau² was estimated.
        interval: how the interval was made.
    """

    k: int
    estimate: float
    error: float
    low: float
    high: float
    tau2: float
    q: float
    q_p: float
    i2: float
    predicted_low: float
    predicted_high: float
    weights: tuple[float, ...]
    estimator: Estimator
    interval: Interval


# Decision 097: docs/decisions/097-synthesis.md
def combine(
    values: Sequence[float],
    errors: Sequence[float],
    estimator: Estimator = "PM",
    interval: Interval = "HKSJ",
) -> Combined:
    """Return what independent estimates say together under a random-effects model.

    I² is that of Higgins & Thompson (2002) as metafor generalizes it: tau² over the sum of tau² and
    the typical sampling variance. The prediction interval is that of Higgins, Thompson &
    Spiegelhalter (2009, JRSS A 172(1)): t with k - 2 degrees of freedom.

    Args:
        values: the estimates, all of one statistic.
        errors: their standard errors, above 0.
        estimator: how tau² is estimated.
        interval: how the interval of the mean is made.

    Raises:
        NotCombined: there are fewer than three, or a number is none that can be weighted.
        NotInstalled: statsmodels is not there.
    """
    k = len(values)
    if k < FEWEST:
        raise NotCombined(
            f"{k} {'estimate is' if k == 1 else 'estimates are'} too few: a variance between "
            f"samples and a prediction interval need at least {FEWEST}."
        )
    if not all(isfinite(v) and isfinite(e) and e > 0 for v, e in zip(values, errors, strict=True)):
        raise NotCombined("Each estimate needs a number and a standard error above 0.")
    return _result(_fitted(values, errors, estimator), errors, estimator, interval)


@dataclass(frozen=True, slots=True)
class _Fit:
    """What statsmodels found: the mean, its standard error and that of HKSJ, tau² and Q."""

    mean: float
    error: float
    error_hksj: float
    tau2: float
    q: float


def _fitted(values: Sequence[float], errors: Sequence[float], estimator: Estimator) -> _Fit:
    """Return what statsmodels finds; a tau² below zero counts as zero, as is usual."""
    try:
        import numpy as np
        from statsmodels.stats.meta_analysis import combine_effects
    except ImportError as missing:
        raise NotInstalled(f"`{INSTALL}` installs statsmodels, which combines them.") from missing
    effect, variance = np.asarray(values, float), np.asarray(errors, float) ** 2
    how: dict[str, Any] = {"atol": _TOLERANCE, "maxiter": _MOST_STEPS} if estimator == "PM" else {}
    with np.errstate(invalid="ignore", divide="ignore"):
        found = combine_effects(effect, variance, method_re=estimator.lower(), **how)
    tau2 = float(found.tau2)
    if tau2 <= 0:  # statsmodels leaves a negative tau² as it is; with 0 the models are one.
        mean, error, hksj = found.mean_effect_fe, found.sd_eff_w_fe, found.var_hksj_fe
        return _Fit(float(mean), float(error), sqrt(float(hksj)), 0.0, float(found.q))
    weights = 1 / (variance + tau2)
    left = float(weights @ (effect - found.mean_effect_re) ** 2) - (len(values) - 1)
    if estimator == "PM" and not abs(left) < sqrt(_TOLERANCE):
        raise NotCombined("The estimator of Paule & Mandel does not converge; choose DL.")
    mean, error, hksj = found.mean_effect_re, found.sd_eff_w_re, found.var_hksj_re
    return _Fit(float(mean), float(error), sqrt(float(hksj)), tau2, float(found.q))


def _result(
    fit: _Fit, errors: Sequence[float], estimator: Estimator, interval: Interval
) -> Combined:
    from scipy.stats import chi2, t

    k, upper = len(errors), (1 + LEVEL) / 2
    error = fit.error_hksj if interval == "HKSJ" else fit.error
    times = float(t.ppf(upper, k - 1)) if interval == "HKSJ" else NormalDist().inv_cdf(upper)
    beyond = float(t.ppf(upper, k - 2)) * sqrt(fit.tau2 + error**2)
    weights = [1 / (e**2 + fit.tau2) for e in errors]
    typical = _typical_variance(errors)
    return Combined(
        k=k,
        estimate=fit.mean,
        error=error,
        low=fit.mean - times * error,
        high=fit.mean + times * error,
        tau2=fit.tau2,
        q=fit.q,
        q_p=float(chi2.sf(fit.q, k - 1)),
        i2=100 * fit.tau2 / (fit.tau2 + typical),
        predicted_low=fit.mean - beyond,
        predicted_high=fit.mean + beyond,
        weights=tuple(100 * w / sum(weights) for w in weights),
        estimator=estimator,
        interval=interval,
    )


def _typical_variance(errors: Sequence[float]) -> float:
    """Return the typical sampling variance (Higgins & Thompson 2002, eq. 9)."""
    weights = [1 / e**2 for e in errors]
    total = sum(weights)
    return (len(errors) - 1) * total / (total**2 - sum(w**2 for w in weights))
