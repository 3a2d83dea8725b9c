"""Neutrinos from pions that stop and decay: π⁺ → μ⁺ ν_μ, then μ⁺ → e⁺ ν_e ν̄_μ."""

from __future__ import annotations

from typing import Final

from nuatom.data import read_toml
from nuatom.fluxes.components import Component, Continuum, Flux, Lines
from nuatom.fluxes.densities import Michel
from nuatom.fluxes.geometry import flux_at
from nuatom.fluxes.timing import BinnedPulse, GaussianPulse, Timing
from nuatom.numerics.guards import positive

__all__ = ["pion_decay_at_rest"]

_CITATIONS: Final = ("PDG:2024",)


def pion_decay_at_rest(
    neutrinos_per_proton: float,
    protons_per_s: float,
    distance_m: float,
    pulse: GaussianPulse | BinnedPulse | None = None,
    name: str = "pion-decay-at-rest",
) -> Flux:
    """Flux of a beam dump in which pions stop: a prompt line and two delayed Michel spectra.

    Each flavour's flux is r P/(4πL²), isotropic. Prompt ν_μ: one line at (m_π² − m_μ²)/2m_π = 29.79 MeV.
    Delayed, with x = 2E/m_μ in [0, 1]: dN/dx = 12x²(1 − x) for ν_e and 2x²(3 − 2x) for ν̄_μ, the decay of
    an unpolarised muon at rest with a massless positron and without radiative corrections
    (:cite:`PDG:2024`, muon decay parameters, ρ = 3/4). Oscillation over the distance, decay in flight and
    neutrinos of negative pions, most of which nuclei capture, are left out.

    Parameters
    ----------
    neutrinos_per_proton : float
        r: neutrinos of each of the three flavours per proton on target; pions that stop and decay.
    protons_per_s : float
        P: protons on target per second, averaged over the time of the exposure.
    distance_m : float
        L: from target to detector.
    pulse : GaussianPulse, BinnedPulse or None
        Arrival of the protons. Given one, every component has its
        :class:`~nuatom.fluxes.timing.Timing`: the prompt one after the pion's mean life, the delayed
        ones after the pion's and the muon's.
    name : str
        Name of the flux.

    Returns
    -------
    Flux
        Components ``prompt-mu`` (ν_μ), ``delayed-e`` (ν_e) and ``delayed-anti-mu`` (ν̄_μ).

    Raises
    ------
    InputError
        For a yield, a number of protons or a distance that is not positive and finite.

    Notes
    -----
    Beam exposures are numbers of protons. With N protons on target during an exposure of time t, use
    ``protons_per_s = N / t`` with the t of the detector's exposure, mass × t: only the product counts.
    The uncertainty of each component is zero, because what is uncertain is r, which the three share: it
    belongs to the experiment as one normalisation.

    Examples
    --------
    >>> flux = pion_decay_at_rest(0.08, protons_per_s=6e15, distance_m=20.0)
    >>> round(flux.component("prompt-mu").spectrum.energies_kev[0])
    29792
    """
    positive("neutrinos_per_proton", neutrinos_per_proton)
    positive("protons_per_s", protons_per_s)
    data = read_toml("pion_decay.toml")
    pion, muon = data["pion"], data["muon"]
    line_kev = (pion["mass_kev"] ** 2 - muon["mass_kev"] ** 2) / (2.0 * pion["mass_kev"])
    end_kev = 0.5 * muon["mass_kev"]
    per_cm2_s = flux_at(distance_m, neutrinos_per_proton * protons_per_s)

    def timing(*lifetimes_ns: float) -> Timing | None:
        return None if pulse is None else Timing(pulse, lifetimes_ns)

    prompt = timing(pion["mean_life_ns"])
    delayed = timing(pion["mean_life_ns"], muon["mean_life_ns"])
    edges = (0.0, end_kev)
    electron_density, muon_density = Michel(end_kev, 12.0, 1.0, 1.0), Michel(end_kev, 2.0, 3.0, 2.0)
    return Flux(
        name=name,
        components=(
            Component("prompt-mu", per_cm2_s, 0.0, "mu", Lines((line_kev,), (1.0,)), timing=prompt),
            Component("delayed-e", per_cm2_s, 0.0, "e", Continuum(edges, electron_density), timing=delayed),
            Component(
                "delayed-anti-mu", per_cm2_s, 0.0, "anti-mu", Continuum(edges, muon_density), timing=delayed
            ),
        ),
        citations=_CITATIONS,
    )
