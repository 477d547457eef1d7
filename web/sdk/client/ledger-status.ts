import type { Outbox } from '../outbox/outbox.ts';
import type { ClientStatus, Consent } from '../types.ts';
import type { OpenedStorage } from './open-storage.ts';

export type LedgerStatus = Pick<ClientStatus, 'outbox' | 'storage' | 'device' | 'consent'>;

/** What became of what was sent, since this client started. */
export type Sending = {
  deadLetters: number;
  droppedByAge: number;
  lastSentAt: number | null;
  lastError: string | null;
};

type Parts = {
  outbox: Outbox | null;
  /** null while the storage is opening. */
  opened: OpenedStorage | null;
  consent: Consent;
  evicted: boolean;
  sending: Sending;
};

/** The ledger's share of the client's status. */
export function ledgerStatus({ outbox, opened, consent, evicted, sending }: Parts): LedgerStatus {
  const { waiting = 0, droppedNow = 0, failure = null } = outbox?.status() ?? {};
  const detail = failure ?? opened?.failure ?? null;
  const isPersistent = opened?.storage.kind === 'indexeddb' && !detail && consent === 'granted';
  const kind = isPersistent ? 'indexeddb' : 'memory';
  const { droppedByAge, ...sent } = sending;
  return {
    outbox: { waiting, dropped: { quota: droppedNow, age: droppedByAge }, ...sent },
    storage: { kind: opened ? kind : 'opening', evicted, detail },
    consent,
    device: (consent !== 'denied' && outbox?.writer.device) || null,
  };
}
