import Fastify from "fastify";
import { expect, it } from "vitest";
import { OperatorError } from "../errors.ts";
import { listen } from "./listen.ts";

it("opens a free port and says which, and names a port that is taken", async () => {
  await using first = Fastify();
  await using second = Fastify();
  const address = await listen(first, { host: "127.0.0.1", port: 0 });
  expect(address.port).toBeGreaterThan(0);
  const attempt = listen(second, address);
  await expect(attempt).rejects.toThrow(OperatorError);
  await expect(attempt).rejects.toMatchObject({ code: "ListenFailed", details: { port: address.port } });
});
