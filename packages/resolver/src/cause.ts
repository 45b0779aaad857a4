/** Why a requirement is unmet, as data; `explain.ts` turns it into words. */

interface OfProvider {
  readonly capability: string;
  readonly provider: string;
}

/**
 * Why a requirement is unmet, or why one candidate was not taken. `capability` is the name that was asked for,
 * `provider` the agent concerned, `offered` what it has and `wanted` what the channel is. Causes form a tree: an agent
 * that cannot be used for want of another carries the cause of that (`because`).
 */
export type Cause =
  | { readonly kind: "NoProvider"; readonly capability: string }
  | { readonly kind: "InvalidRange"; readonly capability: string; readonly range: string }
  | { readonly kind: "InvalidFilter"; readonly capability: string; readonly filter: string }
  /** Too many combinations were tried for capabilities that must come from the same agent. */
  | { readonly kind: "SearchBudgetExceeded"; readonly capability: string; readonly tried: number }
  | (OfProvider & { readonly kind: "SubsetMismatch"; readonly offered: string; readonly wanted: string })
  | (OfProvider & {
      readonly kind: "TenantMismatch" | "ChannelMismatch";
      readonly offered: readonly string[];
      readonly wanted: string;
    })
  | (OfProvider & { readonly kind: "InvalidVersion"; readonly version: string })
  | (OfProvider & { readonly kind: "VersionMismatch"; readonly version: string; readonly range: string })
  /** `unmentioned` is a mandatory attribute that the filter does not name; without it the filter is not true. */
  | (OfProvider & {
      readonly kind: "FilterMismatch";
      readonly version: string;
      readonly filter: string;
      readonly unmentioned?: string;
    })
  /** Nobody granted the agent to provide it to the tenant in that version. */
  | (OfProvider & { readonly kind: "NotGranted"; readonly version: string; readonly tenant: string })
  /** The tenant has as many agents as it may without this one. */
  | (OfProvider & { readonly kind: "AgentQuotaExceeded"; readonly tenant: string })
  | Refusal
  /** The agent needs a capability that nothing provides to it. */
  | (OfProvider & {
      readonly kind: "ProviderUnresolved";
      readonly requires: string;
      readonly because: Cause;
    })
  /** Agents that need each other: each name needs the next, and the last is one of those before it. */
  | (OfProvider & { readonly kind: "Cycle"; readonly path: readonly string[] })
  /** It fits, and was passed over for one that is ready. */
  | (OfProvider & { readonly kind: "ProviderNotReady" })
  /** `capability` and `other` must come from one agent, but `other` comes from `otherProvider`. */
  | (OfProvider & {
      readonly kind: "UsesConflict";
      readonly other: string;
      readonly otherProvider: string;
    });

/** Why a channel gets no wire, whatever is provided. */
export type Refusal =
  /** Nobody said that this is the tenant's: there is no such tenant, or it has other namespaces or channels. */
  | {
      readonly kind: "TenantNotTrusted";
      readonly tenant: string;
      readonly namespace: string;
      readonly channel: string;
      readonly fault: "tenant" | "namespace" | "channel";
    }
  /** The tenant has as many channels as it may without this one. */
  | { readonly kind: "ChannelQuotaExceeded"; readonly tenant: string; readonly quota: number };

/** How near a candidate with that cause came: how many of the filters it passed. */
export const nearness = {
  InvalidRange: 0,
  InvalidFilter: 0,
  NoProvider: 0,
  SearchBudgetExceeded: 0,
  TenantNotTrusted: 0,
  ChannelQuotaExceeded: 0,
  SubsetMismatch: 1,
  TenantMismatch: 2,
  ChannelMismatch: 3,
  InvalidVersion: 4,
  VersionMismatch: 5,
  FilterMismatch: 6,
  NotGranted: 7,
  AgentQuotaExceeded: 8,
  ProviderUnresolved: 9,
  Cycle: 10,
  UsesConflict: 11,
  ProviderNotReady: 12,
} as const satisfies Record<Cause["kind"], number>;
