/**
 * UTF-8 bytes of a string. The ES library has no TextEncoder and `shared/` sees nothing else.
 * A lone surrogate becomes U+FFFD, as TextEncoder does.
 */
export function utf8(text: string): Uint8Array {
  const bytes: number[] = [];
  for (const symbol of text) {
    const point = symbol.codePointAt(0)!;
    const code = point >= 0xd800 && point <= 0xdfff ? 0xfffd : point;
    if (code < 0x80) bytes.push(code);
    else if (code < 0x800) bytes.push(0xc0 | (code >> 6), 0x80 | (code & 63));
    else if (code < 0x10000)
      bytes.push(0xe0 | (code >> 12), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63));
    else
      bytes.push(
        0xf0 | (code >> 18),
        0x80 | ((code >> 12) & 63),
        0x80 | ((code >> 6) & 63),
        0x80 | (code & 63),
      );
  }
  return Uint8Array.from(bytes);
}
