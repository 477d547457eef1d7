import { defineUseCase } from '../../shared/use-case/define-use-case.ts';
import { heuristicMinutes } from './heuristic.ts';

/** How long a delivery takes from order to door. */
export const delayPrediction = defineUseCase({
  id: 'delay-prediction',
  title: 'Delivery time',
  description:
    'Minutes from order to door for a meal delivery, from what is known when the order is placed.',
  task: { type: 'regression', unit: 'min' },
  inputs: [
    {
      name: 'Distance_km',
      label: 'Distance',
      type: 'number',
      unit: 'km',
      range: [0.1, 25],
      step: 0.1,
      missing: 'reject',
      help: 'From the kitchen to the door.',
    },
    {
      name: 'Weather',
      label: 'Weather',
      type: 'category',
      categories: [
        { value: 'Clear', label: 'Clear' },
        { value: 'Rainy', label: 'Rain' },
        { value: 'Foggy', label: 'Fog' },
        { value: 'Windy', label: 'Wind' },
        { value: 'Snowy', label: 'Snow' },
      ],
      missing: 'impute',
    },
    {
      name: 'Traffic_Level',
      label: 'Traffic',
      type: 'category',
      categories: [
        { value: 'Low', label: 'Light' },
        { value: 'Medium', label: 'Medium' },
        { value: 'High', label: 'Heavy' },
      ],
      missing: 'impute',
    },
    {
      name: 'Time_of_Day',
      label: 'Time of day',
      type: 'category',
      categories: [
        { value: 'Morning', label: 'Morning' },
        { value: 'Afternoon', label: 'Afternoon' },
        { value: 'Evening', label: 'Evening' },
        { value: 'Night', label: 'Night' },
      ],
      missing: 'impute',
    },
    {
      name: 'Vehicle_Type',
      label: 'Vehicle',
      type: 'category',
      categories: [
        { value: 'Bike', label: 'Bicycle' },
        { value: 'Scooter', label: 'Scooter' },
        { value: 'Car', label: 'Car' },
      ],
      missing: 'impute',
    },
    {
      name: 'Preparation_Time_min',
      label: 'Preparation',
      type: 'number',
      unit: 'min',
      range: [0, 60],
      step: 1,
      missing: 'impute',
      help: 'How long the kitchen says it needs.',
    },
    {
      name: 'Courier_Experience_yrs',
      label: 'Courier experience',
      type: 'number',
      unit: 'years',
      range: [0, 40],
      step: 1,
      missing: 'impute',
    },
  ],
  target: { name: 'Delivery_Time_min', label: 'Delivery time', range: [0, 300] },
  search: { algorithms: ['huber', 'hist-gradient-boosting'], trials: 2 },
  monitors: { mae: { max: 15, minSamples: 100 } },
  businessMetrics: [{ name: 'order_completed', label: 'Orders completed' }],
  fallback: heuristicMinutes,
});
