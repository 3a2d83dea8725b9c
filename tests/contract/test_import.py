"""Importing is quick and does nothing, nothing asks the network, and the public names are these."""

import json
import subprocess
import sys

import pytest

import nuatom

PUBLIC_NAMES = [
    "ConvergenceError",
    "DataError",
    "Detector",
    "Efficiency",
    "GaussianResolution",
    "InputError",
    "Mixing",
    "Neutrino",
    "NuatomError",
    "Target",
    "__version__",
    "coherent",
    "combine",
    "couplings",
    "differential_rate",
    "experiment",
    "experiment_names",
    "flux",
    "fold",
    "interaction",
    "ionization",
    "parameter",
    "responses",
    "whole_atom",
]

HEAVY = {
    *("iminuit", "matplotlib", "numba", "periodictable", "pooch"),
    *("pydantic", "requests", "rich", "scipy", "xraylib"),
}


def python(code):
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)  # noqa: S603
    assert done.returncode == 0, done.stderr
    return done.stdout


def modules_after(code):
    """Top-level packages that are loaded once the code has run."""
    report = "import json, sys; print(json.dumps(sorted({name.split('.')[0] for name in sys.modules})))"
    return set(json.loads(python(f"{code}\n{report}").splitlines()[-1]))


def test_public_names_are_frozen():
    assert sorted(nuatom.__all__) == PUBLIC_NAMES
    assert set(PUBLIC_NAMES) <= set(dir(nuatom))
    for name in PUBLIC_NAMES:
        assert getattr(nuatom, name) is not None


def test_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="'nothing'"):
        _ = nuatom.nothing


def test_import_loads_nothing_heavy():
    assert not modules_after("import nuatom") & (HEAVY | {"numpy", "click"})


@pytest.mark.parametrize("arguments", ["['--help']", "['--version']"])
def test_help_loads_no_numpy(arguments):
    code = f"from nuatom.cli import main\ntry:\n    main({arguments})\nexcept SystemExit:\n    pass"
    assert not modules_after(code) & (HEAVY | {"numpy"})


def test_a_mistake_in_a_verb_is_told_before_the_heavy_imports():
    code = (
        "from nuatom.cli import main\ntry:\n    main(['limit', 'xenonnt-sr0'])\nexcept SystemExit:\n    pass"
    )
    assert not modules_after(code) & HEAVY


@pytest.mark.parametrize("model", ["free", "stepping", "ipm", "rpa"])
def test_a_limit_of_an_experiment_that_ships_loads_what_it_needs_and_no_more(model):
    """Kernels are folded, and one curve is fitted by array operations."""
    verb = ["limit", "xenonnt-sr0", "magnetic-moment", "--model", model, "--json"]
    code = (
        "from nuatom.cli import main\nimport sys, json, contextlib, io\n"
        "said = io.StringIO()\n"
        f"try:\n    with contextlib.redirect_stdout(said):\n        main({verb})\n"
        "except SystemExit as end:\n    assert end.code == 0\n"
        "assert json.loads(said.getvalue())['upper'] > 0.0\n"
        "print(json.dumps([n for n in sys.modules if n.split('.')[0] not in ('encodings',)]))\n"
    )
    loaded = json.loads(python(code).splitlines()[-1])
    packages = {name.split(".")[0] for name in loaded}
    assert not packages & (HEAVY - {"periodictable", "pydantic", "xraylib"})
    # 620 when this was written, most of them NumPy's and Python's own.
    assert len(loaded) < 700
    assert sum(name.startswith("nuatom") for name in loaded) < 180


def test_figures_are_drawn_without_a_display_or_pyplot():
    """pyplot would keep every figure alive and choose a window system."""
    code = (
        "from nuatom.cli import main\nimport tempfile, os\n"
        "path = os.path.join(tempfile.mkdtemp(), 'x.svg')\n"
        "try:\n    main(['limit', 'xenonnt-sr0', 'magnetic-moment', '--plot', path])\n"
        "except SystemExit as end:\n    assert end.code == 0\n"
        "import sys\nassert 'matplotlib.pyplot' not in sys.modules"
    )
    python(code)


def test_no_network():
    """Sockets and name look-ups are taken away; the verbs do not notice."""
    verbs = [
        ["limit", "xenonnt-sr0", "magnetic-moment", "--json"],
        ["spectrum", "xenonnt-sr0", "--json"],
        ["rate", "Xe", "--flux", "solar-gs98", "--recoil-kev", "1,10", "--json"],
        ["cross-section", "Xe", "--energy-kev", "300", "--recoil-kev", "1", "--json"],
        ["doctor", "--json"],
    ]
    code = (
        "import socket\n"
        "def refuse(*args, **kwargs):\n    raise RuntimeError('network')\n"
        "socket.socket.connect = socket.socket.connect_ex = refuse\n"
        "socket.create_connection = socket.getaddrinfo = socket.gethostbyname = refuse\n"
        "from nuatom.cli import main\n"
        f"for verb in {verbs!r}:\n"
        "    try:\n        main(verb)\n"
        "    except SystemExit as end:\n        assert end.code == 0, verb\n"
    )
    assert len([json.loads(line) for line in python(code).splitlines()]) == len(verbs)
