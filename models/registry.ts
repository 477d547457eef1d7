import type { UseCase } from '../shared/use-case/define-use-case.ts';
import { churn } from './churn/use-case.ts';
import { delayPrediction } from './delay-prediction/use-case.ts';
import { flightDelay } from './flight-delay/use-case.ts';

/** Every use case this repository ships. A new one is a folder here and a line below. */
export const useCases: readonly UseCase[] = [delayPrediction, flightDelay, churn];

/** The use case of that id, or undefined. */
export const findUseCase = (id: string): UseCase | undefined =>
  useCases.find((useCase) => useCase.id === id);
