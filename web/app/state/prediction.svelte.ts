import type { Input } from '../../../shared/contracts/declaration.ts';
import type { UseCase } from '../../../shared/use-case/define-use-case.ts';
import { type Client, type Explanation, type Prediction, PredictionError } from '../../sdk/main.ts';
import { FALLBACK_CLAUSES } from '../text/answer-words.ts';
import { type FieldNote, fieldNotes } from '../text/field-notes.ts';
import { emptyForm, exampleForm, type FieldTexts, readForm } from '../text/form.ts';

/** A prediction with its reasons, which come a moment later. */
export type Answer = {
  prediction: Prediction;
  explanation: Explanation | null;
  /** Share of outcomes that the interval holds. */
  level: number | null;
};

/** The form of one use case and the answers it has had. */
export class PredictionState {
  readonly useCase: UseCase;
  readonly #client: Client<Record<string, unknown>>;
  #texts = $state.raw<FieldTexts>({});
  #touched = $state.raw<ReadonlySet<string>>(new Set());
  #answer = $state.raw<Answer | null>(null);
  #preview = $state.raw<Answer | null>(null);
  #isAsking = $state.raw(false);
  #problem = $state.raw<string | null>(null);
  #asked = 0;

  #read = $derived.by(() => readForm(this.useCase.inputs, this.#texts));
  #notes = $derived.by(() => {
    const { row, unreadable } = this.#read;
    return fieldNotes(this.useCase.inputs, row, unreadable);
  });
  #isValid = $derived(Object.values(this.#notes).every((note) => note.error === undefined));

  constructor(useCase: UseCase, client: Client<Record<string, unknown>>) {
    this.useCase = useCase;
    this.#client = client;
    this.#texts = emptyForm(useCase.inputs);
  }

  get inputs(): readonly Input[] {
    return this.useCase.inputs;
  }

  get texts(): FieldTexts {
    return this.#texts;
  }

  /** The last answer that was asked for, and recorded. */
  get answer(): Answer | null {
    return this.#answer;
  }

  /** What the answer would be with the form as it stands now; null when that is the answer itself. */
  get preview(): Answer | null {
    return this.#preview;
  }

  get isAsking(): boolean {
    return this.#isAsking;
  }

  get problem(): string | null {
    return this.#problem;
  }

  get isPristine(): boolean {
    return Object.values(this.#texts).every((text) => text === '');
  }

  /** What to say under a field; errors wait until the field was touched or the form was sent. */
  noteOf(name: string): FieldNote {
    return this.#touched.has(name) ? (this.#notes[name] ?? {}) : {};
  }

  setField(name: string, text: string): void {
    this.#texts = { ...this.#texts, [name]: text };
    this.#touched = new Set([...this.#touched, name]);
    if (this.#answer) void this.#ask('preview');
  }

  fillExample(): void {
    this.#texts = exampleForm(this.useCase.inputs);
    if (this.#answer) void this.#ask('preview');
  }

  /** Asks for a recorded prediction; gives the name of the first field that forbids it, or null. */
  async submit(): Promise<string | null> {
    this.#touched = new Set(this.useCase.inputs.map((input) => input.name));
    if (!this.#isValid)
      return this.useCase.inputs.find((input) => this.#notes[input.name]?.error)?.name ?? null;
    this.#isAsking = true;
    try {
      await this.#ask('answer');
    } finally {
      this.#isAsking = false;
    }
    return null;
  }

  async #ask(purpose: 'answer' | 'preview'): Promise<void> {
    if (!this.#isValid) {
      this.#preview = null;
      return;
    }
    const turn = ++this.#asked;
    const isCurrent = () => turn === this.#asked;
    const show = (answer: Answer) => {
      if (!isCurrent()) return;
      if (purpose === 'answer') this.#answer = answer;
      this.#preview = purpose === 'preview' ? answer : null;
    };
    try {
      const prediction = await this.#client.predict(this.#read.row, {
        record: purpose === 'answer',
      });
      this.#problem = null;
      const level = this.#client.status.model.intervalLevel;
      show({ prediction, explanation: null, level });
      const explanation = await this.#client.explain(prediction);
      show({ prediction, explanation, level });
    } catch (error) {
      if (!(error instanceof PredictionError)) throw error;
      this.#problem = `There is no answer: ${FALLBACK_CLAUSES[error.reason]}, and the built-in estimate has been switched off.`;
    }
  }
}
