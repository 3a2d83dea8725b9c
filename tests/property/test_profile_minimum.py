"""What is left to gain in a profiled likelihood, from its gradient and curvature, worked out apart."""

import numpy as np
import pytest

import nuatom

REACH = {
    "coherent-csi-2021": {"charge-radius:e": 1e-31, "magnetic-moment:mu": 4e-9, "charge:mu": 3e-10},
    "xenonnt-sr0": {"charge": 1e-12, "magnetic-moment": 2e-11},
}


@pytest.mark.parametrize(("name", "parameter"), [(e, p) for e, names in REACH.items() for p in names])
def test_no_pull_lowers_it(name, parameter):
    """Half the Newton decrement ½ gᵀH⁻¹g bounds what convex −2 ln λ can still fall by, to first order."""
    experiment = nuatom.experiment(name)
    signal, shifts = experiment.polynomials([nuatom.parameter(parameter)])
    values = np.linspace(0.0, REACH[name][parameter], 65)[:, None]
    likelihood = experiment.likelihood()
    variations = np.concatenate([shift(values) for shift in shifts], axis=-2) if shifts else None
    profile = likelihood.profile(signal(values), variations=variations)
    scales = [profile.background_scale[:, None], profile.other_scale, profile.flux_scale, 1.0 + profile.pull]
    sigma = [likelihood.background_uncertainty, *likelihood.other_uncertainty, *likelihood.signal_uncertainty]
    sigma = np.array([*sigma, *np.ones(len(shifts))])
    for point, size in enumerate(np.concatenate(scales, axis=1)):
        fixed = [likelihood.background[None], likelihood.other, signal(values[point])]
        templates = np.concatenate([*fixed, *(shift(values[point]) for shift in shifts)])
        used = (sigma > 0.0) & (np.abs(templates).sum(axis=1) > 0.0)
        weight = np.where(np.arange(sigma.size) < sigma.size - len(shifts), size, size - 1.0)
        expected = weight @ templates
        penalty = 1.0 / sigma[used] ** 2
        gradient = 2.0 * templates[used] @ (1.0 - likelihood.counts / expected)
        gradient += 2.0 * (size[used] - 1.0) * penalty
        hessian = 2.0 * (templates[used] * likelihood.counts / expected**2) @ templates[used].T
        hessian += 2.0 * np.diag(penalty)
        inside = (size[used] > 0.0) | (gradient < 0.0)
        gain = 0.5 * gradient[inside] @ np.linalg.solve(hessian[np.ix_(inside, inside)], gradient[inside])
        assert 0.0 <= gain < 1e-10
