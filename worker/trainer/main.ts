import { RetrainWorkflow } from './retrain-workflow.ts';

export { RetrainWorkflow };

/** Nobody calls this Worker over HTTP: it is started through its Workflow binding. */
export default {
  fetch: () => new Response(null, { status: 404 }),
} satisfies ExportedHandler;
