import { Registry } from "prom-client";
import { describe, expect, it } from "vitest";
import { createManagementApi } from "./management.ts";

function manage({ alive = true, ready = true }: { readonly alive?: boolean; readonly ready?: boolean }) {
  const health = (isGood: boolean, fault: string) => () => ({ isGood, faults: isGood ? [] : [fault] });
  const registry = new Registry();
  const liveness = health(alive, "stuck");
  return createManagementApi({ registry, liveness, readiness: health(ready, "empty") });
}

describe("health", () => {
  it.each([
    { path: "/livez", ready: 200, unready: 200, dead: 503 },
    { path: "/health/liveness", ready: 200, unready: 200, dead: 503 },
    { path: "/readyz", ready: 200, unready: 503, dead: 200 },
    { path: "/health/readiness", ready: 200, unready: 503, dead: 200 },
    { path: "/health", ready: 200, unready: 503, dead: 200 },
  ])("$path says whether the operator lives or can answer", async ({ path, ready, unready, dead }) => {
    expect((await manage({}).inject(path)).statusCode).toBe(ready);
    expect((await manage({ ready: false }).inject(path)).statusCode).toBe(unready);
    expect((await manage({ alive: false }).inject(path)).statusCode).toBe(dead);
  });

  it("says what is wrong", async () => {
    const reply = await manage({ ready: false }).inject("/readyz");
    expect(reply.json()).toEqual({ status: "DOWN", details: { faults: ["empty"] } });
  });

  it("has the groups that the original has", async () => {
    const reply = await manage({}).inject("/health");
    expect(reply.body).toBe('{"groups":["liveness","readiness"],"status":"UP"}');
  });
});
