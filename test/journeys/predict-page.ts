import type { BrowserContext, Page } from 'playwright-core';
import type { Row } from '../../shared/contracts/manifest.ts';

export type ShownAnswer = {
  source: string;
  version: string;
  reason: string | null;
  prediction: string;
};

/** The prediction page as a person uses it. */
export class PredictPage {
  readonly page: Page;
  /** Ids of every prediction made, also by earlier pages. */
  readonly made: Set<string>;

  private constructor(page: Page, made: Set<string>) {
    this.page = page;
    this.made = made;
  }

  static async open(
    context: BrowserContext,
    endpoint: string,
    made = new Set<string>(),
  ): Promise<PredictPage> {
    const page = await context.newPage();
    await page.goto(endpoint);
    await page.getByRole('button', { name: 'Predict' }).waitFor();
    return new PredictPage(page, made);
  }

  async share(): Promise<void> {
    await this.page.getByRole('button', { name: 'Share' }).click();
  }

  /** Fills in the form, presses the button and reads the new answer. */
  async predict(row: Row): Promise<ShownAnswer> {
    const answer = this.page.locator('#answer');
    const before = await answer.getAttribute('data-prediction');
    await this.#fill(row);
    await this.page.getByRole('button', { name: 'Predict' }).click();
    await this.page.waitForFunction((last) => {
      const id = document.querySelector('#answer')?.getAttribute('data-prediction');
      return id !== null && id !== undefined && id !== last;
    }, before);
    const prediction = (await answer.getAttribute('data-prediction'))!;
    this.made.add(prediction);
    return {
      source: (await answer.getAttribute('data-source'))!,
      version: (await answer.getAttribute('data-version')) ?? '',
      reason: await answer.getAttribute('data-reason'),
      prediction,
    };
  }

  /** Says what really happened to the answer on show. */
  async tell(minutes: number): Promise<void> {
    const answer = this.page.locator('#answer');
    await answer.getByLabel('What really happened?').fill(String(minutes));
    await answer.getByRole('button', { name: 'Record' }).click();
    await answer.getByText('Thank you.').waitFor();
  }

  /** Predicts until the answer is as wanted. @returns milliseconds it took */
  async predictUntil(
    row: Row,
    isWanted: (answer: ShownAnswer) => boolean,
    timeoutMs: number,
  ): Promise<number> {
    const startedMs = performance.now();
    let answer = await this.predict(row);
    while (!isWanted(answer)) {
      if (performance.now() - startedMs > timeoutMs)
        throw new Error(`Still ${JSON.stringify(answer)} after ${timeoutMs} ms`);
      answer = await this.predict(row);
    }
    return performance.now() - startedMs;
  }

  /** Numbers are typed; of a category's buttons, the one of that value, or of '' for not known. */
  async #fill(row: Row): Promise<void> {
    for (const [name, value] of Object.entries(row)) {
      const field = this.page.locator(`#field-${name}`);
      if ((await field.getAttribute('type')) !== 'radio') await field.fill(String(value ?? ''));
      else {
        const choice = this.page.locator(`input[name="${name}"][value="${value ?? ''}"]`);
        await choice.check({ force: true });
      }
    }
  }
}
