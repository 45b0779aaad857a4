/** Notices sockets whose other side is gone without a word: a ping now and then, and somebody has to answer. */
import type { Clock } from "@lmos/primitives";

import type { RuntimeLimits } from "../limits.ts";

/** The part of a WebSocket that is watched. */
export interface WatchedSocket {
  on(event: "message" | "ping" | "pong", listener: () => void): unknown;
  ping(): void;
}

/** How a socket is watched. */
export interface WatchOptions {
  readonly clock: Clock;
  readonly limits: Pick<RuntimeLimits, "pingAfterMs" | "pongWithinMs">;
  /** Ends the watch. */
  readonly signal: AbortSignal;
  /** A paused socket reads nothing, not even pongs. */
  readonly isPaused: () => boolean;
  /** Asked after each wait; an expired socket is watched no longer. */
  readonly isExpired: () => boolean;
  readonly onExpired: () => void;
  readonly onUnresponsive: () => void;
}

/** Watches an open socket; anything that it receives counts as a sign of life. */
export function watchSocket(socket: WatchedSocket, options: WatchOptions): void {
  let alive = true;
  const onAlive = (): void => {
    alive = true;
  };
  socket.on("message", onAlive);
  socket.on("ping", onAlive);
  socket.on("pong", onAlive);
  const probe = async (): Promise<void> => {
    const { clock, limits, signal } = options;
    for (;;) {
      alive = false;
      await clock.sleep(limits.pingAfterMs, { signal });
      if (options.isExpired()) return options.onExpired();
      if (alive || options.isPaused()) continue;
      socket.ping();
      await clock.sleep(limits.pongWithinMs, { signal });
      if (!alive && !options.isPaused()) return options.onUnresponsive();
    }
  };
  probe().catch(() => undefined); // only the signal ends it
}
