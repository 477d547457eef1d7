/** Sums of squared distances along lattice paths, ascending, and how many paths have each. */
type Sums = { value: Float64Array; paths: Float64Array; size: number };

/**
 * Exact chance of a two-sample Cramer-von Mises statistic of at least T when both samples are of one continuous
 * distribution: the share of lattice paths from (0, 0) to (n, m) whose summed squared distance from the diagonal
 * reaches it. For samples without ties; with them it is the chance of a statistic as large without any.
 * @param statistic T of Anderson (1962)
 * Cost: n m merges of lists of distinct sums; 0.01 s, and 0.2 s for a far tail of sizes without a common divisor.
 * Source: Burr, Distribution of the two-sample Cramer-von Mises criterion for small equal samples (1963); Xiao, Gordon
 * and Yakovlev (2006), equations 2 and 11. Reference implementation: scipy.stats.cramervonmises_2samp 1.10.1 (exact).
 */
export function cramerVonMisesExact(statistic: number, n: number, m: number): number {
  const multiple = (n * m) / divisorOf(n, m);
  const total = n + m;
  // A whole number without ties, but for rounding; with ties the reference rounds down.
  const reached = Math.floor((statistic * (multiple * total) ** 2) / (n * m) + 1e-6);
  const [stepA, stepB] = [multiple / n, multiple / m];
  let row: Sums[] = Array.from({ length: n + 1 }, (_, v) => (v === 0 ? startSums() : noSums()));
  for (let u = 0; u <= m; u++) {
    const next: Sums[] = [];
    let left = noSums();
    for (let v = 0; v <= n; v++) {
      left = join(left, row[v], { added: (stepA * v - stepB * u) ** 2, reached });
      next.push(left);
    }
    row = next;
  }
  const { value, paths, size } = row[n];
  let above = 0;
  let all = 0;
  for (let i = 0; i < size; i++) {
    all += paths[i];
    if (value[i] >= reached) above += paths[i];
  }
  return above / all;
}

const startSums = (): Sums => ({ value: Float64Array.of(0), paths: Float64Array.of(1), size: 1 });

const noSums = (): Sums => ({ value: new Float64Array(), paths: new Float64Array(), size: 0 });

/** Both lists as one, each sum `added` to; sums that have reached the goal need not be told apart. */
function join(a: Sums, b: Sums, { added, reached }: { added: number; reached: number }): Sums {
  const value = new Float64Array(a.size + b.size);
  const paths = new Float64Array(a.size + b.size);
  let size = 0;
  for (let i = 0, j = 0; i < a.size || j < b.size; ) {
    const isA = j === b.size || (i < a.size && a.value[i] <= b.value[j]);
    const sum = Math.min(isA ? a.value[i] + added : b.value[j] + added, reached);
    const count = isA ? a.paths[i++] : b.paths[j++];
    if (size > 0 && value[size - 1] === sum) paths[size - 1] += count;
    else {
      value[size] = sum;
      paths[size++] = count;
    }
  }
  return { value, paths, size };
}

function divisorOf(a: number, b: number): number {
  return b === 0 ? a : divisorOf(b, a % b);
}
