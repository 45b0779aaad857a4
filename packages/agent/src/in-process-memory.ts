// What agents remember, kept in this process: for tests of agents, and for agents that are asked without a runtime.
import type { JsonValue } from "@lmos/primitives";
import type { AgentMemory, MemoryPlace, Remembered } from "./memory.ts";

/** Who remembers, and of whom. */
export interface MemoryOwner {
  readonly agent: string;
  readonly conversationId: string;
  readonly userId: string | undefined;
  readonly turnId: string;
}

/** Values that several turns share, as in one channel of one tenant. */
export interface InProcessMemory {
  /** What an agent sees of it in a turn. */
  memoryOf(owner: MemoryOwner): AgentMemory;
}

/** A memory without anything in it. Nothing in it expires; a user without a name has no `long` memory, as at the runtime. */
export function createInProcessMemory(): InProcessMemory {
  const places = new Map<string, Map<string, Remembered>>();
  return {
    memoryOf: (owner) => {
      const placeOf = (place?: MemoryPlace): Map<string, Remembered> | undefined => {
        const name = nameOf(owner, place);
        if (name === undefined) return undefined;
        const found = places.get(name) ?? new Map<string, Remembered>();
        places.set(name, found);
        return found;
      };
      return {
        get: async (key, place) => placeOf(place)?.get(key),
        set: async (key, value, place) =>
          placeOf(place)?.set(key, rememberedOf(owner, key, value)) !== undefined,
        delete: async (key, place) => placeOf(place)?.delete(key) ?? false,
        list: async (place) => [...(placeOf(place)?.values() ?? [])].sort((a, b) => (a.key < b.key ? -1 : 1)),
      };
    },
  };
}

/** Undefined where nothing can be kept. */
function nameOf(
  { agent, conversationId, userId }: MemoryOwner,
  { term = "short", scope = "channel" }: MemoryPlace = {},
): string | undefined {
  const subject = term === "short" ? conversationId : userId;
  if (subject === undefined || (term === "long" && nobody.has(subject))) return undefined;
  return JSON.stringify([term, scope, subject, scope === "agent" ? agent : ""]);
}

const nobody: ReadonlySet<string> = new Set(["", "anonymous"]);

/** Through JSON, as a value goes over the wire: what does not survive that is not remembered at the runtime either. */
function rememberedOf({ agent, turnId }: MemoryOwner, key: string, value: JsonValue): Remembered {
  const copy: JsonValue = JSON.parse(JSON.stringify(value));
  return { key, value: copy, writtenBy: { agent, turnId, at: never }, expiresAt: always };
}

const never = "1970-01-01T00:00:00.000Z";
const always = "9999-12-31T23:59:59.000Z";
