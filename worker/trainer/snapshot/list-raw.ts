const PAGE_SIZE = 1000;

/** A raw object and when it arrived, Unix ms. */
export type RawObject = { key: string; arrivedMs: number };

/**
 * The newest raw objects under a prefix, by name, at most `limit`. The names sort by time (day, then
 * UUIDv7), and R2 lists ascending, so all names are walked and the last kept.
 */
export async function listNewest(
  bucket: Pick<R2Bucket, 'list'>,
  prefix: string,
  limit: number,
): Promise<RawObject[]> {
  let found: RawObject[] = [];
  let cursor: string | undefined;
  do {
    const page = await bucket.list({ prefix, cursor, limit: PAGE_SIZE });
    for (const { key, uploaded } of page.objects)
      found.push({ key, arrivedMs: uploaded.getTime() });
    if (found.length > 2 * limit) found = found.slice(-limit);
    cursor = page.truncated ? page.cursor : undefined;
  } while (cursor);
  return found.slice(-limit);
}

/** Keys of raw objects in the order in which they arrived: what came first counts. */
export const inOrderOfArrival = (objects: readonly RawObject[]): string[] =>
  objects
    .toSorted((a, b) => a.arrivedMs - b.arrivedMs || (a.key < b.key ? -1 : 1))
    .map(({ key }) => key);
