declare module 'virtual:pinned-settings' {
  /** Base64url Ed25519 public keys whose versions this build runs. */
  export const trustedKeys: { publisher: string[]; retraining: string[] };
  /** The key that browsers may know. */
  export const publishableKey: string;
}
