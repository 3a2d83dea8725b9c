"""XENONnT's workspace, fitted by pyhf: the same limit as ours."""

import pytest
from numpy.testing import assert_allclose
from scipy.optimize import brentq

from nuatom import Target
from nuatom.detectors import Detector
from nuatom.errors import InputError
from nuatom.experiments import Channel, Experiment, Measured, Sample, experiment
from nuatom.experiments.export import likelihood_numbers, pyhf_workspace, write_hdf5
from nuatom.fluxes import Component, Flux, Lines
from nuatom.inference import Constraint

# Of packages that pyhf imports.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


def test_pyhf_finds_the_same_limit():
    pyhf = pytest.importorskip("pyhf")
    data = experiment("xenonnt-sr0", bins="1:30:29")
    analysis = data.analysis("free")
    workspace = pyhf_workspace(analysis, "magnetic-moment")
    pyhf.set_backend("numpy", pyhf.optimize.minuit_optimizer(tolerance=1e-4))
    model = pyhf.Workspace(workspace).model()
    counts = pyhf.Workspace(workspace).data(model)

    def profiled(square):
        _, value = pyhf.infer.mle.fixed_poi_fit(square, counts, model, return_fitted_val=True)
        return float(value)

    lowest = profiled(0.0)
    ours = data.limit("magnetic-moment", model="free")
    assert ours.best_fit == 0.0
    scale = float(workspace["measurements"][0]["name"].split()[2])
    near = (ours.upper / scale) ** 2
    square = brentq(
        lambda x: profiled(x) - lowest - ours.interval.threshold, 0.9 * near, 1.1 * near, xtol=1e-5 * near
    )
    assert_allclose(scale * square**0.5, ours.upper, rtol=1e-4)


def profiled(workspace, at):
    """−2 ln λ of a workspace with a parameter, or several, held."""
    pyhf = pytest.importorskip("pyhf")
    pyhf.set_backend("numpy", pyhf.optimize.minuit_optimizer(tolerance=1e-5))
    model = pyhf.Workspace(workspace).model()
    counts = pyhf.Workspace(workspace).data(model)
    start, fixed = model.config.suggested_init(), model.config.suggested_fixed()
    for name, value in at.items():
        index = model.config.par_map[name]["slice"].start
        start[index], fixed[index] = value, True
    _, value = pyhf.infer.mle.fit(counts, model, start, None, fixed, return_fitted_val=True)
    return float(value)


@pytest.mark.parametrize("name", ["charge:e", "charge-radius:mu"])
def test_pyhf_finds_the_same_interval_of_a_parameter_with_a_sign(name):
    """A template of θ and one of θ², the second held at the square of the first."""
    data = experiment("xenonnt-sr0", bins="1:30:10")
    workspace = pyhf_workspace(data.analysis("free"), name)
    scale = float(workspace["measurements"][0]["name"].split()[2])
    ours = data.limit(name, model="free")

    def rise(value):
        u = value / scale
        return profiled(workspace, {"linear": u, "square": u * u})

    lowest = rise(ours.best_fit)
    for end in (ours.lower, ours.upper):
        # A ten-thousandth of the end moves −2 Δ ln λ by less than two thousandths.
        assert_allclose(rise(end) - lowest, ours.interval.threshold, rtol=0.0, atol=2e-3)
        assert rise(1.02 * end) > rise(end) > rise(0.98 * end)


def test_pyhf_finds_the_same_limit_with_statistics_of_a_template_and_an_off_run():
    """Two runs that share a background free in every bin, and a template measured with few events."""
    bins = (1.0, 2.0, 4.0)
    source = Flux("source", (Component("line", 1e13, 0.1, "e", Lines((800.0,), (1.0,))),), ())
    cells = Measured((0, 1), (1.0, 1.0), None, (1.0, 1.0))
    few = Measured((0, 1), (1.0, 1.0), (4.0, 9.0), (2.0, 3.0))
    free = Sample("ambient", (0.0, 0.0), measured=cells)
    simulated = Sample("simulated", (2.0, 3.0), "simulated", measured=few)
    runs = (
        Channel("on", Detector(0.002, bins), (30.0, 45.0), (free,)),
        Channel("off", Detector(0.002, bins), (22.0, 30.0), (free,), flux_share=0.0),
        Channel("other", Detector(0.002, bins), (9.0, 14.0), (simulated,)),
    )
    known = (Constraint("simulated", "gauss", 1.0, 0.2, 0.0),)
    data = Experiment("two", "two", Target("Xe"), source, runs, nuisances=known)
    workspace = pyhf_workspace(data.analysis("free"), "magnetic-moment")
    scale = float(workspace["measurements"][0]["name"].split()[2])
    ours = data.limit("magnetic-moment", model="free")
    lowest, end = (profiled(workspace, {"square": (v / scale) ** 2}) for v in (ours.best_fit, ours.upper))
    assert_allclose(end - lowest, ours.interval.threshold, rtol=0.0, atol=2e-3)


def test_what_histfactory_does_not_have_is_refused():
    with pytest.raises(InputError, match="every bin has statistics"):
        pyhf_workspace(experiment("coherent-csi-2021").analysis(), "magnetic-moment")


def test_numbers_as_hdf5(tmp_path):
    """The same numbers as JSON, in arrays, with what they are from."""
    h5py = pytest.importorskip("h5py")
    analysis = experiment("xenonnt-sr0", bins="1:30:10").analysis("free")
    write_hdf5(analysis, "charge:e", tmp_path / "model.h5")
    numbers = likelihood_numbers(analysis, "charge:e")
    with h5py.File(tmp_path / "model.h5") as file:
        assert_allclose(file["templates"][:], numbers["templates"], rtol=0.0)
        assert file.attrs["scale"] == numbers["scale"]
        assert file.attrs["model"] == "free"
        assert_allclose(file["channels/data/observed"][:], numbers["channels"][0]["observed"], rtol=0.0)
        assert file["nuisances/flux.pp"].attrs["sigma"] == analysis.constraints["flux.pp"].sigma
    with pytest.raises(InputError, match="out"):
        write_hdf5(analysis, "charge:e", tmp_path / "nowhere" / "model.h5")
