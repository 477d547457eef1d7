/** problem+json (RFC 9457). `detail` says what happened and what to do. */
export type Problem = {
  type: string;
  title: string;
  status: number;
  detail: string;
  /** Field errors: where in the body, what was expected. */
  errors?: { path: string; message: string }[];
};

export const problemType = (slug: string): string => `https://edgewise.dev/problems/${slug}`;
