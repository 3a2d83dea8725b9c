"""After (16) of :cite:`KS11`: the transverse part, its real-photon limit (17), and no enhancement."""

from __future__ import annotations

from itertools import pairwise
from typing import Final

import numpy as np

from nuatom.atoms import COMPONENTS, Target, find_table, henke_mb, tabulated_photoabsorption_cm2
from nuatom.constants import ELECTRON_MASS_KEV, FINE_STRUCTURE
from nuatom.neutrinos import Neutrino
from nuatom.numerics.quadrature import FloatArray
from nuatom.papers.common import REACTOR_KEV
from nuatom.papers.entry import Finding, claim
from nuatom.papers.ks11.cross_section import MOMENT
from nuatom.processes import interaction, ionization
from nuatom.processes.atom import orbital_form_factor
from nuatom.processes.equivalent_photon import refuted_moment_by_equivalent_photons_cm2_per_kev
from nuatom.processes.ionization import ipm_parts
from nuatom.processes.kinematics import maximum_recoil_kev
from nuatom.processes.nucleus import natural_isotopes, nucleus_mass_kev

__all__ = ["enhancement_findings", "photoabsorption_mb", "response_over_square"]

_SYMBOLS: Final = ("Ge", "Xe")
_TRANSVERSE: Final = COMPONENTS.index("vector_11")
# Near and far from all edges, where energies of the mean field and of the real atom differ by some per cent.
_PHOTONS_KEV: Final = np.array([0.2, 0.3, 0.5, 0.8, 1.0, 2.0, 3.0, 4.0, 8.0, 10.0, 12.0, 15.0, 20.0, 25.0])
_BINS_KEV: Final = np.geomspace(0.2, 12.0, 13)


def enhancement_findings() -> dict[str, Finding]:
    """What follows (16), to the end of the paper."""
    return {**_ratio(), **_photons(), **_fall(), **_enhancement(), **_conclusion()}


def photoabsorption_mb(symbol: str, energy_kev: FloatArray) -> FloatArray:
    """4π²α R(T, Q = T)/T, equation (17) read for σ_γ, in megabarn."""
    return 1e18 * np.asarray(tabulated_photoabsorption_cm2(find_table(symbol, "ipm"), energy_kev))


def response_over_square(symbol: str, transfer_kev: float, momentum_kev: FloatArray) -> FloatArray:
    """R(T, Q)/Q², 1/keV³, the integrand of (8) but for its factor in the brackets; zero beyond the table."""
    total = np.zeros(momentum_kev.shape)
    for shell in find_table(symbol, "ipm").subshells:
        if transfer_kev > shell.scale.edge_kev:
            inside = momentum_kev <= shell.momentum_limits_kev(transfer_kev)[1]
            total[inside] += shell.at(transfer_kev, momentum_kev[inside])[_TRANSVERSE]
    result: FloatArray = total / momentum_kev**2
    return result


def _ratio() -> dict[str, Finding]:
    found: dict[str, Finding] = {}
    for symbol in _SYMBOLS:
        for transfer in (0.3, 1.0, 10.0, 40.0):
            parts = ipm_parts(Target(symbol))(np.array(REACTOR_KEV), np.array([transfer]))[-2:, 0]
            ratio, square = float(parts[1] / parts[0]), 2.0 * transfer / ELECTRON_MASS_KEV
            found[f"ratio-{symbol}-{transfer:g}"] = claim(
                ratio, 0.1 * square < ratio < 10.0 * square and ratio < 0.1, square=square,
                over=ratio / square,
            )  # fmt: skip
    return found


def _photons() -> dict[str, Finding]:
    found: dict[str, Finding] = {}
    for symbol in _SYMBOLS:
        table = find_table(symbol, "ipm")
        ratio = photoabsorption_mb(symbol, _PHOTONS_KEV) / henke_mb(table.Z, _PHOTONS_KEV)
        low, high = int(ratio.argmin()), int(ratio.argmax())
        above = ratio[_PHOTONS_KEV >= 0.8]
        found |= {
            f"photons-{symbol}": claim(
                np.median(above), abs(float(np.median(above)) - 1.0) < 0.05, least=ratio[low],
                least_at=_PHOTONS_KEV[low], largest=ratio[high], largest_at=_PHOTONS_KEV[high],
            ),
            f"photons-{symbol}-furthest": claim(
                above[np.argmax(np.abs(above - 1.0))], np.all(np.abs(above - 1.0) < 0.15)
            ),
        }  # fmt: skip
    return found


