"""Figures: the only importer of matplotlib. Arrays and labels in, files out; no physics."""

from nuatom.viz.comparisons import draw_band, draw_intervals, draw_limits, draw_measurement
from nuatom.viz.figures import (
    draw_curves,
    draw_lines,
    draw_panels,
    draw_profile,
    draw_response_map,
    draw_surface,
)
from nuatom.viz.files import FIGURES, PAGES, check_path
from nuatom.viz.fits import draw_fit
from nuatom.viz.listing import draw_listing, draw_shares
from nuatom.viz.page import write_page
from nuatom.viz.spectra import draw_spectra

__all__ = [
    "FIGURES",
    "PAGES",
    "check_path",
    "draw_band",
    "draw_curves",
    "draw_fit",
    "draw_intervals",
    "draw_limits",
    "draw_lines",
    "draw_listing",
    "draw_measurement",
    "draw_panels",
    "draw_profile",
    "draw_response_map",
    "draw_shares",
    "draw_spectra",
    "draw_surface",
    "write_page",
]
