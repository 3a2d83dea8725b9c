"""A table at the end of a run: each job's time, the plain calculation's for the same work, their ratio."""

from __future__ import annotations

import pytest

_HEADER = ("job", "time", "target on a quiet core", "baseline", "ratio", "least")


def _seconds(value: float) -> str:
    for unit, size in (("s", 1.0), ("ms", 1e-3)):
        if value >= size:
            return f"{value / size:.3g} {unit}"
    return f"{value / 1e-6:.3g} µs"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    session = getattr(config, "_benchmarksession", None)
    rows = [_HEADER]
    for bench in session.benchmarks if session else ():
        time, extra = bench.stats.median, bench.extra_info
        beside = ("", "", "")
        if "baseline" in extra:
            beside = (
                f"{_seconds(extra['baseline'])} ({extra['of']})",
                f"{extra['baseline'] / time:.3g}",
                f"{extra['least_ratio']:.3g}",
            )
        rows.append((extra["job"], _seconds(time), f"≤ {_seconds(extra['target'])}", *beside))
    widths = [max(len(row[column]) for row in rows) for column in range(len(_HEADER))]
    terminalreporter.section("nuatom beside a plain calculation (medians)")
    for row in rows:
        terminalreporter.write_line(
            "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        )
