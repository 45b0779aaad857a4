/** A runtime that stops waits for nobody who has asked nothing: neither a minute, as Node would, nor for its own clock. */
import { once } from "node:events";
import { connect } from "node:net";
import { FakeClock } from "@lmos/testing";
import { expect, test } from "vitest";
import { startTestRuntime } from "../testing/running-runtime.ts";

test.each(["url", "managementUrl"] as const)(
  "a connection to its %s over which nothing was asked is cut when it stops",
  async (which) => {
    const running = await startTestRuntime({ objects: [], clock: new FakeClock() });
    const { port } = new URL(running[which]);
    const client = connect(Number(port), "127.0.0.1");
    await once(client, "connect");
    await fetch(`${running[which]}/livez`); // the server has seen the one before this one
    const cut = once(client, "close");
    await Promise.all([running[Symbol.asyncDispose](), cut]);
    expect(client.destroyed).toBe(true);
  },
);
