/** What a leader may write, and when it may no longer (row O7). */
import type { CallOptions, KubeObject } from "@lmos/kube";
import { agentKind, channelRoutingKind } from "@lmos/resources";
import { describe, expect, it } from "vitest";
import { OperatorError } from "../errors.ts";
import { type FencedLeadership, fenceWrites, type WritingClient } from "./fence.ts";

const { signal } = new AbortController();
const key = { namespace: "default", name: "acme" };

/** Keeps what was sent, and the signal of the latest call. */
class RecordingClient {
  readonly sent: KubeObject[] = [];
  readonly deleted: string[] = [];
  signal: AbortSignal | undefined;

  get writes(): WritingClient {
    return {
      apply: async (type, object, options: CallOptions) => {
        this.sent.push(object);
        this.signal = options.signal;
        return type.parse(object);
      },
      delete: async (_type, { name }, options) => {
        this.deleted.push(name);
        this.signal = options.signal;
        return "deleted";
      },
    };
  }
}

class Term implements FencedLeadership {
  readonly term = 4;
  current = true;
  readonly #lost = new AbortController();

  get lost(): AbortSignal {
    return this.#lost.signal;
  }

  isCurrent = (): boolean => this.current;

  lose(): void {
    this.current = false;
    this.#lost.abort(new Error("lost"));
  }
}

function routing(writerTerm?: number): KubeObject & { readonly spec: object } {
  return {
    apiVersion: "lmos.eclipse/v1",
    kind: "ChannelRouting",
    metadata: key,
    spec: { capabilityGroups: [], ...(writerTerm === undefined ? {} : { writerTerm }) },
  };
}

function fence() {
  const client = new RecordingClient();
  const leadership = new Term();
  const superseded: OperatorError[] = [];
  const fenced = fenceWrites(client.writes, leadership, (error) => superseded.push(error));
  return { client, leadership, superseded, fenced };
}

const options = { fieldManager: "test", signal };

describe("a routing is written with the term of its writer", () => {
  it.each([
    { name: "one that carries none", found: undefined },
    { name: "one of an earlier term", found: 3 },
    { name: "one of this term", found: 4 },
  ])("$name", async ({ found }) => {
    const { client, fenced, superseded } = fence();
    await fenced.apply(channelRoutingKind, routing(found), options);
    expect(client.sent).toEqual([routing(4)]);
    expect(superseded).toEqual([]);
  });

  it("and what else it says is sent as it is", async () => {
    const { client, fenced } = fence();
    const object = { ...routing(2), metadata: { ...key, resourceVersion: "17", labels: { tenant: "acme" } } };
    await fenced.apply(channelRoutingKind, object, options);
    expect(client.sent[0]?.metadata).toEqual(object.metadata);
  });

  it("and one without a spec gets one", async () => {
    const { client, fenced } = fence();
    const bare = { apiVersion: "lmos.eclipse/v1", kind: "ChannelRouting", metadata: key };
    await fenced.apply(channelRoutingKind, bare, options);
    expect(client.sent).toEqual([{ ...bare, spec: { writerTerm: 4 } }]);
  });
});

it("other kinds carry no term", async () => {
  const { client, fenced } = fence();
  const agent = { apiVersion: "lmos.eclipse/v1", kind: "Agent", metadata: key, spec: {} };
  await fenced.apply(agentKind, agent, options);
  expect(client.sent).toEqual([agent]);
});

it("a routing of a later term is not written, and the leadership is given up", () => {
  const { client, fenced, superseded } = fence();
  const write = () => fenced.apply(channelRoutingKind, routing(5), options);
  expect(write).toThrow(OperatorError);
  expect(client.sent).toEqual([]);
  expect(superseded).toMatchObject([{ code: "LeadershipLost", details: { found: 5, term: 4 } }]);
});

describe("who no longer leads", () => {
  it("writes nothing, also before any timer has noticed", () => {
    const { client, leadership, fenced } = fence();
    leadership.current = false;
    expect(() => fenced.apply(channelRoutingKind, routing(), options)).toThrow(/term 4 has ended/);
    expect(() => fenced.delete(channelRoutingKind, key, { signal })).toThrow(/term 4 has ended/);
    expect([client.sent, client.deleted]).toEqual([[], []]);
  });

  it.each([
    { name: "apply", write: (client: WritingClient) => client.apply(channelRoutingKind, routing(), options) },
    {
      name: "apply to another kind",
      write: (client: WritingClient) => client.apply(agentKind, agent(), options),
    },
    { name: "delete", write: (client: WritingClient) => client.delete(channelRoutingKind, key, { signal }) },
  ])("has its $name in flight cut", async ({ write }) => {
    const { client, leadership, fenced } = fence();
    await write(fenced);
    expect(client.signal?.aborted).toBe(false);
    leadership.lose();
    expect(client.signal?.aborted).toBe(true);
  });
});

function agent(): KubeObject & { readonly spec: object } {
  return { apiVersion: "lmos.eclipse/v1", kind: "Agent", metadata: key, spec: {} };
}
