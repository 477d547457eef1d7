export const COMPRESS_METHODS = ['merge', 'prune', 'float16', 'int8'] as const;
export type CompressMethod = (typeof COMPRESS_METHODS)[number];

export type CompressFlags = {
  data: string;
  methods: readonly CompressMethod[];
  mostLoss: number;
  out: string;
  json: boolean;
};
