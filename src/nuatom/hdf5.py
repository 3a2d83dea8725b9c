"""One way to write HDF5, for whatever is handed to other programs."""

from __future__ import annotations

from collections.abc import Mapping
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np

from nuatom.errors import InputError
from nuatom.files import whole_file

__all__ = ["write_hdf5_file"]


def write_hdf5_file(path: str | PathLike[str], content: Mapping[str, Any]) -> None:
    """Write arrays and lists of numbers as data sets, lists of tables as groups, the rest as attributes.

    Parameters
    ----------
    path : path_like
        Replaced if it exists, whole or not at all.
    content : mapping
        By name; tables in a list have a ``name``, and what is None is left out.

    Raises
    ------
    InputError
        Where h5py is not installed, or the file cannot be written.
    """
    try:
        import h5py
    except ImportError as error:
        raise InputError("format", "hdf5", "h5py beside nuatom: pip install 'nuatom[hdf5]'") from error
    try:
        with whole_file(Path(path)) as temporary, h5py.File(temporary, "w") as file:
            _fill(file, content)
    except OSError as error:
        raise InputError("out", str(path), "a file that can be written") from error


def _fill(group: Any, content: Mapping[str, Any]) -> None:
    for key, value in content.items():
        if isinstance(value, list) and value and isinstance(value[0], dict):
            inner = group.create_group(key, track_order=True)
            for entry in value:
                _fill(inner.create_group(str(entry["name"]).replace("/", "_")), entry)
        elif isinstance(value, list | np.ndarray):
            group.create_dataset(key, data=np.array(value, dtype=float))
        elif value is not None:
            group.attrs[key] = value
