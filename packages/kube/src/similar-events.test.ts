import { FakeClock } from "@lmos/testing";
import { expect, it } from "vitest";
import { combinedNote, SimilarEvents } from "./similar-events.ts";

const minutes = 60_000;

function addMany(similar: SimilarEvents, group: string, count: number): void {
  for (let at = 0; at < count; at += 1) similar.add(group);
}

it.each([
  { name: "none", told: 0, many: false },
  { name: "nine", told: 9, many: false },
  { name: "ten", told: 10, many: true },
  { name: "a hundred", told: 100, many: true },
])("after $name of a group says $many", ({ told, many }) => {
  const similar = new SimilarEvents(new FakeClock());
  addMany(similar, "a", told);
  expect(similar.areMany("a")).toBe(many);
  expect(similar.areMany("b")).toBe(false);
});

it("counts anew when ten minutes have passed since the first", async () => {
  const clock = new FakeClock();
  const similar = new SimilarEvents(clock);
  addMany(similar, "a", 9);
  await clock.advance(9 * minutes);
  similar.add("a");
  expect(similar.areMany("a")).toBe(true);
  await clock.advance(1 * minutes);
  expect(similar.areMany("a")).toBe(false);
  addMany(similar, "a", 9);
  expect(similar.areMany("a")).toBe(false);
});

it("remembers the last 4,096 groups", () => {
  const similar = new SimilarEvents(new FakeClock());
  addMany(similar, "first", 10);
  addMany(similar, "second", 10);
  for (let at = 0; at < 4_095; at += 1) similar.add(`other ${at}`);
  expect(similar.areMany("first")).toBe(false);
  expect(similar.areMany("second")).toBe(true);
});

it("says that a note stands for several", () => {
  expect(combinedNote("all is new")).toBe("(combined from similar events): all is new");
});
