/** Comments at intervals, so that no proxy takes a thinking agent for a dead connection. */
import { type Alarm, alarmsOf, type Clock, type Ringable } from "@lmos/primitives";
import type { RuntimeLimits } from "../limits.ts";

/** The part of a response that it is written to. */
export interface HeartbeatSink {
  write(text: string): boolean;
  readonly writableNeedDrain: boolean;
}

/** How often it beats. */
export interface HeartbeatOptions {
  readonly clock: Clock;
  readonly limits: Pick<RuntimeLimits, "keepAliveMs">;
}

/** Beats from its construction until it is stopped; not while its reader is behind. */
export class Heartbeat implements Ringable {
  readonly #response: HeartbeatSink;
  readonly #options: HeartbeatOptions;
  #alarm: Alarm;

  constructor(response: HeartbeatSink, options: HeartbeatOptions) {
    this.#response = response;
    this.#options = options;
    this.#alarm = this.#next();
  }

  /** For its alarm. */
  ring(): void {
    if (!this.#response.writableNeedDrain) this.#response.write(": keep-alive\n\n");
    this.#alarm = this.#next();
  }

  stop(): void {
    this.#alarm.cancel();
  }

  #next(): Alarm {
    const { clock, limits } = this.#options;
    return alarmsOf(clock).set(limits.keepAliveMs, this);
  }
}
