import * as v from 'valibot';
import { LIMITS } from '../../../shared/contracts/limits.ts';
import {
  type BatchAck,
  type BatchHeader,
  batchHeader,
  type TelemetryEvent,
  telemetryEvent,
} from '../../../shared/contracts/telemetry.ts';

/**
 * A ledger that takes batches exactly as the protocol says, keeps each event once, and throws when
 * a client breaks a rule: another body under a known batch, an event in two batches, a gap inside a
 * batch, a digest that does not fit.
 */
export class ExactLedger {
  readonly batches = new Map<string, { digest: string; header: BatchHeader; ack: BatchAck }>();
  /** By `device.writer:sequence`. */
  readonly events = new Map<string, TelemetryEvent>();
  readonly dropped = { quota: 0, age: 0 };
  duplicates = 0;
  flushSize = 50;
  flagsVersion = 1;

  async append(body: Uint8Array<ArrayBuffer>, digest: string | null): Promise<BatchAck> {
    const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', body));
    const actual = btoa(String.fromCharCode(...hash));
    if (digest !== `sha-256=:${actual}:`)
      throw new Error(`Content-Digest ${digest} is not ${actual}`);
    const [first, ...lines] = (await gunzip(body)).trimEnd().split('\n');
    const header = v.parse(batchHeader, JSON.parse(first));
    const known = this.batches.get(header.batch);
    if (known) {
      if (known.digest !== actual) throw new Error(`Batch ${header.batch} came with other bytes`);
      this.duplicates += 1;
      return { ...known.ack, duplicate: true };
    }
    this.#take(header, lines);
    const ack: BatchAck = {
      batch: header.batch,
      duplicate: false,
      accepted: lines.length,
      rejected: [],
      flushSize: this.flushSize,
      flagsVersion: this.flagsVersion,
    };
    this.batches.set(header.batch, { digest: actual, header, ack });
    return ack;
  }

  ofType<T extends TelemetryEvent['type']>(type: T): Extract<TelemetryEvent, { type: T }>[] {
    return [...this.events.values()].filter(
      (event): event is Extract<TelemetryEvent, { type: T }> => event.type === type,
    );
  }

  #take(header: BatchHeader, lines: string[]): void {
    const { device, writer, from, to, dropped } = header;
    if (lines.length !== to - from + 1 || lines.length > LIMITS.batchEvents)
      throw new Error(`${lines.length} events in a batch of ${from} to ${to}`);
    lines.forEach((line, i) => {
      const event = v.parse(telemetryEvent, JSON.parse(line));
      if (event.seq !== from + i) throw new Error(`Event ${event.seq} where ${from + i} belongs`);
      const id = `${device}.${writer}:${event.seq}`;
      if (this.events.has(id)) throw new Error(`Event ${id} came in two batches`);
      this.events.set(id, event);
    });
    this.dropped.quota += dropped.quota;
    this.dropped.age += dropped.age;
  }
}

function gunzip(body: Uint8Array<ArrayBuffer>): Promise<string> {
  const stream = new Blob([body]).stream().pipeThrough(new DecompressionStream('gzip'));
  return new Response(stream).text();
}
