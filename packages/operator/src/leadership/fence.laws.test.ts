/** The laws of the fence, on a server that keeps the rule of the definition: leaders come and go, and their writes are late. */
import { KubeError, type KubeObject } from "@lmos/kube";
import { channelRoutingKind } from "@lmos/resources";
import fc from "fast-check";
import { expect, it } from "vitest";
import { fenceWrites, type WritingClient } from "./fence.ts";

const { signal } = new AbortController();
const key = { namespace: "default", name: "acme" };

interface Stored {
  readonly version: number;
  readonly term: number;
}

/** Holds one routing; refuses a version that is not the newest, and a term below the one it holds. */
class Server {
  stored: Stored | undefined;
  readonly accepted: number[] = [];

  write(object: KubeObject): void {
    const { spec } = channelRoutingKind.parse(object);
    const term = spec.writerTerm ?? 0;
    const { resourceVersion } = object.metadata;
    if (resourceVersion !== undefined && resourceVersion !== String(this.stored?.version)) {
      throw new KubeError("Conflict", "it was changed");
    }
    if (term < (this.stored?.term ?? 0)) throw new KubeError("Invalid", "the term decreases");
    this.stored = { version: (this.stored?.version ?? 0) + 1, term };
    this.accepted.push(term);
  }
}

/** A leader that sees the server as it was when it last looked, and whose writes arrive when the network likes. */
class Leader {
  #seen: Stored | undefined;
  readonly #server: Server;
  readonly #onItsWay: KubeObject[] = [];
  readonly #writes: WritingClient;
  /** Whether it knows that it no longer leads. */
  deposed = false;
  resigned = false;

  constructor(server: Server, term: number) {
    this.#server = server;
    const client: WritingClient = {
      apply: async (type, object) => {
        this.#onItsWay.push(object);
        return type.parse(object);
      },
      delete: async () => "deleted",
    };
    const leadership = { term, lost: signal, isCurrent: () => !this.deposed };
    this.#writes = fenceWrites(client, leadership, () => {
      this.resigned = true;
    });
    this.look();
  }

  look(): void {
    this.#seen = this.#server.stored;
  }

  decide(): void {
    const { version, term } = this.#seen ?? {};
    const metadata = { ...key, ...(version === undefined ? {} : { resourceVersion: String(version) }) };
    const spec = term === undefined ? {} : { writerTerm: term };
    const routing: KubeObject & { readonly spec: object } = {
      apiVersion: "lmos.eclipse/v1",
      kind: "ChannelRouting",
      metadata,
      spec,
    };
    try {
      void this.#writes.apply(channelRoutingKind, routing, { fieldManager: "test", signal });
    } catch {
      // It knows that it is not to write.
    }
  }

  arrive(): void {
    const object = this.#onItsWay.shift();
    try {
      if (object !== undefined) this.#server.write(object);
    } catch {
      // Refused: it would look again.
    }
  }
}

const steps = fc.array(
  fc.record({
    who: fc.nat(3),
    what: fc.constantFrom("look", "decide", "arrive", "learn", "elect"),
  }),
  { maxLength: 80 },
);

/** Plays the steps; gives the server and the leaders in the order of their terms. */
function play(moves: readonly { readonly who: number; readonly what: string }[]) {
  const server = new Server();
  const leaders = [new Leader(server, 1)];
  for (const { who, what } of moves) {
    const leader = leaders[leaders.length - 1 - (who % leaders.length)];
    if (what === "elect") leaders.push(new Leader(server, leaders.length + 1));
    else if (what === "look") leader?.look();
    else if (what === "decide") leader?.decide();
    else if (what === "arrive") leader?.arrive();
    else if (leader !== leaders.at(-1) && leader !== undefined) leader.deposed = true;
  }
  return { server, leaders };
}

it("once a newer leader has written, nothing of an older one is accepted", () => {
  fc.assert(
    fc.property(steps, (moves) => {
      const { accepted } = play(moves).server;
      expect(accepted).toEqual(accepted.toSorted((left, right) => left - right));
    }),
  );
});

it("the newest leader can always write: it looks, decides, and is accepted", () => {
  fc.assert(
    fc.property(steps, (moves) => {
      const { server, leaders } = play([...moves, { who: 0, what: "elect" }]);
      const newest = leaders.at(-1);
      newest?.look();
      newest?.decide();
      newest?.arrive();
      expect(server.accepted.at(-1)).toBe(leaders.length);
      expect(newest?.resigned).toBe(false);
    }),
  );
});
