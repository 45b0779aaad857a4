import { type LogFields, silentLogger } from "@lmos/primitives";
import { Command, CommanderError } from "commander";
import { describe, expect, it } from "vitest";
import {
  addressesOf,
  componentLogger,
  logCrash,
  type ServerOptions,
  withServerOptions,
} from "./server-options.ts";

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

describe("S13 an error that nobody caught", () => {
  it.each([
    { name: "an error", error: new TypeError("a secret"), told: "TypeError" },
    { name: "a text", error: "a secret", told: "thrown: string" },
    { name: "nothing", error: undefined, told: "thrown: undefined" },
  ])("is told by its kind where it is $name, and never by its message", ({ error, told }) => {
    const lines: (readonly [string, LogFields | undefined])[] = [];
    const logger = {
      ...silentLogger,
      error: (message: string, fields?: LogFields) => void lines.push([message, fields]),
    };
    logCrash(logger, error, "uncaughtException");
    expect(lines).toEqual([
      [
        "The process ends, as nobody caught an error",
        expect.objectContaining({ origin: "uncaughtException", error: told }),
      ],
    ]);
    expect(JSON.stringify(lines)).not.toContain("secret");
  });

  it("is told by the log of each server", () => {
    const tellers: unknown[] = [];
    const onCrash = (tell: unknown): void => void tellers.push(tell);
    componentLogger("operator", optionsOf("--log-level", "error"), { onCrash });
    expect(tellers).toEqual([expect.any(Function)]);
  });
});
