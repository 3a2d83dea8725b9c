"""``nuatom table``: response tables."""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from nuatom.cli.common import (
    Group,
    electrons_option,
    json_option,
    method_option,
    plot_option,
    print_json,
    refuse_with_correlation,
    thresholds_option,
)

if TYPE_CHECKING:
    from nuatom.atoms import Work

_EXCHANGE_KEV = 0.4
"""Where exact exchange hands over to local kernels: splines follow the fastest wave, at growing cost."""

_HIGHEST_KEV = {"ipm": 300.0, "rpa": None}


@click.group("table", cls=Group)
def command() -> None:
    """Build, list, verify and show tables of response functions.

    Tables live in the folder that $NUATOM_TABLES names, or in the platform's place for application data.
    Those of some elements come with the package. A table of rpa holds what correlation changes in one of ipm.
    """


@command.command("build")
@click.argument("target")
@electrons_option
@method_option("Of ipm; dirac-fock by default. Of rpa it is chosen by photoabsorption.")
@thresholds_option
@click.option("--highest-transfer-kev", type=float, help="Last T: 300 for ipm; for rpa by thresholds.")
@click.option("--accuracy", type=float, default=0.01, show_default=True, help="Relative accuracy.")
@click.option(
    "--highest-order",
    type=click.IntRange(20),
    default=400,
    show_default=True,
    help="Multipoles of ipm; where more are needed, the impulse limit. 150 is several times as fast.",
)
@click.option("--jobs", type=click.IntRange(1), default=None, help="Processes; all cores by default.")
@json_option
def build(
    target: str,
    model: str,
    method: Any,
    thresholds: Any,
    highest_transfer_kev: float | None,
    accuracy: float,
    highest_order: int,
    jobs: int | None,
    as_json: bool,
) -> None:
    """Compute the table of an element.

    An interrupted build goes on where it stopped.
    """
    from nuatom.atoms import atomic_number, build_table, save_table, table_path

    number = atomic_number(target)
    asked: dict[str, Any] = {
        "highest_transfer_kev": _HIGHEST_KEV[model] if highest_transfer_kev is None else highest_transfer_kev,
        "accuracy": accuracy,
    }
    if model == "rpa":
        refuse_with_correlation(("highest_order", highest_order, 400))
        _check_correlated_field(number, method)
        asked["thresholds"] = thresholds
    else:
        asked |= {"thresholds": thresholds, "highest_order": highest_order}
        asked["method"] = "dirac-fock" if method is None else method
    path = table_path(target, model)
    parts = path.with_suffix(".parts")
    compute: Any = _correlation if model == "rpa" else build_table
    with _alone(parts):
        with _work(target, parts, jobs) as work:
            table = compute(number, work=work, **asked)
            # Beside its parts first: what a killed build leaves behind is all in one folder.
            save_table(table, parts / path.name)
        (parts / path.name).replace(path)
        shutil.rmtree(parts, ignore_errors=True)
    if as_json:
        inputs = {
            "target": target,
            "model": model,
            "method": method,
            "thresholds": thresholds,
            "highest_transfer_kev": highest_transfer_kev,
            "accuracy": accuracy,
            "highest_order": highest_order,
            "jobs": jobs,
        }
        print_json("table-build", inputs, ("KS11",), _summary(str(path), table))
        return
    click.echo(f"{path}\n  SHA-256 {table.sha256}; estimated error {table.error:.2%}")


def _check_correlated_field(number: int, method: str | None) -> None:
    """Refuse a mean field that a table of correlation is not made with."""
    from nuatom.atoms import mean_field, preferred_mean_field
    from nuatom.errors import InputError

    usual = preferred_mean_field(number)
    if method is not None and mean_field(method) != usual:
        raise InputError("method", method, f"{usual} (the default), with correlation")


