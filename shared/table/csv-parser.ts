/** Where and why a text is not RFC 4180 CSV. Lines count from 1. */
export type CsvSyntaxError = { line: number; expected: string; found: string };

export type CsvParser = {
  /** Takes the next piece of text; pieces may end anywhere, inside a quoted cell too. */
  push(text: string): void;
  /** Delivers the last record. @returns the first error, or null when the text was sound */
  end(): CsvSyntaxError | null;
};

type State = {
  readonly onRecord: (cells: string[], line: number) => void;
  cells: string[];
  cell: string;
  /** Where in a cell the reader is; `closed` is behind a quote that may have ended it. */
  place: 'start' | 'plain' | 'quoted' | 'closed';
  line: number;
  recordLine: number;
  isFirstPiece: boolean;
  isAfterCr: boolean;
  error: CsvSyntaxError | null;
};

const COMMA = 44;
const QUOTE = 34;
const LF = 10;
const CR = 13;

/**
 * A strict RFC 4180 reader: cells separated by commas, quoted cells may hold commas, line breaks
 * and doubled quotes; records end in LF or CRLF. Blank lines are skipped, a byte order mark at the
 * start is dropped. A CR alone, a quote inside an unquoted cell, text after a closing quote and an open quote
 * at the end are errors; nothing is delivered after the first.
 * @param onRecord called with the cells of each record and the line it began on
 */
export function createCsvParser(onRecord: (cells: string[], line: number) => void): CsvParser {
  const state: State = {
    onRecord,
    cells: [],
    cell: '',
    place: 'start',
    line: 1,
    recordLine: 1,
    isFirstPiece: true,
    isAfterCr: false,
    error: null,
  };
  return { push: (text) => takePiece(state, text), end: () => finish(state) };
}

function takePiece(state: State, text: string): void {
  let at = state.isFirstPiece && text.charCodeAt(0) === 0xfeff ? 1 : 0;
  if (text.length > 0) state.isFirstPiece = false;
  while (at < text.length && state.error === null) {
    at = state.place === 'quoted' ? takeQuotedRun(state, text, at) : takePlainRun(state, text, at);
    if (at < text.length && state.error === null) takeSpecial(state, text.charCodeAt(at++));
  }
}

function finish(state: State): CsvSyntaxError | null {
  const line = state.recordLine;
  if (state.error === null && state.place === 'quoted')
    state.error = { line, expected: 'a closing quote', found: 'the end of the file' };
  if (state.error === null) endRecord(state);
  return state.error;
}

/** Takes what is inside quotes up to the next quote; returns where that is. */
function takeQuotedRun(state: State, text: string, from: number): number {
  const quote = text.indexOf('"', from);
  const end = quote < 0 ? text.length : quote;
  for (let i = text.indexOf('\n', from); i >= 0 && i < end; i = text.indexOf('\n', i + 1))
    state.line++;
  state.cell += text.slice(from, end);
  return end;
}

/** Takes unquoted text up to the next comma, quote or line end; returns where that is. */
function takePlainRun(state: State, text: string, from: number): number {
  let end = from;
  while (end < text.length && !isSpecial(text.charCodeAt(end))) end++;
  if (end === from) return end;
  if (state.isAfterCr) {
    const expected = 'lines that end in LF or CRLF';
    const found = `a CR alone before "${text.slice(from, Math.min(end, from + 60))}"`;
    state.error = { line: state.line, expected, found };
  } else if (state.place === 'closed') {
    const expected = 'a comma or a line end after a closing quote';
    state.error = { line: state.line, expected, found: `"${text.slice(from, end)}"` };
  }
  state.place = 'plain';
  state.cell += text.slice(from, end);
  return end;
}

/** Outside quotes a CR is the first half of a line end, and dropped. */
const isSpecial = (code: number): boolean =>
  code === COMMA || code === LF || code === QUOTE || code === CR;

function takeSpecial(state: State, code: number): void {
  state.isAfterCr = code === CR;
  if (code === QUOTE) takeQuote(state);
  else if (code === COMMA) endCell(state);
  else if (code === LF) {
    state.line++;
    endRecord(state);
  }
}

function takeQuote(state: State): void {
  if (state.place === 'start') state.place = 'quoted';
  else if (state.place === 'quoted') state.place = 'closed';
  else if (state.place === 'closed') {
    state.cell += '"';
    state.place = 'quoted';
  } else {
    const expected = 'no quote inside an unquoted cell';
    state.error = { line: state.line, expected, found: `${state.cell}"` };
  }
}

function endCell(state: State): void {
  state.cells.push(state.cell);
  state.cell = '';
  state.place = 'start';
}

function endRecord(state: State): void {
  const isBlank = state.cells.length === 0 && state.cell === '' && state.place === 'start';
  const { recordLine } = state;
  endCell(state);
  const { cells } = state;
  state.cells = [];
  state.recordLine = state.line;
  if (!isBlank) state.onRecord(cells, recordLine);
}
