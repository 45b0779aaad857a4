/** How often one object may change before it is set aside (quarantined), so that it takes nothing from the others. */
import { type BreakerPolicy, defaultBreakerPolicy } from "@lmos/kube";

/**
 * An Agent may be edited once a second for as long as somebody likes. Each edit names a Channel up to four times: the Agent,
 * its status, the ChannelRouting and the Channel's own status change. So five times a second are usual here; two controllers
 * that undo each other's work do that several times as often.
 */
export const breakerPolicy: BreakerPolicy = { ...defaultBreakerPolicy, burst: 100, refillMs: 200 };
