"""Experiments by name, from a file, or from the folder of a data release."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from nuatom.atoms import Target
from nuatom.data import manifest, read_text
from nuatom.errors import InputError
from nuatom.experiments.build import backgrounds_of, detector_of, flux_of, variations_of
from nuatom.experiments.experiment import Experiment
from nuatom.experiments.release import from_release
from nuatom.experiments.schema import ExperimentFile, parse

__all__ = ["experiment", "experiment_names"]

_FOLDER: Final = "experiments/"
_SUFFIX: Final = ".toml"


def experiment_names() -> tuple[str, ...]:
    """Names of the experiments that the package ships."""
    files = (name for name in manifest() if name.startswith(_FOLDER))
    return tuple(name.removeprefix(_FOLDER).removesuffix(_SUFFIX) for name in files)


def experiment(name: str) -> Experiment:
    """Load an experiment by name, from a TOML file of the same form, or from a folder with its data release.

    Parameters
    ----------
    name : str
        One of :func:`experiment_names`, the path of a file that ends in ``.toml``, or that of a folder that
        holds a release of `nuatom data list`.

    Raises
    ------
    InputError
        For an unknown name, or a file that cannot be read or does not describe an experiment.
    DataError
        For a release with a file that is missing or damaged.

    Examples
    --------
    >>> experiment("xenonnt-sr0").detector.exposure_tonne_year
    1.16
    """
    if name in experiment_names():
        return _build(parse(read_text(f"{_FOLDER}{name}{_SUFFIX}"), name), name)
    if Path(name).is_dir():
        return _build(from_release(Path(name)), name)
    if not name.endswith(_SUFFIX):
        accepted = f"{', '.join(experiment_names())}, or the path of a .toml file or of a release's folder"
        raise InputError("experiment", name, accepted)
    try:
        text = Path(name).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError("experiment", name, f"a readable file ({error})") from error
    return _build(parse(text, name), name)


def _build(file: ExperimentFile, origin: str) -> Experiment:
    try:
        detector = detector_of(file)
        target, source = Target(file.target), flux_of(file)
        variations = variations_of(file, source, detector)
    except InputError as error:
        raise InputError(f"{origin}: {error.argument}", error.value, error.accepted) from error
    main, *others = backgrounds_of(file)
    return Experiment(
        name=file.name,
        title=file.title,
        target=target,
        flux=source,
        detector=detector,
        counts=file.data.counts,
        background=main.counts,
        background_uncertainty=main.uncertainty,
        holds_standard_neutrinos=file.background is not None and file.background.holds_standard_neutrinos,
        published=file.published,
        citations=file.citations,
        process=file.process,
        other_processes=tuple(entry.process for entry in file.other_processes),
        other_backgrounds=tuple(others),
        signal_uncertainty=None if file.signal is None else file.signal.normalisation_uncertainty,
        variations=variations,
    )
