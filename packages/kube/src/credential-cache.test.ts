import { FakeClock } from "@lmos/testing";
import fc from "fast-check";
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

/** `call`: a call asks for credentials; `refused`: the server refuses those that the last call had. */
const happening = fc.oneof(
  fc.constantFrom("call" as const, "refused" as const),
  fc.integer({ min: 1, max: 15_000 }).map((ms) => ({ ms })),
);

type Happening = "call" | "refused" | { readonly ms: number };

/** A client that uses the cache, and what it has found out. */
class User {
  readonly #world = start();
  readonly #startedAtMs = this.#world.clock.monotonic();
  #current: Credentials | undefined;
  #sinceMs = 0;
  readonly #refused = new Set<Credentials>();

  async execute(happening: Happening): Promise<void> {
    const { clock } = this.#world;
    if (happening === "call") await this.#call();
    else if (happening === "refused") this.#refuse();
    else await clock.advance(happening.ms);
  }

  /** How often credentials were read, and how often at most that was needed. */
  get reads(): { readonly made: number; readonly needed: number } {
    const elapsedMs = this.#world.clock.monotonic() - this.#startedAtMs;
    const needed = 1 + Math.floor(elapsedMs / 10_000) + this.#refused.size;
    return { made: this.#world.asked.length, needed };
  }

  async #call(): Promise<void> {
    const { cache, clock } = this.#world;
    const given = await cache.current();
    expect(this.#refused).not.toContain(given);
    if (given !== this.#current) this.#sinceMs = clock.monotonic();
    this.#current = given;
    expect(clock.monotonic() - this.#sinceMs).toBeLessThan(10_000);
  }

  #refuse(): void {
    if (this.#current === undefined) return;
    this.#refused.add(this.#current);
    this.#world.cache.refuse(this.#current);
  }
}

describe("the credential cache, whatever happens", () => {
  it("never gives credentials older than ten seconds, nor refused ones, and reads no more often than that needs", () =>
    fc.assert(
      fc.asyncProperty(fc.array(happening, { maxLength: 60 }), async (happenings) => {
        const user = new User();
        for (const each of happenings) await user.execute(each);
        const { made, needed } = user.reads;
        expect(made).toBeLessThanOrEqual(needed);
      }),
    ));

  it("asks again after a failure, at the very next call", async () => {
    const clock = new FakeClock();
    let calls = 0;
    const credentials = async (): Promise<Credentials> => {
      calls += 1;
      if (calls === 1) throw new Error("the file is not there yet");
      return { headers: {} };
    };
    const cache = createCredentialCache(
      { server: "http://server.test", namespace: "home", credentials },
      clock,
    );
    await expect(cache.current()).rejects.toThrow("not there yet");
    expect(await cache.current()).toEqual({ headers: {} });
  });

  it("asks once for all calls that come while the answer is on its way", async () => {
    const { asked, cache } = start();
    await Promise.all(Array.from({ length: 20 }, () => cache.current()));
    expect(asked).toEqual([false]);
  });
});
