/**
 * Which side of a canary release a conversation is on. Nothing is stored: the conversation's bucket never changes, and a
 * side is a range of buckets, so a raised weight only adds buckets to the canary and takes none away.
 *
 *   bucket   0 ────────── weight × 100 ─────────────────── 9,999
 *            │   canary    │            stable             │
 */

/** SHA-256 of a text's UTF-8 bytes: 32 bytes. Given in, because this package has no platform below it. */
export type Hash = (text: string) => Uint8Array;

/** Buckets, a hundred for each per cent. */
export const bucketCount = 10_000;
const bucketsPerCent = bucketCount / 100;
/** Bytes of the hash that count: more would not be exact in a number. */
const bytesUsed = 6;

/**
 * The bucket of a key, from 0 to 9,999. `uid` is that of the rollout: two rollouts divide the same conversations
 * independently of each other. No two pairs of uid and key are read as the same text.
 */
export function bucketOf(uid: string, key: string, hash: Hash): number {
  const digest = hash(JSON.stringify([uid, key]));
  let value = 0;
  for (let index = 0; index < bytesUsed; index++) value = value * 256 + (digest[index] ?? 0);
  return value % bucketCount;
}

/** True when the key belongs to the canary at that weight in per cent. */
export function isCanary(
  { uid, weight }: { readonly uid: string; readonly weight: number },
  key: string,
  hash: Hash,
): boolean {
  return bucketOf(uid, key, hash) < weight * bucketsPerCent;
}
