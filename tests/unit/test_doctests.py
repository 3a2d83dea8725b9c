"""The examples in docstrings do what they say."""

import doctest
import importlib
import pkgutil

import pytest

import nuatom

MODULES = sorted(module.name for module in pkgutil.walk_packages(nuatom.__path__, "nuatom."))


@pytest.mark.parametrize("name", ["nuatom", *MODULES])
def test_examples(name):
    result = doctest.testmod(importlib.import_module(name))
    assert result.failed == 0
