"use strict";
/* The page itself: controls in, pictures out. What is computed is computed in `likelihood`, and `plot` draws. */
(() => {
  const { power, number, fixed, escape, plain, ticks, panel, key } = plot;
  const page = JSON.parse(document.getElementById("page-numbers").textContent);
  const models = likelihood.unpack(page);
  const STEPS = 400;
  const CURVE_POINTS = 161;
  const byId = (id) => document.getElementById(id);

  // What the reader has set. A value of null is the Standard Model's.
  const state = {
    model: models.find((model) => model.name === page.first_model),
    moved: 0,
    kinds: page.kinds.map((_, kind) => ({
      choice: page.choices.findIndex((choice) => choice.kind === kind),
      value: null,
    })),
  };

  function symbolOf(choice) {
    const { kind, sign } = page.choices[choice];
    return `${page.kinds[kind].symbol}<sub>${sign}</sub>`;
  }

  // --- Settings

  function settings(without) {
    return state.kinds.filter((_, kind) => kind !== without);
  }
  function valueOf(kind) {
    const { choice, value } = state.kinds[kind];
    if (value !== null) return value;
    const standard = page.choices[choice].moves.map((index) => page.standard[index]);
    return standard.reduce((total, one) => total + one, 0) / standard.length;
  }

  // Range of a slider: what the 99.7% interval of its parameter alone holds, and a margin.
  const ranges = new Map();
  function rangeOf(kind) {
    const { choice } = state.kinds[kind];
    const key = `${state.model.name} ${choice}`;
    if (!ranges.has(key)) {
      const land = likelihood.landscape(page, state.model, [], choice);
      const ends = likelihood.interval(land, page.wide_threshold).flat();
      const found = [...ends.filter((end) => end !== null), land.best, 0];
      let [low, high] = [Math.min(...found), Math.max(...found)];
      const margin = 0.25 * (high - low || land.scale);
      low = land.even ? 0 : low - margin;
      high += margin;
      // Steps such that zero is one of them.
      const step = (high - low) / STEPS;
      ranges.set(key, { step, first: Math.floor(low / step + 1e-9), last: Math.ceil(high / step - 1e-9) });
    }
    return ranges.get(key);
  }

  // --- Controls

  const controls = page.kinds.map((kind, place) => {
    const box = document.createElement("fieldset");
    box.innerHTML = `
      <legend>${kind.title} ${kind.symbol}</legend>
      <div class="row"><select></select></div>
      <input type="range">
      <div class="ends"><span></span><span></span></div>
      <div class="row"><input type="text" inputmode="decimal" autocomplete="off" spellcheck="false">
        <span class="unit">${kind.unit}</span><button type="button">reset</button></div>`;
    const [select, slider, text, button] = ["select", "input[type=range]", "input[type=text]", "button"].map(
      (name) => box.querySelector(name),
    );
    const unit = plain(kind.unit);
    select.setAttribute("aria-label", `Flavours of the ${kind.title}`);
    slider.setAttribute("aria-label", `${kind.title} in ${unit}`);
    text.setAttribute("aria-label", `${kind.title} in ${unit}, as a number`);
    button.setAttribute("aria-label", `${kind.title} as in the Standard Model`);
    page.choices.forEach((choice, index) => {
      if (choice.kind === place) select.add(new Option(choice.label, index));
    });
    const set = (value) => {
      state.kinds[place].value = value;
      state.moved = place;
      later();
    };
    select.addEventListener("change", () => {
      state.kinds[place].choice = Number(select.value);
      state.moved = place;
      later();
    });
    slider.addEventListener("input", () => set(Number((Number(slider.value) * rangeOf(place).step).toPrecision(4))));
    text.addEventListener("change", () => {
      const value = Number(text.value.replace("−", "-"));
      const good = text.value.trim() !== "" && Number.isFinite(value);
      text.setAttribute("aria-invalid", String(!good));
      if (good) set(value);
    });
    button.addEventListener("click", () => set(null));
    for (const field of [slider, text]) {
      field.addEventListener("focus", () => {
        if (state.moved === place) return;
        state.moved = place;
        later();
      });
    }
    byId("kinds").append(box);
    return { box, slider, text, ends: box.querySelectorAll(".ends span") };
  });

  models.forEach((model) => {
    const label = document.createElement("label");
    label.innerHTML = `<input type="radio" name="model"> ${escape(model.name)}`;
    const radio = label.firstElementChild;
    radio.checked = model === state.model;
    radio.addEventListener("change", () => {
      state.model = model;
      later();
    });
    byId("models").append(label);
  });
  byId("reset").addEventListener("click", () => {
    for (const entry of state.kinds) entry.value = null;
    later();
  });

  function showControls() {
    controls.forEach(({ box, slider, text, ends }, kind) => {
      const { step, first, last } = rangeOf(kind);
      const { choice, value } = state.kinds[kind];
      box.classList.toggle("moved", kind === state.moved);
      [slider.min, slider.max] = [first, last];
      slider.value = Math.round(valueOf(kind) / step);
      const shown = value === null ? "Standard Model" : number(value);
      slider.setAttribute("aria-valuetext", `${shown} ${plain(page.kinds[kind].unit)}, ${page.choices[choice].label}`);
      if (document.activeElement !== text || text.getAttribute("aria-invalid") !== "true") {
        text.value = value === null ? "" : String(Number(value.toPrecision(6)));
        text.placeholder = value === null ? "SM" : "";
        text.setAttribute("aria-invalid", "false");
      }
      ends[0].textContent = number(first * step, 2);
      ends[1].textContent = number(last * step, 2);
    });
  }

  // --- Curve along the parameter that was moved last: it depends on everything but that parameter's value.

  const curves = new Map();
  function curve() {
    const { choice, value } = state.kinds[state.moved];
    const others = settings(state.moved);
    const { step, first, last } = rangeOf(state.moved);
    const [low, high] = [Math.min(first * step, value ?? 0), Math.max(last * step, value ?? 0)];
    const key = JSON.stringify([state.model.name, choice, others, low, high]);
    if (!curves.has(key)) {
      const land = likelihood.landscape(page, state.model, others, choice);
      const x = Array.from({ length: CURVE_POINTS }, (_, i) => low + ((high - low) * i) / (CURVE_POINTS - 1));
      if (land.best > low && land.best < high) x.push(land.best);
      x.sort((a, b) => a - b);
      const points = x.map((place) => [place, land.statistic(place) - land.minimum]);
      if (curves.size > 20) curves.clear();
      curves.set(key, { ...land, low, high, points, segments: likelihood.interval(land, page.threshold) });
    }
    return curves.get(key);
  }

  function segmentText([lower, upper], symbol, unit) {
    if (lower === null && upper === null) return `${symbol}: no limit`;
    if (lower === null) return `${symbol} &lt; ${number(upper)} ${unit}`;
    if (upper === null) return `${symbol} &gt; ${number(lower)} ${unit}`;
    return `${number(lower)} &lt; ${symbol} &lt; ${number(upper)} ${unit}`;
  }

  // --- Pictures

  function drawProfile(found, here) {
    const figure = byId("profile");
    const { choice } = state.kinds[state.moved];
    const { unit } = page.kinds[state.moved];
    const exponent = Math.floor(Math.log10(Math.max(Math.abs(found.low), Math.abs(found.high))));
    const factor = exponent < -2 || exponent > 3 ? 10 ** exponent : 1;
    const top = Math.max(3 * page.threshold, 1e-3);
    const draw = panel({ name: "cut-profile", top: 8, bottom: 356, x: [found.low / factor, found.high / factor], y: [0, top] });
    const symbol = symbolOf(choice);
    const cl = `${number(100 * page.cl)}%`;
    const published = page.published.filter((entry) => entry.parameter === page.choices[choice].name);
    const ends = found.segments.flat().filter((end) => end !== null);
    const parts = [draw.frame(ticks(found.low / factor, found.high / factor, 7), ticks(0, top, 5))];
    for (const [lower, upper] of found.segments) {
      const [a, b] = [Math.max(lower ?? found.low, found.low), Math.min(upper ?? found.high, found.high)];
      if (b > a) parts.push(draw.area([a / factor, b / factor], [top], "background", 0.12));
    }
    parts.push(draw.level(page.threshold, "background", "5 4"));
    for (const end of ends) parts.push(draw.upright(end / factor, "signal", "3 3"));
    for (const entry of published) {
      for (const end of [entry.lower, entry.upper]) {
        if (end !== null) parts.push(draw.upright(end / factor, "published", "8 4"));
      }
    }
    parts.push(draw.line(found.points.map(([x, rise]) => [x / factor, rise]), "expected"));
    parts.push(draw.dot(found.best / factor, 0, "data", 4));
    parts.push(draw.upright(valueOf(state.moved) / factor, "data", "1 0"));
    parts.push(draw.dot(valueOf(state.moved) / factor, here, "data", 5));
    figure.querySelector("svg").innerHTML = parts.join("");
    const shown = published.map((entry) => {
      const text = [entry.lower, entry.upper].filter((end) => end !== null).map((end) => number(end)).join(" to ");
      const data = entry.data === null ? "" : ` from ${escape(entry.data)}`;
      return key("published", `published, ${number(100 * entry.cl)}% CL: ${text} ${unit}${data} (${escape(entry.source)})`, "dashed");
    });
    figure.querySelector("figcaption").innerHTML = [
      `<b>−2 Δln <i>L</i> along ${symbol}, everything else as set</b>`,
      key("expected", "profile likelihood"),
      key("data", "now, and the best fit", "dot"),
      key("signal", `${cl} interval`, "dashed"),
      key("background", `${cl} CL: ${fixed(page.threshold)}`, "dashed"),
      ...shown,
    ].join("");
    figure.querySelector(".axis").innerHTML = `${symbol} [${factor === 1 ? "" : `${power(exponent)} `}${unit}]`;
    const words = found.segments.map((segment) => plain(segmentText(segment, symbol, unit)).replace("&lt;", "<")).join(" or ");
    figure.querySelector("svg").setAttribute("aria-label", `Profile likelihood along ${plain(symbol)}; ${cl} interval: ${words}`);
  }

  const figures = page.projections.map((shown, axis) => {
    const figure = document.createElement("figure");
    figure.innerHTML = '<figcaption></figcaption><svg role="img" viewBox="0 0 560 380"></svg><div class="axis"></div>';
    figure.querySelector(".axis").textContent = shown.label;
    if (axis === 0) byId("figures").prepend(figure);
    else byId("figures").append(figure);
    return figure;
  });

  /** Counts of one projection: of the bins of its channel, each in its place on the axis. */
  function project(counts, axis) {
    const { first, place, edges } = page.projections[axis];
    const total = Array(edges.length - 1).fill(0);
    place.forEach((where, bin) => {
      total[where] += counts[first + bin];
    });
    return total;
  }

  function pull(observed, expected) {
    const logarithm = observed > 0 ? observed * Math.log(observed / expected) : 0;
    return Math.sign(observed - expected) * Math.sqrt(Math.max(0, 2 * (expected - observed + logarithm)));
  }

  function projected(fit, axis) {
    const { observed } = page.projections[axis];
    const [background, signal] = [project(fit.background, axis), project(fit.signal, axis)];
    const expected = background.map((value, i) => value + signal[i]);
    return { background, signal, expected, pulls: expected.map((value, i) => pull(observed[i], value)) };
  }

  function drawSpectrum(fit, axis) {
    const { edges, observed, low, high, label } = page.projections[axis];
    const { background, signal, expected, pulls } = projected(fit, axis);
    const x = [edges[0], edges[edges.length - 1]];
    const middle = observed.map((_, i) => 0.5 * (edges[i] + edges[i + 1]));
    const y = [Math.min(0, 1.1 * Math.min(...signal)), 1.12 * Math.max(...high, ...expected)];
    const main = panel({ name: `cut-counts-${axis}`, top: 8, bottom: 250, x, y });
    const reach = 1.15 * Math.max(3, ...pulls.map(Math.abs));
    const lower = panel({ name: `cut-pulls-${axis}`, top: 264, bottom: 356, x, y: [-reach, reach] });
    figures[axis].querySelector("svg").innerHTML = [
      main.frame(ticks(...x, 8), ticks(...y, 6), false),
      main.area(edges, background, "background"),
      main.steps(edges, signal, "signal"),
      main.steps(edges, expected, "expected"),
      ...middle.flatMap((a, i) => [main.bar(a, low[i], high[i], "data"), main.dot(a, observed[i], "data")]),
      lower.frame(ticks(...x, 8), ticks(-reach, reach, 5)),
      lower.level(0, "expected", "1 0"),
      ...middle.map((a, i) => lower.dot(a, pulls[i], "data")),
      '<text transform="rotate(-90)" x="-129" y="12" text-anchor="middle">events per bin</text>',
      '<text transform="rotate(-90)" x="-310" y="12" text-anchor="middle">pull</text>',
    ].join("");
    const sum = (values, digits = 1) => fixed(values.reduce((total, value) => total + value, 0), digits);
    const change = page.holds_standard_neutrinos ? "signal, added to the Standard Model" : "neutrino signal";
    figures[axis].querySelector("figcaption").innerHTML = [
      `<b>Data and fit${page.projections[axis].heading ? `, ${escape(page.projections[axis].heading)}` : ""}</b>`,
      key("data", `data: ${sum(observed, 0)} events`, "dot"),
      key("expected", `expected: ${sum(expected)}`),
      key("background", `background, fitted: ${sum(background)}`, "area"),
      key("signal", `${change}: ${sum(signal)}`),
    ].join("");
    figures[axis]
      .querySelector("svg")
      .setAttribute("aria-label", `Events per bin against ${label}, with pulls; the largest pull is ${fixed(Math.max(...pulls.map(Math.abs)), 1)}`);
  }

  function drawTable(fit) {
    if (!byId("table").open) return;
    byId("table").querySelector("div").innerHTML = page.projections
      .map(({ label, edges, observed }, axis) => {
        const { background, signal, expected, pulls } = projected(fit, axis);
        const rows = observed.map(
          (count, i) => `<tr><td>${number(edges[i])} – ${number(edges[i + 1])}</td><td>${count}</td>
            <td>${[background[i], signal[i], expected[i], pulls[i]].map((value) => fixed(value)).join("</td><td>")}</td></tr>`,
        );
        return `<table><thead><tr><th>${label}</th><th>observed</th><th>background</th><th>signal</th><th>expected</th>
          <th>pull</th></tr></thead><tbody>${rows.join("")}</tbody></table>`;
      })
      .join("");
  }

  // --- All of it

  function command() {
    const options = { "magnetic-moment": "--magnetic-moment", charge: "--charge", "charge-radius": "--charge-radius-cm2" };
    const words = ["nuatom spectrum", page.typed, `--model ${state.model.name}`];
    if (page.electroweak.scheme !== "tree") words.push(`--couplings ${page.electroweak.scheme}`);
    if (page.electroweak.given) words.push(`--sin2w ${page.electroweak.sin2_theta_w}`);
    state.kinds.forEach(({ choice, value }, kind) => {
      if (value === null) return;
      const [name, element] = page.choices[choice].name.split(":");
      words.push(`${options[name]} ${element ? `${element}=` : ""}${Number(value.toPrecision(6))}`);
    });
    return words.map((word) => `<span>${escape(word)}</span>`).join(" ");
  }

  function showNumbers(fit, found, standard) {
    const { choice } = state.kinds[state.moved];
    const { unit } = page.kinds[state.moved];
    const symbol = symbolOf(choice);
    if (fit === null || !Number.isFinite(found.minimum)) {
      byId("numbers").innerHTML = "<p><strong>Out of range</strong>: no normalisation of the background makes this possible.</p>";
      return;
    }
    const rise = fit.chi2 - found.minimum;
    const change = fit.chi2 - standard.chi2;
    const compared =
      Math.abs(change) < 0.005
        ? "as good as the Standard Model"
        : `${fixed(Math.abs(change))} ${change < 0 ? "better" : "worse"} than the Standard Model`;
    const within = rise < page.threshold ? "inside" : "outside";
    byId("numbers").innerHTML = `
      <p><strong>−2 Δln <i>L</i> = ${fixed(rise)}</strong> above the best fit, ${symbol} =
        ${number(found.best)}${found.best === 0 ? "" : ` ${unit}`}: ${within} the ${number(100 * page.cl)}% interval;
        ${compared}.</p>
      <p>${number(100 * page.cl)}% CL: ${found.segments.map((segment) => segmentText(segment, symbol, unit)).join(" or ")}.</p>
      <p>χ² = ${fixed(fit.chi2)} in ${page.counts.length} bins; the same with <code>${command()}</code></p>`;
  }

  function update() {
    showControls();
    const fit = likelihood.profile(page, state.model, likelihood.couplings(page, state.kinds));
    const standard = likelihood.profile(page, state.model, page.standard);
    const found = curve();
    showNumbers(fit, found, standard);
    if (fit === null || !Number.isFinite(found.minimum)) return;
    drawProfile(found, fit.chi2 - found.minimum);
    figures.forEach((_, axis) => drawSpectrum(fit, axis));
    drawTable(fit);
  }

  let waiting = false;
  function later() {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => {
      waiting = false;
      update();
    });
  }

  document.title = `${page.title}: explore`;
  byId("title").textContent = page.title;
  byId("subtitle").textContent =
    "What the data say of neutrino charges, charge radii and magnetic moments: move a slider, and spectrum and likelihood follow.";
  const scheme = page.electroweak.scheme === "tree" ? "at tree level" : "with radiative corrections";
  byId("about").querySelector("div").innerHTML = `
    <p>Target ${escape(page.target)}, process “${escape(page.process)}”; weak couplings ${scheme}, sin²<i>θ</i><sub>W</sub> =
      ${page.electroweak.sin2_theta_w}. Expected counts are the experiment's kernels, folded with flux and detector once: exact polynomials
      of the couplings. The Poisson likelihood is profiled over ${models[0].nuisances.length} nuisances: normalisations of backgrounds and
      fluxes, and whatever else is uncertain, each within what is known of it.${
        page.holds_standard_neutrinos
          ? " The published background holds the Standard Model's neutrinos: the signal is what the couplings change."
          : ""
      } Error bars: central 68% intervals of the Poisson mean. Pulls: signed roots of each bin's likelihood-ratio χ².</p>
    <p>Made with nuatom ${escape(page.version)}. Sources, in full from <code>nuatom cite KEY …</code>:</p>
    <p>${page.citations.map((name) => `<code>${escape(name)}</code>`).join(" ")}</p>`;
  byId("table").addEventListener("toggle", later);
  update();
})();
