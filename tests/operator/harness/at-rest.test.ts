import type { HistoryEntry } from "@lmos/testing";
import { expect, it } from "vitest";
import { restedMs } from "./at-rest.ts";

const path = "/apis/lmos.eclipse/v1/namespaces/a/agents/b";

function exchange(id: number, verb: "get" | "apply", atMs: number): readonly HistoryEntry[] {
  const request = { verb, path, group: "lmos.eclipse", resource: "agents", namespace: "a", name: "b" };
  return [
    { kind: "request", atMs, id, request },
    { kind: "answer", atMs: atMs + 10, id, status: 200, delivered: true },
  ];
}

it.each([
  { name: "since it was asked first, where nothing was written", history: [], expected: 900 },
  { name: "since the last write was answered", history: exchange(1, "apply", 400), expected: 590 },
  { name: "not since the last read", history: exchange(1, "get", 400), expected: 900 },
  { name: "not since a write before that", history: exchange(1, "apply", 20), expected: 900 },
  {
    name: "since the later of two writes",
    history: [...exchange(1, "apply", 700), ...exchange(2, "apply", 400)],
    expected: 290,
  },
])("it rests $name", ({ history, expected }) => {
  expect(restedMs({ history, nowMs: 1_000 }, 100)).toBe(expected);
});
