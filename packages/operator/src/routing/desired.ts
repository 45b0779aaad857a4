/** What a ChannelRouting is to be, as data: the Channel's controller decides it, and this folder brings it about. */
import type { CapabilityGroup, Channel, ChannelRouting } from "@lmos/resources";

/** What is to become of the routing of one Channel. */
export type DesiredRouting =
  /** It stays as it is, whatever that is. */
  | { readonly kind: "unchanged" }
  /** It is to hold exactly these groups, under that number. */
  | { readonly kind: "holding"; readonly revision: number; readonly groups: CapabilityGroup[] }
  /** There is to be none: the Channel wants none now (`policy`), or nobody granted anything of it (`grants`). */
  | { readonly kind: "absent"; readonly because: "policy" | "grants" };

/** Whose routing it is, and what there is of it. */
export interface RoutingSubject {
  readonly channel: Channel;
  /** As it was seen last; undefined where there is none. */
  readonly routing: ChannelRouting | undefined;
  /** Milliseconds since the Unix epoch. */
  readonly nowMs: number;
}
