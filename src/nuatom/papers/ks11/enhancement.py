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
from nuatom.papers.entry import Entry, statement
from nuatom.papers.ks11.cross_section import MOMENT
from nuatom.processes import ionization
from nuatom.processes.atom import orbital_form_factor
from nuatom.processes.equivalent_photon import refuted_moment_by_equivalent_photons_cm2_per_kev
from nuatom.processes.ionization import ipm_parts
from nuatom.processes.kinematics import maximum_recoil_kev
from nuatom.processes.nucleus import natural_isotopes, nucleus_mass_kev

__all__ = ["enhancement_entries", "photoabsorption_mb", "response_over_square"]

_NAMES: Final = {"Ge": "germanium", "Xe": "xenon"}
_TRANSVERSE: Final = COMPONENTS.index("vector_11")
# Near and far from all edges, where energies of the mean field and of the real atom differ by some per cent.
_PHOTONS_KEV: Final = np.array([0.2, 0.3, 0.5, 0.8, 1.0, 2.0, 3.0, 4.0, 8.0, 10.0, 12.0, 15.0, 20.0, 25.0])
_BINS_KEV: Final = np.geomspace(0.2, 12.0, 13)
_PEAK_NOTE: Final = (
    "Bins of 40% of the energy. Point by point at most {peak:.2f}, at {at:.4g} keV: within 10 eV of an "
    "edge a wave "
    "may resonate (f waves of xenon's 3d, 2 eV wide), which correlation and the life of the hole broaden. "
    "Over stepping, above 1 keV: at most {step:.3f}. Least over free electrons {least:.2f}."
)


def enhancement_entries() -> list[Entry]:
    """What follows (16), to the end of the paper."""
    return [*_ratio(), *_photons(), *_fall(), *_enhancement(), *_conclusion()]


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


def _ratio() -> list[Entry]:
    entries = []
    for symbol, name in _NAMES.items():
        for transfer in (0.3, 1.0, 10.0, 40.0):
            parts = ipm_parts(Target(symbol))(np.array(REACTOR_KEV), np.array([transfer]))[-2:, 0]
            ratio, square = float(parts[1] / parts[0]), 2.0 * transfer / ELECTRON_MASS_KEV
            entries.append(
                statement("after (16)", f"transverse over longitudinal part, {name}, {transfer:g} keV",
                          "~ v²", ratio, 0.1 * square < ratio < 10.0 * square and ratio < 0.1,
                          note=f"v² = 2T/m_e = {square:.1e}, that of an electron with all of the energy: "
                               "ratio to "
                          f"it {ratio / square:.2f}, and ¼ for free electrons.")
            )  # fmt: skip
    return entries


def _photons() -> list[Entry]:
    entries = []
    for symbol, name in _NAMES.items():
        table = find_table(symbol, "ipm")
        ratio = photoabsorption_mb(symbol, _PHOTONS_KEV) / henke_mb(table.Z, _PHOTONS_KEV)
        extremes = ", ".join(
            f"{ratio[i]:.2f} at {_PHOTONS_KEV[i]:g} keV" for i in (int(ratio.argmin()), int(ratio.argmax()))
        )
        above = ratio[_PHOTONS_KEV >= 0.8]
        entries += [
            statement("(17)", f"4π²α R/T at Q = T over the measured σ_γ, {name}, 0.8–25 keV, median", "1",
                      float(np.median(above)), abs(float(np.median(above)) - 1.0) < 0.05,
                      note=f"Evaluated measurements of Henke and others, good to some per cent. From 0.2 "
                           "keV on: "
                      f"{extremes}; independent electrons in Dirac-Fock orbitals, whose edges are not "
                      "the measured "
                      "ones, lack the correlation that moves strength below 1 keV."),
            statement("(17)", f"the same, {name}, furthest from 1", "1",
                      float(above[np.argmax(np.abs(above - 1.0))]), bool(np.all(np.abs(above - 1.0) < 0.15))),
        ]  # fmt: skip
    return entries


