"""Sphinx configuration; ``nox -s docs`` builds, and every warning is an error."""

import os
import re
import sys
from importlib.metadata import version as installed_version
from pathlib import Path

from docutils import nodes
from docutils.parsers.rst.states import Inliner
from jupyter_cache import get_cache
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

project = "nuatom"
author = "The nuatom developers"
project_copyright = author
release = version = installed_version("nuatom")

extensions = [
    "myst_nb",
    "sphinx.ext.autodoc",
    "sphinx.ext.autosummary",
    "sphinx.ext.mathjax",
    "sphinx.ext.napoleon",
    "sphinx.ext.viewcode",
    "sphinxcontrib.bibtex",
]
exclude_patterns = ["_build", "**.ipynb_checkpoints"]
templates_path = ["_templates"]

html_theme = "furo"
html_title = f"nuatom {release}"

myst_enable_extensions = ["amsmath", "colon_fence", "deflist", "dollarmath"]
myst_heading_anchors = 3

# Outputs are part of the pages: a tutorial that no longer runs is a build that fails.
nb_execution_mode = "cache"
nb_execution_in_temp = True
# Pages run in a temporary folder; those that show precomputed tables look for them here.
os.environ["NUATOM_DOCS"] = str(Path(__file__).parent)
nb_execution_timeout = 300
nb_execution_raise_on_error = True
# Lines of one cell that arrive late are still its output.
nb_merge_streams = True
# Tables that cells generate are Markdown, too.
nb_render_markdown_format = "gfm"

bibtex_bibfiles = [str(Path("..") / "src" / "nuatom" / "data" / "references.bib")]
bibtex_default_style = "unsrt"

autosummary_generate = True
# A name is documented where it is defined, not again in each package that passes it on.
autodoc_default_options = {"members": True, "ignore-module-all": True, "show-inheritance": True}
autodoc_member_order = "bysource"
autodoc_typehints = "none"
napoleon_google_docstring = False
napoleon_use_ivar = True
napoleon_use_rtype = False


def _bar_is_text(
    _inliner: Inliner, match: re.Match[str], _line: int
) -> tuple[str, list[object], str, list[object]]:
    end = match.end("start")
    return match.string[:end], [], match.string[end:], []


# In a docstring |x| is an absolute value: no page uses reStructuredText's substitutions.
Inliner.dispatch = {**Inliner.dispatch, "|": _bar_is_text}


def _types_are_those_of_their_module(_app: Sphinx, doctree: nodes.document) -> None:
    """Let a class in a type be the one that its module knows by that name, and a lower-case word be text."""
    for node in list(doctree.findall(addnodes.pending_xref)):
        if node.get("refdomain") != "py" or not node.get("refspecific"):
            continue
        named = getattr(sys.modules.get(node.get("py:module") or ""), node["reftarget"], None)
        if isinstance(named, type):
            node["reftarget"] = f"{named.__module__}.{named.__qualname__}"
        elif node["reftarget"].islower():
            node.replace_self(node.children)


def _cache_is_there(app: Sphinx) -> None:
    """Make the database of cells' outputs before processes that read pages would make it all at once."""
    get_cache(str(Path(app.outdir).parent / ".jupyter_cache")).list_cache_records()


def _neighbours_are_read_apart(_app: Sphinx, _env: BuildEnvironment, docnames: list[str]) -> None:
    """Let the pages with cells, which are neighbours in the alphabet, be read by different processes."""
    docnames[:] = [name for first in range(10) for name in docnames[first::10]]


def setup(app: Sphinx) -> None:
    """Resolve names in types before Sphinx looks for them everywhere, and share pages among processes."""
    app.connect("doctree-read", _types_are_those_of_their_module)
    app.connect("builder-inited", _cache_is_there)
    app.connect("env-before-read-docs", _neighbours_are_read_apart)
