import { silentLogger } from "@lmos/primitives";
import { FakeClock, SeededRandom } from "@lmos/testing";
import { describe, expect, it } from "vitest";
import type { KubeClient } from "./client.ts";
import { createObjectStore } from "./object-store.ts";
import { createReflectorGroup, uniteStores } from "./reflector-group.ts";
import type { Change } from "./store.ts";
import { type Widget, widget, widgets } from "./testing/widget.ts";

const indexes = {
  colour: ({ spec }: Widget): readonly string[] => (spec?.colour === undefined ? [] : [spec.colour]),
};
const inNamespace = (namespace: string, name: string, colour: string): Widget => {
  const one = widget(name, 1, { colour });
  return { ...one, metadata: { ...one.metadata, namespace } };
};

function twoStores() {
  const shop = createObjectStore({ indexes });
  const bank = createObjectStore({ indexes });
  return { shop, bank, united: uniteStores([shop, bank]) };
}

describe("united stores", () => {
  it("are read as one", () => {
    const { shop, bank, united } = twoStores();
    shop.put(inNamespace("shop", "a", "red"));
    bank.put(inNamespace("bank", "a", "red"));
    bank.put(inNamespace("bank", "b", "blue"));
    expect(united.get({ namespace: "bank", name: "a" })?.metadata.namespace).toBe("bank");
    expect(united.get({ namespace: "home", name: "a" })).toBeUndefined();
    expect(united.list()).toHaveLength(3);
    expect(united.byIndex("colour", "red").map(({ metadata }) => metadata.namespace)).toEqual([
      "shop",
      "bank",
    ]);
  });

  it("have come as far as the one that lags behind", () => {
    const { shop, bank, united } = twoStores();
    expect(united.resourceVersion).toBeUndefined();
    shop.reached("9");
    expect(united.resourceVersion).toBeUndefined();
    bank.reached("10");
    expect(united.resourceVersion).toBe("9");
    shop.reached("11");
    expect(united.resourceVersion).toBe("10");
  });

  it("have synced when each of them has", async () => {
    const { shop, bank, united } = twoStores();
    const { signal } = new AbortController();
    let synced = false;
    const waiting = united.whenSynced({ signal }).then(() => {
      synced = true;
    });
    shop.replaceAll([]);
    await Promise.resolve();
    expect([united.synced, synced]).toEqual([false, false]);
    bank.replaceAll([]);
    await waiting;
    expect(united.synced).toBe(true);
  });

  it("announce the changes of each until told to stop", () => {
    const { shop, bank, united } = twoStores();
    const changes: Change<Widget>[] = [];
    const stop = united.subscribe((change) => changes.push(change));
    shop.put(inNamespace("shop", "a", "red"));
    bank.put(inNamespace("bank", "a", "red"));
    stop();
    bank.put(inNamespace("bank", "b", "red"));
    expect(changes.map(({ after }) => after?.metadata.namespace)).toEqual(["shop", "bank"]);
  });
});

describe("a group of reflectors", () => {
  const cases = [
    { name: "one for all namespaces", namespaces: undefined, listed: [undefined] },
    { name: "one for each namespace", namespaces: ["shop", "bank"], listed: ["shop", "bank"] },
    { name: "one for a namespace that is named twice", namespaces: ["shop", "shop"], listed: ["shop"] },
  ];
  it.each(cases)("is $name", async ({ namespaces, listed }) => {
    const asked: (string | undefined)[] = [];
    const client: Pick<KubeClient, "list" | "watch"> = {
      list: async (_type, { namespace }) => {
        asked.push(namespace);
        return { items: [], invalid: [], resourceVersion: "1", continueToken: undefined };
      },
      watch: async function* (_type, { signal }) {
        await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve()));
      },
    };
    const clock = new FakeClock();
    const group = createReflectorGroup({
      client,
      namespaces,
      type: widgets,
      clock,
      random: new SeededRandom(1),
      logger: silentLogger,
    });
    const stop = new AbortController();
    const running = group.run({ signal: stop.signal });
    await group.store.whenSynced({ signal: stop.signal });
    await clock.advance(7_000);
    expect(asked).toEqual(listed);
    expect(group.silentMs()).toBe(7_000);
    stop.abort();
    await running;
  });
});
