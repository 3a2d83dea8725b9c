"""Files of the schema with one background and one detector: the words that mend them."""

from __future__ import annotations

from typing import Any, Final

__all__ = ["words_for_old_schema"]

_PAGE: Final = (
    "`nuatom data template xenon` prints a file of the new form, "
    "and docs/your-experiment.md says what each field means"
)

# Field -> where it is now.
_MENDED: Final = {
    "data": "[channels.data] in a [[channels]] table, with bins in [[channels.axes]]",
    "background": '[[channels.samples]], with template = {kind = "counts", counts = [...]}',
    "product_backgrounds": (
        '[[channels.samples]], with template = {kind = "product", expected = ..., shares = [[...], [...]]}'
    ),
    "detector": '[channels.response] with kind = "smear"; exposure_tonne_year or mass_kg in [[channels]]',
    "pion_decay": '[flux] with kind = "pion_decay"',
    "process": 'processes = ["electron"]',
    "other_processes": 'processes = ["nucleus", "electron"]',
}


def words_for_old_schema(fields: dict[str, Any]) -> tuple[str, str] | None:
    """The first field of the old schema, and what is to be written in its place; None for a new file."""
    if "channels" in fields:
        return None
    for field, mended in _MENDED.items():
        if field in fields and field not in {"process"}:
            return field, f"{mended}; {_PAGE}"
    return None
