import { toHex } from '../../shared/core/base64url.ts';

/** Lower-case hexadecimal. */
export const sha256Hex = async (bytes: ArrayBuffer | Uint8Array<ArrayBuffer>): Promise<string> =>
  toHex(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)));
