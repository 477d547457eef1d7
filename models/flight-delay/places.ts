/** Carriers that left New York in 2013 (nycflights13, table airlines), by IATA code. */
export const CARRIERS = [
  { value: '9E', label: 'Endeavor Air' },
  { value: 'AA', label: 'American Airlines' },
  { value: 'AS', label: 'Alaska Airlines' },
  { value: 'B6', label: 'JetBlue Airways' },
  { value: 'DL', label: 'Delta Air Lines' },
  { value: 'EV', label: 'ExpressJet Airlines' },
  { value: 'F9', label: 'Frontier Airlines' },
  { value: 'FL', label: 'AirTran Airways' },
  { value: 'HA', label: 'Hawaiian Airlines' },
  { value: 'MQ', label: 'Envoy Air' },
  { value: 'OO', label: 'SkyWest Airlines' },
  { value: 'UA', label: 'United Air Lines' },
  { value: 'US', label: 'US Airways' },
  { value: 'VX', label: 'Virgin America' },
  { value: 'WN', label: 'Southwest Airlines' },
  { value: 'YV', label: 'Mesa Airlines' },
] as const;

export const ORIGINS = [
  { value: 'EWR', label: 'Newark Liberty' },
  { value: 'JFK', label: 'John F. Kennedy' },
  { value: 'LGA', label: 'LaGuardia' },
] as const;

/** Destinations of those flights, by IATA code. */
const DESTINATION_CODES = [
  ...['ABQ', 'ACK', 'ALB', 'ANC', 'ATL', 'AUS', 'AVL', 'BDL', 'BGR', 'BHM', 'BNA', 'BOS', 'BQN'],
  ...['BTV', 'BUF', 'BUR', 'BWI', 'BZN', 'CAE', 'CAK', 'CHO', 'CHS', 'CLE', 'CLT', 'CMH', 'CRW'],
  ...['CVG', 'DAY', 'DCA', 'DEN', 'DFW', 'DSM', 'DTW', 'EGE', 'EYW', 'FLL', 'GRR', 'GSO', 'GSP'],
  ...['HDN', 'HNL', 'HOU', 'IAD', 'IAH', 'ILM', 'IND', 'JAC', 'JAX', 'LAS', 'LAX', 'LEX', 'LGB'],
  ...['MCI', 'MCO', 'MDW', 'MEM', 'MHT', 'MIA', 'MKE', 'MSN', 'MSP', 'MSY', 'MTJ', 'MVY', 'MYR'],
  ...['OAK', 'OKC', 'OMA', 'ORD', 'ORF', 'PBI', 'PDX', 'PHL', 'PHX', 'PIT', 'PSE', 'PSP', 'PVD'],
  ...['PWM', 'RDU', 'RIC', 'ROC', 'RSW', 'SAN', 'SAT', 'SAV', 'SBN', 'SDF', 'SEA', 'SFO', 'SJC'],
  ...['SJU', 'SLC', 'SMF', 'SNA', 'SRQ', 'STL', 'STT', 'SYR', 'TPA', 'TUL', 'TVC', 'TYS', 'XNA'],
];

export const DESTINATIONS = DESTINATION_CODES.map((value) => ({ value, label: value }));
