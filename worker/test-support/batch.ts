import type {
  BatchAck,
  BatchHeader,
  OutcomeEvent,
  PredictionEvent,
  TelemetryEvent,
} from '../../shared/contracts/telemetry.ts';
import { BATCH_CONTENT_TYPE, PROTOCOL_VERSION } from '../../shared/contracts/telemetry.ts';
import { newId } from '../services/new-id.ts';
import type { TestWorkspace } from './workspace.ts';
import { send } from './workspace.ts';

export const DEVICE = 'device01';
export const WRITER = 'writer01';

export const prediction = (
  seq: number,
  fields: Partial<PredictionEvent> = {},
): PredictionEvent => ({
  type: 'prediction',
  seq,
  at: Date.now(),
  source: 'model',
  version: '1.0.0',
  assigned: '1.0.0',
  variant: 'champion',
  value: 30,
  latencyMs: 1.5,
  features: { distance: 10, weather: 'dry' },
  ...fields,
});

export const outcome = (
  seq: number,
  of: { prediction: string } & Partial<OutcomeEvent>,
): OutcomeEvent => ({
  type: 'outcome',
  seq,
  at: Date.now(),
  value: 33,
  observedAt: Date.now(),
  predicted: 30,
  version: '1.0.0',
  assigned: '1.0.0',
  source: 'model',
  ...of,
});

export type SealedBatch = { header: BatchHeader; bytes: Uint8Array<ArrayBuffer> };

/** Seals events as the SDK does: header and events as gzip NDJSON. */
export async function seal(
  events: (TelemetryEvent | string)[],
  header: Partial<BatchHeader> = {},
): Promise<SealedBatch> {
  const from = header.from ?? (events[0] as TelemetryEvent).seq;
  const whole: BatchHeader = {
    protocol: PROTOCOL_VERSION,
    batch: newId(Date.now()),
    model: 'parcel-time',
    device: DEVICE,
    writer: WRITER,
    from,
    to: from + events.length - 1,
    sealedAt: Date.now(),
    dropped: { quota: 0, age: 0 },
    ...header,
  };
  const lines = [whole, ...events].map((line) =>
    typeof line === 'string' ? line : JSON.stringify(line),
  );
  return {
    header: whole,
    bytes: await gzip(Uint8Array.from(new TextEncoder().encode(`${lines.join('\n')}\n`))),
  };
}

export async function gzip(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const stream = new Blob([bytes]).stream().pipeThrough(new CompressionStream('gzip'));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

export async function digestOf(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return `sha-256=:${btoa(String.fromCharCode(...digest))}:`;
}

/** Sends bytes as a batch with the publishable key. */
export async function sendBytes(
  workspace: TestWorkspace,
  bytes: Uint8Array<ArrayBuffer>,
  headers: Record<string, string> = {},
): Promise<Response> {
  return send('POST', '/v1/telemetry/batches', {
    key: workspace.publishableKey,
    body: bytes,
    headers: {
      'Content-Type': BATCH_CONTENT_TYPE,
      'Content-Encoding': 'gzip',
      'Content-Digest': await digestOf(bytes),
      'Edgewise-Sent-At': String(Date.now()),
      ...headers,
    },
  });
}

/** Seals and sends; answers the acknowledgement. */
export async function sendEvents(
  workspace: TestWorkspace,
  events: (TelemetryEvent | string)[],
  header: Partial<BatchHeader> = {},
): Promise<BatchAck> {
  const { bytes } = await seal(events, header);
  const answer = await sendBytes(workspace, bytes);
  if (answer.status !== 200) throw new Error(`${answer.status}: ${await answer.text()}`);
  return (await answer.json()) as BatchAck;
}
