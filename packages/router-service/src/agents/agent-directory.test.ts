import type { AddressedAgent, ChannelScope } from "@lmos/router";
import { describe, expect, it } from "vitest";
import { type AgentDirectory, createGivenAgents, joinDirectories } from "./agent-directory.ts";

const web: ChannelScope = { tenant: "acme", channel: "web", subset: "stable" };
const agentOf = (id: string, address = `http://${id}`): AddressedAgent => ({
  ...{ id, name: `${id}-agent`, address, description: "", capabilities: [] },
});
const addresses = (agents: readonly AddressedAgent[] | undefined): readonly string[] | undefined =>
  agents?.map(({ address }) => address);

describe("given agents", () => {
  it("are those of their channel alone", () => {
    const given = createGivenAgents();
    given.put(web, [agentOf("a")]);
    for (const other of [{ tenant: "other" }, { channel: "ivr" }, { subset: "canary" }]) {
      expect(given.agentsOf({ ...web, ...other })).toBeUndefined();
    }
    expect(addresses(given.agentsOf(web))).toEqual(["http://a"]);
  });

  it.each([
    { left: { tenant: "a b", channel: "c" }, right: { tenant: "a", channel: "b c" } },
    { left: { tenant: 'a","b', channel: "c" }, right: { tenant: "a", channel: 'b","c' } },
    { left: { tenant: "a-b", channel: "c" }, right: { tenant: "a", channel: "b-c" } },
  ])("of $left are not those of $right", ({ left, right }) => {
    const given = createGivenAgents();
    given.put({ ...web, ...left }, [agentOf("a")]);
    expect(given.agentsOf({ ...web, ...right })).toBeUndefined();
  });

  it("are added to those that there are, in the place of one with the same id", () => {
    const given = createGivenAgents();
    given.put(web, [agentOf("a"), agentOf("b")]);
    given.put(web, [agentOf("a", "http://new"), agentOf("c")]);
    expect(addresses(given.agentsOf(web))).toEqual(["http://new", "http://b", "http://c"]);
  });

  it("are forgotten with their channel", () => {
    const given = createGivenAgents();
    given.put(web, [agentOf("a")]);
    given.remove(web);
    expect([given.agentsOf(web), given.agentsBy("id", new Set(["a"]))]).toEqual([undefined, []]);
  });

  it("are found by their ids, each once, whatever channel they are of", () => {
    const given = createGivenAgents();
    given.put(web, [agentOf("a", "http://first"), agentOf("b")]);
    given.put({ ...web, channel: "ivr" }, [agentOf("a", "http://second"), agentOf("c")]);
    expect(addresses(given.agentsBy("id", new Set(["a", "c", "nobody"])))).toEqual([
      "http://first",
      "http://c",
    ]);
  });

  it("are found by their names, the first of each", () => {
    const given = createGivenAgents();
    given.put(web, [agentOf("a", "http://first"), { ...agentOf("b", "http://second"), name: "a-agent" }]);
    expect(addresses(given.agentsBy("name", new Set(["a-agent", "b"])))).toEqual(["http://first"]);
  });
});

describe("directories together", () => {
  const directoryOf = (agents: readonly AddressedAgent[] | undefined): AgentDirectory => ({
    agentsOf: () => agents,
    agentsBy: (key, values) => (agents ?? []).filter((agent) => values.has(agent[key])),
  });

  it.each([
    {
      name: "the first that knows the channel",
      directories: [undefined, [agentOf("b")], [agentOf("c")]],
      told: ["http://b"],
    },
    { name: "the first although it has no agents", directories: [[], [agentOf("b")]], told: [] },
    { name: "nobody where none knows it", directories: [undefined, undefined], told: undefined },
    { name: "nobody where there is none", directories: [], told: undefined },
  ])("tell the agents of $name", ({ directories, told }) => {
    expect(addresses(joinDirectories(directories.map(directoryOf)).agentsOf(web))).toEqual(told);
  });

  it("find agents by id in all of them, those of the first before those of the others", () => {
    const joined = joinDirectories(
      [[agentOf("a", "http://first")], [agentOf("a", "http://second"), agentOf("b")]].map(directoryOf),
    );
    expect(addresses(joined.agentsBy("id", new Set(["a", "b"])))).toEqual(["http://first", "http://b"]);
  });
});
