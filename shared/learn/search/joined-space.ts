import type { Choice, Parameters, SearchSpace } from './space.ts';

/** The parameter that says which of the joined spaces a trial is in. */
export const CHOICE = 'choice';

const nameIn = (space: string, parameter: string): string => `${space}.${parameter}`;

/**
 * Several spaces as one with conditions: first which, then its own parameters, named
 * `space.parameter`. One space is joined as well, so that its trials read alike.
 */
export function joinSpaces(spaces: Readonly<Record<string, SearchSpace>>): SearchSpace {
  const joined: Record<string, SearchSpace[string]> = {
    [CHOICE]: { type: 'categorical', choices: Object.keys(spaces) },
  };
  for (const [space, parameters] of Object.entries(spaces))
    for (const [name, { when, ...distribution }] of Object.entries(parameters)) {
      const parent = when && { parameter: nameIn(space, when.parameter), in: when.in };
      joined[nameIn(space, name)] = {
        ...distribution,
        when: parent ?? { parameter: CHOICE, in: [space] },
      };
    }
  return joined;
}

/** Which space a trial is in, and its parameters by their own names. */
export function splitJoined(parameters: Parameters): { choice: string; parameters: Parameters } {
  const choice = String(parameters[CHOICE]);
  const prefix = nameIn(choice, '');
  const own = Object.entries(parameters).filter(([name]) => name.startsWith(prefix));
  return {
    choice,
    parameters: Object.fromEntries(own.map(([name, value]) => [name.slice(prefix.length), value])),
  };
}

/** Parameters of a joined space, for a trial that is to be tried as given. */
export const joinParameters = (choice: string, parameters: Parameters): Parameters => ({
  [CHOICE]: choice,
  ...Object.fromEntries(
    Object.entries(parameters).map(([name, value]): [string, Choice] => [
      nameIn(choice, name),
      value,
    ]),
  ),
});
