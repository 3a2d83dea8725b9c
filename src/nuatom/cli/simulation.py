"""What verbs with simulated experiments share: seed, precision, workers, and progress for a person."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from nuatom.inference import Simulation

__all__ = ["interval_option", "simulated", "simulation_options"]

F = TypeVar("F", bound=Callable[..., Any])


def interval_option(function: F) -> F:
    """``--interval``: how the interval is made."""
    return click.option(
        "--interval",
        default="profile",
        show_default=True,
        metavar="NAME",
        help="profile (constant threshold), feldman-cousins, cls, power-constrained, bayesian (flat prior).",
    )(function)


def simulation_options(function: F) -> F:
    """``--precision``, ``--seed``, ``--jobs`` and ``--directory``."""
    for option in (
        click.option(
            "--directory",
            type=click.Path(path_type=Path, file_okay=False),
            help="Where simulated experiments are kept: an interrupted command goes on from there.",
        ),
        click.option(
            "--jobs",
            type=click.IntRange(1),
            default=1,
            show_default=True,
            help="Processes; the result is the same for any number.",
        ),
        click.option(
            "--seed",
            type=click.IntRange(0),
            default=0,
            show_default=True,
            help="Seed of simulated experiments.",
        ),
        click.option(
            "--precision",
            type=float,
            default=0.01,
            show_default=True,
            help="Relative Monte Carlo error of each end to reach.",
        ),
    ):
        function = option(function)
    return function


@contextmanager
def simulated(precision: float, seed: int, jobs: int, directory: Path | None = None) -> Iterator[Simulation]:
    """How experiments are simulated, with workers and, on a terminal, a count of those done."""
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    from nuatom.inference import Simulation

    workers = nullcontext() if jobs == 1 else ProcessPoolExecutor(jobs, mp_context=get_context("spawn"))
    with workers as executor, ExitStack() as shown:
        # Most limits simulate little or nothing: what draws the count is loaded when there is one.
        counts: list[Callable[[str], None]] = []

        def progress(done: int) -> None:
            if not counts:
                counts.append(_counter(shown))
            counts[0](f"{done:,} simulated experiments")

        yield Simulation(seed, precision, executor, progress, directory)


def _counter(shown: ExitStack) -> Callable[[str], None]:
    """Something that shows a text on a terminal, until the stack is left."""
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn

    console = Console(stderr=True)
    columns = (SpinnerColumn(), TextColumn("{task.description}"))
    drawn = Progress(*columns, console=console, transient=True, disable=not console.is_terminal)
    progress = shown.enter_context(drawn)
    task = progress.add_task("simulating")
    return lambda text: progress.update(task, description=text)
