import { describe, expect, it } from "vitest";
import { createVectorRoom, vectorRoomOf } from "./vector-room.ts";

describe("a vector room", () => {
  it("lends vectors of its dimension", () => {
    const { first, second } = createVectorRoom(3).take();
    expect([first[0], second[0]]).toEqual([new Float32Array(3), new Float32Array(3)]);
    expect(first[0]).not.toBe(second[0]);
  });

  it("lends no pair to two at once", () => {
    const room = createVectorRoom(3);
    const pairs = [room.take(), room.take(), room.take()];
    expect(new Set(pairs.flatMap(({ first, second }) => [first[0], second[0]])).size).toBe(6);
  });

  it("is one for all who need vectors of the same dimension", () => {
    expect(vectorRoomOf(3)).toBe(vectorRoomOf(3));
    expect(vectorRoomOf(4)).not.toBe(vectorRoomOf(3));
  });

  it("keeps no more pairs than many messages at once need", () => {
    const room = createVectorRoom(1);
    const pairs = Array.from({ length: 100 }, () => room.take());
    for (const pair of pairs) room.giveBack(pair);
    const again = Array.from({ length: 100 }, () => room.take());
    expect(again.filter((pair) => pairs.includes(pair))).toHaveLength(64);
  });

  it("lends again what was given back, and nothing that was not", () => {
    const room = createVectorRoom(3);
    const [kept, back] = [room.take(), room.take()];
    room.giveBack(back);
    expect(room.take()).toBe(back);
    expect([kept, back]).not.toContain(room.take());
  });
});
