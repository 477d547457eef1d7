import type { Task } from '../../shared/contracts/declaration.ts';
import type { TelemetryEvent } from '../../shared/contracts/telemetry.ts';
import type { VersionBins } from '../services/version-bins.ts';

export type Refusal =
  | 'unknown_version'
  | 'foreign_prediction'
  | 'not_a_probability'
  | 'not_a_class';

/** What an event came in. */
export type Batch = {
  /** Whose it is: a device tells outcomes of its own predictions. */
  device: string;
  /** Who got no version is answered by the champion's heuristic; null: there is no champion, or nobody asked. */
  championTask: Task['type'] | null;
};

/**
 * Why an event that is as the contract says is not counted all the same; null where it is.
 * @param bins of the version it speaks for: null where it names none, undefined where nobody knows it
 */
export function refusalOf(
  event: TelemetryEvent,
  bins: VersionBins | null | undefined,
  { device, championTask }: Batch,
): Refusal | null {
  if (bins === undefined) return 'unknown_version';
  if (isForeign(event, device)) return 'foreign_prediction';
  const task = bins === null ? championTask : bins.task;
  return task === 'binary' ? impossibleOf(event) : null;
}

/** A device tells what became of its own predictions alone. */
export const isForeign = (event: TelemetryEvent, device: string): boolean =>
  (event.type === 'outcome' || event.type === 'shadow') &&
  !event.prediction.startsWith(`${device}.`);

/** Counted, one value that a binary use case cannot have would spoil every mean it is in. */
function impossibleOf(event: TelemetryEvent): Refusal | null {
  switch (event.type) {
    case 'prediction':
      return isProbability(event.value) ? null : 'not_a_probability';
    case 'outcome':
      if (!isProbability(event.predicted)) return 'not_a_probability';
      return isClass(event.value) ? null : 'not_a_class';
    case 'shadow':
      return isProbability(event.value ?? 0) && isProbability(event.champion ?? 0)
        ? null
        : 'not_a_probability';
    default:
      return null;
  }
}

export const isProbability = (value: number): boolean => value >= 0 && value <= 1;

/** An outcome of a binary use case is the place of its class: 0 the negative, 1 the positive. */
export const isClass = (value: number): boolean => value === 0 || value === 1;
