"""How a flux component's counts are shared out among bins in time."""

from __future__ import annotations

from typing import Final

import numpy as np

from nuatom.detectors import TimeWindow
from nuatom.errors import InputError
from nuatom.fluxes import Component
from nuatom.numerics.quadrature import FloatArray, panel_rule

__all__ = ["time_shares"]

_TIME_PANELS: Final = 48
_TIME_ORDER: Final = 8
_NS_PER_US: Final = 1000.0


def time_shares(component: Component, window: TimeWindow) -> FloatArray:
    """Share of a component's neutrinos that is counted in each time bin.

    ∫ p ε dt = [Cε] − ∫ C ε' dt, where C is the distribution function of the arrival times, known in closed
    form, and smooth: Gauss-Legendre integrates it to 1e-12.

    Parameters
    ----------
    component : Component
        Of a pulsed flux.
    window : TimeWindow
        Bins and efficiency.

    Raises
    ------
    InputError
        For a component without arrival times.
    """
    timing = component.timing
    if timing is None:
        raise InputError("flux", component.name, "a pulsed source, for a detector that bins in time")
    edges = np.array(window.edges_us)
    stops = np.union1d(edges, [window.flat_until_us] if edges[0] < window.flat_until_us < edges[-1] else [])
    panels = np.linspace(stops[:-1], stops[1:], 1 + _TIME_PANELS, axis=-1)
    time, weight = panel_rule(panels, _TIME_ORDER)
    efficiency = window.efficiency(time)
    falling = np.where(time > window.flat_until_us, window.loss_per_us * efficiency, 0.0)
    counted = np.diff(timing.cumulative(_NS_PER_US * stops) * window.efficiency(stops))
    counted += np.sum(weight * falling * timing.cumulative(_NS_PER_US * time), axis=-1)
    shares: FloatArray = np.add.reduceat(counted, np.searchsorted(stops, edges[:-1]))
    return shares
