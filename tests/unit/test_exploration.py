"""The page's numbers, and the arithmetic it does with them, against the package's own."""

import base64
import dataclasses
import json
import re
import shutil
import subprocess

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from scipy.optimize import minimize
from scipy.special import xlogy

from nuatom.atoms import Target
from nuatom.atoms.tables.files import shipped_tables
from nuatom.errors import DataError, InputError
from nuatom.experiments import experiment
from nuatom.neutrinos import Neutrino, couplings, parameter
from nuatom.processes import PROCESSES

NODE = shutil.which("node")
MODELS = {
    "xenonnt-sr0": ["stepping", "ipm"],
    "xenon1t-sr1": ["free"],
    "coherent-csi-2021": ["helm+free", "point+stepping"],
}
# Sizes of moment, charge and radius that each experiment can see.
SIZES = {
    "xenonnt-sr0": (1e-11, 4e-13, 4e-31),
    "xenon1t-sr1": (2e-11, 1e-12, 6e-31),
    "coherent-csi-2021": (2e-9, 2e-10, 1e-31),
}
LEAST_MEAN = 1e-2
KINDS = ("magnetic-moment", "charge", "charge-radius")
FLAVOURS = ("e", "mu", "tau")
CASES = [(name, model) for name, models in MODELS.items() for model in models]


def parts_of(path):
    """Scripts of a page by their names."""
    text = path.read_text(encoding="utf-8")
    return dict(re.findall(r'<script[^>]* ?id="([\w-]+)">(.*?)</script>', text, flags=re.DOTALL))


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pages")
    for name, models in MODELS.items():
        experiment(name).explore(models).write(folder / f"{name}.html")
    return {name: folder / f"{name}.html" for name in MODELS}


@pytest.fixture(scope="module")
def pages(written):
    return {name: json.loads(parts_of(path)["page-numbers"]) for name, path in written.items()}


# --- The page's arithmetic a second time, from its description alone


def templates(page, model, values):
    """Rows of the samples, and Σ_t a_t Π_{i∈t} θ_i/s_i: what neutrinos add to each."""
    entry = next(entry for entry in page["models"] if entry["name"] == model)
    raw = np.frombuffer(base64.b64decode(entry["coefficients"]), dtype="<f4").astype(float)
    coefficients = raw.reshape(len(entry["terms"]), -1, len(page["counts"]))
    total = np.zeros((1 + len(entry["nuisances"]), len(page["counts"])))
    for term, part in zip(entry["terms"], coefficients, strict=True):
        total[entry["moving"]] += np.prod([values[i] / entry["scale"][i] for i in term]) * part
    width = len(page["counts"]) + len(page["auxiliary"])
    return np.array([row or [0.0] * width for row in entry["samples"]]), total, entry["nuisances"]


def statistic(page, model, values):
    """−2 ln λ minimised by a quasi-Newton method with bounds, in units of each uncertainty."""
    samples, added, nuisances = templates(page, model, values)
    rows = samples.copy()
    rows[: len(added), : added.shape[1]] += added
    counts = np.array([*page["counts"], *page["auxiliary"]])
    centre = np.array([entry["centre"] for entry in nuisances])
    sigma = [entry["sigma"] for entry in nuisances]
    unit = np.array(
        [max(1.0, abs(middle)) if size is None else size for size, middle in zip(sigma, centre, strict=True)]
    )
    weight = np.array([0.0 if size in (None, 0.0) else 1.0 for size in sigma])
    matrix = rows[1:] * unit[:, None]
    nominal = rows[0] + centre @ rows[1:]

    def value(x):
        # Below a mean that no minimum reaches, the logarithm goes on as its tangent parabola.
        mean = nominal + x @ matrix
        low = np.minimum(mean / LEAST_MEAN - 1.0, 0.0)
        safe = np.maximum(mean, LEAST_MEAN)
        logarithm = np.log(safe) + low - 0.5 * low**2
        slope = (1.0 - low) / safe
        found = 2.0 * np.sum(mean - counts - counts * logarithm + xlogy(counts, counts)) + x**2 @ weight
        return found, 2.0 * matrix @ (1.0 - counts * slope) + 2.0 * weight * x

    def end(entry, side, middle, size):
        bound = entry[side]
        return None if bound is None else (bound - middle) / size

    bounds = [
        (0.0, 0.0) if size == 0.0 else tuple(end(entry, side, middle, size) for side in ("lower", "upper"))
        for entry, middle, size in zip(nuisances, centre, unit, strict=True)
    ]
    options = {"ftol": 1e-15, "gtol": 1e-9, "maxiter": 5000, "maxfun": 50000}
    found = minimize(
        value, np.zeros(len(matrix)), jac=True, method="L-BFGS-B", bounds=bounds, options=options
    )
    assert np.all((nominal + found.x @ matrix)[counts > 0] > LEAST_MEAN)
    return found.fun


