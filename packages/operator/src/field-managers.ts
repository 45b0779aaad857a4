/**
 * Under which names the controllers write. One name per concern: server-side apply removes what a manager no longer
 * names, so two concerns that write different fields of one status must not share a manager.
 */

/** Of the objects that are generated whole: Agents of Deployments, and ChannelRoutings. */
export const objectManager = "lmos-control-plane";
/** Of an Agent's condition Discovered. */
export const discoveryManager = "lmos-control-plane-discovery";
/** Of the rest of an Agent's status. */
export const agentStatusManager = "lmos-control-plane-agent";
/** Of a ChannelRouting's status. */
export const routingStatusManager = "lmos-control-plane-routing";
/** Of a Channel's status. */
export const channelStatusManager = "lmos-control-plane-channel";