def _fall() -> list[Entry]:
    entries = []
    for symbol, name in _NAMES.items():
        charge = find_table(symbol, "ipm").Z
        inverse_size = charge ** (1.0 / 3.0) * FINE_STRUCTURE * ELECTRON_MASS_KEV
        momenta = np.geomspace(0.1, 10.0, 200) * inverse_size
        half = orbital_form_factor(Target(symbol).constituents[0][0], momenta) < 0.5 * charge
        size = float(momenta[int(np.argmax(half))]) / inverse_size
        entries.append(
            statement("after (17)", f"momentum that halves the form factor, over Z^⅓ αm_e, {name}",
                      "1/r_a = Z^⅓ αm_e", size, 0.3 < size < 3.0,
                      note=f"Thomas and Fermi's size of the atom: 1/r_a = {inverse_size:.1f} keV.")
        )  # fmt: skip
        for transfer in (0.3, 1.0, 3.0):
            values = response_over_square(
                symbol, transfer, np.array([transfer, inverse_size, 10 * inverse_size])
            )
            entries.append(
                statement("after (17)", f"R/Q² at Q = 1/r_a over that at Q = T, {name}, {transfer:g} keV",
                          "rapidly falls down", float(values[1] / values[0]), values[1] < 0.1 * values[0],
                          note=f"{values[2] / values[0]:.0e} at ten times that Q.")
            )  # fmt: skip
    return entries


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


def _enhancement() -> list[Entry]:
    entries = []
    neutrino = Neutrino(magnetic_moment=MOMENT)
    for symbol, name in _NAMES.items():
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
        where = f"{name}, 0.2–12 keV, E = 3 MeV"
        entries += [
            statement("after (16)", f"(17) at all Q, as in Ref. [10], over free electrons: largest, {where}",
                      "strongly enhances", float(spurious[best] / free[best]),
                      spurious[best] > 10.0 * free[best],
                      note=f"At {recoil[best]:.2g} keV; least {np.min(spurious / free):.0f}. It grows as "
                           "E²."),
            statement("after (17)", f"(17) at all Q over the true transverse part: least, {where}",
                      "such a procedure is incorrect", float(np.min(spurious / transverse)),
                      bool(np.all(spurious > 100.0 * transverse)),
                      note=f"Largest {np.max(spurious / transverse):.0e}."),
            statement("section 3", f"ab initio dσ/dT over free electrons: largest of a bin, {where}",
                      "no enhancement mechanism", float(over_free.max()), bool(np.all(over_free < 1.02)),
                      note=_PEAK_NOTE.format(
                          peak=full[peak] / free[peak], at=recoil[peak], least=over_free.min(),
                          step=over_step[_BINS_KEV[:-1] > 1.0].max())),
        ]  # fmt: skip
    return entries


def _conclusion() -> list[Entry]:
    germanium = Target("Ge").constituents[0][0]
    isotope = max(natural_isotopes(germanium), key=lambda one: one.abundance)
    mass = nucleus_mass_kev(germanium, isotope)
    largest = 1e3 * float(maximum_recoil_kev(np.array(REACTOR_KEV), mass))
    electrons = float(orbital_form_factor(germanium, np.sqrt(np.array([2.0 * mass * 0.1])))[0])
    inverse_size = 32 ** (1.0 / 3.0) * FINE_STRUCTURE * ELECTRON_MASS_KEV
    size_ev = 1e3 * inverse_size**2 / (2.0 * mass)
    return [
        statement("section 3", "largest recoil of germanium-74, E = 3 MeV", "thresholds of T ~ 100 eV",
                  largest, 50.0 < largest < 1000.0, "eV"),
        statement("section 3", "electrons of germanium that answer coherently at T = 100 eV",
                  "coherent scattering on atoms", electrons, electrons > 1.0, disagreement="corrected",
                  note="None: at 100 eV the nucleus is hit alone, with its charge unscreened. Electrons "
                       "take part "
                  f"for Q < 1/r_a, an energy of {size_ev:.1e} eV: 'scattering on atoms' is that on "
                  "nuclei there."),
    ]  # fmt: skip
