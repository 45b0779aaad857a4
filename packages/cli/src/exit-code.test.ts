import { KubeError } from "@lmos/kube";
import { CommanderError } from "commander";
import { expect, it } from "vitest";
import { CliError } from "./errors.ts";
import { exitCodeOf } from "./exit-code.ts";

const running = new AbortController().signal;
const stopped = AbortSignal.abort(new Error("stopped by SIGINT"));
const closed = AbortSignal.abort(Object.assign(new Error("write EPIPE"), { code: "EPIPE" }));

it.each([
  { name: "help", error: new CommanderError(0, "commander.help", ""), signal: running, code: 0 },
  {
    name: "an unknown option",
    error: new CommanderError(1, "commander.unknownOption", ""),
    signal: running,
    code: 2,
  },
  { name: "wrong usage", error: new CliError("Usage", ""), signal: running, code: 2 },
  { name: "findings", error: new CliError("Findings", ""), signal: running, code: 1 },
  { name: "a wait that was given up", error: new CliError("Timeout", ""), signal: running, code: 124 },
  { name: "no connection", error: new KubeError("Unreachable", ""), signal: running, code: 3 },
  { name: "a server that is overloaded", error: new KubeError("Unavailable", ""), signal: running, code: 3 },
  { name: "a server that does not answer", error: new KubeError("Timeout", ""), signal: running, code: 3 },
  {
    name: "a kubeconfig that can't be read",
    error: new KubeError("InvalidConfiguration", ""),
    signal: running,
    code: 2,
  },
  { name: "a missing right", error: new KubeError("Forbidden", ""), signal: running, code: 1 },
  { name: "a fault of ours", error: new TypeError("broken"), signal: running, code: 1 },
  { name: "something that is no error", error: "broken", signal: running, code: 1 },
  { name: "Ctrl-C", error: stopped.reason, signal: stopped, code: 130 },
  { name: "a reader that has seen enough", error: closed.reason, signal: closed, code: 0 },
  { name: "a failure while it was stopped", error: new TypeError("broken"), signal: stopped, code: 1 },
])("$name ends with $code", ({ error, signal, code }) => {
  expect(exitCodeOf(error, { signal })).toBe(code);
});
