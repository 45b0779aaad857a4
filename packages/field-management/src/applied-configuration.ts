import type { JsonObject } from "@lmos/primitives";
import type { MaybeSchema } from "./merge-kind.ts";

/** What a manager hands in, and the object that it is about. */
export interface AppliedConfiguration {
  /** The stored object; undefined when the apply creates it. */
  readonly live: JsonObject | undefined;
  /** What was sent, pruned, not defaulted, without `managedFields`; for a subresource only that part of it. */
  readonly configuration: JsonObject;
  readonly manager: string;
  /** `""` or `status`. */
  readonly subresource: string;
  /** Takes over fields of others instead of reporting conflicts. */
  readonly force: boolean;
  readonly schema: MaybeSchema;
  /** RFC 3339. */
  readonly time: string;
}
