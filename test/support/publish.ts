import { createHash } from 'node:crypto';
import { type StoredKey, signBytes } from '../../cli/signing-key.ts';
import type { RolloutRequest, RolloutView } from '../../shared/contracts/registry.ts';
import type { Table } from '../../shared/table/table.ts';
import { assembleVersion } from '../../shared/train/assemble-version.ts';
import { trainUseCase } from '../../shared/train/train-use-case.ts';
import type { UseCase } from '../../shared/use-case/define-use-case.ts';
import { api } from './api.ts';
import type { Credentials } from './server.ts';

export const sha256 = (bytes: Uint8Array): string =>
  createHash('sha256').update(bytes).digest('hex');

export type PublishOptions = {
  server: Credentials;
  key: StoredKey;
  useCase: UseCase;
  table: Table;
  version: string;
};

/** Trains in this process, signs, uploads and registers one version. */
export async function trainAndPublish(options: PublishOptions): Promise<void> {
  const { server, key, useCase, version } = options;
  const draft = await trainUseCase({
    useCase,
    table: options.table,
    test: null,
    seed: 1,
    version,
    nowMs: Date.now,
    datasetSha256: '0'.repeat(64),
    source: 'simulation',
    parentVersion: null,
    runId: null,
  });
  if (!draft.ok) throw new Error(draft.error.detail);
  const { manifestBytes, files } = await assembleVersion(draft.value, async (bytes) =>
    sha256(bytes),
  );
  for (const bytes of files.values()) await putArtifact(server, bytes);
  await api(server, `/v1/models/${useCase.id}/versions/${version}`, {
    method: 'PUT',
    body: { manifest: await signBytes(manifestBytes, key) },
  });
}

export const rollOut = (
  server: Credentials,
  model: string,
  request: RolloutRequest,
): Promise<RolloutView> =>
  api(server, `/v1/models/${model}/rollouts`, { method: 'POST', body: request });

async function putArtifact(server: Credentials, body: Uint8Array<ArrayBuffer>): Promise<void> {
  const response = await fetch(`${server.endpoint}/v1/artifacts/${sha256(body)}`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${server.secretKey}` },
    body,
  });
  if (!response.ok) throw new Error(`An artifact was refused: ${await response.text()}`);
}
