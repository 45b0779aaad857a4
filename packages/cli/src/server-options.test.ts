import { Command, CommanderError } from "commander";
import { describe, expect, it } from "vitest";
import { addressesOf, type ServerOptions, withServerOptions } from "./server-options.ts";

function optionsOf(...parameters: readonly string[]): ServerOptions {
  const command = withServerOptions(new Command("server"), 8080).exitOverride();
  command.configureOutput({ writeErr: () => undefined }).action(() => undefined);
  return command.parse([...parameters], { from: "user" }).opts();
}

describe("the addresses of a server", () => {
  it.each([
    {
      name: "in a pod",
      parameters: [],
      listen: { host: "0.0.0.0", port: 8080 },
      management: { host: "0.0.0.0", port: 9090 },
    },
    {
      name: "on a laptop, where a process has one port",
      parameters: ["--local", "--host", "127.0.0.1", "--port", "0"],
      listen: { host: "127.0.0.1", port: 0 },
      management: undefined,
    },
    {
      name: "on a laptop with another one for operators",
      parameters: ["--local", "--management-port", "9091"],
      listen: { host: "0.0.0.0", port: 8080 },
      management: { host: "0.0.0.0", port: 9091 },
    },
  ])("are, $name, these", ({ parameters, listen, management }) => {
    expect(addressesOf(optionsOf(...parameters))).toEqual({ listen, management });
  });

  it.each([
    ["--port", "65536"],
    ["--port", "-1"],
    ["--port", "80.5"],
    ["--management-port", "http"],
    ["--log-level", "loud"],
  ])("%s %s is refused", (...parameters) => {
    expect(() => optionsOf(...parameters)).toThrow(CommanderError);
  });
});
