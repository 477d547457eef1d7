import { buildCommand } from '@stricli/core';
import { ADJUSTMENTS } from '../../shared/stats/experiment/adjustment.ts';
import type { CliContext } from '../context.ts';
import { jsonFlag, modelArgument, remoteFlags, versionFlag } from '../routes/flags.ts';
import { parseCount, parseNumbers, parseShare, parseWindow } from './parse-flags.ts';
import type { DriftFlags } from './run-drift.ts';
import type { EstimateFlags } from './run-estimate.ts';
import type { ExperimentFlags } from './run-experiment.ts';
import type { FairnessFlags } from './run-fairness.ts';
import type { PerformanceFlags } from './run-performance.ts';
import type { SrmFlags } from './run-srm.ts';

const text = (brief: string, placeholder: string) =>
  ({ kind: 'parsed', parse: String, brief, placeholder }) as const;

const noArguments = { kind: 'tuple', parameters: [] } as const;

/** The same report in three forms; each command that judges can write it. */
const reportFlags = {
  html: { ...text('Report to write, one self-contained page', 'FILE.html'), optional: true },
  markdown: { ...text('The same report as Markdown', 'FILE.md'), optional: true },
  report: { ...text('The same report as JSON', 'FILE.json'), optional: true },
} as const;

export const drift = buildCommand<DriftFlags, [string | undefined], CliContext>({
  loader: async () => (await import('./run-drift.ts')).runDrift,
  parameters: {
    positional: { kind: 'tuple', parameters: [{ ...modelArgument, optional: true }] },
    flags: {
      reference: { ...text('CSV of how it was', 'A.csv'), optional: true },
      current: { ...text('CSV of how it is', 'B.csv'), optional: true },
      window: {
        kind: 'parsed',
        parse: parseWindow,
        brief: "With MODEL: which of the server's traffic: 12h, tumbling:7d or since-deploy",
        placeholder: '30d',
        default: '30d',
      },
      version: {
        ...versionFlag,
        brief: 'With MODEL: version to look at; else the champion',
        optional: true,
      },
      server: remoteFlags.server,
      key: remoteFlags.key,
      methods: {
        ...text(
          'auto, all, or names: ks,psi,...,domain_classifier,reconstruction,correlation',
          'METHODS',
        ),
        default: 'auto',
      },
      compatibility: {
        kind: 'enum',
        values: ['evidently'],
        brief: "Evidently's numbers and verdicts, its false alarms too",
        optional: true,
      },
      alpha: {
        kind: 'parsed',
        parse: parseShare,
        brief: 'Share of unchanged datasets that may alarm; 0.05 when left out',
        placeholder: 'SHARE',
        optional: true,
      },
      ...reportFlags,
      json: jsonFlag,
    },
  },
  docs: { brief: 'Compare two CSV files, or the traffic of MODEL with what it was trained on' },
});

export const experiment = buildCommand<ExperimentFlags, [], CliContext>({
  loader: async () => (await import('./run-experiment.ts')).runExperiment,
  parameters: {
    positional: noArguments,
    flags: {
      input: text('Question, or an array of them, as sufficient statistics', 'FILE.json'),
      adjustment: {
        kind: 'enum',
        values: ADJUSTMENTS,
        brief: 'How p of several metrics is adjusted',
        default: 'holm',
      },
      ...reportFlags,
      json: jsonFlag,
    },
  },
  docs: {
    brief: 'Analyse or plan an A/B test: Welch, sequential, Bayesian; bandits, interleaving',
  },
});

export const srm = buildCommand<SrmFlags, [], CliContext>({
  loader: async () => (await import('./run-srm.ts')).runSrm,
  parameters: {
    positional: noArguments,
    flags: {
      users: { kind: 'parsed', parse: parseNumbers, brief: 'Users per arm', placeholder: 'N,N' },
      weights: {
        kind: 'parsed',
        parse: parseNumbers,
        brief: 'Share each arm was meant to get',
        placeholder: 'W,W',
      },
      json: jsonFlag,
    },
  },
  docs: { brief: 'Sample-ratio mismatch: did the arms get their shares?' },
});

