/**
 * Many waits with one timer. Thousands of streams each have a deadline and a heartbeat: as sleeps of their own they would
 * take some two kilobytes a stream in timers, promises and listeners, here they take an entry in a slot.
 */
import type { Clock } from "./clock.ts";
import { nextTurn } from "./next-turn.ts";

/** Milliseconds of a slot: an alarm rings that much late at most where the loop is free, and never early. */
export const alarmSlotMs = 50;

/** So many ring before others get their turn. */
const ringsAtOnce = 10;

/** One wait; once it is cancelled it does not ring. */
export interface Alarm {
  cancel(): void;
}

/** Who is told. An object and no function: thousands of functions, each with what it knows, would be what alarms save. */
export interface Ringable {
  /** Its time has come. Must not throw. */
  ring(): void;
}

class SetAlarm implements Alarm {
  readonly sleeper: Ringable;
  readonly slot: number;
  readonly #alarms: Alarms;

  constructor(sleeper: Ringable, slot: number, alarms: Alarms) {
    this.sleeper = sleeper;
    this.slot = slot;
    this.#alarms = alarms;
  }

  cancel(): void {
    this.#alarms.forget(this);
  }
}

/** Why the timer is stopped; made once, it is never shown. */
const nothingToWaitFor = new Error("no alarm is set");

/** The alarms of a clock; they hold a timer while one of them is set. */
export class Alarms {
  readonly #clock: Clock;
  readonly #slots = new Map<number, Set<SetAlarm>>();
  #ticking: AbortController | undefined;
  #nextSlot = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Rings at `sleeper` once, after `ms` milliseconds. */
  set(ms: number, sleeper: Ringable): Alarm {
    const slot = Math.ceil((this.#clock.monotonic() + ms) / alarmSlotMs);
    this.#start();
    const alarm = new SetAlarm(sleeper, Math.max(slot, this.#nextSlot), this);
    const alarms = this.#slots.get(alarm.slot);
    if (alarms === undefined) this.#slots.set(alarm.slot, new Set([alarm]));
    else alarms.add(alarm);
    return alarm;
  }

  /** For the alarms themselves: one of them is cancelled. */
  forget(alarm: SetAlarm): void {
    const alarms = this.#slots.get(alarm.slot);
    if (alarms?.delete(alarm) !== true || alarms.size > 0) return;
    this.#slots.delete(alarm.slot);
    this.#stopWhenEmpty();
  }

  #start(): void {
    if (this.#ticking !== undefined) return;
    this.#ticking = new AbortController();
    this.#nextSlot = Math.floor(this.#clock.monotonic() / alarmSlotMs) + 1;
    this.#tick(this.#ticking.signal).catch(() => undefined); // only its own signal ends it
  }

  async #tick(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const waitMs = this.#nextSlot * alarmSlotMs - this.#clock.monotonic();
      await this.#clock.sleep(Math.max(0, waitMs), { signal });
      const now = this.#clock.monotonic() / alarmSlotMs;
      while (this.#nextSlot <= now) await this.#ringAll(this.#nextSlot++);
      this.#stopWhenEmpty();
    }
  }

  /** What rings may have much to do, and a thousand may be due at once: others get their turn between them. */
  async #ringAll(slot: number): Promise<void> {
    let rung = 0;
    for (const alarm of this.#slots.get(slot) ?? []) {
      if (rung > 0 && rung % ringsAtOnce === 0) await nextTurn();
      alarm.sleeper.ring();
      rung += 1;
    }
    this.#slots.delete(slot);
  }

  #stopWhenEmpty(): void {
    if (this.#slots.size > 0) return;
    this.#ticking?.abort(nothingToWaitFor);
    this.#ticking = undefined;
  }
}

const known = new WeakMap<Clock, Alarms>();

/** The alarms of that clock, the same ones for all who ask: that is what saves the timers. */
export function alarmsOf(clock: Clock): Alarms {
  const alarms = known.get(clock) ?? new Alarms(clock);
  known.set(clock, alarms);
  return alarms;
}
