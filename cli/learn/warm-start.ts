import { ok, type Result } from '../../shared/core/result.ts';
import { ALGORITHMS } from '../../shared/learn/catalogue.ts';
import type { Predictor } from '../../shared/learn/ensemble/fitted-ensemble.ts';
import type { KnownRows } from '../../shared/learn/row-prints.ts';
import { type CannotGoOn, canGoOn } from '../../shared/learn/warm-start.ts';
import { sourceOf } from '../../shared/table/schema-row-reader.ts';
import { type CliFailure, failed } from '../failure.ts';
import type { FitFlags } from './fit-call.ts';
import type { FitSource } from './fit-data.ts';
import { FILE_NAMES, type FitManifest, readFitManifest, readFitted } from './fit-folder.ts';

/** A model to go on from, and the hash of its file. */
export type WarmStart = {
  folder: string;
  model: Predictor;
  /** Null: the folder does not say. */
  known: KnownRows | null;
  /** How it came about; null: the folder does not say. */
  settings: Record<string, unknown> | null;
  target: string | null;
  sha256: string;
};

/** The model in a folder that `fit` wrote. */
export async function readWarmStart(folder: string): Promise<Result<WarmStart, CliFailure>> {
  const manifest = await readFitManifest(folder);
  if (!manifest.ok) return manifest;
  const fitted = await readFitted(folder, manifest.value);
  if (!fitted.ok) return fitted;
  const { target, settings = null } = manifest.value;
  const { predictor: model, known = null } = fitted.value;
  return ok({ folder, model, known, settings, target, sha256: hashOf(manifest.value) });
}

const hashOf = ({ files }: FitManifest): string =>
  files.find(({ name }) => name === FILE_NAMES.fitted)?.sha256 ?? '';

/** Finds the pipeline to go on from, for rows like those it was fitted on. */
export const goOnFrom =
  (
    { folder, model, target, settings }: WarmStart,
    flags: Pick<FitFlags, 'algorithm' | 'task' | 'target'>,
  ): NonNullable<FitSource['goOn']> =>
  (rows) => {
    const stays = 'Leave out --warm-start to fit a new model.';
    if (target !== (flags.target ?? null))
      return failed('wrong_usage', `The model in ${folder} predicts ${target}. ${stays}`);
    const algorithm = flags.algorithm === 'auto' ? null : flags.algorithm;
    const used = rows.inputs.filter((input) => !isLeftOut(settings, sourceOf(input)));
    const inputs = [...used, ...knownOnly(model, rows.leftOut)];
    const asked = { inputs, classes: rows.classes, algorithm, task: flags.task };
    const found = canGoOn(model, asked, ALGORITHMS);
    if (found.ok) return found;
    return failed('wrong_usage', `${describe(found.error, folder)} ${stays}`);
  };

/** Inputs of the model that are in the file, where nothing could be learnt from them by itself. */
const knownOnly = ({ inputs }: Predictor, leftOut: readonly string[]) =>
  inputs.filter((input) => leftOut.includes(sourceOf(input)));

/** Whether the settings of a model left a column of the file out: it is none that is new. */
const isLeftOut = (settings: WarmStart['settings'], name: string): boolean =>
  Object.entries(settings?.columns ?? {}).some(([own, as]) => own === name && as === 'left_out');

function describe(error: CannotGoOn, folder: string): string {
  switch (error.reason) {
    case 'ensemble':
      return `The model in ${folder} is an ensemble, which no fit goes on from.`;
    case 'calibrated':
      return `The model in ${folder} is calibrated, for what it says now.`;
    case 'never_goes_on':
      return `The model in ${folder} is of ${error.algorithm}, which always begins anew.`;
    case 'other_algorithm':
      return `The model in ${folder} is of ${error.algorithm}, not of ${error.asked}.`;
    case 'other_task':
      return `The model in ${folder} is a ${error.task}, not a ${error.asked}.`;
    case 'other_input':
      return `The model in ${folder} has other inputs: ${describeInput(error)}.`;
    case 'other_class':
      return error.difference === 'new'
        ? `The model in ${folder} does not know the class "${error.label}".`
        : `The model in ${folder} knows a class "${error.label}", of which there is no row.`;
  }
}

const describeInput = ({ column, difference }: Extract<CannotGoOn, { column: string }>): string =>
  ({
    missing: `${column} is missing in the file`,
    new: `${column} is new to it (or was left out of its rows)`,
    type: `${column} holds values of another type in the file`,
  })[difference];
