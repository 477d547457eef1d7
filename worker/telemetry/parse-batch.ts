import { LIMITS } from '../../shared/contracts/limits.ts';
import type { BatchHeader, TelemetryEvent } from '../../shared/contracts/telemetry.ts';
import { batchHeader, PROTOCOL_VERSION, READ_PROTOCOLS } from '../../shared/contracts/telemetry.ts';
import type { Result } from '../../shared/core/result.ts';
import { fail, ok } from '../../shared/core/result.ts';
import type { Failure } from '../services/failure.ts';
import { isDeeperThan } from '../services/json-depth.ts';
import { checkWith } from '../services/parse.ts';
import { checkEvent } from './check-event.ts';

export type RejectedEvent = { seq: number; reason: string };

export type ParsedBatch = {
  header: BatchHeader;
  /** Events as the contract says, ascending by seq. */
  events: TelemetryEvent[];
  rejected: RejectedEvent[];
};

/** Reads a decompressed batch: the header line, then one event a line, numbered without a gap. */
export function parseBatch(bytes: Uint8Array): Result<ParsedBatch, Failure> {
  const text = decode(bytes);
  if (text === null) return bad('The batch is not UTF-8.');
  if (isDeeperThan(text, LIMITS.jsonDepth))
    return bad(`A line is nested deeper than ${LIMITS.jsonDepth}.`);
  const lines = splitLines(text);
  if (lines.length - 1 > LIMITS.batchEvents)
    return bad(
      `A batch holds at most ${LIMITS.batchEvents} events; this one has ${lines.length - 1}.`,
    );
  const header = parseHeader(lines[0]);
  if (!header.ok) return header;
  const { from, to } = header.value;
  if (to - from + 1 !== lines.length - 1)
    return bad(`The header says events ${from} to ${to}; ${lines.length - 1} lines follow it.`);
  return parseEvents(header.value, lines);
}

function decode(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: false }).decode(bytes);
  } catch (error) {
    if (error instanceof TypeError) return null;
    throw error;
  }
}

function splitLines(text: string): string[] {
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines;
}

function parseHeader(line: string | undefined): Result<BatchHeader, Failure> {
  const value = parseLine(line ?? '');
  if (typeof value !== 'object' || value === null)
    return bad('The first line is not a header object.');
  const { protocol } = value as { protocol?: unknown };
  if (!READ_PROTOCOLS.some((known) => known === protocol))
    return fail({ reason: 'unknown_protocol', protocol, known: PROTOCOL_VERSION });
  const checked = checkWith(batchHeader, value, 'The header');
  if (checked.ok) return checked;
  return fail({ reason: 'bad_batch', detail: checked.error.detail, errors: checked.error.errors });
}

function parseEvents(header: BatchHeader, lines: string[]): Result<ParsedBatch, Failure> {
  const events: TelemetryEvent[] = [];
  const rejected: RejectedEvent[] = [];
  for (let i = 1; i < lines.length; i++) {
    const seq = header.from + i - 1;
    const value = parseLine(lines[i]);
    const { event, field } = checkEvent(value);
    if (event && event.seq !== seq)
      return bad(`Line ${i + 1} has seq ${event.seq}; ${seq} was expected.`);
    if (event) events.push(event);
    else rejected.push({ seq, reason: value === undefined ? 'malformed' : `invalid:${field}` });
  }
  return ok({ header, events, rejected });
}

/** Undefined for a line that is not JSON. */
function parseLine(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

const bad = (detail: string) => fail({ reason: 'bad_batch' as const, detail });
