"""Figures: the only importer of matplotlib. Arrays and labels in, files out; no physics."""

from nuatom.viz.figures import (
    check_path,
    draw_curves,
    draw_intervals,
    draw_lines,
    draw_profile,
    draw_response_map,
    draw_spectrum,
    draw_surface,
)

__all__ = [
    "check_path",
    "draw_curves",
    "draw_intervals",
    "draw_lines",
    "draw_profile",
    "draw_response_map",
    "draw_spectrum",
    "draw_surface",
]
