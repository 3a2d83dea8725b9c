"""Channels, constraints and measured samples: closed forms, and every guard from both sides."""

import math

import numpy as np
import pytest
from numpy.testing import assert_allclose

from nuatom.errors import ConvergenceError, InputError
from nuatom.inference import Channel, Constraint, Likelihood, MeasuredSample

# −2 ln λ is minimised to 1e-9 (its self-concordance bounds what a last step leaves).
DEPTH = 1e-8


def one_bin(count, constraint):
    return Likelihood((Channel("run", np.array([float(count)])),), (constraint,))


def test_a_face_of_an_empty_bin_is_a_minimum():
    """One empty bin of λ = β − 1/2 with β free: least where λ = 0."""
    found = one_bin(0, Constraint("b", "free", lower=0.0)).profile(np.array([-0.5]), np.array([[1.0]]))
    assert_allclose(found.nuisance, [0.5], rtol=1e-9)
    assert float(found.chi2) == pytest.approx(0.0, abs=1e-9)


def test_a_fixed_background_with_a_signal_that_can_be_less_negative():
    """n = 3, λ = 1 − 1.5 f, f = 1 ± 0.5: the slope of −2 ln λ is 2(−1.5)(1 − 3/λ) + 8(f − 1)."""
    found = one_bin(3, Constraint("f", "gauss", 1.0, 0.5, lower=0.0)).profile(
        np.array([1.0]), np.array([[-1.5]])
    )
    f = float(found.nuisance[0])
    mean = 1.0 - 1.5 * f
    assert mean > 0.0
    assert -3.0 * (1.0 - 3.0 / mean) + 8.0 * (f - 1.0) == pytest.approx(0.0, abs=1e-4)
    by_hand = 2.0 * (mean - 3.0 + 3.0 * math.log(3.0 / mean)) + 4.0 * (f - 1.0) ** 2
    assert_allclose(found.chi2, by_hand, rtol=1e-10)


def test_what_is_impossible_is_refused_or_told():
    """Counts where nothing can be expected, whatever the nuisance."""
    model = one_bin(3, Constraint("f", "gauss", 1.0, 0.5, lower=0.0))
    with pytest.raises(ConvergenceError, match="negative"):
        model.profile(np.array([-1.0]), np.array([[-1.5]]))
    found = model.profile(np.array([[-1.0], [1.0]]), np.array([[-1.5]]), strict=False)
    assert found.status.tolist() == [1, 0]
    assert np.isposinf(found.chi2[0])
    assert np.isfinite(found.chi2[1])


def test_no_counts_and_no_expectation_is_a_perfect_fit():
    found = one_bin(0, Constraint("f", "gauss", 1.0, 0.5)).profile(np.zeros(1), np.zeros((1, 1)))
    assert (float(found.chi2), float(found.nuisance[0])) == (0.0, 1.0)


def test_a_gauss_channel_against_its_closed_form():
    """Generalised least squares with constraints: (T C⁻¹ Tᵀ + P) η = T C⁻¹ (v − F) + P c."""
    rng = np.random.default_rng(5)
    root = rng.normal(size=(6, 6))
    covariance = root @ root.T + np.eye(6)
    values, fixed, templates = rng.normal(size=6), rng.normal(size=6), rng.normal(size=(3, 6))
    sigma, centre = np.array([0.3, 1.0, np.inf]), np.array([0.5, -1.0, 0.0])
    constraints = tuple(
        Constraint(f"n{k}", "gauss" if np.isfinite(sigma[k]) else "free", centre[k], sigma[k])
        for k in range(3)
    )
    model = Likelihood((Channel("values", values, "gauss", covariance=covariance),), constraints)
    found = model.profile(fixed, templates)
    inverse, precision = np.linalg.inv(covariance), np.diag(1.0 / sigma**2)
    normal = templates @ inverse @ templates.T + precision
    expected = np.linalg.solve(normal, templates @ inverse @ (values - fixed) + precision @ centre)
    left = values - fixed - expected @ templates
    assert_allclose(found.nuisance, expected, rtol=1e-9)
    chi2 = left @ inverse @ left + np.sum(((expected - centre) / sigma) ** 2)
    assert_allclose(found.chi2, chi2, rtol=1e-9)


