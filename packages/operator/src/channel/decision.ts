/** What can be decided about a Channel. */
import type { Refusal, UnmetRequirement, Wire } from "@lmos/resolver";
import type { ChannelRevision } from "@lmos/resources";
import type { RevisionWire } from "../routing/wires.ts";

/** What was found for a Channel: its wires, and the requirements without any. `unmet` is empty when it is resolved. */
export interface Findings {
  readonly wires: readonly Wire[];
  readonly unmet: readonly UnmetRequirement[];
  /** Optional requirements that nothing provides. */
  readonly skipped: readonly UnmetRequirement[];
}

/** What is to become of a Channel's routing. */
export type ChannelDecision =
  /** The routing is to be exactly these wires: all is provided, or the Channel is content with a part. */
  | ({ readonly kind: "activate"; readonly revision: number } & Findings)
  /** Something is not provided: the routing stays as it is, or is put back to what it was (`restore`). */
  | ({ readonly kind: "keep"; readonly restore: ChannelRevision | undefined } & Findings)
  /** Something is not provided, and the Channel wants no routing then. */
  | ({ readonly kind: "remove" } & Findings)
  /** The routing is held at a revision, or left alone where there is no such revision. */
  | ({
      readonly kind: "pin";
      readonly wanted: number;
      readonly revision: ChannelRevision | undefined;
    } & Findings)
  /** It would be led by its own routing, but an older Channel has the same identity. */
  | ({ readonly kind: "yield"; readonly to: string } & Findings)
  /** The Channel's labels do not say whose it is. */
  | { readonly kind: "mislabelled"; readonly missing: readonly string[]; readonly required: number }
  /** The Channel may have no wire at all, and no routing. */
  | ({ readonly kind: "refuse"; readonly refusal: Refusal } & Findings)
  /** What was decided leaves wires in force that nobody granted (any more): the routing is to have the others. */
  | ({
      readonly kind: "withhold";
      readonly held: HeldDecision;
      readonly revision: number;
      readonly remaining: readonly RevisionWire[];
      readonly withheld: readonly RevisionWire[];
    } & Findings);

/** A decision that leaves wires in force which were made before. */
export type HeldDecision = Extract<ChannelDecision, { kind: "keep" | "pin" | "yield" | "mislabelled" }>;
