/**
 * O7: a leader is stopped in the middle of a reconcile for longer than its lease lasts, another one takes over, and the
 * old one wakes up. What it had on the way arrives late and is refused; it writes nothing more.
 */
import { leaseResource } from "@lmos/kube";
import type { FaultRule } from "@lmos/testing";
import { expect, it } from "vitest";
import { servers } from "../kubernetes/server.ts";
import { directClient } from "./harness/access.ts";
import { eventually, patienceMs, pause } from "./harness/eventually.ts";
import { allowedMs, report, seconds } from "./harness/figures.ts";
import { startReplica } from "./harness/replica.ts";
import { installWidgets, makeWorld, uniqueName } from "./harness/widgets-world.ts";

const { signal } = new AbortController();

/** The write that is on its way when the leader stops. */
const caught: readonly { readonly what: string; readonly rule: FaultRule }[] = [
  { what: "a write to a part", rule: hold("configmaps") },
  { what: "a write to the status", rule: hold("widgets") },
];
const cases = servers.flatMap((server) => caught.map((each) => ({ ...server, ...each })));

it.concurrent.each(cases)(
  "O7 on the $name API server: the leader is stopped during $what, deposed, and writes nothing late",
  async ({ name, start, what, rule }) => {
    await using server = await start();
    await using client = directClient(server);
    await installWidgets(client);
    const world = await makeWorld(client, uniqueName("o7"));
    await world.write("w", { text: "one", parts: ["a", "b"] });
    await using old = await startReplica(server, world, "old");
    const usualMs = await old.whenLeading();
    await world.converged();
    await using next = await startReplica(server, world, "next");
    await next.program.whenSaid("started");
    await pause(3_000); // until it has looked at the lease
    old.proxy.setRules([rule]);
    await world.write("w", { text: "two", parts: ["a", "b"] });
    await eventually("the write is caught", () => old.proxy.held > 0, patienceMs);
    old.program.signal("SIGSTOP");
    const takeoverMs = await next.whenLeading();
    const deposedAtMs = old.proxy.nowMs;
    await world.write("w", { text: "three", parts: ["a"] });
    await world.converged();
    await old.proxy.release(); // arrives as the network would have delivered it
    old.program.signal("SIGCONT");
    await old.program.whenSaid("this process is no longer the leader");
    await pause(3_000);
    const writes = old.writesSince(deposedAtMs);
    const late = writes.filter(({ status }) => status < 300);
    const refused = writes.map(({ status }) => status).filter((status) => status >= 300);
    const stays = await world.isConverged();
    report({
      row: "O7",
      server: name,
      fault: `leader stopped during ${what} until another led`,
      asked: "0 accepted late writes, takeover <= 17 s",
      seen: `${late.length} accepted late writes, refused with ${refused.join(", ")}; takeover ${seconds(takeoverMs)} after SIGSTOP`,
      reached: late.length === 0 && refused.length > 0 && stays && takeoverMs <= 17_000,
    });
    expect(late).toEqual([]);
    expect(refused.length).toBeGreaterThan(0);
    expect(stays).toBe(true);
    expect(takeoverMs).toBeLessThanOrEqual(allowedMs(17_000, usualMs));
  },
);

it.concurrent.each(servers)(
  "O7 on the $name API server: a clean exit hands over at once, a Lease made anew locks nobody out",
  async ({ name, start }) => {
    await using server = await start();
    await using client = directClient(server);
    await installWidgets(client);
    const world = await makeWorld(client, uniqueName("o7"));
    await world.write("w", { text: "one", parts: ["a"] });
    await using first = await startReplica(server, world, "first");
    const usualMs = await first.whenLeading();
    await world.converged();
    await using second = await startReplica(server, world, "second");
    await second.program.whenSaid("started");
    await pause(3_000);
    first.program.signal("SIGTERM");
    const takeoverMs = await second.whenLeading();
    await world.write("w", { text: "two", parts: ["a"] });
    await world.converged();
    second.program.signal("SIGTERM");
    await second.program.whenEnded();
    await client.delete(leaseResource, { namespace: world.namespace, name: "widget-controller" }, { signal });
    await using third = await startReplica(server, world, "third");
    await third.whenLeading();
    await world.write("w", { text: "three", parts: ["a"] });
    const convergedMs = await world.converged();
    const terms = [first, second, third].flatMap((replica) => replica.terms());
    const rising = terms.every((term, index) => index === 0 || term > (terms[index - 1] ?? 0));
    report({
      row: "O7",
      server: name,
      fault: "leader ends cleanly; then the Lease is deleted",
      asked: "takeover <= 2 s on clean exit; terms go on above the highest",
      seen: `takeover ${seconds(takeoverMs)} after SIGTERM; terms ${terms.join(", ")}; writes go on after ${seconds(convergedMs)}`,
      reached: takeoverMs <= 2_000 && rising,
    });
    expect(rising).toBe(true);
    expect(takeoverMs).toBeLessThanOrEqual(allowedMs(2_000, usualMs));
  },
);

function hold(resource: string): FaultRule {
  return {
    match: { verbs: ["apply"], resources: [resource] },
    occasion: { kind: "first", count: 1 },
    fault: { kind: "hold" },
  };
}
