import type {
  EvaluationContext,
  FlagConfiguration,
  FlagEvaluation,
  ModelConfiguration,
  ModelFlag,
  WorkspaceFlag,
} from '../contracts/flags.ts';
import { MODEL_FLAGS } from '../contracts/flags.ts';
import { unreachable } from '../core/assert.ts';
import { type Assignment, assign, inShare, isSplit, needsBucket } from './assignment.ts';

type Subject = { configuration: FlagConfiguration; context: EvaluationContext };
type Success = Extract<FlagEvaluation, { value: unknown }>;
type Decision = Pick<Success, 'reason' | 'value' | 'variant'>;

const MODEL_KEYS: readonly string[] = Object.values(MODEL_FLAGS);

/**
 * Evaluates the flags of one workspace as OFREP 0.3 answers them: the model flags for the use case
 * that the context names (`useCase`), then the workspace's own. A context that lacks something fails
 * only the flags that need it.
 * @param onlyKey evaluate this flag alone; an unknown key answers FLAG_NOT_FOUND
 */
export function evaluateFlags(
  configuration: FlagConfiguration,
  context: EvaluationContext,
  onlyKey?: string,
): FlagEvaluation[] {
  const keys =
    onlyKey === undefined
      ? [...MODEL_KEYS, ...Object.keys(configuration.flags).filter((key) => !isModelKey(key))]
      : [onlyKey];
  return keys.map((key) => evaluateFlag({ configuration, context }, key));
}

const isModelKey = (key: string): boolean => MODEL_KEYS.includes(key);

function evaluateFlag(subject: Subject, key: string): FlagEvaluation {
  if (isModelKey(key)) return evaluateModelFlag(subject, key);
  const { flags } = subject.configuration;
  if (!Object.hasOwn(flags, key)) return notFound(key, `there is no flag '${key}'`);
  const flag = flags[key];
  if (!flag.enabled) return answer(subject, key, decided('DISABLED', flag.off, 'off'));
  const targetingKey = targetingKeyOf(subject.context);
  if (isSplit(flag.basisPoints) && targetingKey === null) return keyMissing(key);
  return answer(subject, key, workspaceDecision(flag, key, targetingKey ?? ''));
}

function workspaceDecision(flag: WorkspaceFlag, key: string, targetingKey: string): Decision {
  const isOn = inShare(flag.basisPoints, `flag:${key}`, targetingKey);
  const reason = isSplit(flag.basisPoints) ? 'SPLIT' : 'STATIC';
  return isOn ? decided(reason, flag.on, 'on') : decided(reason, flag.off, 'off');
}

function evaluateModelFlag(subject: Subject, key: string): FlagEvaluation {
  const { useCase } = subject.context;
  if (typeof useCase !== 'string' || useCase === '')
    return {
      key,
      errorCode: 'INVALID_CONTEXT',
      errorDetails: `the context attribute 'useCase' names the model; got ${typeof useCase}`,
    };
  const { models } = subject.configuration;
  if (!Object.hasOwn(models, useCase)) return notFound(key, `there is no model '${useCase}'`);
  const model = models[useCase];
  if (key === MODEL_FLAGS.model) return evaluateAssignment(subject, model, useCase);
  return answer(subject, key, settingDecision(model, key));
}

function settingDecision(model: ModelConfiguration, key: string): Decision {
  switch (key) {
    case MODEL_FLAGS.mlEnabled:
      return decided(
        model.mlEnabled ? 'STATIC' : 'DISABLED',
        model.mlEnabled,
        onOff(model.mlEnabled),
      );
    case MODEL_FLAGS.mlTrafficPercentage:
      return decided('STATIC', model.trafficBasisPoints / 100, 'percentage');
    default:
      return decided('STATIC', model.fallbackOnError, onOff(model.fallbackOnError));
  }
}

const onOff = (value: boolean): string => (value ? 'on' : 'off');

function evaluateAssignment(
  subject: Subject,
  model: ModelConfiguration,
  useCase: string,
): FlagEvaluation {
  const key = MODEL_FLAGS.model;
  const targetingKey = targetingKeyOf(subject.context);
  const isDecidedByShare = needsBucket(model);
  if (isDecidedByShare && targetingKey === null) return keyMissing(key);
  const assignment = assign(model, useCase, targetingKey ?? '');
  const split = isDecidedByShare ? 'SPLIT' : 'STATIC';
  const reason = assignment.status === 'killed' ? 'DISABLED' : split;
  const variant = assignment.status === 'assigned' ? assignment.variant : assignment.status;
  const value = flagValue(assignment, model, subject.configuration);
  return answer(subject, key, decided(reason, value, variant));
}

function flagValue(
  assignment: Assignment,
  model: ModelConfiguration,
  { revocations }: FlagConfiguration,
): ModelFlag {
  switch (assignment.status) {
    case 'killed':
    case 'not_assigned':
      return { status: assignment.status, revocations };
    case 'assigned': {
      const { manifest } = model[assignment.variant]!;
      const { version, isShadowed } = assignment;
      const served = { status: 'assigned', version, manifest, revocations } as const;
      return isShadowed ? { ...served, shadow: shadowOf(model) } : served;
    }
    default:
      return unreachable(assignment);
  }
}

function shadowOf({ challenger }: ModelConfiguration) {
  const { version, manifest } = challenger!;
  return { version, manifest };
}

const targetingKeyOf = ({ targetingKey }: EvaluationContext): string | null =>
  typeof targetingKey === 'string' && targetingKey !== '' ? targetingKey : null;

const decided = (reason: Success['reason'], value: unknown, variant: string): Decision => ({
  reason,
  value,
  variant,
});

const answer = (subject: Subject, key: string, decision: Decision): FlagEvaluation => ({
  key,
  ...decision,
  metadata: { configVersion: subject.configuration.version },
});

const notFound = (key: string, errorDetails: string): FlagEvaluation => ({
  key,
  errorCode: 'FLAG_NOT_FOUND',
  errorDetails,
});

const keyMissing = (key: string): FlagEvaluation => ({
  key,
  errorCode: 'TARGETING_KEY_MISSING',
  errorDetails: 'a percentage decides this flag, so the context needs a targetingKey',
});
