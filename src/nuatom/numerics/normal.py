"""Normal and chi-squared distributions of single numbers, without SciPy, which takes longer to load."""

from __future__ import annotations

import math

__all__ = ["chi_squared_survival", "normal_quantile"]


def normal_quantile(probability: float) -> float:
    """Value below which a standard normal variable lies with a probability; infinite for 0 and 1.

    Examples
    --------
    >>> round(normal_quantile(0.95), 9)
    1.644853627
    """
    if probability in (0.0, 1.0):
        return math.copysign(math.inf, probability - 0.5)
    from statistics import NormalDist

    return NormalDist().inv_cdf(probability)


def chi_squared_survival(degrees: int, chi2: float) -> float:
    r"""Probability that a χ² of a number of degrees of freedom is at least this large.

    .. math:: Q_n(x) = Q_{n-2}(x) + \frac{(x/2)^{n/2-1} e^{-x/2}}{\Gamma(n/2)},
        \qquad Q_1 = \mathrm{erfc}\sqrt{x/2}, \quad Q_2 = e^{-x/2}.

    Parameters
    ----------
    degrees : int
        Positive.
    chi2 : float
        Not negative.

    Examples
    --------
    >>> round(chi_squared_survival(1, 3.841458820694124), 12)
    0.05
    """
    half = 0.5 * chi2
    if half <= 0.0:
        return 1.0
    odd = degrees % 2 == 1
    terms = [math.erfc(math.sqrt(half)) if odd else math.exp(-half)]
    # Orders a of the terms x^(a)·e^(-x)/Γ(a + 1), in logarithms: none overflows.
    order = 0.5 if odd else 1.0
    while order < 0.5 * degrees:
        terms.append(math.exp(order * math.log(half) - half - math.lgamma(order + 1.0)))
        order += 1.0
    return min(1.0, math.fsum(terms))
