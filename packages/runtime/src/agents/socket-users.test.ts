import { defaultFrameLimits, parseFrame } from "@lmos/protocol";
import { describe, expect, it } from "vitest";
import { SocketUsers } from "./socket-users.ts";

/** Two turns on one socket, and what each was told. */
function twoTurns(paused: { readonly one?: boolean; readonly two?: boolean } = {}) {
  const users = new SocketUsers();
  const told: string[] = [];
  for (const id of ["one", "two"] as const) {
    users.reserve();
    users.add({
      operationId: id,
      paused: paused[id] ?? false,
      onOpen: () => told.push(`${id} open`),
      onFrame: (frame) => told.push(`${id} ${frame.kind === "frame" ? frame.type : frame.kind}`),
      onFault: ({ kind }) => told.push(`${id} ${kind}`),
    });
  }
  return { users, told };
}

describe("a frame", () => {
  it.each([
    {
      name: "that names a turn goes to that turn",
      frame: '{"type":"complete","id":"two"}',
      told: ["two complete"],
    },
    {
      name: "that names a turn which is over goes to nobody",
      frame: '{"type":"complete","id":"zero"}',
      told: [],
    },
    {
      name: "that names none concerns all",
      frame: '{"type":"connection_ack"}',
      told: ["one connection_ack", "two connection_ack"],
    },
  ])("$name", ({ frame, told: expected }) => {
    const { users, told } = twoTurns();
    users.dispatch(parseFrame(frame, defaultFrameLimits), frame.length);
    expect(told).toEqual(expected);
  });
});

it("tells all turns that the socket is open, or at fault", () => {
  const { users, told } = twoTurns();
  users.tellOpen();
  users.tellFault({ kind: "unresponsive" });
  expect(told).toEqual(["one open", "two open", "one unresponsive", "two unresponsive"]);
});

it("counts a place from when it is kept until its turn leaves, or it is given back", () => {
  const users = twoTurns().users;
  users.reserve();
  expect(users.places).toBe(3);
  users.giveBack();
  users.remove("one");
  expect(users.places).toBe(1);
  expect(users.size).toBe(1);
  users.clear();
  expect(users.places).toBe(0);
});

describe("readers that are behind", () => {
  it.each([
    { name: "none of two", paused: {}, any: false, all: false },
    { name: "one of two", paused: { two: true }, any: true, all: false },
    { name: "both", paused: { one: true, two: true }, any: true, all: true },
  ])("$name", ({ paused, any, all }) => {
    const { users } = twoTurns(paused);
    expect({ any: users.anyPaused, all: users.allPaused }).toEqual({ any, all });
  });

  it("are not all where there are none", () => {
    expect(new SocketUsers().allPaused).toBe(false);
  });
});
