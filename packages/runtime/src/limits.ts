/** Bounds of the runtime. Everything that waits or grows is in here. */
export interface RuntimeLimits {
  /** Turns that run at once; the limit that holds may be lower under load. */
  readonly maxConcurrentTurns: number;
  /** Turns that may run at once whatever the load is. */
  readonly minConcurrentTurns: number;
  /** Turns that wait for a place; one more makes the tenant with the most of them lose its oldest. */
  readonly queuedTurns: number;
  /** Milliseconds for which a turn waits for a place before it is refused with 503: who is refused should know at once. */
  readonly queueMs: number;
  /** Turns that a tenant may begin a second; more are refused with 429. Infinite unless it is set. */
  readonly tenantTurnsPerSecond: number;
  /** Turns that a user may begin a second; more are refused with 429. Infinite unless it is set or users prove who they are, see {@link provenUserQuotas}. */
  readonly userTurnsPerSecond: number;
  /** Characters of messages that a tenant may send a second. Infinite unless it is set. */
  readonly tenantCharactersPerSecond: number;
  /** Characters of messages that a user may send a second; more are refused with 429. Infinite unless it is set. */
  readonly userCharactersPerSecond: number;
  /** Turns of a tenant, streams included, that may run at once. Infinite unless it is set or users prove who they are. */
  readonly tenantTurns: number;
  /** Turns of a user that may run at once. Infinite unless it is set or users prove who they are. */
  readonly userTurns: number;
  /** Connections that one address may have at once. Infinite unless it is set: a proxy in front is one address. */
  readonly connectionsPerAddress: number;
  /** Milliseconds until an agent's socket must be open. */
  readonly connectMs: number;
  /** Milliseconds until an agent's first result. */
  readonly firstResultMs: number;
  /** Milliseconds between an agent's results. */
  readonly betweenResultsMs: number;
  /** Milliseconds until an agent's answer is complete. */
  readonly totalMs: number;
  /** Milliseconds of silence after which an agent's socket is probed by a ping. */
  readonly pingAfterMs: number;
  /** Milliseconds in which the ping must be answered. */
  readonly pongWithinMs: number;
  /** Milliseconds after which an agent's socket that no turn uses is closed. */
  readonly idleSocketMs: number;
  /** Milliseconds after which an agent's socket takes no more turns. */
  readonly socketAgeMs: number;
  /** Milliseconds of idleness after which a socket is asked for a sign of life before it gets a turn. */
  readonly confirmAfterMs: number;
  /** Milliseconds in which that sign has to come. */
  readonly confirmWithinMs: number;
  /** Sockets that wait for turns, for each endpoint and subset. */
  readonly idleSockets: number;
  /** Turns on one socket at once, where the agent takes several. */
  readonly socketTurns: number;
  /** Sockets in use, for each endpoint and subset, from which on turns share them. */
  readonly unsharedSockets: number;
  /** Bytes of an agent's results that wait for a slow reader before its socket is no longer read. */
  readonly unreadBytes: number;
  /** Bytes of events that a resumable turn keeps for a client that comes back. */
  readonly bufferedBytes: number;
  /** Milliseconds between the comments that keep an event stream open. */
  readonly keepAliveMs: number;
  /** Milliseconds for which the reader of an event stream may take nothing. */
  readonly stalledReaderMs: number;
  /** Milliseconds for which a resumable turn waits for its client to come back. */
  readonly resumeMs: number;
  /** Milliseconds that running turns get when the runtime stops. */
  readonly drainMs: number;
  /**
   * Milliseconds for which a runtime that stops goes on answering new requests, with "come back" where they are turns, so
   * that balancers have time to notice; it does so in any case as long as turns run.
   */
  readonly lameDuckMs: number;
  /** Milliseconds that a language model has for a message; then vectors decide. */
  readonly modelMs: number;
  /** Calls of the language model within any minute, for all tenants; what is more is decided by vectors. */
  readonly modelCallsPerMinute: number;
  /** Of them, those of one tenant: what one asks too much is decided by vectors for it alone. Infinite unless it is set or users prove who they are. */
  readonly tenantModelCallsPerMinute: number;
  /** Tokens of the language model, read and written, that a tenant may use within any minute; what is more is decided by vectors. Infinite unless it is set or users prove who they are. */
  readonly tenantModelTokensPerMinute: number;
  /** Milliseconds that a service of vectors has for a message; then the user gets a question. */
  readonly embeddingMs: number;
  /** Conversations that are remembered. */
  readonly conversations: number;
  /** Examples of the channels whose index is kept, some 6 KB each; of a channel not used for long it is built again. */
  readonly indexedExamples: number;
}

/**
 * Quotas that hold beside {@link defaultLimits} where users prove who they are. Where they don't, anyone may be anyone,
 * and a quota of a name would only let one user use up another's.
 */
export const provenUserQuotas: Partial<RuntimeLimits> = {
  userTurnsPerSecond: 50,
  userTurns: 100,
  tenantTurns: 800,
  tenantModelCallsPerMinute: 60,
  tenantModelTokensPerMinute: 100_000,
};

/** The bounds that hold unless others are given. */
export const defaultLimits: RuntimeLimits = {
  maxConcurrentTurns: 1000,
  minConcurrentTurns: 64,
  queuedTurns: 256,
  queueMs: 12,
  tenantTurnsPerSecond: Number.POSITIVE_INFINITY,
  userTurnsPerSecond: Number.POSITIVE_INFINITY,
  tenantCharactersPerSecond: Number.POSITIVE_INFINITY,
  userCharactersPerSecond: Number.POSITIVE_INFINITY,
  tenantTurns: Number.POSITIVE_INFINITY,
  userTurns: Number.POSITIVE_INFINITY,
  connectionsPerAddress: Number.POSITIVE_INFINITY,
  connectMs: 3000,
  firstResultMs: 30_000,
  betweenResultsMs: 15_000,
  totalMs: 120_000,
  pingAfterMs: 10_000,
  pongWithinMs: 5000,
  idleSocketMs: 60_000,
  socketAgeMs: 300_000,
  confirmAfterMs: 1000,
  confirmWithinMs: 500,
  idleSockets: 256,
  socketTurns: 16,
  unsharedSockets: 32,
  unreadBytes: 8 * 1024,
  bufferedBytes: 64 * 1024,
  keepAliveMs: 10_000,
  stalledReaderMs: 30_000,
  resumeMs: 30_000,
  drainMs: 25_000,
  lameDuckMs: 0,
  modelMs: 1400,
  modelCallsPerMinute: 120,
  tenantModelCallsPerMinute: Number.POSITIVE_INFINITY,
  tenantModelTokensPerMinute: Number.POSITIVE_INFINITY,
  embeddingMs: 1400,
  conversations: 10_000,
  indexedExamples: 20_000,
};
