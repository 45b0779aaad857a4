/** The ids under which Eclipse LMOS keeps examples in Qdrant, so that both find and replace the same points. */
import { createHash } from "node:crypto";

/** What a point stands for. */
export interface PointIdentity {
  readonly agentId: string;
  readonly capabilityId: string;
  readonly example: string;
}

/** A UUID of version 3 without a namespace (Java's `UUID.nameUUIDFromBytes`) over `agent::capability::hash of the example`. */
export function pointIdOf({ agentId, capabilityId, example }: PointIdentity): string {
  const digest = createHash("md5")
    .update(`${agentId}::${capabilityId}::${javaHashOf(example)}`)
    .digest();
  digest.writeUInt8((digest.readUInt8(6) & 0x0f) | 0x30, 6); // version 3
  digest.writeUInt8((digest.readUInt8(8) & 0x3f) | 0x80, 8); // the usual variant
  const hex = digest.toString("hex");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

/** Java's `String.hashCode`: over UTF-16 units, wrapping at 32 bits, signed. */
function javaHashOf(text: string): number {
  let hash = 0;
  for (let i = 0; i < text.length; i++) hash = (Math.imul(31, hash) + text.charCodeAt(i)) | 0;
  return hash;
}
