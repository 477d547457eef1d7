import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { messageOf } from '../cli/failure.ts';
import { runInstance } from './local/run-instance.ts';

const { values } = parseArgs({
  options: {
    /** Workspace and keys, no content. */
    empty: { type: 'boolean', default: false },
    /** Serve the API alone, without building the PWA. */
    'no-app': { type: 'boolean', default: false },
    port: { type: 'string', default: process.env['PORT'] || '8787' },
    'inspector-port': { type: 'string' },
    /** Where keys, data and the built PWA are kept. */
    state: { type: 'string', default: process.env['EDGEWISE_STATE_DIR'] || '.edgewise' },
  },
});

try {
  await runInstance({
    stateRoot: resolve(values.state),
    port: Number(values.port),
    inspectorPort: values['inspector-port'] ? Number(values['inspector-port']) : null,
    isEmpty: values.empty,
    hasApp: !values['no-app'],
  });
} catch (error) {
  console.error(messageOf(error));
  process.exitCode = 1;
}