def _correlation(
    number: int, highest_transfer_kev: float | None, accuracy: float, thresholds: Any, work: Work
) -> Any:
    """Spins of closed shells by exchange first, then charge and spin in local fields."""
    from dataclasses import replace

    import periodictable

    from nuatom.atoms import (
        build_correlation_table,
        build_local_table,
        correlated_mean_field,
        find_table,
        ground_state,
        thresholds_kev,
    )

    thresholds_kev(ground_state(number), thresholds)
    independent, exchange = find_table(str(periodictable.elements[number].symbol)), None
    if correlated_mean_field(number) == "dirac-fock":
        last = _EXCHANGE_KEV if highest_transfer_kev is None else min(highest_transfer_kev, _EXCHANGE_KEV)
        inside = replace(work, parts=None if work.parts is None else Path(work.parts) / "exchange")
        exchange = build_correlation_table(number, highest_transfer_kev=last, accuracy=accuracy, work=inside)
    return build_local_table(
        independent, exchange, highest_transfer_kev=highest_transfer_kev, accuracy=accuracy,
        thresholds=thresholds, work=work,
    )  # fmt: skip


@contextmanager
def _alone(parts: Path) -> Iterator[None]:
    """Keep the folder of parts to this build, and take it away again where nothing was finished."""
    from nuatom.errors import NuatomError
    from nuatom.files import sole_writer

    try:
        with sole_writer(parts):
            yield
    except BlockingIOError as error:
        raise NuatomError(f"{parts}: another process builds this table; wait for it, or end it") from error
    except BaseException:
        if parts.is_dir() and [path.name for path in parts.iterdir()] == ["lock"]:
            shutil.rmtree(parts, ignore_errors=True)
        raise


