"""Neutrinos from intense radioactive sources: lines of electron capture, the spectrum of tritium."""

from __future__ import annotations

from typing import Any, Final

from nuatom.data import read_toml
from nuatom.errors import InputError
from nuatom.fluxes.beta import beta_spectrum
from nuatom.fluxes.components import Component, Continuum, Flux, Lines
from nuatom.fluxes.geometry import flux_at
from nuatom.numerics.guards import positive

__all__ = ["NUCLIDES", "radioactive_source"]

NUCLIDES: Final = ("51Cr", "37Ar", "3H")


def radioactive_source(nuclide: str, activity_bq: float, distance_m: float) -> Flux:
    """Flux of a radioactive point source: A/(4πL²), one neutrino a decay.

    51Cr and 37Ar capture an electron and emit ν_e lines; 3H decays to ³He⁺ and emits ν̄_e with the
    allowed spectrum and its Coulomb factor (:func:`nuatom.fluxes.beta.beta_shape`). Line energies and
    branchings are those of the gallium experiments. Bremsstrahlung, excited ³He⁺ (a quarter of the
    decays of a free atom, 40 eV below the end point), and molecular binding of 3H are left out.

    Parameters
    ----------
    nuclide : str
        ``"51Cr"``, ``"37Ar"`` or ``"3H"``.
    activity_bq : float
        Decays per second, averaged over the time of the exposure; 1 Ci is 3.7e10 Bq.
    distance_m : float
        From the source to the detector.

    Returns
    -------
    Flux
        One component: ``cr51``, ``ar37`` or ``h3``. Its uncertainty is zero: that of the activity belongs
        to the experiment.

    Raises
    ------
    InputError
        For another nuclide, or an activity or a distance that is not positive and finite.

    Examples
    --------
    >>> source = radioactive_source("51Cr", activity_bq=1e17, distance_m=1.0)
    >>> f"{source.component('cr51').flux_per_cm2_s:.3e}"
    '7.958e+11'
    """
    if nuclide not in NUCLIDES:
        raise InputError("nuclide", nuclide, f"one of {', '.join(NUCLIDES)}")
    positive("activity_bq", activity_bq, "Bq")
    data = read_toml("radioactive_source.toml")
    entry = data[nuclide]
    component = Component(
        name=entry["component"],
        flux_per_cm2_s=flux_at(distance_m, activity_bq),
        relative_uncertainty=0.0,
        flavour=entry["flavour"],
        spectrum=_spectrum(entry),
    )
    return Flux(f"radioactive-source-{nuclide}", (component,), tuple(data["citations"]))


def _spectrum(entry: dict[str, Any]) -> Lines | Continuum:
    if "beta" in entry:
        return beta_spectrum(**entry["beta"], lepton="electron")
    energies, branchings = zip(*entry["lines"], strict=True)
    return Lines(energies, branchings)
