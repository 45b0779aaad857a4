/** Why a requirement is unmet, as data; `explain.ts` turns it into words. */

/**
 * Why a requirement is unmet, or why one candidate was not taken. `capability` is the name that was asked for,
 * `provider` the agent concerned, `offered` what it has and `wanted` what the channel is.
 */
export type Cause =
  | { readonly kind: "NoProvider"; readonly capability: string }
  | { readonly kind: "InvalidRange"; readonly capability: string; readonly range: string }
  | {
      readonly kind: "SubsetMismatch";
      readonly capability: string;
      readonly provider: string;
      readonly offered: string;
      readonly wanted: string;
    }
  | {
      readonly kind: "TenantMismatch" | "ChannelMismatch";
      readonly capability: string;
      readonly provider: string;
      readonly offered: readonly string[];
      readonly wanted: string;
    }
  | {
      readonly kind: "InvalidVersion";
      readonly capability: string;
      readonly provider: string;
      readonly version: string;
    }
  | {
      readonly kind: "VersionMismatch";
      readonly capability: string;
      readonly provider: string;
      readonly version: string;
      readonly range: string;
    };

/** How near a candidate with that cause came: how many of the filters it passed. */
export const nearness = {
  InvalidRange: 0,
  NoProvider: 0,
  SubsetMismatch: 1,
  TenantMismatch: 2,
  ChannelMismatch: 3,
  InvalidVersion: 4,
  VersionMismatch: 5,
} as const satisfies Record<Cause["kind"], number>;