export const fairness = buildCommand<FairnessFlags, [], CliContext>({
  loader: async () => (await import('./run-fairness.ts')).runFairness,
  parameters: {
    positional: noArguments,
    flags: {
      data: text('CSV of decisions', 'FILE.csv'),
      truth: text('Column of what really happened', 'COL'),
      prediction: text('Column of what was predicted', 'COL'),
      sensitive: text('Column of the group; several give intersections', 'COL[,COL]'),
      positive: {
        ...text('Value that means yes; else 1, true or yes, whichever is there', 'VALUE'),
        optional: true,
      },
      probability: {
        ...text('Column of the probability of yes: what it means in each group', 'COL'),
        optional: true,
      },
      mitigate: {
        kind: 'enum',
        values: ['reweighing', 'demographic_parity', 'equal_opportunity'],
        brief:
          'Answer with what treats groups alike: weights to train with, or (with --probability) thresholds by group',
        optional: true,
      },
      minGroupSize: {
        kind: 'parsed',
        parse: parseCount,
        brief: 'Rows below which a group is not compared',
        placeholder: 'N',
        default: '1',
      },
      chunk: {
        kind: 'parsed',
        parse: parseCount,
        brief: 'Follow the differences over windows of N rows, in the order of the file',
        placeholder: 'N',
        optional: true,
      },
      ...reportFlags,
      json: jsonFlag,
    },
  },
  docs: { brief: 'Rates by group and the disparities between them' },
});

export const performance = buildCommand<PerformanceFlags, [], CliContext>({
  loader: async () => (await import('./run-performance.ts')).runPerformance,
  parameters: {
    positional: noArguments,
    flags: {
      data: text('CSV of answers and what happened, in the order of time', 'FILE.csv'),
      truth: text('Column of what really happened', 'COL'),
      prediction: { ...text('Column of what was predicted', 'COL'), optional: true },
      probability: {
        ...text('Column of the probability of yes, instead of --prediction', 'COL'),
        optional: true,
      },
      positive: {
        ...text('Value that means yes; else 1, true or yes, whichever is there', 'VALUE'),
        optional: true,
      },
      threshold: {
        kind: 'parsed',
        parse: parseShare,
        brief: 'Probability from which on the answer is yes',
        placeholder: 'P',
        default: '0.5',
      },
      task: {
        kind: 'enum',
        values: ['auto', 'regression', 'classification'],
        brief: 'What --prediction is; auto: numbers of many values are quantities',
        default: 'auto',
      },
      chunk: {
        kind: 'parsed',
        parse: parseCount,
        brief: 'Rows per chunk',
        placeholder: 'N',
        default: '1000',
      },
      detectors: {
        ...text(
          'At which rows the error changed: all, or ddm,eddm,hddm_a,hddm_w,adwin,page_hinkley,kswin',
          'NAMES',
        ),
        optional: true,
      },
      gate: {
        ...text('When will it cross its limit? accuracy=0.9,f1=0.8', 'NAME=LIMIT'),
        optional: true,
      },
      ...reportFlags,
      json: jsonFlag,
    },
  },
  docs: { brief: 'How good predictions were, with intervals, and whether that changes' },
});

export const estimate = buildCommand<EstimateFlags, [], CliContext>({
  loader: async () => (await import('./run-estimate.ts')).runEstimate,
  parameters: {
    positional: noArguments,
    flags: {
      reference: text('CSV with labels', 'FILE.csv'),
      analysis: text('CSV without', 'FILE.csv'),
      probability: {
        ...text('Classifier: column of the probability of the positive class', 'COL'),
        optional: true,
      },
      prediction: {
        ...text('Regressor: column of what was predicted, in both files', 'COL'),
        optional: true,
      },
      label: text('Column of what happened in the reference; a classifier: 0 or 1', 'COL'),
      chunk: {
        kind: 'parsed',
        parse: parseCount,
        brief: 'Rows per chunk',
        placeholder: 'N',
        default: '1000',
      },
      ...reportFlags,
      json: jsonFlag,
    },
  },
  docs: { brief: "Estimate ROC-AUC and accuracy, or a regressor's error, without labels" },
});
