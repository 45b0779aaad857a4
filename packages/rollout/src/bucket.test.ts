import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { bucketCount, bucketOf, type Hash, isCanary } from "./bucket.ts";

const sha256: Hash = (text) => createHash("sha256").update(text).digest();
const keys = Array.from({ length: 100_000 }, (_, index) => `conversation-${index}`);
const share = (uid: string, weight: number): number =>
  keys.filter((key) => isCanary({ uid, weight }, key, sha256)).length / keys.length;

describe("a split of 100,000 conversations", () => {
  test.each([0, 1, 5, 25, 50, 75, 99, 100])("is within one per cent at the weight %i", (weight) => {
    expect(Math.abs(share("a-rollout", weight) * 100 - weight)).toBeLessThan(1);
  });

  test.each([0, 100])("is exact at the weight %i", (weight) => {
    expect(share("another", weight) * 100).toBe(weight);
  });

  test("fills the buckets evenly", () => {
    const filled = new Array<number>(100).fill(0);
    for (const key of keys) {
      const bucket = Math.floor(bucketOf("even", key, sha256) / 100);
      filled[bucket] = (filled[bucket] ?? 0) + 1;
    }
    expect(Math.min(...filled)).toBeGreaterThan(850);
    expect(Math.max(...filled)).toBeLessThan(1150);
  });

  test("of one rollout says nothing about that of another", () => {
    const both = keys.filter(
      (key) =>
        isCanary({ uid: "one", weight: 50 }, key, sha256) &&
        isCanary({ uid: "two", weight: 50 }, key, sha256),
    );
    expect(Math.abs(both.length / keys.length - 0.25)).toBeLessThan(0.01);
  });
});

const weight = fc.integer({ min: 0, max: 100 });

test("a raised weight moves conversations from stable to canary only", () => {
  const property = fc.property(fc.string(), fc.string(), weight, weight, (uid, key, one, other) => {
    const [low, high] = one < other ? [one, other] : [other, one];
    const before = isCanary({ uid, weight: low }, key, sha256);
    const after = isCanary({ uid, weight: high }, key, sha256);
    expect(before && !after).toBe(false);
  });
  fc.assert(property);
});

test("a bucket is one of ten thousand and always the same", () => {
  const property = fc.property(fc.string(), fc.string(), (uid, key) => {
    const bucket = bucketOf(uid, key, sha256);
    expect(Number.isInteger(bucket) && bucket >= 0 && bucket < bucketCount).toBe(true);
    expect(bucketOf(uid, key, sha256)).toBe(bucket);
  });
  fc.assert(property);
});

test("uid and key are never run together", () => {
  const hashed: string[] = [];
  const recording: Hash = (text) => {
    hashed.push(text);
    return sha256(text);
  };
  bucketOf("ab", "c", recording);
  bucketOf("a", "bc", recording);
  expect(new Set(hashed).size).toBe(2);
});

test("the bucket follows from the first six bytes of the hash, as a number", () => {
  expect(bucketOf("u", "k", () => Uint8Array.of(0, 0, 0, 0, 0, 7, 9))).toBe(7);
  expect(bucketOf("u", "k", () => Uint8Array.of(0, 0, 0, 0, 39, 16))).toBe(0);
  expect(bucketOf("u", "k", () => Uint8Array.of(0, 0, 0, 0, 39, 17))).toBe(1);
});
