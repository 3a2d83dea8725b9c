"""Simulated experiments in blocks: seeded, spread over workers, kept, and never failing silently."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import numpy as np

from nuatom.errors import InputError
from nuatom.inference.likelihood import Data
from nuatom.inference.parameter import OneParameter
from nuatom.numerics.quadrature import FloatArray

__all__ = ["BLOCK", "Simulation", "ToySample", "Toys"]

# A truth, and the value at which it is tested.
Key = tuple[float, float]
BLOCK: Final = 1000
# Bits of a seed that say what its numbers are for.
_AT_A_TRUTH: Final = 1


@dataclass(frozen=True, eq=False)
class ToySample:
    """What the fits of simulated experiments at one truth gave; failed ones are left out.

    Parameters
    ----------
    rise : ndarray, shape (toys,)
        −2 ln λ at the value tested above its minimum.
    rise_of_size : ndarray, shape (toys,)
        The same where a value and its opposite are not told apart: the lower of both.
    best : ndarray, shape (toys,)
        Best fits.
    minimum : ndarray, shape (toys,)
        −2 ln λ there.
    failed : int
        Number of experiments whose fit failed.
    """

    rise: FloatArray
    rise_of_size: FloatArray
    best: FloatArray
    minimum: FloatArray
    failed: int

    def one_sided(self, size: float) -> FloatArray:
        """Rise at a size |θ|, zero where the best fit is larger: of upper limits."""
        rise: FloatArray = np.where(np.abs(self.best) > size, 0.0, self.rise_of_size)
        return rise


@dataclass(frozen=True, eq=False)
class _Block:
    """One block of work, complete in itself: it gives the same numbers wherever it is done."""

    model: OneParameter
    truth: float
    tested: float
    nuisance: FloatArray
    measured: FloatArray
    reach: float
    entropy: tuple[int, ...]
    known: FloatArray | None = None

    def data(self) -> Data:
        rng = np.random.default_rng(self.entropy)
        return self.model.simulate(self.truth, self.nuisance, self.measured, rng, BLOCK)


def _run(block: _Block) -> FloatArray:
    """Rise, rise of the size, best fit and its −2 ln λ of each experiment; not a number for failed fits."""
    model, data, tested = block.model, block.data(), block.tested
    near = (block.nuisance, block.measured)
    conditional = model.profile(np.asarray(tested), data, near=near)
    at = conditional.chi2
    opposite = at if model.even else model.profile(np.asarray(-tested), data, near=near).chi2
    lower = np.fmin(at, opposite)
    if block.known is None:
        best = model.best(data, tested, block.reach, conditional)
        value, least = np.where(best.failed, np.nan, best.value), best.chi2
    else:
        value, least = block.known
    lost = np.isnan(value) | np.isnan(at) | np.isnan(opposite)
    minimum = np.fmin(least, lower)
    value = np.where(at <= minimum, tested, np.where(opposite <= minimum, -tested, value))
    found = np.stack([at - minimum, lower - minimum, value, minimum])
    found[:, lost | ~np.isfinite(minimum)] = np.nan
    return found


@dataclass(eq=False)
class Toys:
    """Simulated experiments at any truth, as many as are asked for.

    Blocks of 1,000 are seeded by the seed, the truth and their number: the same for any number of workers and
    in any order. With a directory every block is kept there when it is done, and is not done again.

    Parameters
    ----------
    model : OneParameter
        What is simulated and fitted.
    seed : int
        Seed of everything random.
    reach : float
        Range of interest of the parameter.
    executor : concurrent.futures.Executor, optional
        Who works; this process by default.
    progress : callable, optional
        Called with the number of experiments done.
    directory : Path, optional
        Where blocks are kept.
    displaced : float
        By how many standard deviations of their constraints the true nuisances are off the conditional fit.
    done, failed : int
        Experiments done so far, and fits that failed.
    found : dict
        What they gave.
    """

    model: OneParameter
    seed: int
    reach: float
    executor: Executor | None = None
    progress: Callable[[int], None] | None = None
    directory: Path | None = None
    displaced: float = 0.0
    done: int = 0
    failed: int = 0
    found: dict[Key, list[FloatArray]] = field(default_factory=dict)

    def at(self, truth: float, least: int, tested: float | None = None) -> ToySample:
        """At least so many experiments at a truth, and their rise there or at another value."""
        key = (truth, truth if tested is None else tested)
        self.prepare([key], least)
        rows = np.concatenate(self.found[key], axis=1)
        good = ~np.isnan(rows[0])
        return ToySample(rows[0, good], rows[1, good], rows[2, good], rows[3, good], int(np.sum(~good)))

    def prepare(self, keys: Sequence[Key], least: int) -> None:
        """Simulate at several truths, each tested at a value, at once: workers then have something to do."""
        elsewhere = [key for key in keys if key[0] != key[1]]
        if elsewhere:
            # What is tested elsewhere has its best fit from where it was made.
            self.prepare([(truth, truth) for truth, _ in elsewhere], least)
        wanted = [
            (key, number)
            for key in dict.fromkeys(keys)
            for number in range(len(self.found.setdefault(key, [])), -(-least // BLOCK))
        ]
        blocks = [self._block(*key, number) for key, number in wanted]
        kept = [self._kept(block) for block in blocks]
        missing = [block for block, found in zip(blocks, kept, strict=True) if found is None]
        work = map if self.executor is None else self.executor.map
        fresh = iter(work(_run, missing))
        for (key, _), block, found in zip(wanted, blocks, kept, strict=True):
            done = found
            if done is None:
                done = next(fresh)
                self._keep(block, done)
            self.found[key].append(done)
            self.done += BLOCK
            self.failed += int(np.sum(np.isnan(done[0])))
            if self.progress is not None:
                self.progress(self.done)

    def data(self, truth: float, number: int) -> Data:
        """Data of one block at a truth."""
        return self._block(truth, truth, number).data()

    def _block(self, truth: float, tested: float, number: int) -> _Block:
        at = self.model.profile(np.asarray(truth))
        nuisance = at.nuisance.copy()
        for k, constraint in enumerate(self.model.likelihood.constraints):
            if self.displaced and constraint.kind == "gauss" and not constraint.held:
                moved = nuisance[k] + self.displaced * constraint.sigma
                nuisance[k] = min(max(moved, constraint.lower), constraint.upper)
        bits = int(np.float64(truth).view(np.uint64))
        entropy = (self.seed, _AT_A_TRUTH, bits, number)
        there = self.found.get((truth, truth), [])
        known = there[number][2:] if tested != truth and number < len(there) else None
        return _Block(self.model, truth, tested, nuisance, at.measured, self.reach, entropy, known)

    def _path(self, block: _Block) -> Path | None:
        if self.directory is None:
            return None
        parts = (
            block.model.fixed,
            block.model.templates,
            *(np.asarray(part) for part in vars(block.model.likelihood.data).values()),
            block.nuisance,
            block.measured,
        )
        digest = hashlib.sha256(b"".join(np.ascontiguousarray(part).tobytes() for part in parts))
        digest.update(repr((block.truth, block.tested, block.reach, block.entropy, BLOCK)).encode())
        return self.directory / f"{digest.hexdigest()[:32]}.npy"

    def _kept(self, block: _Block) -> FloatArray | None:
        path = self._path(block)
        if path is None or not path.exists():
            return None
        found: FloatArray = np.load(path, allow_pickle=False)
        return found

    def _keep(self, block: _Block, found: FloatArray) -> None:
        path = self._path(block)
        if path is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
            part = path.with_suffix(".part.npy")
            np.save(part, found, allow_pickle=False)
            part.replace(path)


@dataclass(frozen=True, eq=False)
class Simulation:
    """How experiments are simulated.

    Parameters
    ----------
    seed : int
        Seed of everything random: the same gives the same interval to the bit, whoever works.
    precision : float
        Monte Carlo error of each end to reach, relative to it (to a fifth of the width for ends near zero).
    executor : concurrent.futures.Executor, optional
        Who works; this process by default.
    progress : callable, optional
        Called with the number of simulated experiments done.
    directory : Path, optional
        Where work is kept, so that it can be interrupted and taken up again.

    Raises
    ------
    InputError
        For a precision out of range, or a negative seed.
    """

    seed: int = 0
    precision: float = 0.01
    executor: Executor | None = None
    progress: Callable[[int], None] | None = None
    directory: Path | None = None

    def __post_init__(self) -> None:
        if not 0.0 < self.precision < 1.0:
            raise InputError("precision", self.precision, "a number between 0 and 1")
        if self.seed < 0:
            raise InputError("seed", self.seed, "a whole number, zero or more")

    def toys(self, model: OneParameter, reach: float) -> Toys:
        """Simulated experiments of a model, whose parameter has a range of interest."""
        return Toys(model, self.seed, reach, self.executor, self.progress, self.directory)