def test_variances_are_a_diagonal_covariance():
    values, variance = np.array([1.0, 2.0]), np.array([0.5, 2.0])
    known = Constraint("a", "free")
    by_variance = Likelihood((Channel("v", values, "gauss", variance=variance),), (known,))
    by_matrix = Likelihood((Channel("v", values, "gauss", covariance=np.diag(variance)),), (known,))
    chi2 = [m.profile(np.zeros(2), np.ones((1, 2))).chi2 for m in (by_variance, by_matrix)]
    assert_allclose(chi2[0], chi2[1], rtol=1e-12)
    # The weighted mean of 1 ± √½ and 2 ± √2 has χ² = 1/(½ + 2).
    assert_allclose(chi2[0], 0.4, rtol=1e-12)


def test_a_lognormal_constraint_by_hand():
    """No events, λ = 10 η, ln η = 0 ± 0.3: d/dη: 20 + 2 ln η/(0.09 η) = 0, by Lambert's W: η = W(0.9)/0.9."""
    from scipy.special import lambertw

    model = one_bin(0, Constraint("scale", "lognormal", 1.0, 0.3))
    eta = float(lambertw(0.9).real) / 0.9
    found = model.profile(np.zeros(1), np.array([[10.0]]))
    assert_allclose(found.nuisance, [eta], rtol=1e-6)
    assert_allclose(found.chi2, 20.0 * eta + (math.log(eta) / 0.3) ** 2, rtol=1e-9)


@pytest.mark.parametrize(("on", "off", "ratio"), [(25, 10, 1.0), (3, 40, 5.0), (4, 0, 2.0), (0, 7, 3.0)])
def test_signal_and_background_runs_against_li_and_ma(on, off, ratio):
    r"""−2 ln λ at no signal is Li and Ma's S², (17) of Astrophys. J. 272 (1983) 317, with α = 1/τ."""
    run = Channel("on", np.array([float(on)]))
    sample = MeasuredSample.per_bin("off", [0], of=1, counts=[off], ratio=ratio)
    found = Likelihood((run,), (), (sample,)).profile(np.zeros(1), np.zeros((0, 1)))
    alpha, total = 1.0 / ratio, on + off
    square = 2.0 * on * math.log((1.0 + alpha) / alpha * on / total) if on else 0.0
    square += 2.0 * off * math.log((1.0 + alpha) * off / total) if off else 0.0
    assert_allclose(found.chi2, square, rtol=1e-10)
    assert_allclose(found.measured, [total / (1.0 + ratio)], rtol=1e-10)


def test_two_runs_that_share_a_free_background_are_one_with_an_off_run():
    """On and off as channels with a cell that has no counts of its own, or off as the counts of the cell."""
    on, off, ratio = np.array([12.0, 5.0, 0.0]), np.array([20.0, 9.0, 3.0]), np.array([2.0, 1.5, 3.0])
    signal = np.array([[4.0, 1.0, 0.5]])
    known = (Constraint("flux", "gauss", 1.0, 0.1, lower=0.0),)
    one = Likelihood((Channel("on", on),), known, (MeasuredSample.per_bin("b", range(3), 3, off, ratio),))
    both = Likelihood(
        (Channel("on", on), Channel("off", off)),
        known,
        (MeasuredSample("b", np.tile(np.arange(3), 2), np.concatenate([np.ones(3), ratio])),),
    )
    padded = np.concatenate([signal, np.zeros((1, 3))], axis=1)
    first, second = one.profile(np.zeros(3), signal), both.profile(np.zeros(6), padded)
    assert_allclose(first.chi2, second.chi2, rtol=1e-10)
    assert_allclose(first.measured, second.measured, rtol=1e-8)
    assert_allclose(first.nuisance, second.nuisance, rtol=1e-8)


def test_data_sets_broadcast_with_points():
    model = one_bin(3, Constraint("f", "gauss", 1.0, 0.5, lower=0.0))
    fixed = np.linspace(0.5, 4.0, 7)[:, None]
    counts = np.array([0.0, 2.0, 9.0])[:, None, None]
    centres = np.array([0.8, 1.0, 1.3])[:, None, None]
    whole = model.profile(fixed, np.array([[1.0]]), counts, centres, scan=True)
    assert whole.chi2.shape == (3, 7)
    for i in range(3):
        for j in range(7):
            alone = model.profile(fixed[j], np.array([[1.0]]), counts[i, 0], centres[i, 0])
            assert float(whole.chi2[i, j]) == pytest.approx(float(alone.chi2), abs=DEPTH)


