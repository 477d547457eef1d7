const PAGE_SIZE = 1000;

/**
 * Keys of the newest raw objects under a prefix, oldest first, at most `limit`. The names sort by
 * time (day, then UUIDv7), and R2 lists ascending, so all names are walked and the last kept.
 */
export async function listNewest(
  bucket: R2Bucket,
  prefix: string,
  limit: number,
): Promise<string[]> {
  let keys: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await bucket.list({ prefix, cursor, limit: PAGE_SIZE });
    keys.push(...page.objects.map((object) => object.key));
    if (keys.length > 2 * limit) keys = keys.slice(-limit);
    cursor = page.truncated ? page.cursor : undefined;
  } while (cursor);
  return keys.slice(-limit);
}