def settings_of(name, seed, count=6):
    """Values of all nine parameters, of the sizes that the experiment can see."""
    random = np.random.default_rng(seed)
    sizes = np.repeat(SIZES[name], 3)
    return sizes * random.uniform(-1.0, 1.0, (count, 9))


def neutrino_of(values):
    return Neutrino(magnetic_moment=values[:3], charge=values[3:6], charge_radius_cm2=values[6:])


@pytest.mark.parametrize(("name", "model"), CASES)
def test_expected_counts(pages, name, model):
    """To 1e-6 of the largest bin: coefficients are in single precision."""
    loaded, page = experiment(name), pages[name]
    analysis = loaded.analysis(model)
    for values in settings_of(name, seed=1):
        neutrino = neutrino_of(values)
        fitted, _, _ = analysis.profile(neutrino)
        sizes = np.array([1.0, *fitted.nuisance, *fitted.measured])
        samples, added, nuisances = templates(page, model, values)
        names = [entry["name"] for entry in nuisances]
        assert names[: fitted.nuisance.size] == list(analysis.constraints)
        assert len(names) == sizes.size - 1
        (channel,) = loaded.spectrum(neutrino, model).channels
        found, expected = sizes @ added, channel.total_signal
        assert_allclose(found, expected, rtol=1e-6, atol=1e-6 * np.abs(expected).max())
        background = (sizes @ samples)[: channel.background.size]
        assert_allclose(background, channel.background, rtol=1e-8)


@pytest.mark.parametrize(("name", "model"), CASES)
def test_profile(pages, name, model):
    """Another minimiser on the page's numbers finds what `nuatom scan` prints."""
    loaded, page = experiment(name), pages[name]
    names = ("magnetic-moment:e", "charge", "charge-radius:mu")
    axes = [np.array([-0.4, 0.7]) * size for size in SIZES[name]]
    scan = loaded.scan(names, axes, model)
    for place in np.ndindex(2, 2, 2):
        moment, charge, radius = (axis[i] for axis, i in zip(axes, place, strict=True))
        values = [moment, 0.0, 0.0, charge, charge, charge, 0.0, radius, 0.0]
        rise = statistic(page, model, values) - scan.surface.minimum
        assert rise == pytest.approx(scan.surface.two_delta_nll[place], abs=1e-4)


def test_standard_radii_are_where_a_page_starts():
    """With radiative couplings the Standard Model's radii are not zero; nothing is added to them."""
    numbers = experiment("xenonnt-sr0").explore(["free"], electroweak=couplings("radiative")).numbers
    assert numbers["standard"] == [0.0] * 6 + [-0.83e-32, -0.48e-32, -0.30e-32]
    _, added, _ = templates(numbers, "free", numbers["standard"])
    assert np.abs(added).max() < 1e-6
    assert numbers["electroweak"]["given"] is False


