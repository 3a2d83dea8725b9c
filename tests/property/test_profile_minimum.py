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
    analysis = nuatom.experiment(name).analysis()
    values = np.linspace(0.0, REACH[name][parameter], 65)[:, None]
    fixed, templates = analysis.templates([nuatom.parameter(parameter)])(values)
    likelihood = analysis.likelihood
    profile = likelihood.profile(fixed, templates, scan=True)
    centre, sigma, lower = (
        np.array([getattr(constraint, field) for constraint in likelihood.constraints])
        for field in ("centre", "sigma", "lower")
    )
    for point, size in enumerate(profile.nuisance):
        rows, own, counts = templates[point], size, likelihood.data.counts
        expected = fixed[point] + size @ rows
        middle, spread, least = centre, sigma, lower
        for sample in likelihood.measured:
            # A cell is a nuisance, and what it was measured with one more bin.
            cells = np.array([sample.weight * (sample.cell == g) for g in range(sample.cells)])
            expected = np.append(
                expected + profile.measured[point] @ cells, sample.ratio * profile.measured[point]
            )
            extra = len(sample.counts)
            rows = np.vstack([np.pad(rows, ((0, 0), (0, extra))), np.hstack([cells, np.diag(sample.ratio)])])
            counts = np.append(counts, sample.counts)
            own = np.append(own, profile.measured[point])
            middle, spread, least = (
                np.append(array, np.full(extra, value))
                for array, value in ((middle, 0.0), (spread, np.inf), (least, 0.0))
            )
        used = (spread > 0.0) & (np.abs(rows).sum(axis=1) > 0.0)
        penalty = 1.0 / spread[used] ** 2
        gradient = 2.0 * rows[used] @ (1.0 - counts / expected) + 2.0 * (own - middle)[used] * penalty
        hessian = 2.0 * (rows[used] * counts / expected**2) @ rows[used].T + 2.0 * np.diag(penalty)
        inside = (own[used] > least[used]) | (gradient < 0.0)
        gain = 0.5 * gradient[inside] @ np.linalg.solve(hessian[np.ix_(inside, inside)], gradient[inside])
        assert 0.0 <= gain < 1e-10
