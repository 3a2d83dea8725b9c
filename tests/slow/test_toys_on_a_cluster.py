"""An interval from simulated experiments on a Dask cluster is to the bit the one of this process."""

import pytest

import nuatom
from nuatom.inference import Simulation

distributed = pytest.importorskip("distributed")

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("workers", [1, 2])
def test_a_local_cluster_finds_the_same_interval(workers):
    experiment = nuatom.experiment("xenonnt-sr0", bins="1:30:29")

    def found(executor=None):
        how = Simulation(seed=4, precision=0.2, executor=executor)
        return experiment.limit("charge:e", model="free", interval="feldman-cousins", simulation=how).interval

    with (
        distributed.LocalCluster(n_workers=workers, threads_per_worker=1, dashboard_address=None) as cluster,
        distributed.Client(cluster) as client,
    ):
        there = found(client.get_executor())
    here = found()
    assert there.segments == here.segments
    assert there.monte_carlo_error == here.monte_carlo_error
    assert (there.toys, there.failed_toys) == (here.toys, 0)
