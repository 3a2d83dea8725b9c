"""How many partial waves of an outgoing electron see the exchange with the core."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

__all__ = ["EXCHANGE_REACHES", "ExchangeReach", "exchange_reach"]


@dataclass(frozen=True)
class ExchangeReach:
    """Up to which partial waves exchange acts, and what is lost by stopping there.

    Attributes
    ----------
    waves : int
        Largest l that sees exchange, above the largest l of the core.
    error : float
        Largest relative error of a response.
    integral_error : float
        Largest relative error of its integral ∫Q dQ.
    """

    waves: int
    error: float
    integral_error: float


EXCHANGE_REACHES: Final = (
    ExchangeReach(3, 2e-2, 5e-3),
    ExchangeReach(6, 4e-3, 1e-3),
    ExchangeReach(11, 1e-3, 3e-4),
    ExchangeReach(17, 2e-4, 1e-4),
    ExchangeReach(24, 5e-5, 3e-5),
)
"""Errors measured against exchange with 24 waves more than the core's: positive responses of outer and
inner subshells of helium, sodium, argon, germanium and xenon, electrons of 0.5 to 200 hartree, momenta from
0.2 to 2.2 of the ridge. The largest are those of valence shells off the ridge."""

EXCHANGE_PART: Final = 0.5
"""Part of the accuracy asked for that waves without exchange may take."""


def exchange_reach(accuracy: float) -> ExchangeReach:
    """Fewest partial waves with exchange that cost no more than half of a relative accuracy of responses.

    The largest that were measured, where none is as good.
    """
    enough = [known for known in EXCHANGE_REACHES if known.error <= EXCHANGE_PART * accuracy]
    return enough[0] if enough else EXCHANGE_REACHES[-1]
