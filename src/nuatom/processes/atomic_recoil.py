"""Recoil of the atom as a whole when one of its electrons leaves."""

from __future__ import annotations

from nuatom.atoms import Target
from nuatom.constants import ATOMIC_MASS_KEV, ELECTRON_MASS_KEV, HARTREE_KEV

__all__ = ["atomic_recoil_kev"]


def atomic_recoil_kev(target: Target) -> dict[str, float]:
    r"""Energy above an ionization threshold within which the recoil of the atom matters.

    .. math:: T - I \lesssim 2 Z^{4/3} E_h \frac{m_e}{M},

    :cite:`KS16`, after equation (11): an estimate from the Thomas-Fermi atom. The momentum that an atom takes
    up when it loses an electron is of the order of those within it, Q² ∼ Z^{4/3} a.u., and Q²/2M is not there
    for the electron. No kernel of this package has this recoil.

    Parameters
    ----------
    target : Target
        Element or compound.

    Returns
    -------
    dict of float
        Energy in keV, by symbol of each element.

    Examples
    --------
    >>> from nuatom import Target
    >>> round(1e3 * atomic_recoil_kev(Target("Ge"))["Ge"], 2)
    0.04
    """
    return {
        element.symbol: 2.0
        * element.atomic_number ** (4.0 / 3.0)
        * HARTREE_KEV
        * ELECTRON_MASS_KEV
        / (element.mass_u * ATOMIC_MASS_KEV)
        for element, _ in target.constituents
    }
