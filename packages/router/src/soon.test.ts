import { describe, expect, it } from "vitest";
import { after } from "./soon.ts";

const double = (value: number): number => 2 * value;
const broken = (): number => {
  throw new Error("broken");
};

describe("after", () => {
  it("goes on at once with what is there", () => {
    expect(after(21, double)).toBe(42);
  });

  it("waits for what will be", async () => {
    expect(await after(Promise.resolve(21), double)).toBe(42);
  });

  it.each([
    { name: "what is there is followed by what will be", value: 1 },
    { name: "what will be is followed by more of it", value: Promise.resolve(1) },
  ])("waits where $name", async ({ value }) => {
    expect(await after(value, async (one) => double(one))).toBe(2);
  });

  it("throws what goes wrong at once", () => {
    expect(() => after(1, broken)).toThrow("broken");
  });

  it("rejects with what goes wrong later", async () => {
    await expect(after(Promise.resolve(1), broken)).rejects.toThrow("broken");
  });

  it("does not go on after a rejection", async () => {
    await expect(after(Promise.reject<number>(new Error("away")), broken)).rejects.toThrow("away");
  });
});
