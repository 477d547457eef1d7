/** log(1 - e^t) for t <= 0, whichever form keeps the digits (Maechler 2012). */
export function logComplement(t: number): number {
  if (t >= 0) return -Infinity;
  return t > -Math.LN2 ? Math.log(-Math.expm1(t)) : Math.log1p(-Math.exp(t));
}
