import type { ClientStorage, StoreName, Transaction } from '../adapters.ts';

/** A process that a test ends in the middle of anything; what it had asked for is never answered. */
export class Mortal {
  isDead = false;
  /** Resolves when it dies. */
  readonly death: Promise<void>;
  readonly #shouldDie: () => boolean;
  #die: () => void = () => undefined;

  constructor(shouldDie: () => boolean) {
    this.#shouldDie = shouldDie;
    this.death = new Promise((resolve) => {
      this.#die = resolve;
    });
  }

  /** A point at which it may die; goes no further once it has. */
  async step(): Promise<void> {
    if (this.#shouldDie()) {
      this.isDead = true;
      this.#die();
    }
    if (this.isDead) await new Promise(() => undefined);
  }

  fetch(inner: typeof fetch): typeof fetch {
    return async (input, init) => {
      await this.step();
      const response = await inner(input, init);
      await this.step();
      return response;
    };
  }
}

class Killed extends Error {}

/**
 * A storage whose owner may die before, inside and after each transaction. A transaction that it
 * dies inside of is rolled back, as a browser does; one that it dies after of is kept.
 */
export function mortalStorage(
  disk: ClientStorage,
  mortal: Mortal,
  onCommitted: (tx: Transaction) => Promise<void>,
): ClientStorage {
  const run = async <T>(
    stores: readonly StoreName[],
    durability: 'relaxed' | 'strict' | null,
    work: (tx: Transaction) => Promise<T>,
  ): Promise<T> => {
    await mortal.step();
    try {
      const result = durability
        ? await disk.write(stores, durability, (tx) => work(watched(tx, mortal)))
        : await disk.read(stores, work);
      if (durability) await disk.read(stores, onCommitted);
      await mortal.step();
      return result;
    } catch (error) {
      if (error instanceof Killed) await new Promise(() => undefined);
      throw error;
    }
  };
  return {
    kind: 'indexeddb',
    read: (stores, work) => run(stores, null, work),
    write: (stores, durability, work) => run(stores, durability, work),
    putAll: (entries, durability) =>
      run(
        entries.map(({ store }) => store),
        durability,
        async (tx) => {
          for (const { store, key, value } of entries) await tx.put(store, key, value);
        },
      ),
    close: () => undefined,
  };
}

function watched(tx: Transaction, mortal: Mortal): Transaction {
  const dieHere = () => {
    void mortal.step();
    if (mortal.isDead) throw new Killed();
  };
  return {
    ...tx,
    async put(store, key, value) {
      await tx.put(store, key, value);
      dieHere();
    },
    async delete(store, key) {
      await tx.delete(store, key);
      dieHere();
    },
  };
}
