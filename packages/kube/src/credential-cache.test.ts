import { FakeClock } from "@lmos/testing";
import { describe, expect, it } from "vitest";
import type { Credentials } from "./connection.ts";
import { createCredentialCache } from "./credential-cache.ts";

function start() {
  const clock = new FakeClock();
  const asked: boolean[] = [];
  const credentials = async ({ renew }: { readonly renew: boolean }): Promise<Credentials> => {
    asked.push(renew);
    return { headers: { authorization: `Bearer ${asked.length}` } };
  };
  const connection = { server: "http://server.test", namespace: "home", credentials };
  return { clock, asked, cache: createCredentialCache(connection, clock) };
}

describe("the credential cache", () => {
  it("gives the same object for ten seconds", async () => {
    const { clock, asked, cache } = start();
    const first = await cache.current();
    expect(await cache.current()).toBe(first);
    await clock.advance(10_000);
    expect(await cache.current()).not.toBe(first);
    expect(asked).toEqual([false, false]);
  });

  it("asks for renewed ones once, however many calls were refused with the old ones", async () => {
    const { asked, cache } = start();
    const first = await cache.current();
    for (let call = 0; call < 10; call++) cache.refuse(first);
    const second = await cache.current();
    cache.refuse(first);
    expect(await cache.current()).toBe(second);
    expect(asked).toEqual([false, true]);
  });

  it("needs no connection that has credentials", async () => {
    const cache = createCredentialCache({ server: "http://server.test", namespace: "home" }, new FakeClock());
    expect(await cache.current()).toEqual({});
  });
});
