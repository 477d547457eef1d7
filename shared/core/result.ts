/** An expected failure is a value: `reason` is a tag, the rest of the error carries the numbers. */
export type Result<T, E extends { reason: string }> =
  | { ok: true; value: T }
  | { ok: false; error: E };

export const ok = <T>(value: T): { ok: true; value: T } => ({ ok: true, value });

export const fail = <E extends { reason: string }>(error: E): { ok: false; error: E } => ({
  ok: false,
  error,
});
