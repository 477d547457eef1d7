import type { ModelFlag } from '../../../shared/contracts/flags.ts';
import type { Row } from '../../../shared/contracts/manifest.ts';
import type { Adapters } from '../adapters.ts';
import type { Ledger } from '../client/ledger.ts';
import type { ActiveModel } from '../model-cache/acquire.ts';
import type { ModelFollower } from '../model-cache/model-follower.ts';
import type { Outbox } from '../outbox/outbox.ts';
import type { EventBody } from '../outbox/records.ts';
import { runModel } from './answer.ts';

/** The longest latency that an event may name. */
export const LONGEST_MS = 3_600_000;
/** Rows that wait for the shadow; a page that predicts faster than it answers is sampled. */
const MOST_WAITING = 16;

/** An answer that was given, and recorded under an id. */
export type GivenAnswer = {
  id: string;
  row: Row;
  /** Null where the fallback answered. */
  champion: number | null;
};

export type ShadowRunner = {
  /** Brings what runs in the shadow to what the flag says, once the model that answers has arrived. */
  follow(flag: ModelFlag | null): void;
  /** Has the challenger answer the same row, later and for nobody. Costs a caller nothing. */
  observe(answer: GivenAnswer): void;
  /**
   * Resolves when the challenger has answered the row of this prediction, or soon without it: an outcome that is
   * told in the same breath then says what both had answered.
   */
  answered(id: string): Promise<void>;
  /** Resolves when nothing waits and nothing is on its way. */
  settled(): Promise<void>;
  dispose(): void;
};

type Options = {
  /** The model that answers users. */
  models: Pick<ModelFollower, 'settled'>;
  /** The follower of the challenger in the shadow. */
  shadows: ModelFollower;
  ledger: Ledger;
  deadlineMs: number;
  adapters: Pick<Adapters, 'nowMs' | 'monotonicMs'>;
};

type Waiting = { answer: GivenAnswer; outbox: Outbox };

/** An outcome waits no longer than this for what the shadow says. */
const OUTCOME_WAITS_MS = 250;

/**
 * Runs a challenger beside the champion: in a worker of its own, after the user was answered, one row at a time.
 * It records one event a prediction at most, and what it cannot keep up with it leaves out.
 */
export function createShadowRunner(options: Options): ShadowRunner {
  return new Shadow(options);
}

class Shadow implements ShadowRunner {
  readonly #options: Options;
  #version: string | null = null;
  #waiting: Waiting[] = [];
  #work: Promise<void> | null = null;
  /** By prediction: told when its shadow is done, whatever became of it. */
  readonly #done = new Map<string, (() => void)[]>();

  constructor(options: Options) {
    this.#options = options;
  }

  follow(flag: ModelFlag | null): void {
    const { models, shadows } = this.#options;
    const shadow = flag?.status === 'assigned' ? (flag.shadow ?? null) : null;
    this.#version = shadow?.version ?? null;
    if (!flag || !shadow) {
      this.#forgetWaiting();
      shadows.drop();
      return;
    }
    const { revocations } = flag;
    // What answers users comes first: the network and the processor are theirs.
    void models.settled().then(() => {
      if (this.#version === shadow.version)
        shadows.follow({ status: 'assigned', ...shadow, revocations });
    });
  }

  observe(answer: GivenAnswer): void {
    if (this.#version === null || !this.#model()) return;
    const outbox = this.#options.ledger.outbox();
    if (!outbox || this.#waiting.length >= MOST_WAITING) return;
    this.#waiting.push({ answer, outbox });
    this.#done.set(answer.id, []);
    this.#work ??= this.#runAll();
  }

  answered(id: string): Promise<void> {
    const waiters = this.#done.get(id);
    if (!waiters) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, OUTCOME_WAITS_MS);
      waiters.push(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }

  async settled(): Promise<void> {
    await this.#options.shadows.settled();
    await this.#work;
  }

  dispose(): void {
    this.#version = null;
    this.#forgetWaiting();
    this.#options.shadows.dispose();
  }

  /** The version that the flag names, and no earlier one while that is on its way. */
  #model(): ActiveModel | null {
    const active = this.#options.shadows.active();
    return active?.manifest.version === this.#version ? active : null;
  }

  async #runAll(): Promise<void> {
    for (;;) {
      // A task of its own: the answer goes to its caller first.
      await new Promise((resolve) => setTimeout(resolve, 0));
      const next = this.#waiting.shift();
      const model = this.#model();
      if (!next || !model) break;
      await this.#run(next, model);
      this.#tell(next.answer.id);
    }
    this.#forgetWaiting();
    this.#work = null;
  }

  #forgetWaiting(): void {
    this.#waiting = [];
    for (const id of [...this.#done.keys()]) this.#tell(id);
  }

  #tell(id: string): void {
    const waiters = this.#done.get(id) ?? [];
    this.#done.delete(id);
    for (const resolve of waiters) resolve();
  }

  async #run({ answer, outbox }: Waiting, model: ActiveModel): Promise<void> {
    const { adapters, deadlineMs, ledger } = this.#options;
    const { version } = model.manifest;
    const startedMs = adapters.monotonicMs();
    const ran = await runModel(model, [answer.row], { deadlineMs });
    const latencyMs = Math.min(LONGEST_MS, Math.max(0, adapters.monotonicMs() - startedMs));
    // Under another consent this device has another name, or none; what is no longer asked for is not told.
    if (ledger.outbox() !== outbox || this.#version !== version) return;
    const value = 'values' in ran ? ran.values[0] : null;
    const backend = model.session.backend();
    const event: EventBody = {
      type: 'shadow',
      at: adapters.nowMs(),
      prediction: answer.id,
      version,
      ...('values' in ran ? { value: ran.values[0] } : { reason: shadowReason(ran.reason) }),
      ...(answer.champion === null ? {} : { champion: answer.champion }),
      latencyMs,
      ...(backend ? { backend } : {}),
    };
    const remembered =
      value === null ? undefined : { shadowOf: answer.id, version, predicted: value };
    ledger.record(outbox, event, remembered);
  }
}

const shadowReason = (reason: string): 'deadline' | 'runtime' =>
  reason === 'deadline' ? 'deadline' : 'runtime';
