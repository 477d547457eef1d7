/** Bounds that both ends keep: the server refuses beyond them, the client never sends beyond them. */
export const LIMITS = {
  batchCompressedBytes: 1024 * 1024,
  batchDecompressedBytes: 8 * 1024 * 1024,
  batchEvents: 1000,
  /** Each version that a batch names may cost a look into the registry. */
  batchVersions: 64,
  jsonBodyBytes: 1024 * 1024,
  jsonDepth: 8,
  artifactBytes: 64 * 1024 * 1024,
  keepaliveBytes: 60 * 1024,
  outcomesPerRequest: 1000,
  modelsPerWorkspace: 200,
} as const;
