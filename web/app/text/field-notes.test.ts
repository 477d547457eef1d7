import { expect, test } from 'vitest';
import type { Input } from '../../../shared/contracts/declaration.ts';
import type { Row } from '../../../shared/contracts/manifest.ts';
import { fieldNotes } from './field-notes.ts';

const inputs: Input[] = [
  {
    name: 'km',
    label: 'Distance',
    type: 'number',
    unit: 'km',
    range: [0.1, 25],
    missing: 'reject',
  },
  { name: 'prep', label: 'Preparation', type: 'number', range: [0, 60], missing: 'impute' },
];
const notesOf = (row: Row, unreadable: string[] = []) => fieldNotes(inputs, row, unreadable);

test('a required field that is empty asks for its value in its unit', () => {
  expect(notesOf({ km: null, prep: null })).toEqual({
    km: { error: 'Please give a number in km.' },
  });
});

test('a value out of range is flagged, not refused', () => {
  expect(notesOf({ km: 40, prep: null })).toEqual({
    km: { warning: 'Outside the usual 0.1 to 25\u202fkm: the answer is less certain.' },
  });
});

test('an unusual value is flagged also while another field is still empty', () => {
  const notes = notesOf({ km: null, prep: 400 });
  expect(notes.km?.error).toBeDefined();
  expect(notes.prep).toEqual({
    warning: 'Outside the usual 0 to 60: the answer is less certain.',
  });
});

test('text that is no number is an error also where a value is optional', () => {
  expect(notesOf({ km: 3, prep: null }, ['prep'])).toEqual({
    prep: { error: 'Please write this as a number.' },
  });
});
