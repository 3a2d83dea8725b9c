"""Momentum integrals of a free electron's responses, put into the form of a table, are its kernels."""

import numpy as np

from nuatom.atoms.independent.impulse import free_tensor
from nuatom.constants import (
    CM2_PER_INVERSE_KEV2,
    ELECTRON_MASS_KEV,
    FERMI_PER_KEV2,
    FINE_STRUCTURE,
)
from nuatom.processes import momentum_integrals as module
from nuatom.processes.electron import free_electron


def test_free_electron_through_the_same_integrals():
    """A free electron answers with a spike in Q: the limit of ever narrower Gaussians gives its kernels."""
    transfer, energy = np.array([2.0, 20.0, 200.0]), 700.0
    ridge = np.sqrt(transfer * (transfer + 2.0 * ELECTRON_MASS_KEV))
    found = []
    for share in (1e-3, 2e-3):
        width = share * ridge
        last = ridge + 12.0 * width
        q, slope = module._nodes(transfer, last, ridge, 8.0 * width, 4001)
        # δ(T + m − E') = δ(Q − Q₀) E'/Q₀, and E' dE' = Q dQ.
        spike = np.exp(-0.5 * ((q - ridge[:, None]) / width[:, None]) ** 2) / (
            np.sqrt(2.0 * np.pi) * width[:, None]
        )
        mass = ELECTRON_MASS_KEV
        tensor = free_tensor(0.0, transfer / mass, ridge / mass)
        responses = tensor[:, :, None] * spike * ((mass + transfer) / ridge)[:, None]
        vacuum = np.ones(3, dtype=complex)
        integrals = module._integrated(transfer, ridge, 8.0 * width, last, q, slope, responses, vacuum)
        index = np.arange(transfer.size)
        found.append(integrals.at(index, 2.0 * energy - transfer, np.full(3, 1e-6)))
    # The spike's width enters squared: two of them give the limit.
    limit = (4.0 * found[0] - found[1]) / 3.0
    weak = FERMI_PER_KEV2**2 / np.pi * CM2_PER_INVERSE_KEV2
    magnetic = np.pi * (FINE_STRUCTURE / ELECTRON_MASS_KEV) ** 2 * CM2_PER_INVERSE_KEV2
    kernels = np.concatenate([weak * limit[:6], magnetic * (limit[6:7] + limit[7:8])]) / (4.0 * energy**2)
    expected = free_electron(np.array(energy), transfer)
    np.testing.assert_allclose(kernels, expected, rtol=1e-6)
