import type { OutcomeEvent, TelemetryEvent } from '../../../shared/contracts/telemetry.ts';

export type RawPrediction = {
  id: string;
  at: number;
  features: Record<string, number | string | null>;
};
export type RawLabel = { prediction: string; value: number };
export type RawEvents = { predictions: RawPrediction[]; labels: RawLabel[] };

/** Predictions with their features, and labels, of one raw object (gzip batch or outcomes file). */
export async function readRawObject(object: R2ObjectBody): Promise<RawEvents> {
  const isBatch = object.key.endsWith('.gz');
  const stream = isBatch ? object.body.pipeThrough(new DecompressionStream('gzip')) : object.body;
  const lines = (await new Response(stream).text()).split('\n').filter((line) => line !== '');
  return isBatch ? eventsOfBatch(lines) : { predictions: [], labels: lines.map(labelOfLine) };
}

function eventsOfBatch([header, ...lines]: string[]): RawEvents {
  const { device, writer } = JSON.parse(header) as { device: string; writer: string };
  const events: RawEvents = { predictions: [], labels: [] };
  for (const line of lines) {
    const event = JSON.parse(line) as TelemetryEvent;
    if (event.type === 'outcome') events.labels.push(labelOf(event));
    else if (event.type === 'prediction' && event.features)
      events.predictions.push({
        id: `${device}.${writer}:${event.seq}`,
        at: event.at,
        features: event.features,
      });
  }
  return events;
}

const labelOfLine = (line: string): RawLabel => labelOf(JSON.parse(line) as OutcomeEvent);

const labelOf = (event: OutcomeEvent): RawLabel => ({
  prediction: event.prediction,
  value: event.value,
});
