/** Levels of the table by Scholz and Stephens (1987) and its critical values for two samples. */
const LEVELS = [0.25, 0.1, 0.05, 0.025, 0.01, 0.005, 0.001];
const CRITICAL = [
  [0.675, -0.245, -0.105],
  [1.281, 0.25, -0.305],
  [1.645, 0.678, -0.362],
  [1.96, 1.149, -0.391],
  [2.326, 1.822, -0.396],
  [2.573, 2.364, -0.345],
  [3.085, 3.615, -0.154],
].map(([b0, b1, b2]) => b0 + b1 + b2);

/** p that scipy 1.10.1 gives: a parabola through the logarithms of the table, cut to [0.001, 0.25]. */
export function andersonDarlingTableP(statistic: number): number {
  if (statistic < CRITICAL[0]) return LEVELS[0];
  if (statistic > CRITICAL[CRITICAL.length - 1]) return LEVELS[LEVELS.length - 1];
  const [constant, linear, square] = quadraticFit(
    CRITICAL,
    LEVELS.map((level) => Math.log(level)),
  );
  return Math.exp(constant + statistic * (linear + statistic * square));
}

/** Least-squares parabola through points, by orthogonal polynomials on the centred abscissa. */
function quadraticFit(x: readonly number[], y: readonly number[]): [number, number, number] {
  const n = x.length;
  const mean = x.reduce((sum, value) => sum + value, 0) / n;
  const u = x.map((value) => value - mean);
  const power = (p: number): number => u.reduce((sum, value) => sum + value ** p, 0);
  const shift = power(3) / power(2);
  const spread = power(2) / n;
  const q = u.map((value) => value * value - shift * value - spread);
  const dot = (a: readonly number[], b: readonly number[]): number =>
    a.reduce((sum, value, i) => sum + value * b[i], 0);
  const c0 = y.reduce((sum, value) => sum + value, 0) / n;
  const c1 = dot(u, y) / power(2);
  const c2 = dot(q, y) / dot(q, q);
  const linear = c1 - c2 * shift;
  return [c0 - c2 * spread - linear * mean + c2 * mean * mean, linear - 2 * c2 * mean, c2];
}
