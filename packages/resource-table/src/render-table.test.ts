import { readFileSync } from "node:fs";
import { type JsonObject, listAt } from "@lmos/primitives";
import { builtinKinds, customResourceDefinition, type ResourceDefinition } from "@lmos/resource-definitions";
import { describe, expect, test } from "vitest";
import { humanDuration } from "./human-duration.ts";
import { renderTable, type TableRequest } from "./render-table.ts";

const nowMs = Date.parse("2026-01-01T00:10:00Z");

function widgetDefinition(): ResourceDefinition {
  const crd = JSON.parse(
    readFileSync(
      new URL("../../resource-definitions/src/testdata/widgets-crd.json", import.meta.url),
      "utf8",
    ),
  );
  const outcome = customResourceDefinition(crd);
  const [definition] = outcome.kind === "defined" ? outcome.definitions : [];
  if (definition === undefined) throw new Error("the definition of widgets is not valid");
  return definition;
}

function podDefinition(): ResourceDefinition {
  const definition = builtinKinds.find(({ kind }) => kind === "Pod");
  if (definition === undefined) throw new Error("there is no kind Pod");
  return definition;
}

function tableOf(
  definition: ResourceDefinition,
  object: JsonObject,
  rest: Partial<TableRequest> = {},
): JsonObject {
  return renderTable({
    definition,
    objects: [object],
    nowMs,
    includeObject: "None",
    resourceVersion: "7",
    ...rest,
  });
}

const cellsOf = (table: JsonObject) => Object(listAt(table, "rows")[0]).cells;

describe("the table of a custom kind", () => {
  const widget: JsonObject = {
    metadata: { name: "w", annotations: { "a.b/c": "dotted" }, creationTimestamp: "2026-01-01T00:00:00Z" },
    spec: { size: 3.7, tags: ["x", "y"], seen: "2026-01-01T00:05:00Z" },
    status: { conditions: [{ type: "Ready", status: "True" }] },
  };

  test("has a cell for each declared column", () => {
    expect(cellsOf(tableOf(widgetDefinition(), widget))).toEqual([
      "w",
      3,
      "True",
      '["x","y"]',
      "5m",
      "dotted",
    ]);
  });

  test("leaves cells empty where the object has nothing of that type", () => {
    const cells = cellsOf(tableOf(widgetDefinition(), { metadata: { name: "w" }, spec: { size: "big" } }));
    expect(cells).toEqual(["w", null, null, null, null, null]);
  });

  test("shows objects with their members in order", () => {
    const tags = [
      { namespace: "shop", agent: "billing" },
      { b: 1, a: 2 },
    ];
    const cells = cellsOf(tableOf(widgetDefinition(), { metadata: { name: "w" }, spec: { tags } }));
    expect(cells[3]).toBe('[{"agent":"billing","namespace":"shop"},{"a":2,"b":1}]');
  });

  test("shows the age when no column is declared", () => {
    const table = tableOf({ ...widgetDefinition(), columns: [] }, widget);
    expect(cellsOf(table)).toEqual(["w", "10m"]);
  });
});

describe("a table", () => {
  const pod: JsonObject = { metadata: { name: "p" }, spec: {} };

  test.each([
    { include: "None", row: { object: null } },
    {
      include: "Metadata",
      row: {
        object: { kind: "PartialObjectMetadata", apiVersion: "meta.k8s.io/v1", metadata: { name: "p" } },
      },
    },
    { include: "Object", row: { object: pod } },
  ] as const)("carries of its objects what is asked for: $include", ({ include, row }) => {
    const table = tableOf(podDefinition(), pod, { includeObject: include });
    const { cells: _cells, ...rest } = Object(listAt(table, "rows")[0]);
    expect(rest).toEqual(row);
  });

  test("says where the list goes on", () => {
    const table = tableOf(podDefinition(), pod, { continueToken: "next", remainingItemCount: 4 });
    expect(table["metadata"]).toEqual({ resourceVersion: "7", continue: "next", remainingItemCount: 4 });
  });
});

describe("the row of a pod", () => {
  const running = { ready: true, restartCount: 0, state: { running: {} } };
  const rows: readonly { name: string; pod: JsonObject; cells: readonly unknown[] }[] = [
    {
      name: "that runs",
      pod: { status: { phase: "Running", containerStatuses: [running] } },
      cells: ["p", "1/1", "Running", "0"],
    },
    {
      name: "whose container crashed and waits",
      pod: {
        status: {
          phase: "Running",
          containerStatuses: [
            {
              ready: false,
              restartCount: 3,
              state: { waiting: { reason: "CrashLoopBackOff" } },
              lastState: { terminated: { finishedAt: "2026-01-01T00:09:00Z" } },
            },
          ],
        },
      },
      cells: ["p", "0/1", "CrashLoopBackOff", "3 (60s ago)"],
    },
    {
      name: "whose container ended with a code",
      pod: {
        status: { phase: "Failed", containerStatuses: [{ state: { terminated: { exitCode: 2 } } }] },
      },
      cells: ["p", "0/1", "ExitCode:2", "0"],
    },
    {
      name: "that is being deleted",
      pod: {
        metadata: { name: "p", deletionTimestamp: "2026-01-01T00:09:00Z" },
        status: { phase: "Running", containerStatuses: [running] },
      },
      cells: ["p", "1/1", "Terminating", "0"],
    },
  ];

  test.each(rows)("$name", ({ pod, cells }) => {
    const object = { metadata: { name: "p" }, spec: { containers: [{ name: "c" }] }, ...pod };
    expect(cellsOf(tableOf(podDefinition(), object)).slice(0, 4)).toEqual(cells);
  });
});

const [second, minute, hour, day] = [1000, 60_000, 3_600_000, 86_400_000];

test.each([
  [-5 * second, "<invalid>"],
  [-1 * second, "0s"],
  [0, "0s"],
  [119 * second, "119s"],
  [2 * minute, "2m"],
  [3 * minute + 20 * second, "3m20s"],
  [10 * minute + 20 * second, "10m"],
  [179 * minute, "179m"],
  [3 * hour + minute, "3h1m"],
  [8 * hour + minute, "8h"],
  [47 * hour, "47h"],
  [2 * day + 4 * hour, "2d4h"],
  [8 * day + 4 * hour, "8d"],
  [3 * 365 * day + 5 * day, "3y5d"],
  [9 * 365 * day, "9y"],
])("%i ms is shown as %s", (ms, text) => {
  expect(humanDuration(ms)).toBe(text);
});
