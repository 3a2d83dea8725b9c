"use strict";
/* Numbers as text, and panels of curves, steps and points as SVG. */
const plot = (() => {
  const SUPERSCRIPT = { "-": "⁻", 0: "⁰", 1: "¹", 2: "²", 3: "³", 4: "⁴", 5: "⁵", 6: "⁶", 7: "⁷", 8: "⁸", 9: "⁹" };
  const power = (exponent) => `10${[...String(exponent)].map((digit) => SUPERSCRIPT[digit]).join("")}`;
  const minus = (text) => text.replace("-", "−");
  function number(value, digits = 3) {
    if (value === 0) return "0";
    const exponent = Math.floor(Math.log10(Math.abs(value)));
    if (exponent >= -3 && exponent < 5) return minus(String(Number(value.toPrecision(digits))));
    const [mantissa, shown] = value.toExponential(digits - 1).split("e");
    return `${minus(String(Number(mantissa)))}·${power(Number(shown))}`;
  }
  const fixed = (value, digits = 2) => minus(value.toFixed(digits)).replace(/^−(0\.?0*)$/, "$1");
  function escape(text) {
    const names = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
    return String(text).replace(/[&<>"]/g, (character) => names[character]);
  }
  const plain = (html) => html.replace(/<[^>]*>/g, "");

  function ticks(low, high, about) {
    const rough = (high - low) / about;
    const size = 10 ** Math.floor(Math.log10(rough));
    const step = size * [1, 2, 5, 10].find((factor) => factor * size >= rough * 0.999);
    const found = [];
    for (let i = Math.ceil(low / step - 1e-9); i * step <= high + 1e-9 * step; i++) found.push(i * step);
    return found.map((value) => Number(value.toPrecision(12)));
  }

  /** A frame with its scales; `line` takes points, `steps` bin edges and contents. What leaves it is cut. */
  function panel({ name, left = 52, right = 548, top, bottom, x, y }) {
    const px = (value) => left + ((right - left) * (value - x[0])) / (x[1] - x[0]);
    const py = (value) => bottom - ((bottom - top) * (value - y[0])) / (y[1] - y[0]);
    const cut = `clip-path="url(#${name})"`;
    // Far outside is as good as infinitely far.
    const inside = (value) => Math.min(Math.max(py(value), top - 1e4), bottom + 1e4);
    const at = (a, b) => `${px(a).toFixed(2)},${inside(b).toFixed(2)}`;
    const steps = (edges, values) => values.flatMap((value, i) => [at(edges[i], value), at(edges[i + 1], value)]);
    return {
      px,
      py,
      frame: (xTicks, yTicks, labels = true) =>
        [
          `<clipPath id="${name}"><rect x="${left}" y="${top - 2}" width="${right - left}" height="${bottom - top + 4}"/></clipPath>`,
          ...yTicks.map(
            (value) => `<line class="grid" x1="${left}" x2="${right}" y1="${py(value)}" y2="${py(value)}"/>
              <text x="${left - 6}" y="${py(value) + 4}" text-anchor="end">${minus(String(value))}</text>`,
          ),
          ...xTicks.map(
            (value) => `<line class="grid" x1="${px(value)}" x2="${px(value)}" y1="${top}" y2="${bottom}"/>
              ${labels ? `<text x="${px(value)}" y="${bottom + 16}" text-anchor="middle">${minus(String(value))}</text>` : ""}`,
          ),
          `<rect class="frame" x="${left}" y="${top}" width="${right - left}" height="${bottom - top}"/>`,
        ].join(""),
      line: (points, colour) =>
        `<polyline ${cut} points="${points.map(([a, b]) => at(a, b)).join(" ")}" fill="none" stroke="var(--${colour})" stroke-width="1.8"/>`,
      steps: (edges, values, colour) =>
        `<polyline ${cut} points="${steps(edges, values).join(" ")}" fill="none" stroke="var(--${colour})" stroke-width="1.8"/>`,
      area: (edges, values, colour, opacity = 0.3) => {
        const base = inside(Math.max(0, y[0])).toFixed(2);
        const [first, last] = [px(edges[0]).toFixed(2), px(edges[edges.length - 1]).toFixed(2)];
        return `<polygon points="${first},${base} ${steps(edges, values).join(" ")} ${last},${base}" fill="var(--${colour})" opacity="${opacity}"/>`;
      },
      upright: (value, colour, dash) =>
        value < x[0] || value > x[1]
          ? ""
          : `<line x1="${px(value)}" x2="${px(value)}" y1="${top}" y2="${bottom}" stroke="var(--${colour})" stroke-width="1.4" stroke-dasharray="${dash}"/>`,
      level: (value, colour, dash) =>
        `<line x1="${left}" x2="${right}" y1="${py(value)}" y2="${py(value)}" stroke="var(--${colour})" stroke-width="1.2" stroke-dasharray="${dash}"/>`,
      bar: (a, low, high, colour) =>
        `<line x1="${px(a)}" x2="${px(a)}" y1="${inside(low)}" y2="${inside(high)}" stroke="var(--${colour})"/>`,
      dot: (a, b, colour, size = 3) =>
        b < y[0] || b > y[1] ? "" : `<circle cx="${px(a)}" cy="${py(b)}" r="${size}" fill="var(--${colour})"/>`,
    };
  }

  const key = (colour, text, kind = "") => `<span class="key ${kind}" style="--of: var(--${colour})">${text}</span>`;

  return { power, number, fixed, escape, plain, ticks, panel, key };
})();
