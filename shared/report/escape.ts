/** Control characters, and those that turn the direction of text around: a name may hold them, a page must not. */
const UNSEEN = /[\p{Cc}\p{Zl}\p{Zp}\u200e\u200f\u202a-\u202e\u2066-\u2069]+/gu;

/** Text that came from data, on one line and without what cannot be seen. */
export const seen = (text: string): string => text.replace(UNSEEN, ' ').trim();

/** Safe in HTML text and in quoted attributes. */
export const escapeHtml = (text: string): string =>
  seen(text).replace(/[&<>"'`=]/g, (symbol) => `&#${symbol.charCodeAt(0)};`);

/** Safe in a Markdown paragraph or table cell: no markup, no HTML, no new column. */
export const escapeMarkdown = (text: string): string =>
  seen(text)
    .replace(/[\\`*_[\]{}|~#!$@]/g, (symbol) => `\\${symbol}`)
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;');

/** The first characters, and a sign that there are more. Never half a character. */
export function shorten(text: string, length: number): string {
  const clean = seen(text);
  if (clean.length <= length) return clean;
  const characters = Array.from(clean.slice(0, 2 * length));
  return characters.length <= length && clean.length <= 2 * length
    ? clean
    : `${characters.slice(0, length - 1).join('')}…`;
}
