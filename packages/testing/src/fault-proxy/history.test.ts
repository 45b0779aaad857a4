import { describe, expect, test } from "vitest";
import { summarizeWrites } from "../crash-driver/write-summary.ts";
import { isMutating, parseApiRequest } from "./api-request.ts";
import { countRequests, type HistoryEntry, mutationsOf } from "./history.ts";

const configMaps = "/api/v1/namespaces/a/configmaps";

function asked(id: number, method: string, path: string, atMs = id): HistoryEntry {
  return { kind: "request", atMs, id, request: parseApiRequest(method, path) };
}

function answered(id: number, status: number, name?: string): HistoryEntry {
  return { kind: "answer", atMs: id + 100, id, status, delivered: true, name };
}

describe("what was changed", () => {
  test("is what reached the server, in the order of its answers", () => {
    const history = [
      asked(1, "POST", configMaps),
      asked(2, "GET", configMaps),
      asked(3, "DELETE", `${configMaps}/b`),
      asked(4, "PUT", `${configMaps}/never-answered`),
      answered(3, 200),
      answered(2, 200),
      answered(1, 201, "a"),
    ];
    const mutations = mutationsOf(history, isMutating);
    expect(mutations.map(({ request, name, status }) => [request.verb, name, status])).toEqual([
      ["delete", "b", 200],
      ["create", "a", 201],
    ]);
    expect(mutations[0]).toMatchObject({ atMs: 3, answeredAtMs: 103 });
  });

  test("an answer to a request that nobody knows is nothing", () => {
    expect(mutationsOf([answered(9, 200)], isMutating)).toEqual([]);
  });
});

describe("creations and deletions", () => {
  test.each([
    {
      name: "are counted by object",
      entries: [201, 201],
      method: "POST",
      summary: { "create configmaps x": 2 },
    },
    { name: "count only where the server did them", entries: [409, 500, 422], method: "POST", summary: {} },
  ])("$name", ({ entries, method, summary }) => {
    const history = entries.flatMap((status, index) => [
      asked(index, method, configMaps),
      answered(index, status, "x"),
    ]);
    expect(summarizeWrites(history)).toEqual(summary);
  });

  test("are no updates, which may be repeated", () => {
    const history = [
      asked(1, "PUT", `${configMaps}/x`),
      answered(1, 200),
      asked(2, "PATCH", `${configMaps}/x`),
      answered(2, 200),
    ];
    expect(summarizeWrites(history)).toEqual({});
  });

  test("are in the order of their names, so that two runs can be compared as texts", () => {
    const history = ["b", "a"].flatMap((name, id) => [
      asked(id, "DELETE", `${configMaps}/${name}`),
      answered(id, 200),
    ]);
    expect(Object.keys(summarizeWrites(history))).toEqual(["delete configmaps a", "delete configmaps b"]);
  });
});

test("requests are counted by verb and resource, from a time on", () => {
  const history = [
    asked(1, "GET", configMaps),
    asked(2, "GET", `${configMaps}?watch=true`),
    asked(3, "GET", configMaps),
    asked(4, "GET", "/api/v1/secrets"),
    answered(1, 200),
  ];
  const match = { verb: "list", resource: "configmaps" };
  expect(countRequests(history, match)).toBe(2);
  expect(countRequests(history, { ...match, sinceMs: 3 })).toBe(1);
  expect(countRequests(history, { verb: "watch", resource: "configmaps" })).toBe(1);
});