def test_flavours_that_do_not_arrive_have_no_slider(pages):
    names = [choice["name"] for choice in pages["coherent-csi-2021"]["choices"]]
    assert names == [
        *("magnetic-moment", "magnetic-moment:e", "magnetic-moment:mu"),
        *("charge", "charge:e", "charge:mu"),
        *("charge-radius", "charge-radius:e", "charge-radius:mu"),
    ]
    solar = [choice["name"] for choice in pages["xenonnt-sr0"]["choices"]]
    assert solar == [name for kind in KINDS for name in (kind, *(f"{kind}:{f}" for f in FLAVOURS))]
    assert {parameter(name).name for name in solar} == set(solar)


def test_projections(pages):
    """Sums over the other axis, with the bars that figures have."""
    page = pages["coherent-csi-2021"]
    energy, time = page["projections"]
    counts = np.reshape(page["counts"], (10, 15))
    assert_array_equal(energy["observed"], counts.sum(axis=1))
    assert_array_equal(time["observed"], counts.sum(axis=0))
    assert (len(energy["edges"]), len(time["edges"])) == (11, 16)
    for shown in (energy, time):
        low, high, observed = (np.array(shown[key]) for key in ("low", "high", "observed"))
        assert np.all((low < observed) & (observed < high))
        assert_allclose(high - low, 2.0 * np.sqrt(observed), rtol=0.1)
    assert len(pages["xenonnt-sr0"]["projections"]) == 1


def test_models_by_default_are_all_that_can_be_computed():
    loaded = experiment("xenonnt-sr0")
    found = loaded.explore()
    without = set() if "tables/Xe-rpa.npz" in shipped_tables() else {"rpa"}
    # The best is one of them.
    assert found.models == tuple(
        name for name in PROCESSES["electron"].models if name not in without | {"best"}
    )
    assert set(found.left_out) == without
    assert found.numbers["first_model"] == "stepping"
    assert loaded.explore(["free"]).numbers["first_model"] == "free"


def test_nuclei_and_electrons_are_offered_beside_each_other():
    """Each model of each process with the default of the other; gold has no table."""
    both = dataclasses.replace(experiment("coherent-csi-2021"), target=Target("Au"))
    found = both.explore()
    nuclei = ("helm", "klein-nystrand", "symmetrised-fermi", "point")
    assert found.models == (*(f"{name}+stepping" for name in nuclei), "helm+free")
    assert set(found.left_out) == {"helm+ipm", "helm+rpa"}
    assert found.numbers["first_model"] == "helm+stepping"
    with pytest.raises(InputError, match="different models"):
        both.explore(["helm", "stepping"])


@pytest.mark.parametrize("models", [[], ["free", "free"], ["free", "bound"], [""]])
def test_models_refused(models):
    with pytest.raises(InputError, match="model"):
        experiment("xenonnt-sr0").explore(models)


def test_a_model_without_table_is_left_out_and_named():
    from nuatom.atoms import Target

    loaded = dataclasses.replace(experiment("xenonnt-sr0"), target=Target("Au"))
    found = loaded.explore()
    assert found.models == ("free", "stepping")
    assert "table" in found.left_out["ipm"]
    with pytest.raises(DataError, match="table"):
        loaded.explore(["ipm"])


def test_text_from_a_file_cannot_end_a_script(tmp_path):
    title = "</script><script>/* view */ <!--"
    loaded = dataclasses.replace(experiment("xenonnt-sr0"), title=title)
    loaded.explore(["free"]).write(tmp_path / "page.html")
    parts = parts_of(tmp_path / "page.html")
    assert list(parts) == ["page-numbers", "likelihood", "plot", "view"]
    assert json.loads(parts["page-numbers"])["title"] == title


# --- The page's own program

