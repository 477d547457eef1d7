const EXPLORER = '/cdn-cgi/local/explorer/api/workflows';

type Listing<T> = { result: T[] };

/**
 * Wakes Workflow instances that a stopped dev server left asleep: locally a sleep does not outlive
 * the server, its instance stays `running` for ever. Pausing and resuming it keeps finished steps.
 * @returns the ids of those woken
 */
export async function wakeWorkflows(url: string): Promise<string[]> {
  const woken: string[] = [];
  for (const { name } of await list<{ name: string }>(`${url}${EXPLORER}`)) {
    const instances = `${url}${EXPLORER}/${name}/instances`;
    for (const status of UNFINISHED) {
      for (const { id } of await list<{ id: string }>(
        `${instances}?per_page=100&status=${status}`,
      )) {
        if (status !== 'paused') await setStatus(`${instances}/${id}/status`, 'pause');
        await setStatus(`${instances}/${id}/status`, 'resume');
        woken.push(id);
      }
    }
  }
  return woken;
}

/** Paused ones first: they are those that a start before this one was killed while waking. */
const UNFINISHED = ['paused', 'waitingForPause', 'queued', 'running', 'waiting'] as const;

async function list<T>(url: string): Promise<T[]> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  return ((await response.json()) as Listing<T>).result;
}

async function setStatus(url: string, status: 'pause' | 'resume'): Promise<void> {
  const response = await fetch(url, {
    method: 'PATCH',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ status }),
  });
  if (!response.ok) throw new Error(`${url} answered ${response.status}: ${await response.text()}`);
}
