"use strict";
/* The arithmetic of the page, without the page: nothing here touches the document.
 *
 * Expected counts are polynomials of second degree in the couplings, whose coefficients the page carries;
 * -2 ln(lambda) is minimised over nuisances by Newton's method, projected on their bounds; intervals are where
 * it rises by a threshold, as in nuatom.inference.confidence_interval. */
const likelihood = (() => {
  const MOST_STEPS = 200;
  const TOLERANCE = 1e-8;
  // Templates of one shape, whose penalties are lost beside their size, are told apart by rounding only.
  const RIDGE = 1e-13;
  const EPSILON = 2 ** -52;
  // The search for minima, in units of the coupling at which its square adds as much as there is at zero.
  const POINTS_PER_DECADE = 20;
  const FIRST_DECADE = -3;
  const LEAST_DECADE = 1;
  const LAST_DECADE = 6;
  const WELL_BEYOND = 50;
  const FLAT = 1e-7;
  const GOLDEN = (Math.sqrt(5) - 1) / 2;

  function decode(base64) {
    const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
    return Float64Array.from(new Float32Array(bytes.buffer));
  }

  /** Models with their coefficients as numbers: [term][template][bin], flattened. */
  function unpack(page) {
    return page.models.map((model) => ({ ...model, coefficients: decode(model.coefficients) }));
  }

  /** Values of all parameters, where each setting {choice, value} moves those of its choice. */
  function couplings(page, settings) {
    const values = [...page.standard];
    for (const { choice, value } of settings) {
      if (value === null) continue;
      for (const index of page.choices[choice].moves) values[index] = value;
    }
    return values;
  }

  /** What neutrinos add to each row that they move: to what no nuisance moves, or to one unit of a nuisance. */
  function templates(page, model, values) {
    const bins = page.counts.length;
    const rows = model.moving.length;
    const found = Array.from({ length: rows }, () => new Float64Array(bins));
    model.terms.forEach((term, place) => {
      let factor = 1;
      for (const index of term) factor *= values[index] / model.scale[index];
      if (factor === 0) return;
      for (let m = 0; m < rows; m++) {
        const start = (place * rows + m) * bins;
        for (let b = 0; b < bins; b++) found[m][b] += factor * model.coefficients[start + b];
      }
    });
    return found;
  }

  /** -2 ln(lambda), profiled; null where no nuisances make every expectation possible. */
  function profile(page, model, values) {
    const bins = page.counts.length;
    const all = bins + page.auxiliary.length;
    const signal = templates(page, model, values);
    const samples = model.samples.map((row) => row ?? new Float64Array(all));
    const rows = samples.map((row) => Float64Array.from(row));
    model.moving.forEach((m, place) => {
      for (let b = 0; b < bins; b++) rows[m][b] += signal[place][b];
    });
    const found = minimise([...page.counts, ...page.auxiliary], rows[0], rows.slice(1), model.nuisances);
    if (found === null) return null;
    const size = (m) => (m === 0 ? 1 : found.sizes[m - 1]);
    const sum = (parts, places) => {
      const total = new Float64Array(bins);
      parts.forEach((part, i) => {
        for (let b = 0; b < bins; b++) total[b] += size(places[i]) * part[b];
      });
      return total;
    };
    const background = sum(samples, samples.map((_, m) => m));
    return { chi2: found.chi2, background, signal: sum(signal, model.moving) };
  }

  /** Minimum over nuisances x of lambda = fixed + sum x M, each within its bounds. */
  function minimise(counts, fixed, matrix, nuisances) {
    const bins = counts.length;
    const movable = nuisances.map(({ sigma }) => sigma === null || sigma > 0);
    const precision = nuisances.map(({ sigma }) => (sigma === null || sigma === 0 ? 0 : 1 / sigma ** 2));
    const nominal = nuisances.map(({ centre }) => centre);
    const lower = nuisances.map((entry) => (entry.lower === null ? -Infinity : entry.lower));
    const upper = nuisances.map((entry) => (entry.upper === null ? Infinity : entry.upper));

    const expectation = (sizes) => {
      const expected = Float64Array.from(fixed);
      sizes.forEach((x, m) => {
        if (x !== 0) for (let b = 0; b < bins; b++) expected[b] += x * matrix[m][b];
      });
      return expected;
    };
    const statistic = (sizes) => {
      const expected = expectation(sizes);
      let total = 0;
      for (let b = 0; b < bins; b++) {
        const [n, mean] = [counts[b], expected[b]];
        if (mean > 0) total += 2 * (mean - n + (n > 0 ? n * Math.log(n / mean) : 0));
        else if (n > 0 || mean !== 0) return Infinity;
      }
      sizes.forEach((x, m) => {
        total += (x - nominal[m]) ** 2 * precision[m];
      });
      return Number.isNaN(total) ? Infinity : total;
    };

    let sizes = lifted(Float64Array.from(nominal), expectation, matrix, movable, lower, upper);
    let current = statistic(sizes);
    if (!Number.isFinite(current)) return null;
    for (let step = 0; step < MOST_STEPS; step++) {
      const expected = expectation(sizes);
      const move = newtonStep(counts, matrix, expected, sizes, nominal, [lower, upper], precision, movable);
      if (!Number.isFinite(move.decrement)) return null;
      // Part of the step that leads to the bound; what is there already stays, and the rest goes downhill.
      const bound = [...sizes].map((_, m) => (move.step[m] > 0 ? lower[m] : upper[m]));
      const reach = [...sizes].map((x, m) => (move.step[m] === 0 ? Infinity : (x - bound[m]) / move.step[m]));
      const first = Math.min(...reach.filter((part) => part > 0));
      const magnitude = expected.reduce((total, mean) => total + Math.abs(mean), 0);
      const tolerance = Math.max(TOLERANCE, EPSILON * magnitude);
      let [length, trial, reached] = [1, sizes, Infinity];
      for (let halving = 0; halving < MOST_STEPS; halving++) {
        trial = sizes.map((x, m) => (reach[m] <= length ? bound[m] : x - length * move.step[m]));
        reached = statistic(trial);
        if (reached <= current + 0.1 * tolerance) break;
        // The part of a step beyond a bound may have been what made it lead downhill: end at the first.
        length = first < length ? first : 0.5 * length;
      }
      [sizes, current] = [trial, reached];
      if (move.decrement <= tolerance && Math.min(...reach) > length) return { chi2: current, sizes };
    }
    return null;
  }

  /** Nuisances from which every bin expects something: those that only add, raised together. */
  function lifted(sizes, expectation, matrix, movable, lower, upper) {
    const expected = expectation(sizes);
    if (expected.every((mean) => mean > 0)) return sizes;
    const adding = matrix.map((row, m) => movable[m] && lower[m] === 0 && upper[m] === Infinity && row.every((x) => x >= 0));
    const slope = new Float64Array(expected.length);
    adding.forEach((chosen, m) => {
      if (chosen) for (let b = 0; b < slope.length; b++) slope[b] += matrix[m][b];
    });
    let lift = 0;
    expected.forEach((mean, b) => {
      if (mean <= 0 && slope[b] > 0) lift = Math.max(lift, -mean / slope[b]);
    });
    return sizes.map((x, m) => (adding[m] ? x + 1.1 * lift + 0.1 : x));
  }

  function newtonStep(counts, matrix, expected, sizes, nominal, [lower, upper], precision, movable) {
    const size = matrix.length;
    const bins = counts.length;
    const slope = new Float64Array(bins);
    const weight = new Float64Array(bins);
    for (let b = 0; b < bins; b++) {
      const safe = expected[b] > 0 ? expected[b] : 1;
      slope[b] = 1 - counts[b] / safe;
      weight[b] = counts[b] / safe / safe;
    }
    const gradient = new Float64Array(size);
    const moving = [];
    for (let m = 0; m < size; m++) {
      let total = 0;
      for (let b = 0; b < bins; b++) total += matrix[m][b] * slope[b];
      gradient[m] = 2 * total + 2 * (sizes[m] - nominal[m]) * precision[m];
      // One at a bound that would go beyond it, and an exact one, take no part in this step.
      const stuck = (sizes[m] <= lower[m] && gradient[m] > 0) || (sizes[m] >= upper[m] && gradient[m] < 0);
      if (movable[m] && !stuck) moving.push(m);
    }
    const step = new Float64Array(size);
    const curved = [];
    const curvature = [];
    for (const m of moving) {
      let total = 0;
      for (let b = 0; b < bins; b++) total += matrix[m][b] ** 2 * weight[b];
      total = 2 * total + 2 * precision[m];
      // What only sees bins without counts is linear there and goes to its bound in one step.
      if (total === 0) step[m] = gradient[m] > 0 ? sizes[m] : gradient[m];
      else {
        curved.push(m);
        curvature.push(total);
      }
    }
    // Templates differ by many orders of magnitude: solve for steps in units of their own curvature.
    const unit = curvature.map((value) => 1 / Math.sqrt(value));
    const rows = curved.map(() => Array(curved.length).fill(1 + RIDGE));
    curved.forEach((m, i) => {
      const weighted = matrix[m].map((value, b) => value * weight[b]);
      for (let j = 0; j < i; j++) {
        const other = matrix[curved[j]];
        let total = 0;
        for (let b = 0; b < bins; b++) total += weighted[b] * other[b];
        rows[i][j] = rows[j][i] = 2 * unit[i] * unit[j] * total;
      }
    });
    const solved = solve(rows, curved.map((m, i) => unit[i] * gradient[m]));
    curved.forEach((m, i) => {
      step[m] = unit[i] * solved[i];
    });
    const decrement = moving.reduce((total, m) => total + step[m] * gradient[m], 0);
    return { step, decrement };
  }

  /** Linear equations by Gaussian elimination with row exchanges. */
  function solve(rows, right) {
    const size = right.length;
    const a = rows.map((row, i) => [...row, right[i]]);
    for (let column = 0; column < size; column++) {
      let pivot = column;
      for (let i = column + 1; i < size; i++) {
        if (Math.abs(a[i][column]) > Math.abs(a[pivot][column])) pivot = i;
      }
      [a[column], a[pivot]] = [a[pivot], a[column]];
      for (let i = column + 1; i < size; i++) {
        const factor = a[i][column] / a[column][column];
        for (let j = column; j <= size; j++) a[i][j] -= factor * a[column][j];
      }
    }
    const found = Array(size).fill(0);
    for (let i = size - 1; i >= 0; i--) {
      let total = a[i][size];
      for (let j = i + 1; j < size; j++) total -= a[i][j] * found[j];
      found[i] = total / a[i][i];
    }
    return found;
  }

  /** -2 ln(lambda) along one choice, everything else as set: a function of its value. */
  function along(page, model, settings, choice) {
    return (value) => {
      const found = profile(page, model, couplings(page, [...settings, { choice, value }]));
      return found === null ? Infinity : found.chi2;
    };
  }

  /** Whether only the square of a choice's value counts, everything else as set. */
  function isEven(page, model, settings, choice) {
    const { moves } = page.choices[choice];
    const values = couplings(page, settings);
    return model.terms.every((term) => {
      const still = term.filter((index) => !moves.includes(index));
      return (term.length - still.length) % 2 === 0 || still.some((index) => values[index] === 0);
    });
  }

  /** Minima of -2 ln(lambda) along one choice, and the points that hold them. */
  function landscape(page, model, settings, choice) {
    const statistic = along(page, model, settings, choice);
    const even = isEven(page, model, settings, choice);
    const scale = Math.min(...page.choices[choice].moves.map((index) => model.scale[index]));
    const known = new Map();
    const remembered = (value) => {
      if (!known.has(value)) known.set(value, statistic(value));
      return known.get(value);
    };
    let grid = [];
    let heights = [];
    for (let last = LEAST_DECADE; last <= LAST_DECADE; last++) {
      const positive = [];
      for (let i = 0; i <= POINTS_PER_DECADE * (last - FIRST_DECADE); i++) {
        positive.push(scale * 10 ** (FIRST_DECADE + i / POINTS_PER_DECADE));
      }
      grid = even ? [0, ...positive] : [...positive.map((x) => -x).reverse(), 0, ...positive];
      heights = grid.map(remembered);
      const low = Math.min(...heights);
      const ends = even ? heights.slice(-1) : [heights[0], heights[heights.length - 1]];
      if (ends.every((height) => height > low + WELL_BEYOND)) break;
    }
    const minima = [];
    heights.forEach((height, i) => {
      const left = i > 0 ? heights[i - 1] : Infinity;
      const right = i < heights.length - 1 ? heights[i + 1] : Infinity;
      if (height > left || height > right || (height === left && height === right)) return;
      minima.push(refine(statistic, grid, heights, i));
    });
    let [best, minimum] = [0, Infinity];
    for (const [place, height] of minima) if (height < minimum) [best, minimum] = [place, height];
    if (remembered(0) < minimum + FLAT) [best, minimum] = [0, Math.min(minimum, remembered(0))];
    const points = new Map(grid.map((x, i) => [x, heights[i]]));
    for (const [place, height] of [...minima, [best, minimum]]) points.set(place, height);
    return { statistic, even, scale, best, minimum, points: [...points].sort((a, b) => a[0] - b[0]) };
  }

  /** Lowest point of the cells around a grid point, by golden section; the point itself where it is as low. */
  function refine(statistic, grid, heights, start) {
    let low = grid[Math.max(start - 1, 0)];
    let high = grid[Math.min(start + 1, grid.length - 1)];
    const width = 1e-7 * (high - low);
    let [a, b] = [high - GOLDEN * (high - low), low + GOLDEN * (high - low)];
    let [at, bt] = [statistic(a), statistic(b)];
    while (high - low > width) {
      if (at < bt) {
        [high, b, bt] = [b, a, at];
        a = high - GOLDEN * (high - low);
        at = statistic(a);
      } else {
        [low, a, at] = [a, b, bt];
        b = low + GOLDEN * (high - low);
        bt = statistic(b);
      }
    }
    const found = at < bt ? [a, at] : [b, bt];
    return found[1] < heights[start] - FLAT ? found : [grid[start], heights[start]];
  }

  /** Zero of a function between two points [x, value] of opposite signs: regula falsi with Illinois' halving. */
  function crossing(excess, first, second) {
    let [[a, fa], [b, fb]] = [first, second];
    if (!Number.isFinite(fa)) fa = Number.MAX_VALUE;
    if (!Number.isFinite(fb)) fb = Number.MAX_VALUE;
    for (let step = 0; step < MOST_STEPS && Math.abs(b - a) > 1e-9 * Math.max(Math.abs(a), Math.abs(b)); step++) {
      // Where one value dwarfs the other, halving is quicker than the secant.
      const secant = b - (fb * (b - a)) / (fb - fa);
      const lopsided = Math.max(Math.abs(fa), Math.abs(fb)) > 1e3 * Math.min(Math.abs(fa), Math.abs(fb));
      const c = lopsided || !Number.isFinite(secant) ? 0.5 * (a + b) : secant;
      const fc = excess(c);
      if (fc === 0) return c;
      if (fc < 0 !== fb < 0) [a, fa] = [b, fb];
      else fa *= 0.5;
      [b, fb] = [c, fc];
      if (Math.abs(fc) < 1e-9) break;
    }
    return b;
  }

  /** Pieces of the interval in which -2 ln(lambda) rises by less than `rise`; null where an end is open. */
  function interval(land, rise) {
    const above = (x, height) => (x === land.best ? -rise : height - land.minimum - rise);
    const inside = land.points.map(([x, height]) => above(x, height) < 0);
    const ends = inside[0] ? [null] : [];
    for (let i = 0; i + 1 < land.points.length; i++) {
      if (inside[i] === inside[i + 1]) continue;
      const cell = [land.points[i], land.points[i + 1]].map(([x, height]) => [x, above(x, height)]);
      ends.push(crossing((x) => above(x, land.statistic(x)), ...cell));
    }
    if (inside[inside.length - 1]) ends.push(null);
    const segments = [];
    for (let i = 0; i < ends.length; i += 2) segments.push([ends[i], ends[i + 1]]);
    return segments;
  }

  return { unpack, couplings, templates, profile, along, isEven, landscape, interval };
})();
