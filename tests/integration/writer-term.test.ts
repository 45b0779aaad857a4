/** The rule of the definition that fences routings: a term never decreases, whoever writes and however. */
import { isKubeError, type KubeClient } from "@lmos/kube";
import { installDefinitions } from "@lmos/local";
import { systemClock, systemIds } from "@lmos/primitives";
import { channelRoutingKind, customResourceDefinition } from "@lmos/resources";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { directClient } from "../faults/harness/access.ts";
import type { Server } from "../kubernetes/server.ts";
import { testServers } from "../operator/operations/test-servers.ts";

const { signal } = new AbortController();

describe.each(testServers)("on the $name API server", ({ start }) => {
  let server: Server;
  let client: KubeClient;

  beforeAll(async () => {
    server = await start();
    client = directClient(server);
    const definitions = [customResourceDefinition(channelRoutingKind)];
    await installDefinitions(client, definitions, { clock: systemClock, signal });
  });

  afterAll(async () => {
    await client[Symbol.asyncDispose]();
    await server[Symbol.asyncDispose]();
  });

  /** A routing of that term, or without one, in a place of its own. */
  async function routingOf(writerTerm: number | undefined) {
    const name = `term-${systemIds.next().toLowerCase()}`;
    const spec = { capabilityGroups: [], ...(writerTerm === undefined ? {} : { writerTerm }) };
    const metadata = { namespace: "default", name };
    await client.create(channelRoutingKind, channelRoutingKind.parse({ ...head, metadata, spec }), {
      signal,
    });
    return { namespace: "default", name };
  }

  /** What became of a write: the term that the routing has, or that it was refused. */
  async function outcome(
    key: { readonly namespace: string; readonly name: string },
    write: () => Promise<unknown>,
  ) {
    try {
      await write();
    } catch (error) {
      if (isKubeError(error, "Invalid")) return "refused";
      throw error;
    }
    return (await client.get(channelRoutingKind, key, { signal }))?.spec.writerTerm;
  }

  const head = { apiVersion: "lmos.eclipse/v1", kind: "ChannelRouting" };
  const cases = [
    { name: "the same term", before: 4, after: 4, expected: 4 },
    { name: "a later term", before: 4, after: 9, expected: 9 },
    { name: "an earlier term", before: 4, after: 3, expected: "refused" },
    { name: "no term any more", before: 4, after: null, expected: "refused" },
    { name: "a first term", before: undefined, after: 1, expected: 1 },
    { name: "still no term", before: undefined, after: null, expected: undefined },
  ];

  it.each(cases)("a patch with $name", async ({ before, after, expected }) => {
    const key = await routingOf(before);
    const body = { spec: { writerTerm: after } };
    const write = () => client.patch(channelRoutingKind, key, { kind: "merge", body }, { signal });
    expect(await outcome(key, write)).toBe(expected);
  });

  it.each(cases)("an apply with $name", async ({ before, after, expected }) => {
    const key = await routingOf(undefined);
    const apply = (writerTerm: number | null | undefined) => {
      const spec = { revision: 1, ...(typeof writerTerm === "number" ? { writerTerm } : {}) };
      const object = { ...head, metadata: key, spec };
      return client.apply(channelRoutingKind, object, { fieldManager: "test", force: true, signal });
    };
    await apply(before);
    expect(await outcome(key, () => apply(after))).toBe(expected);
  });

  it("a spec that is taken away as a whole", async () => {
    const key = await routingOf(4);
    const write = () =>
      client.patch(channelRoutingKind, key, { kind: "merge", body: { spec: null } }, { signal });
    expect(await outcome(key, write)).toBe("refused");
  });

  it("a status has nothing to do with it", async () => {
    const key = await routingOf(4);
    const body = { status: { observedGeneration: 1 } };
    const options = { subresource: "status", signal } as const;
    const write = () => client.patch(channelRoutingKind, key, { kind: "merge", body }, options);
    expect(await outcome(key, write)).toBe(4);
  });
});
