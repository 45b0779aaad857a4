/** Which media type the management port says of its answers, by what is accepted: as it was recorded from the original. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { type RunningRuntime, startTestRuntime } from "../testing/running-runtime.ts";

let running: RunningRuntime;
beforeAll(async () => {
  running = await startTestRuntime({});
});
afterAll(() => running[Symbol.asyncDispose]());

const third = "application/vnd.spring-boot.actuator.v3+json";
const second = "application/vnd.spring-boot.actuator.v2+json";
const json = "application/json";

const rows = [
  { accept: "*/*", type: third },
  { accept: "application/*", type: third },
  { accept: "application/*+json", type: third },
  { accept: "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", type: third },
  { accept: third, type: third },
  { accept: second, type: second },
  { accept: `${second}, ${json}`, type: second },
  { accept: `${json}, ${second}`, type: json },
  { accept: json, type: json },
  { accept: `${json}, */*`, type: json },
  { accept: `*/*, ${json}`, type: json },
  { accept: `${json}, text/plain, */*`, type: json },
  { accept: `${json};q=0.5, */*;q=0.1`, type: json },
  { accept: `${json};charset=utf-8`, type: `${json};charset=utf-8` },
];

test.each(rows)("“$accept” is answered with $type", async ({ accept, type }) => {
  for (const path of ["/health", "/health/liveness", "/health/readiness", "/info"]) {
    const response = await fetch(`${running.managementUrl}${path}`, { headers: { accept } });
    expect([path, response.headers.get("content-type")]).toEqual([path, type]);
  }
});