ASK = """
const fs = require("fs");
const { likelihood, drawn, numbers, questions } = JSON.parse(fs.readFileSync(0, "utf8"));
const core = new Function(`${likelihood}; return likelihood;`)();
new Function(drawn);
const page = JSON.parse(numbers);
const models = core.unpack(page);
const answers = questions.map(({ model, values, name }) => {
  const chosen = models.find((entry) => entry.name === model);
  if (values) {
    const fit = core.profile(page, chosen, values);
    if (fit === null) return null;
    const counts = core.templates(page, chosen, values).map((row) => [...row]);
    return { counts, chi2: fit.chi2, expected: [...fit.background].map((value, i) => value + fit.signal[i]) };
  }
  const choice = page.choices.findIndex((entry) => entry.name === name);
  const land = core.landscape(page, chosen, [], choice);
  return { best: land.best, minimum: land.minimum, segments: core.interval(land, page.threshold) };
});
process.stdout.write(JSON.stringify(answers));
"""


@pytest.fixture
def ask(written):
    """Answers of the page's program to questions."""
    if NODE is None:
        pytest.skip("no node to run the page's program with")

    def call(name, questions):
        parts = parts_of(written[name])
        given = {
            "likelihood": parts["likelihood"],
            "drawn": parts["plot"] + parts["view"],
            "numbers": parts["page-numbers"],
            "questions": questions,
        }
        done = subprocess.run(  # noqa: S603
            [NODE, "-e", ASK], input=json.dumps(given), capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    return call


@pytest.mark.parametrize(("name", "model"), CASES)
def test_program_profiles_like_the_package(ask, pages, name, model):
    loaded, page = experiment(name), pages[name]
    points = settings_of(name, seed=2, count=12)
    answers = ask(name, [{"model": model, "values": list(values)} for values in points])
    names = [f"{kind}:{flavour}" for kind in KINDS for flavour in FLAVOURS]
    expected = loaded.statistic([parameter(each) for each in names], model)(points)
    assert_allclose([answer["chi2"] for answer in answers], expected, rtol=0.0, atol=1e-4)
    for values, answer in zip(points, answers, strict=True):
        moving = next(entry["moving"] for entry in page["models"] if entry["name"] == model)
        added = templates(page, model, values)[1][moving]
        assert_allclose(answer["counts"], added, rtol=1e-12, atol=1e-9)
        spectrum = loaded.spectrum(neutrino_of(values), model)
        shown = np.reshape(answer["expected"], (len(spectrum.expected), -1)).sum(axis=1)
        assert_allclose(shown, spectrum.expected, rtol=1e-4)


@pytest.mark.parametrize(("name", "model"), [case for case in CASES if case[1] != "ipm"])
@pytest.mark.parametrize("chosen", ["magnetic-moment", "charge:e", "charge-radius", "charge-radius:mu"])
def test_program_finds_the_limits_of_the_package(ask, name, model, chosen):
    """Pieces and open ends included: 90%, two-sided."""
    (answer,) = ask(name, [{"model": model, "name": chosen}])
    interval = experiment(name).limit(chosen, model=model).interval
    assert answer["minimum"] == pytest.approx(interval.minimum, abs=1e-5)
    assert len(answer["segments"]) == len(interval.segments)
    for found, segment in zip(answer["segments"], interval.segments, strict=True):
        assert [end is None for end in found] == [end is None for end in segment]
        ends = [pair for pair in zip(found, segment, strict=True) if None not in pair]
        assert_allclose(*np.transpose(ends), rtol=1e-5)
    width = max(abs(end) for segment in interval.segments for end in segment if end is not None)
    assert answer["best"] == pytest.approx(interval.best_fit, abs=1e-3 * width)


def test_program_with_absurd_couplings(ask):
    """Far too large: scaled down to nothing, as by the package; and beyond all numbers: no fit at all."""
    moment, charge = [1e-5] * 3 + [0.0] * 6, [0.0] * 3 + [1e200] + [0.0] * 5
    large, endless = ask("xenonnt-sr0", [{"model": "stepping", "values": each} for each in (moment, charge)])
    chi2 = experiment("xenonnt-sr0").spectrum(Neutrino(magnetic_moment=1e-5)).goodness_of_fit.chi2
    # Of tens of thousands, single precision leaves seven digits.
    assert large["chi2"] == pytest.approx(chi2, abs=1e-7 * chi2)
    assert endless is None
