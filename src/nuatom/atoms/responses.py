"""What joins matter to everything above it: the responses of its electrons, however they were found."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from nuatom.numerics.quadrature import FloatArray

__all__ = ["Responses"]


@runtime_checkable
class Responses(Protocol):
    r"""Responses of matter per atom or formula unit, as functions of the transfers of energy and momentum.

    .. math:: R_{ab}(T, Q) = \sum_f \langle f|J_a|i\rangle\langle f|J_b|i\rangle^*\,\delta(T + E_i - E_f),

    the components of :data:`nuatom.atoms.components.COMPONENTS`. Independent electrons
    (:class:`~nuatom.atoms.tables.responses.ResponseTable`), correlated ones
    (:class:`~nuatom.atoms.tables.correlated.CorrelatedResponses`) and arrays of a user's own
    (:class:`~nuatom.atoms.tables.arrays.ResponseArrays`) are made of this; so can be any object that has it.
    """

    @property
    def edges_kev(self) -> FloatArray:
        """Thresholds, shape (S,), in any order: nothing answers to transfers up to the lowest."""

    @property
    def highest_kev(self) -> float:
        """Last transfer that is known."""

    @property
    def identity(self) -> tuple[tuple[str, str], ...]:
        """What the numbers came from: names, each with a hash; results carry them."""

    @property
    def breakpoints_kev(self) -> FloatArray:
        """Transfers between which responses are smooth enough for a few nodes of quadrature."""

    def on_momenta(self, transfer_kev: FloatArray, momentum_kev: FloatArray) -> FloatArray:
        """Responses per keV.

        Parameters
        ----------
        transfer_kev : ndarray, shape (T,)
            Up to `highest_kev`.
        momentum_kev : ndarray, shape (T, Q)
            From T on.

        Returns
        -------
        ndarray, shape (9, T, Q)
            Zero where nothing is open, and beyond the last momentum.
        """

    def momentum_limits_kev(self, transfer_kev: FloatArray) -> tuple[FloatArray, FloatArray]:
        """First and last momentum with any strength at each transfer above the lowest threshold."""

    def ridge(self, transfer_kev: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Centre and width of the narrowest ridge in momentum, for quadrature, at such transfers, in keV."""

    def relative_error(self, transfer_kev: FloatArray) -> FloatArray:
        """What integrals over momentum are worth at each transfer; zero where nothing is open."""
