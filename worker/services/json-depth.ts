const NEWLINE = 10;
const QUOTE = 34;
const BACKSLASH = 92;
const OPEN_BRACKET = 91;
const CLOSE_BRACKET = 93;
const OPEN_BRACE = 123;
const CLOSE_BRACE = 125;

/**
 * Does any value in this JSON text (or NDJSON) nest deeper than `limit`? Told before parsing. In text
 * that is not JSON a line cannot hide the depth of another: a string ends with its line, and closing
 * brackets count against opening ones only. Cost: one look per character.
 */
export function isDeeperThan(text: string, limit: number): boolean {
  let depth = 0;
  let isInString = false;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (isInString) {
      if (code === BACKSLASH && text.charCodeAt(i + 1) !== NEWLINE) i++;
      else if (code === QUOTE || code === NEWLINE) isInString = false;
    } else if (code === QUOTE) isInString = true;
    else if (code === OPEN_BRACE || code === OPEN_BRACKET) {
      if (++depth > limit) return true;
    } else if ((code === CLOSE_BRACE || code === CLOSE_BRACKET) && depth > 0) depth--;
  }
  return false;
}
