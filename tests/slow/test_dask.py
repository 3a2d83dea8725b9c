"""A table built on a Dask cluster is, byte for byte, the one that this process builds."""

import pytest

from nuatom.atoms.tables.archive import save_table
from nuatom.atoms.tables.parts import Work
from nuatom.atoms.tables.response_build import build_table
from nuatom.errors import InputError

distributed = pytest.importorskip("distributed")

pytestmark = pytest.mark.slow

OPTIONS = {"method": "dirac-slater", "highest_transfer_kev": 0.4, "accuracy": 0.05}


@pytest.fixture
def executor():
    with (
        distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster,
        distributed.Client(cluster) as client,
    ):
        yield client.get_executor()


def test_local_cluster_builds_the_same_table(executor, tmp_path):
    there = build_table(4, work=Work(executor=executor, parts=tmp_path / "parts"), **OPTIONS)
    here = build_table(4, **OPTIONS)
    save_table(there, tmp_path / "there.npz")
    save_table(here, tmp_path / "here.npz")
    assert (tmp_path / "there.npz").read_bytes() == (tmp_path / "here.npz").read_bytes()
    assert there.sha256 == here.sha256


def test_mistakes_come_back_from_the_cluster_as_they_are(executor):
    with pytest.raises(InputError) as caught:
        build_table(4, work=Work(executor=executor), highest_order=3, **OPTIONS)
    assert caught.value.argument == "highest_order"
