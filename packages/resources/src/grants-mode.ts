/** How much Tenants and CapabilityGrants count. */

/**
 * `off`: as if there were none, as with the Kotlin operator. `audit`: what is not granted is wired and reported.
 * `enforce`: what is not granted is not wired.
 */
export type GrantsMode = "off" | "audit" | "enforce";

/** All modes, the most lenient first. */
export const grantsModes = ["off", "audit", "enforce"] as const satisfies readonly GrantsMode[];
