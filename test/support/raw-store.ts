import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { gunzipSync } from 'node:zlib';
import type { BatchHeader, TelemetryEvent } from '../../shared/contracts/telemetry.ts';

export type RawEvent = TelemetryEvent & { id: string; batch: string };

/** Every telemetry event that lies in the local R2, read from its files: nobody's word is taken for it. */
export function rawEvents(stateDir: string, model: string): RawEvent[] {
  return rawObjects(stateDir, `/telemetry/${model}/`).flatMap((bytes) => {
    const [header, ...lines] = gunzipSync(bytes).toString('utf8').trim().split('\n');
    const { device, writer, batch } = JSON.parse(header) as BatchHeader;
    return lines.map((line) => {
      const event = JSON.parse(line) as TelemetryEvent;
      return { ...event, id: `${device}.${writer}:${event.seq}`, batch };
    });
  });
}

function rawObjects(stateDir: string, inName: string): Uint8Array[] {
  const blobs = join(stateDir, 'state/v3/r2/edgewise/blobs');
  return r2Rows(stateDir, inName).map(
    ({ blob }) => new Uint8Array(readFileSync(join(blobs, blob))),
  );
}

/** Keys in the local R2 that hold `inName`. */
export const r2Keys = (stateDir: string, inName: string): string[] =>
  r2Rows(stateDir, inName).map(({ key }) => key);

function r2Rows(stateDir: string, inName: string): { key: string; blob: string }[] {
  const folder = join(stateDir, 'state/v3/r2/miniflare-R2BucketObject');
  return readdirSync(folder)
    .filter((name) => name.endsWith('.sqlite') && name !== 'metadata.sqlite')
    .flatMap((name) => {
      const db = new DatabaseSync(join(folder, name), { readOnly: true });
      try {
        return db
          .prepare('SELECT key, blob_id AS blob FROM _mf_objects WHERE instr(key, ?) > 0')
          .all(inName)
          .map(({ key, blob }) => ({ key: String(key), blob: String(blob) }));
      } finally {
        db.close();
      }
    });
}
