export type ByteRange = { offset: number; length: number };

/**
 * One byte range of RFC 9110, section 14.1.2. Null for no range, or one that is not understood:
 * the whole file then answers it, as the RFC allows.
 */
export function parseRange(
  header: string | undefined,
  sizeBytes: number,
): ByteRange | 'unsatisfiable' | null {
  const match = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header ?? '');
  if (!match || (match[1] === '' && match[2] === '')) return null;
  const isSuffix = match[1] === '';
  const offset = isSuffix ? Math.max(0, sizeBytes - Number(match[2])) : Number(match[1]);
  const last =
    isSuffix || match[2] === '' ? sizeBytes - 1 : Math.min(Number(match[2]), sizeBytes - 1);
  if (!isSuffix && match[2] !== '' && Number(match[2]) < Number(match[1])) return null;
  if (offset >= sizeBytes || (isSuffix && Number(match[2]) === 0)) return 'unsatisfiable';
  return { offset, length: last - offset + 1 };
}
