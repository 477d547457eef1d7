/**
 * Elementary functions of additions, multiplications, divisions and nothing else, which IEEE 754
 * rounds one way only. `Math.exp`, `Math.log`, `Math.cos` are another thing in each engine: between
 * V8 13.6 (Node 24) and 15.6 (Chromium 156) one in ten answers of `Math.exp` differs in its last bit,
 * and a search or a fit that looks at such bits goes another way. What trains uses these.
 * Within 1 ulp of the truth, `log1p` within 2. Method and coefficients of exp, log, sin and cos: fdlibm 5.3
 * (Sun Microsystems 1993).
 */

const LN2_HIGH = 0.6931471803691238;
const LN2_LOW = 1.9082149292705877e-10;
const LARGEST_EXPONENT = 709.782712893384;
const LEAST_EXPONENT = -745.1332191019411;
const FIRST_POWER = -1022;

/** 2^k for k from -1022 to 1023. */
const POWERS = (() => {
  const powers = new Float64Array(2046);
  powers[-FIRST_POWER] = 1;
  for (let k = 1; k <= 1023; k++) powers[k - FIRST_POWER] = powers[k - 1 - FIRST_POWER] * 2;
  for (let k = -1; k >= FIRST_POWER; k--) powers[k - FIRST_POWER] = powers[k + 1 - FIRST_POWER] / 2;
  return powers;
})();

/** e^x. Infinity above 709.78, 0 below -745.13, NaN of NaN. */
export function exp(x: number): number {
  if (!(x <= LARGEST_EXPONENT)) return x > 0 ? Infinity : x;
  if (x < LEAST_EXPONENT) return 0;
  const k = Math.floor(Math.LOG2E * x + 0.5);
  const high = x - k * LN2_HIGH;
  const low = k * LN2_LOW;
  const r = high - low;
  const t = r * r;
  const c =
    r -
    t *
      (0.16666666666666602 +
        t *
          (-0.0027777777777015593 +
            t * (6.613756321437934e-5 + t * (-1.6533902205465252e-6 + t * 4.1381367970572385e-8))));
  const y = 1 - (low - (r * c) / (2 - c) - high);
  if (k > 1023) return y * 2 * POWERS[k - 1 - FIRST_POWER];
  if (k < FIRST_POWER) return y * POWERS[k + 64 - FIRST_POWER] * POWERS[-64 - FIRST_POWER];
  return y * POWERS[k - FIRST_POWER];
}

const double = new Float64Array(1);
const words = new Int32Array(double.buffer);
const LEAST_NORMAL = 2.2250738585072014e-308;
const TWO_54 = 18014398509481984;
const SQRT_2_WORD = 0x6a09e;

/** Natural logarithm. -Infinity of 0, NaN below it. */
export function log(x: number): number {
  if (!(x > 0)) return x === 0 ? -Infinity : Number.NaN;
  if (x === Infinity) return x;
  const isSubnormal = x < LEAST_NORMAL;
  double[0] = isSubnormal ? x * TWO_54 : x;
  const word = words[1];
  // The significand is taken from [sqrt(1/2), sqrt(2)).
  const carry = (word & 0xfffff) >= SQRT_2_WORD ? 1 : 0;
  const k = (word >> 20) - 1023 + carry - (isSubnormal ? 54 : 0);
  words[1] = (word & 0xfffff) | ((1023 - carry) << 20);
  const f = double[0] - 1;
  const s = f / (2 + f);
  const z = s * s;
  const w = z * z;
  const odd =
    z *
    (0.6666666666666735 +
      w * (0.2857142874366239 + w * (0.1818357216161805 + w * 0.14798198605116586)));
  const even = w * (0.3999999999940942 + w * (0.22222198432149784 + w * 0.15313837699209373));
  const half = 0.5 * f * f;
  return k * LN2_HIGH - (half - (s * (half + odd + even) + k * LN2_LOW) - f);
}

/** log(1 + x), right for small x too (Kahan). */
export function log1p(x: number): number {
  const sum = 1 + x;
  if (sum === 1 || sum === Infinity) return x;
  if (sum === 0) return -Infinity;
  return log(sum) + (x - (sum - 1)) / sum;
}

/** cos(2 pi u) of 0 <= u <= 1. */
export function cosOfTurn(turn: number): number {
  const quarter = Math.floor(4 * turn + 0.5);
  const angle = 2 * Math.PI * (turn - quarter / 4);
  switch (quarter & 3) {
    case 0:
      return cosNearZero(angle);
    case 1:
      return -sinNearZero(angle);
    case 2:
      return -cosNearZero(angle);
    default:
      return sinNearZero(angle);
  }
}

function sinNearZero(x: number): number {
  const z = x * x;
  const r =
    0.00833333333332249 +
    z *
      (-0.0001984126982985795 +
        z * (2.7557313707070068e-6 + z * (-2.5050760253406863e-8 + z * 1.58969099521155e-10)));
  return x + z * x * (-0.16666666666666632 + z * r);
}

function cosNearZero(x: number): number {
  const z = x * x;
  const r =
    z *
    (0.0416666666666666 +
      z *
        (-0.001388888888887411 +
          z *
            (2.480158728947673e-5 +
              z *
                (-2.7557314351390663e-7 +
                  z * (2.087572321298175e-9 + z * -1.1359647557788195e-11)))));
  return 1 - (0.5 * z - z * r);
}