def _fall() -> dict[str, Finding]:
    found: dict[str, Finding] = {}
    for symbol in _SYMBOLS:
        charge = find_table(symbol, "ipm").Z
        inverse_size = charge ** (1.0 / 3.0) * FINE_STRUCTURE * ELECTRON_MASS_KEV
        momenta = np.geomspace(0.1, 10.0, 200) * inverse_size
        half = orbital_form_factor(Target(symbol).constituents[0][0], momenta) < 0.5 * charge
        size = float(momenta[int(np.argmax(half))]) / inverse_size
        found[f"size-{symbol}"] = claim(size, 0.3 < size < 3.0, inverse=inverse_size)
        for transfer in (0.3, 1.0, 3.0):
            values = response_over_square(
                symbol, transfer, np.array([transfer, inverse_size, 10 * inverse_size])
            )
            found[f"fall-{symbol}-{transfer:g}"] = claim(
                values[1] / values[0], values[1] < 0.1 * values[0], further=values[2] / values[0]
            )
    return found


def _window_kev(symbol: str) -> FloatArray:
    """Transfers from 0.2 to 12 keV, dense next to edges."""
    edges = find_table(symbol, "ipm").edges_kev
    near = (edges[:, None] + np.linspace(1e-6, 0.01, 30)).ravel()
    everything = np.concatenate([np.geomspace(_BINS_KEV[0], _BINS_KEV[-1], 400), _BINS_KEV, near])
    return np.unique(np.clip(everything, _BINS_KEV[0], _BINS_KEV[-1]))


def _by_bin(recoil: FloatArray, values: FloatArray) -> FloatArray:
    """Integrals over the bins."""
    inside = [(recoil >= low) & (recoil <= high) for low, high in pairwise(_BINS_KEV)]
    return np.array([np.trapezoid(values[chosen], recoil[chosen]) for chosen in inside])


def _enhancement() -> dict[str, Finding]:
    found: dict[str, Finding] = {}
    neutrino = Neutrino(magnetic_moment=MOMENT)
    for symbol in _SYMBOLS:
        target, recoil = Target(symbol), _window_kev(symbol)
        free, step, full = (
            ionization(target, model).cross_section(neutrino, REACTOR_KEV, recoil, "anti-e").magnetic
            for model in ("free", "stepping", "ipm")
        )
        sigma = 1e-18 * photoabsorption_mb(symbol, recoil)
        spurious = refuted_moment_by_equivalent_photons_cm2_per_kev(
            REACTOR_KEV, recoil, sigma, magnetic_moment=MOMENT
        )
        transverse = MOMENT**2 * ipm_parts(target)(np.array(REACTOR_KEV), recoil)[-1]
        best, peak = int(np.argmax(spurious / free)), int(np.argmax(full / free))
        bins = [_by_bin(recoil, part) for part in (free, step, full)]
        over_free, over_step = bins[2] / bins[0], bins[2] / bins[1]
        found |= {
            f"claimed-{symbol}": claim(
                spurious[best] / free[best], spurious[best] > 10.0 * free[best], at=recoil[best],
                least=np.min(spurious / free),
            ),
            f"incorrect-{symbol}": claim(
                np.min(spurious / transverse), np.all(spurious > 100.0 * transverse),
                largest=np.max(spurious / transverse),
            ),
            f"none-{symbol}": claim(
                over_free.max(), np.all(over_free < 1.02), peak=full[peak] / free[peak], at=recoil[peak],
                least=over_free.min(), step=over_step[_BINS_KEV[:-1] > 1.0].max(),
            ),
        }  # fmt: skip
    return found


def _conclusion() -> dict[str, Finding]:
    target = Target("Ge")
    germanium = target.constituents[0][0]
    isotope = max(natural_isotopes(germanium), key=lambda one: one.abundance)
    mass = nucleus_mass_kev(germanium, isotope)
    largest = 1e3 * float(maximum_recoil_kev(np.array(REACTOR_KEV), mass))
    neutrino = Neutrino(magnetic_moment=MOMENT)
    whole, each = (
        kernels.cross_section(neutrino, REACTOR_KEV, 0.1, "anti-e").magnetic
        for kernels in (interaction(target, "atom"), ionization(target, "stepping"))
    )
    electrons = float(orbital_form_factor(germanium, np.sqrt(np.array([2.0 * mass * 0.1])))[0])
    return {
        "low-thresholds": claim(largest, 50.0 < largest < 1000.0),
        "coherent": claim(float(whole / each), bool(whole > each), electrons=electrons),
    }
