"""XENONnT's workspace, fitted by pyhf: the same limit as ours."""

import pytest
from numpy.testing import assert_allclose
from scipy.optimize import brentq

from nuatom.errors import InputError
from nuatom.experiments import experiment
from nuatom.experiments.export import pyhf_workspace

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


def test_what_histfactory_does_not_have_is_refused():
    with pytest.raises(InputError, match="square alone"):
        pyhf_workspace(experiment("xenonnt-sr0").analysis("free"), "charge:e")
    with pytest.raises(InputError, match="statistics of their own"):
        pyhf_workspace(experiment("coherent-csi-2021").analysis(), "magnetic-moment")
