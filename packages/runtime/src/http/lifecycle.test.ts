/** How long a server that stops goes on listening: as long as turns run, and as long as balancers need. */
import { silentLogger } from "@lmos/primitives";
import { FakeClock, SequentialIds } from "@lmos/testing";
import { expect, onTestFinished, test } from "vitest";
import { RunningTurns } from "../turn/running-turns.ts";
import { drainServer } from "./lifecycle.ts";
import { createHttpServer, listen } from "./server.ts";

const entrance = { enter: () => ({ kind: "entered" }) as const, leave: () => undefined };
const asker = { tenant: "acme", userId: "u1", messages: [] };

async function setUp(limits: { readonly drainMs: number; readonly lameDuckMs: number }, turns: number) {
  const clock = new FakeClock();
  const running = new RunningTurns(entrance);
  const admitted = await Promise.all(Array.from({ length: turns }, () => running.admit(asker)));
  const app = createHttpServer({ logger: silentLogger, ids: new SequentialIds() });
  onTestFinished(() => app.close());
  await listen(app, { host: "127.0.0.1", port: 0 });
  let ended = 0;
  for (const admission of admitted) {
    if (admission.kind !== "admitted") throw new TypeError("not admitted");
    admission.running.signal.addEventListener("abort", () => {
      ended += 1;
      admission.running[Symbol.dispose]();
    });
  }
  const doors = { drainSockets: () => undefined, cutSockets: () => undefined };
  const drained = drainServer(app, { running, doors, limits, clock, logger: silentLogger });
  const finishTurns = (): void => {
    for (const admission of admitted) if (admission.kind === "admitted") admission.running[Symbol.dispose]();
  };
  return { clock, drained, finishTurns, listens: () => app.server.listening, ended: () => ended };
}

type Step = { readonly afterMs: number; readonly turnsEnd?: boolean; readonly listens: boolean };

const rows: readonly {
  readonly name: string;
  readonly turns: number;
  readonly limits: { readonly drainMs: number; readonly lameDuckMs: number };
  readonly steps: readonly Step[];
  readonly ended: number;
}[] = [
  {
    name: "no longer than now, without turns",
    turns: 0,
    limits: { drainMs: 25_000, lameDuckMs: 0 },
    steps: [{ afterMs: 0, listens: false }],
    ended: 0,
  },
  {
    name: "for the lame duck's time, without turns",
    turns: 0,
    limits: { drainMs: 25_000, lameDuckMs: 5000 },
    steps: [
      { afterMs: 4999, listens: true },
      { afterMs: 1, listens: false },
    ],
    ended: 0,
  },
  {
    name: "until the last turn is over",
    turns: 2,
    limits: { drainMs: 25_000, lameDuckMs: 0 },
    steps: [
      { afterMs: 24_000, listens: true },
      { afterMs: 0, turnsEnd: true, listens: false },
    ],
    ended: 0,
  },
  {
    name: "for what is left of the lame duck's time after the last turn",
    turns: 1,
    limits: { drainMs: 25_000, lameDuckMs: 5000 },
    steps: [
      { afterMs: 2000, turnsEnd: true, listens: true },
      { afterMs: 2999, listens: true },
      { afterMs: 1, listens: false },
    ],
    ended: 0,
  },
  {
    name: "until turns that don't end have been ended",
    turns: 2,
    limits: { drainMs: 25_000, lameDuckMs: 0 },
    steps: [
      { afterMs: 24_999, listens: true },
      { afterMs: 1, listens: false },
    ],
    ended: 2,
  },
];

test.each(rows)("a server listens $name", async ({ turns, limits, steps, ended }) => {
  const server = await setUp(limits, turns);
  for (const { afterMs, turnsEnd = false, listens } of steps) {
    await server.clock.advance(afterMs);
    if (turnsEnd) server.finishTurns();
    if (!listens) await server.drained;
    else await server.clock.advance(0);
    expect(server.listens()).toBe(listens);
  }
  expect(server.ended()).toBe(ended);
});