@contextmanager
def _work(target: str, parts: Path, jobs: int | None) -> Iterator[Work]:
    """Processes to compute in, the folder of finished parts, and a bar that shows them."""
    from concurrent.futures import ProcessPoolExecutor
    from concurrent.futures.process import BrokenProcessPool

    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeElapsedColumn

    from nuatom.atoms import Work
    from nuatom.errors import NuatomError

    console = Console(stderr=True)
    columns = (BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with (
        Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress,
        ProcessPoolExecutor(jobs or os.cpu_count(), initializer=_start_worker) as executor,
    ):
        task = progress.add_task(target, total=None)

        def show_progress(done: int, known: int) -> None:
            progress.update(task, completed=done, total=known)

        try:
            yield Work(parts=parts, executor=executor, progress=show_progress)
        except BrokenProcessPool as error:
            reason = "a process of this build was ended from outside, perhaps for want of memory"
            raise NuatomError(
                f"{reason}; what is finished lies in {parts}, and the same command goes on from there"
            ) from error
        except BaseException:
            executor.shutdown(wait=False, cancel_futures=True)
            raise


def _start_worker() -> None:
    """Linear algebra in one thread, for the processes share the cores; and an end with the parent."""
    from threadpoolctl import threadpool_limits

    # Ctrl-C reaches all processes of a terminal: workers end without a word, and the parent tells.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    threadpool_limits(1)
    _end_with_parent()


def _end_with_parent() -> None:
    """Let a worker end when its parent is killed: nobody else would tell it."""
    import threading
    from multiprocessing import parent_process

    parent = parent_process()

    def watch() -> None:
        if parent is not None:
            parent.join()
            os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


@command.command("list")
@json_option
def list_command(as_json: bool) -> None:
    """List the tables that are there."""
    from nuatom.atoms import find_table_folder, shipped_tables, stored_tables

    folder, paths, shipped = find_table_folder(), stored_tables(), shipped_tables()
    if as_json:
        fields = {
            "folder": None if folder is None else str(folder),
            "tables": [path.name for path in paths],
            "shipped": list(shipped),
        }
        print_json("table-list", {}, (), fields)
        return
    click.echo(f"{folder or 'no home directory'}: {len(paths)} tables")
    for path in paths:
        click.echo(f"  {path.name}  {path.stat().st_size / 1e6:.1f} MB")
    click.echo(f"in the package: {len(shipped)} tables")
    for name in shipped:
        click.echo(f"  {name}")


@command.command("verify")
@click.argument("target")
@electrons_option
@json_option
def verify(target: str, model: str, as_json: bool) -> None:
    """Compare a table with its hash."""
    from nuatom.atoms import table_origin

    table = _find(target, model)
    if as_json:
        fields = _summary(table_origin(target, model), table)
        print_json("table-verify", {"target": target, "model": model}, (), fields)
        return
    click.echo(f"{table_origin(target, model)}: matches its SHA-256 {table.sha256}")


@command.command("show")
@click.argument("target")
@electrons_option
@json_option
@plot_option
def show(target: str, model: str, as_json: bool, plot: Path | None) -> None:
    """Show what a table holds and how good it is."""
    from nuatom.atoms import table_origin

    table = _find(target, model)
    if plot and model == "rpa":
        _draw_correlation(table, plot)
    elif plot:
        _draw(table, plot)
    if as_json:
        fields = _summary(table_origin(target, model), table)
        print_json("table-show", {"target": target, "model": model}, ("KS11",), fields)
        return
    click.echo(f"{table.symbol}, {model}; SHA-256 {table.sha256}")
    if model == "rpa":
        _print_correlation(table)
        if plot:
            click.echo(f"  figure: {plot}")
        return
    click.echo("  subshell  edge [keV]   energies   last T [keV]   interpolation error")
    for shell in table.subshells:
        last = shell.ejected_kev[-1] + shell.scale.edge_kev
        click.echo(
            f"  {shell.label:<8}{shell.scale.edge_kev:12.5g}{shell.ejected_kev.size:11d}{last:15.5g}"
            f"{shell.interpolation_error:22.1e}"
        )
    click.echo(f"  recipe {table.recipe}")
    if plot:
        click.echo(f"  figure: {plot}")


def _find(target: str, model: str) -> Any:
    from nuatom.atoms import atomic_number, find_correlation, find_table

    # Tables are of elements: a compound is refused as such.
    atomic_number(target)
    return find_correlation(target) if model == "rpa" else find_table(target, model)


def _print_correlation(table: Any) -> None:
    click.echo("  T [keV]   average ± [eV]   multipoles   weak change   magnetic change   last multipole")
    for i, transfer in enumerate(table.transfer_kev):
        click.echo(
            f"{transfer:9.5g}{1e3 * table.half_width_kev[i]:17.2g}{table.multipoles[i]:13d}"
            f"{table.size[0, i]:14.2%}{table.size[1, i]:18.2%}{table.join_step[:, i].max():17.2%}"
        )
    click.echo(
        f"  interpolation error {table.interpolation_error:.1e}, residual {table.residual:.1e}, "
        f"basis {table.basis_error:.1e}; change where it ends {table.upper_step:.2%}"
    )
    click.echo(f"  recipe {table.recipe}")


def _summary(path: str, table: Any) -> dict[str, Any]:
    from nuatom.atoms import CorrelationTable

    if isinstance(table, CorrelationTable):
        return {
            "path": path,
            "sha256": table.sha256,
            "edges_kev": table.edges_kev.tolist(),
            "transfer_kev": table.transfer_kev.tolist(),
            "weak_change": table.size[0].tolist(),
            "magnetic_change": table.size[1].tolist(),
            "join_step": table.join_step.max(axis=0).tolist(),
            "upper_step": table.upper_step,
            "error": table.error,
            "recipe": table.recipe,
        }
    return {
        "path": path,
        "sha256": table.sha256,
        "subshells": list(table.labels),
        "edges_kev": table.edges_kev.tolist(),
        "error": table.error,
        "recipe": table.recipe,
    }


def _draw_correlation(table: Any, plot: Path) -> None:
    from nuatom.viz import draw_lines

    curves = {"weak: Q dQ S": 1.0 + table.size[0], "magnetic: dQ S/Q": 1.0 + table.size[1]}
    draw_lines(
        plot,
        table.transfer_kev,
        curves,
        x_label="energy transfer [keV]",
        y_label="together / independent",
        title=f"{table.symbol}, correlation",
        x_range=(float(table.transfer_kev[0]), table.highest_kev),
    )


def _draw(table: Any, plot: Path) -> None:
    import numpy as np

    from nuatom.atoms import ridge_kev
    from nuatom.viz import draw_response_map

    lowest = max(float(table.edges_kev.min()), 1e-3)
    transfer = np.geomspace(1.01 * lowest, 0.999 * table.highest_kev, 160)
    momentum = np.geomspace(transfer[0], 5.0 * np.sqrt(table.highest_kev * 1e3), 160)
    grid = np.broadcast_to(momentum, (transfer.size, momentum.size))
    first, _ = table.momentum_limits_kev(transfer)
    density = table.on_momenta(transfer, np.maximum(grid, first[:, None]))[0]
    density[grid < first[:, None]] = 0.0
    draw_response_map(plot, transfer, momentum, density, ridge_kev(transfer), title=f"{table.symbol}, table")
