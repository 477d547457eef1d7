/** What the heuristic reads; every other input is left to the model. */
type Order = {
  Distance_km: number;
  Preparation_Time_min?: number | null;
  Traffic_Level?: string | null;
  Weather?: string | null;
};

/** Minutes per kilometre through a city at about 20 km/h. */
const MINUTES_PER_KM = 3;
/** What a kitchen needs when it does not say. */
const USUAL_PREPARATION_MINUTES = 17;
/** Pick-up and hand-over. */
const HANDOVER_MINUTES = 5;
const TRAFFIC_MINUTES: Record<string, number> = { Low: 0, Medium: 6, High: 12 };
const WEATHER_MINUTES: Record<string, number> = {
  Clear: 0,
  Windy: 2,
  Rainy: 5,
  Foggy: 8,
  Snowy: 10,
};

/**
 * A dispatcher's rule of thumb, in minutes: riding time at an average speed, what the kitchen
 * needs, and allowances for traffic and weather. It is written from common sense, not fitted.
 */
export function heuristicMinutes(order: Order): number {
  return (
    HANDOVER_MINUTES +
    MINUTES_PER_KM * order.Distance_km +
    (order.Preparation_Time_min ?? USUAL_PREPARATION_MINUTES) +
    (TRAFFIC_MINUTES[order.Traffic_Level ?? 'Medium'] ?? 0) +
    (WEATHER_MINUTES[order.Weather ?? 'Clear'] ?? 0)
  );
}
