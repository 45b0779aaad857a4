/** What agents remember, for the turn that they are at: each reaches its turn's user and conversation, and no others. */
import type { Clock, JsonValue } from "@lmos/primitives";
import type { StateKeys } from "../identity/state-keys.ts";
import type { MemoryEntry, MemoryPlace, MemoryStore, PlacedMemory } from "../state/memory-store.ts";
import type { Attempt, StateHealth } from "../state/state-health.ts";
import type { Turn } from "../turn/turn.ts";
import { type MemoryScope, type MemoryTerm, maxEntries, ttlSeconds } from "./memory-rules.ts";

/** An agent at a turn. */
export interface Rememberer {
  readonly turn: Turn;
  readonly agent: string;
  /** What it was asked for; undefined where it was asked by its name. */
  readonly capability: string | undefined;
}

/** Where an agent looks. */
export interface MemoryArea {
  readonly term: MemoryTerm;
  readonly scope: MemoryScope;
}

/** What of the memory is used. */
export interface MemoriesOptions {
  readonly store: MemoryStore;
  readonly keys: StateKeys;
  readonly health: StateHealth;
  readonly clock: Clock;
}

/** How it went; `noUser`: there is nobody to remember it for beyond the conversation. */
export type MemoryOutcome<T> = Attempt<T> | { readonly kind: "noUser" };

/** Reads and writes. Never rejects. */
export class Memories {
  readonly #options: MemoriesOptions;

  constructor(options: MemoriesOptions) {
    this.#options = options;
  }

  async read(
    who: Rememberer,
    area: MemoryArea,
    name: string,
  ): Promise<MemoryOutcome<MemoryEntry | undefined>> {
    const { store, health } = this.#options;
    const place = this.#placeOf(who, area, name);
    return place === undefined ? noUser : health.attempt("read", () => store.read(place));
  }

  async list(who: Rememberer, area: MemoryArea): Promise<MemoryOutcome<readonly PlacedMemory[]>> {
    const { store, health } = this.#options;
    const place = this.#placeOf(who, area, "");
    return place === undefined ? noUser : health.attempt("read", () => store.list(place));
  }

  /** The entry that was written, or `full`. */
  async write(
    who: Rememberer,
    area: MemoryArea,
    value: { readonly name: string; readonly value: JsonValue; readonly ttlSeconds: number | undefined },
  ): Promise<MemoryOutcome<MemoryEntry | "full">> {
    const { store, health, clock } = this.#options;
    const place = this.#placeOf(who, area, value.name);
    if (place === undefined) return noUser;
    const { usual, most } = ttlSeconds[area.term];
    const expiresAt = clock.now() + Math.min(most, value.ttlSeconds ?? usual) * 1000;
    const entry = { value: value.value, written: this.#provenanceOf(who), expiresAt };
    return health.attempt("write", async () =>
      (await store.write(place, entry, { maxEntries })) === "full" ? "full" : entry,
    );
  }

  /** False when there was nothing. */
  async remove(who: Rememberer, area: MemoryArea, name: string): Promise<MemoryOutcome<boolean>> {
    const { store, health } = this.#options;
    const place = this.#placeOf(who, area, name);
    if (place === undefined) return noUser;
    return health.attempt("write", () => store.remove(place, this.#provenanceOf(who)));
  }

  #placeOf(who: Rememberer, { term, scope }: MemoryArea, name: string): MemoryPlace | undefined {
    const { keys } = this.#options;
    const visibility = visibilityOf(who, scope);
    if (term === "long") {
      const user = keys.user(who.turn);
      return user === undefined ? undefined : { user, conversation: undefined, visibility, name };
    }
    const conversation = keys.conversation(who.turn);
    return { user: keys.keeper(who.turn), conversation, visibility, name };
  }

  #provenanceOf({ agent, capability, turn }: Rememberer): MemoryEntry["written"] {
    const known = { agent, turnId: turn.turnId, at: this.#options.clock.now() };
    return capability === undefined ? known : { ...known, capability };
  }
}

const noUser = { kind: "noUser" } as const;

function visibilityOf({ agent, turn }: Rememberer, scope: MemoryScope): string {
  switch (scope) {
    case "agent":
      return `agent/${agent}`;
    case "channel":
      return `channel/${turn.channel}`;
    case "tenant":
      return "tenant";
    default:
      return scope satisfies never;
  }
}
