"""Wigner's 3j and 6j symbols from exact integers; angular momenta are given doubled."""

from __future__ import annotations

from fractions import Fraction
from functools import cache
from math import factorial, sqrt

__all__ = ["six_j", "three_j"]


@cache
def three_j(a: int, b: int, c: int, alpha: int, beta: int, gamma: int) -> float:
    """(a/2 b/2 c/2; α/2 β/2 γ/2) by Racah's sum (Edmonds, equation 3.7.3), zero where forbidden."""
    if alpha + beta + gamma or not _triangle(a, b, c):
        return 0.0
    if abs(alpha) > a or abs(beta) > b or abs(gamma) > c:
        return 0.0
    total = Fraction(0)
    for t in range((a + b + c) // 2 + 1):
        parts = (
            t,
            (c - b + alpha) // 2 + t,
            (c - a - beta) // 2 + t,
            (a + b - c) // 2 - t,
            (a - alpha) // 2 - t,
            (b + beta) // 2 - t,
        )
        if min(parts) >= 0:
            total += Fraction((-1) ** t, _product(parts))
    square = _triangle_square(a, b, c)
    for j, m in ((a, alpha), (b, beta), (c, gamma)):
        square *= factorial((j + m) // 2) * factorial((j - m) // 2)
    sign: int = (-1) ** ((a - b - gamma) // 2)
    return sign * float(total) * sqrt(square)


@cache
def six_j(a: int, b: int, c: int, d: int, e: int, f: int) -> float:
    """{a/2 b/2 c/2; d/2 e/2 f/2} by Racah's sum (Edmonds, equation 6.3.7), zero where forbidden."""
    triads = ((a, b, c), (a, e, f), (d, b, f), (d, e, c))
    if not all(_triangle(*triad) for triad in triads):
        return 0.0
    lower = [sum(triad) // 2 for triad in triads]
    upper = [(a + b + d + e) // 2, (b + c + e + f) // 2, (a + c + d + f) // 2]
    total = Fraction(0)
    for t in range(max(lower), min(upper) + 1):
        parts = tuple(t - x for x in lower) + tuple(x - t for x in upper)
        total += Fraction((-1) ** t * factorial(t + 1), _product(parts))
    result = float(total)
    for triad in triads:
        result *= sqrt(_triangle_square(*triad))
    return result


def _triangle(a: int, b: int, c: int) -> bool:
    return abs(a - b) <= c <= a + b and (a + b + c) % 2 == 0


def _triangle_square(a: int, b: int, c: int) -> Fraction:
    top = factorial((a + b - c) // 2) * factorial((a - b + c) // 2) * factorial((b + c - a) // 2)
    return Fraction(top, factorial((a + b + c) // 2 + 1))


def _product(parts: tuple[int, ...]) -> int:
    product = 1
    for part in parts:
        product *= factorial(part)
    return product
