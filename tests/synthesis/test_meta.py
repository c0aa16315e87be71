"""Meta-analysis held against the R package metafor, on its example data.

`Rscript` with metafor gives the numbers in EXPECTED by what `R_CODE` says; where both are
installed, the test at the end runs it.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from dataclasses import astuple
from math import log, sqrt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smegraph.synthesis.errors import NotCombined, NotInstalled
from smegraph.synthesis.estimates import Estimate, select
from smegraph.synthesis.meta import ESTIMATORS, INTERVALS, Combined, combine

# Vaccinated and not vaccinated with tuberculosis and without, in thirteen trials of BCG: Colditz et
# al. (1994), JAMA 271(9), 698-702, as metafor's dat.bcg has them.
BCG = (
    (4, 119, 11, 128), (6, 300, 29, 274), (3, 228, 11, 209), (62, 13536, 248, 12619),
    (33, 5036, 47, 5761), (180, 1361, 372, 1079), (8, 2537, 10, 619), (505, 87886, 499, 87892),
    (29, 7470, 45, 7232), (17, 1699, 65, 1600), (186, 50448, 141, 27197), (5, 2493, 3, 2338),
    (27, 16886, 29, 17825),
)  # fmt: skip
# Cases and correlation of conscientiousness and taking one's medicine in sixteen studies: Molloy,
# O'Carroll & Ferguson (2014), Annals of Behavioral Medicine 47(1), 92-101, as dat.molloy2014.
MOLLOY = (
    (109, 0.187), (749, 0.162), (55, 0.34), (107, 0.32), (72, 0.27), (65, 0.0), (174, 0.175),
    (326, 0.05), (58, 0.26), (771, 0.01), (56, -0.09), (91, 0.37), (116, 0.0), (537, 0.15),
    (158, 0.24), (65, 0.04),
)  # fmt: skip
# No variance between them: Q is below its degrees of freedom.
ALIKE = ((0.30, 0.1), (0.32, 0.2), (0.28, 0.15), (0.31, 0.12))

R_CODE = """
suppressMessages(library(metafor))
bcg <- escalc(measure="RR", ai=tpos, bi=tneg, ci=cpos, di=cneg, data=dat.bcg)
molloy <- escalc(measure="ZCOR", ri=ri, ni=ni, data=dat.molloy2014)
alike <- data.frame(yi=c(.30, .32, .28, .31), vi=c(.1, .2, .15, .12)^2)
for (d in list(bcg, molloy, alike)) for (m in c("DL", "PM")) for (t in c("z", "knha")) {
  r <- suppressWarnings(rma(yi, vi, data=d, method=m, test=t, control=list(tol=1e-10)))
  p <- predict(r, pi.type="riley")
  cat(r$k, sprintf("%.5f", c(r$beta, r$se, r$ci.lb, r$ci.ub, r$tau2, r$QE, r$QEp, r$I2,
                        p$pi.lb, p$pi.ub)), "\\n")
}
"""
EXPECTED = """
13 -0.71412 0.17874 -1.06445 -0.36379 0.30876 152.23301 0.00000 92.11735 -1.99884 0.57060
13 -0.71412 0.18070 -1.10782 -0.32041 0.30876 152.23301 0.00000 92.11735 -2.00016 0.57193
13 -0.71497 0.18089 -1.06951 -0.36043 0.31807 152.23301 0.00000 92.33034 -2.01856 0.58862
13 -0.71497 0.18089 -1.10910 -0.32084 0.31807 152.23301 0.00000 92.33034 -2.01856 0.58862
16 0.14960 0.03116 0.08852 0.21067 0.00776 38.15952 0.00085 60.69132 -0.05084 0.35004
16 0.14960 0.03269 0.07993 0.21927 0.00776 38.15952 0.00085 60.69132 -0.05195 0.35115
16 0.15101 0.03307 0.08620 0.21581 0.00948 38.15952 0.00085 65.34310 -0.06953 0.37154
16 0.15101 0.03307 0.08053 0.22148 0.00948 38.15952 0.00085 65.34310 -0.06953 0.37154
4 0.30128 0.06470 0.17447 0.42809 0.00000 0.03433 0.99833 0.00000 0.02290 0.57966
4 0.30128 0.00692 0.27925 0.32331 0.00000 0.03433 0.99833 0.00000 0.27150 0.33106
4 0.30128 0.06470 0.17447 0.42809 0.00000 0.03433 0.99833 0.00000 0.02290 0.57966
4 0.30128 0.00692 0.27925 0.32331 0.00000 0.03433 0.99833 0.00000 0.27150 0.33106
"""


def bcg() -> list[tuple[float, float]]:
    """Logarithms of risk ratios with their standard errors (metafor's measure RR)."""
    return [
        (log(a / (a + b)) - log(c / (c + d)), sqrt(1 / a - 1 / (a + b) + 1 / c - 1 / (c + d)))
        for a, b, c, d in BCG
    ]


def molloy() -> list[tuple[float, float]]:
    """Fisher's z of correlations with their standard errors (metafor's measure ZCOR)."""
    told = [
        Estimate(str(i), f"{i:02}", "pearson-correlation", r, n=n)
        for i, (n, r) in enumerate(MOLLOY)
    ]
    return [(one.value, one.error) for one in select(told, "pearson-correlation").kept]


def numbers(found: Combined) -> tuple[float, ...]:
    """What metafor prints, in the order of R_CODE."""
    return (
        found.k, found.estimate, found.error, found.low, found.high, found.tau2, found.q,
        found.q_p, found.i2, found.predicted_low, found.predicted_high,
    )  # fmt: skip


def ours() -> list[tuple[float, ...]]:
    pytest.importorskip("statsmodels", reason="the extra synthesis is not installed")
    return [
        numbers(combine(*zip(*data, strict=True), estimator, interval))
        for data in (bcg(), molloy(), ALIKE)
        for estimator in ("DL", "PM")
        for interval in ("normal", "HKSJ")
    ]


def read(text: str) -> list[tuple[float, ...]]:
    return [tuple(map(float, line.split())) for line in text.strip().splitlines()]


def same(one: list[tuple[float, ...]], other: list[tuple[float, ...]]) -> bool:
    return len(one) == len(other) and all(
        a == pytest.approx(b, abs=6e-5) for a, b in zip(one, other, strict=True)
    )


def test_metafor_gives_the_same_to_four_digits() -> None:
    assert same(ours(), read(EXPECTED))


def test_metafor_still_gives_what_is_expected() -> None:
    if not shutil.which("Rscript"):
        pytest.skip("R is not installed")
    command = ["Rscript", "--vanilla", "-e", R_CODE]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    if "there is no package called" in done.stderr:
        pytest.skip("the R package metafor is not installed")
    assert done.returncode == 0, done.stderr
    assert same(read(done.stdout), read(EXPECTED))


@pytest.mark.parametrize("k", [0, 1, 2])
def test_fewer_than_three_are_refused_with_the_reason(k: int) -> None:
    with pytest.raises(NotCombined, match=r"too few: .* need at least 3"):
        combine([0.1] * k, [0.1] * k)


@pytest.mark.parametrize(
    ("value", "error"), [(0.1, 0.0), (0.1, -1.0), (float("nan"), 0.1), (0.1, float("inf"))]
)
def test_what_cannot_be_weighted_is_refused(value: float, error: float) -> None:
    with pytest.raises(NotCombined, match="standard error above 0"):
        combine([value, 0.2, 0.3], [error, 0.1, 0.1])


def test_without_the_library_the_message_says_how_to_install_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "statsmodels.stats.meta_analysis", None)
    with pytest.raises(NotInstalled, match=r'pip install "smegraph\[synthesis\]"'):
        combine([0.1, 0.2, 0.3], [0.1, 0.1, 0.1])


def test_every_choice_has_a_name_with_its_source() -> None:
    assert all("(19" in told or "(20" in told or "Wald" in told
               for told in (*ESTIMATORS.values(), *INTERVALS.values()))  # fmt: skip


ESTIMATES = st.lists(st.tuples(st.floats(-2, 2), st.floats(0.05, 1)), min_size=3, max_size=9)


@settings(max_examples=30, deadline=None)
@given(ESTIMATES, st.floats(-3, 3))
def test_a_shift_of_all_shifts_the_mean_and_nothing_else(
    data: list[tuple[float, float]], shift: float
) -> None:
    pytest.importorskip("statsmodels", reason="the extra synthesis is not installed")
    values, errors = zip(*data, strict=True)
    one = combine(values, errors, "DL")
    other = combine([value + shift for value in values], errors, "DL")
    assert other.estimate - one.estimate == pytest.approx(shift, abs=1e-6)
    assert astuple(other)[5:6] == pytest.approx(astuple(one)[5:6], abs=1e-6)
    assert sum(one.weights) == pytest.approx(100)
    assert one.predicted_low <= one.low + 1e-9
    assert 0 <= one.i2 <= 100
