import type { JsonObject } from "@lmos/primitives";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { storedObject } from "../../storage/stored-object.ts";
import type { WriteSurroundings } from "../surroundings.ts";
import { coreEvents, storedEvents } from "./event.ts";
import { isHeldNamespace, prepareNamespace, terminateNamespace } from "./namespace.ts";
import { encodeStringData } from "./secret.ts";
import { prepareService } from "./service.ts";

function surroundings(services: readonly JsonObject[], chances: readonly number[]): WriteSurroundings {
  let next = 0;
  const list = services.map((value, index) => {
    const address = { resource: "services", namespace: "n", name: String(index) };
    return storedObject({ ...address, revision: 1, labels: {}, text: JSON.stringify(value) });
  });
  return {
    now: "2026-01-01T00:00:00Z",
    random: () => chances[next++ % chances.length] ?? 0,
    list: () => list,
    get: () => undefined,
  };
}

describe("a Service", () => {
  test("gets an address of the range that nobody has, and keeps it", () => {
    const taken = { spec: { clusterIP: "10.96.0.1" } };
    const made = prepareService({ spec: {} }, undefined, surroundings([taken], [0, 0.5]));
    expect(made["spec"]).toEqual({
      clusterIP: "10.104.0.0",
      clusterIPs: ["10.104.0.0"],
      ipFamilies: ["IPv4"],
      ipFamilyPolicy: "SingleStack",
    });
    expect(prepareService({ spec: {} }, made, surroundings([], [0]))["spec"]).toMatchObject({
      clusterIP: "10.104.0.0",
    });
  });

  test("always gets an address within 10.96.0.0/12", () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (chance) => {
        const { clusterIP } = Object(
          prepareService({ spec: {} }, undefined, surroundings([], [chance]))["spec"],
        );
        const [first, second = 0, ...rest] = String(clusterIP).split(".").map(Number);
        expect(first).toBe(10);
        expect(second >= 96 && second < 112).toBe(true);
        expect(rest.every((byte) => byte >= 0 && byte <= 255)).toBe(true);
      }),
    );
  });

  test.each([
    { name: "the address it asks for", spec: { clusterIP: "10.96.1.1" }, clusterIP: "10.96.1.1" },
    { name: "none where it asks for none", spec: { clusterIP: "None" }, clusterIP: "None" },
    { name: "none where it is a name elsewhere", spec: { type: "ExternalName" }, clusterIP: undefined },
  ])("gets $name", ({ spec, clusterIP }) => {
    expect(Object(prepareService({ spec }, undefined, surroundings([], [0]))["spec"]).clusterIP).toBe(
      clusterIP,
    );
  });

  test("is headless where every address is taken", () => {
    const all = surroundings([{ spec: { clusterIP: "10.96.0.1" } }], [0]);
    expect(prepareService({ spec: {} }, undefined, all)["spec"]).toMatchObject({ clusterIP: "None" });
  });
});

describe("a Secret", () => {
  test("turns plain texts into data, over what is there", () => {
    const secret = { kind: "Secret", data: { a: "b2xk", b: "Yg==" }, stringData: { a: "new" } };
    expect(encodeStringData(secret)).toEqual({ kind: "Secret", data: { a: "bmV3", b: "Yg==" } });
  });

  test("without them stays as it is", () => {
    const secret = { kind: "Secret", data: {} };
    expect(encodeStringData(secret)).toBe(secret);
  });
});

describe("a namespace", () => {
  const made = prepareNamespace({ metadata: { name: "n", labels: { team: "a" } } }, undefined);

  test("carries its name as a label, is active and held by its content", () => {
    expect(made).toEqual({
      metadata: { name: "n", labels: { team: "a", "kubernetes.io/metadata.name": "n" } },
      spec: { finalizers: ["kubernetes"] },
      status: { phase: "Active" },
    });
    expect(isHeldNamespace(made)).toBe(true);
  });

  test("can't be given another name's label, nor let go by an update", () => {
    const changed = {
      ...made,
      metadata: { name: "n", labels: { "kubernetes.io/metadata.name": "m" } },
      spec: {},
    };
    expect(prepareNamespace(changed, made)).toMatchObject({
      metadata: { labels: { "kubernetes.io/metadata.name": "n" } },
      spec: { finalizers: ["kubernetes"] },
    });
  });

  test("says that it is ending", () => {
    expect(terminateNamespace(made)["status"]).toEqual({ phase: "Terminating" });
    const deleted = { ...made, metadata: { name: "n", deletionTimestamp: "2026-01-01T00:00:00Z" } };
    expect(prepareNamespace(deleted, made)["status"]).toEqual({ phase: "Terminating" });
  });
});

describe("an event", () => {
  const members = fc.record(
    {
      reason: fc.string(),
      note: fc.string(),
      regarding: fc.record({ name: fc.string() }),
      reportingController: fc.string({ minLength: 1 }),
      deprecatedCount: fc.nat(),
    },
    { requiredKeys: [], noNullPrototype: true },
  );

  test("of the new group comes back as it was sent, with the times that are always there", () => {
    fc.assert(
      fc.property(members, (sent) => {
        const event: JsonObject = JSON.parse(JSON.stringify({ apiVersion: "events.k8s.io/v1", ...sent }));
        expect(coreEvents.fromStored(coreEvents.toStored(event))).toEqual({
          ...event,
          eventTime: null,
          deprecatedFirstTimestamp: null,
          deprecatedLastTimestamp: null,
        });
      }),
    );
  });

  test("is stored under the names of the old group", () => {
    const stored = coreEvents.toStored({ note: "hello", regarding: { name: "a" }, eventTime: "t" });
    expect(stored).toMatchObject({
      apiVersion: "v1",
      message: "hello",
      involvedObject: { name: "a" },
      eventTime: "t",
    });
  });

  test("of the old group only gets its times", () => {
    expect(storedEvents.toStored({ message: "m", count: 2, firstTimestamp: "t" })).toEqual({
      message: "m",
      count: 2,
      eventTime: null,
      firstTimestamp: "t",
      lastTimestamp: null,
    });
  });
});
