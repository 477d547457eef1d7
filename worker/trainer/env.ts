import type { Platform } from '../env.ts';

export type TrainerEnv = Platform & {
  /** JSON of an Ed25519 pair: {"keyId","publicKey","privateKey"}, the private half PKCS #8 in base64url. */
  RETRAINING_KEY: string;
};
