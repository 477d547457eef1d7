import { createClient } from '../../../web/sdk/main.ts';

// Kept by the bundler as an application's own use would be.
Object.assign(globalThis, { createClient });
