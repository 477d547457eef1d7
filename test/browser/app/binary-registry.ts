import { defineUseCase, type UseCase } from '../../../shared/use-case/define-use-case.ts';

const binary = defineUseCase({
  id: 'test-case',
  title: 'Late parcels',
  description: 'Whether a parcel will be late, from how far it goes and in what weather.',
  task: {
    type: 'binary',
    classes: [
      { value: 'on-time', label: 'On time' },
      { value: 'late', label: 'Late' },
    ],
    threshold: 0.4,
  },
  inputs: [
    {
      name: 'distance',
      label: 'Distance',
      type: 'number',
      unit: 'km',
      range: [0, 100],
      step: 1,
      missing: 'impute',
    },
    {
      name: 'weather',
      label: 'Weather',
      type: 'category',
      categories: [
        { value: 'sun', label: 'Sun' },
        { value: 'rain', label: 'Rain' },
      ],
      missing: 'reject',
    },
  ],
  target: { name: 'late', label: 'Late arrival' },
  fallback: ({ weather }) => (weather === 'rain' ? 0.45 : 0.15),
});

/** Stands where models/registry.ts does: an app of one binary use case, which the test publisher publishes. */
export const useCases: readonly UseCase[] = [binary];

export const findUseCase = (id: string): UseCase | undefined =>
  useCases.find((useCase) => useCase.id === id);
