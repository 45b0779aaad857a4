/** Row S13 where a door itself fails: neither its client nor the log learns what it stumbled over. */

import { type LogFields, type Logger, silentLogger } from "@lmos/primitives";
import { SequentialIds } from "@lmos/testing";
import { expect, onTestFinished, test } from "vitest";
import { createHttpServer } from "./server.ts";

test.each([
  { name: "an error", thrown: new TypeError("cannot read canary of undefined") },
  {
    name: "an error with a status that is none",
    thrown: Object.assign(new Error("canary"), { statusCode: 200 }),
  },
  {
    name: "an error with a status of its own",
    thrown: Object.assign(new Error("canary"), { statusCode: 418 }),
  },
  { name: "a text", thrown: "canary" },
  { name: "an object", thrown: { message: "canary", code: "canary" } },
])("a door that throws $name answers 500, and says why to nobody", async ({ thrown }) => {
  const lines: unknown[] = [];
  const error = (message: string, fields?: LogFields): void => void lines.push({ message, fields });
  const logger: Logger = { ...silentLogger, error };
  const app = createHttpServer({ logger, ids: new SequentialIds() });
  app.get("/apis/v1/crash", async () => {
    throw thrown;
  });
  onTestFinished(() => app.close());
  const response = await app.inject({ url: "/apis/v1/crash?q=canary" });
  expect([response.statusCode, JSON.parse(response.body).errorCode]).toEqual([500, "INTERNAL_SERVER_ERROR"]);
  expect(lines).toMatchObject([{ message: "A request failed for an unexpected reason" }]);
  expect(JSON.stringify([lines, response.body, response.headers])).not.toContain("canary");
});
