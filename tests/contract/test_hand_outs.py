"""What packages hand out lazily is what their modules have, under names that no module takes."""

import importlib
import pkgutil

import pytest

import nuatom
import nuatom.atoms


@pytest.mark.parametrize("package", [nuatom, nuatom.atoms], ids=lambda package: package.__name__)
def test_every_name_is_of_the_module_it_is_said_to_be_of(package):
    home = package._HOME
    assert sorted(home) == sorted(name for name in package.__all__ if name != "__version__")
    for name, module in home.items():
        there = importlib.import_module(f"{package.__name__}.{module}")
        assert getattr(package, name) is getattr(there, name)
        assert name in getattr(there, "__all__", home)


@pytest.mark.parametrize("package", [nuatom, nuatom.atoms], ids=lambda package: package.__name__)
def test_no_name_is_that_of_a_module(package):
    """Python would bind the name to the module as soon as anything imports it."""
    modules = {module.name for module in pkgutil.iter_modules(package.__path__)}
    assert not modules & set(package.__all__)
