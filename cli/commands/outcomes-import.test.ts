import { expect, test } from 'vitest';
import type { Task } from '../../shared/contracts/declaration.ts';
import { servedClasses } from './outcomes-import.ts';

const named = (value: string) => ({ value, label: value });
const version = (alias: 'champion' | 'challenger' | null, task: Task) => ({
  alias,
  manifest: { task },
});
const binary = (negative: string, positive: string): Task => ({
  ...{ type: 'binary', threshold: 0.5 },
  classes: [named(negative), named(positive)],
});

test('outcomes are told in the classes of the champion, whatever was published since', () => {
  const champion = version('champion', binary('stays', 'leaves'));
  const swapped = version(null, binary('leaves', 'stays'));
  expect(servedClasses([swapped, champion])).toEqual(['stays', 'leaves']);
  expect(servedClasses([version(null, { type: 'regression', unit: '' }), champion])).toEqual([
    'stays',
    'leaves',
  ]);
});

test('without a champion the newest version says it; a regression and no version have no classes', () => {
  expect(servedClasses([version(null, binary('a', 'b'))])).toEqual(['a', 'b']);
  expect(servedClasses([version('champion', { type: 'regression', unit: '' })])).toBeNull();
  expect(servedClasses([])).toBeNull();
});
