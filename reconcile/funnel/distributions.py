"""Distributions that intervals and tests need: normal, Student's, Fisher's exact test.

Own code, because scipy takes longer to load than a funnel takes to count, and these are a few
lines each; their answers are held against published examples and against figures of scipy.
"""

from __future__ import annotations

import math
from statistics import NormalDist

_NEARLY_NORMAL = 100_000


def normal_quantile(confidence: float) -> float:
    """Return how many standard errors either way hold a share of the normal distribution."""
    return NormalDist().inv_cdf((1 + confidence) / 2)


def t_quantile(confidence: float, freedom: float) -> float:
    """Return the same of Student's distribution.

    Newton's method from the normal quantile, which lies below it; the tail is convex, so that
    each step comes nearer from the same side.
    """
    t = normal_quantile(confidence)
    if freedom > _NEARLY_NORMAL:
        return t
    scale = math.lgamma((freedom + 1) / 2) - math.lgamma(freedom / 2)
    scale -= math.log(freedom * math.pi) / 2
    for _ in range(100):
        density = math.exp(scale - (freedom + 1) / 2 * math.log1p(t * t / freedom))
        step = (t_beyond(t, freedom) - (1 - confidence)) / (2 * density)
        t += step
        if abs(step) < 1e-12 * t:
            break
    return t


def t_beyond(t: float, freedom: float) -> float:
    """Return how much of Student's distribution lies further from 0 than `t`, on both sides.

    By the incomplete beta function, DLMF 8.17; beyond 100,000 degrees by the normal distribution.
    """
    if freedom > _NEARLY_NORMAL:
        return math.erfc(abs(t) / math.sqrt(2))
    return _incomplete_beta(freedom / 2, 0.5, freedom / (freedom + t * t))


def fisher(hits: int, of: int, other_hits: int, other_of: int) -> float:
    """Return Fisher's exact p of both sides: all tables that are no likelier than this one.

    Fisher 1935, J. R. Stat. Soc. 98. It takes as many steps as the smaller margin is long.
    """
    both = hits + other_hits
    least, most = max(0, both - other_of), min(both, of)
    logs = [_log_choose(of, x) + _log_choose(other_of, both - x) for x in range(least, most + 1)]
    whole = _log_choose(of + other_of, both)
    # Tables as likely as this one count, whatever rounding says: the margin is that of R.
    bar = logs[hits - least] + 1e-7
    return min(1.0, math.fsum(math.exp(log - whole) for log in logs if log <= bar))


def _log_choose(n: int, k: int) -> float:
    return math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)


def _incomplete_beta(a: float, b: float, x: float) -> float:
    """Return the regularised incomplete beta function, by its continued fraction (DLMF 8.17.22)."""
    if x <= 0 or x >= 1:
        return float(x >= 1)
    if x > (a + 1) / (a + b + 2):  # the fraction converges fast on the other side only
        return 1 - _incomplete_beta(b, a, 1 - x)
    front = a * math.log(x) + b * math.log1p(-x) + math.lgamma(a + b)
    front -= math.lgamma(a) + math.lgamma(b)
    # Lentz's method as modified by Thompson and Barnett (1986): `value` is the fraction so far.
    c, d = 1.0, 1 / (1 - (a + b) * x / (a + 1))
    value = d
    for m in range(1, 10_000):
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        for term in (even, odd):
            d = 1 / (1 + term * d)
            c = 1 + term / c
            value *= c * d
        if abs(c * d - 1) < 1e-15:
            break
    return math.exp(front) * value / a