GOOD = {"cell": np.array([0, -1]), "weight": np.ones(2), "counts": np.array([3.0]), "ratio": 2.0}


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"cell": np.array([-1, -1])}, "cell"),
        ({"cell": np.array([1, -1])}, "cell"),
        ({"weight": np.array([-1.0, 1.0])}, "weight"),
        ({"weight": np.ones(3)}, "weight"),
        ({"counts": np.array([0.5])}, "counts"),
        ({"counts": np.array([1.0, 1.0])}, "counts"),
        ({"ratio": 0.0}, "ratio"),
        ({"ratio": np.ones(2)}, "ratio"),
        ({"nuisance": ["a"]}, "nuisance"),
    ],
)
def test_measured_samples_that_do_not_fit(change, named):
    assert MeasuredSample("off", **GOOD).cells == 1
    with pytest.raises(InputError, match=named):
        MeasuredSample("off", **{**GOOD, **change})


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (("poisson?",), "kind"),
        (("gauss", 1.0, -0.1), "sigma"),
        (("gauss", 1.0, math.inf), "sigma"),
        (("gauss", 1.0, math.nan), "sigma"),
        (("lognormal", 0.0, 0.1), "centre"),
        (("gauss", math.nan, 0.1), "centre"),
        (("gauss", -1.0, 0.1, 0.0), "centre"),
        (("gauss", 2.0, 0.1, 0.0, 1.0), "centre"),
    ],
)
def test_constraints_that_make_no_sense(arguments, named):
    with pytest.raises(InputError, match=named):
        Constraint("n", *arguments)


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (([-1.0],), "observed"),
        (([0.5],), "observed"),
        (([],), "observed"),
        (([math.nan],), "observed"),
        (([[1.0]],), "observed"),
        (([1.0], "poisson", [1.0]), "variance"),
        (([1.0], "gauss"), "variance"),
        (([1.0], "gauss", [0.0]), "variance"),
        (([1.0], "gauss", [1.0, 1.0]), "variance"),
        (([1.0], "gauss", [1.0], [[1.0]]), "variance"),
        (([1.0], "gauss", None, [[-1.0]]), "covariance"),
        (([1.0, 1.0], "gauss", None, [[1.0, 0.5], [0.2, 1.0]]), "covariance"),
        (([1.0], "student"), "kind"),
    ],
)
def test_channels_that_make_no_sense(arguments, named):
    with pytest.raises(InputError, match=named):
        Channel("run", *(np.array(part) if isinstance(part, list) else part for part in arguments))


def test_likelihoods_that_do_not_fit_together():
    run, other = Channel("run", np.ones(2)), Channel("values", np.ones(1), "gauss", variance=np.ones(1))
    known = Constraint("a", "gauss", 1.0, 0.1)
    off = MeasuredSample.per_bin("off", [0], 2, [1.0])
    for arguments, named in (
        (((), ()), "channels"),
        (((run, run), ()), "channels"),
        (((run,), (known, known)), "constraints"),
        (((run,), (), (off, off)), "measured"),
        (((run,), (), (off, MeasuredSample.per_bin("two", [0], 2, [1.0]))), "measured"),
        (((run,), (), (MeasuredSample.per_bin("off", [0], 3, [1.0]),)), "cell"),
        (((run, other), (), (MeasuredSample.per_bin("off", [2], 3, [1.0]),)), "off"),
        (((run,), (known,), (MeasuredSample.per_bin("off", [0], 2, [1.0], 1.0, "b"),)), "nuisance"),
        (((run,), (known,), (MeasuredSample.per_bin("off", [0], 2, [1.0], 1.0, "a"),)), "lower"),
    ):
        with pytest.raises(InputError, match=named):
            Likelihood(*arguments)
    model = Likelihood((run,), (known,))
    for shapes, named in (
        ((np.zeros(3), np.zeros((1, 2))), "fixed"),
        ((np.zeros(2), np.zeros((2, 2))), "templates"),
        ((np.zeros((3, 2)), np.zeros((4, 1, 2))), "leading"),
    ):
        with pytest.raises(InputError, match=named):
            model.profile(*shapes)
