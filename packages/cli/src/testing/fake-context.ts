/** What the process gives a command, without a process: for tests. */
import { Readable } from "node:stream";
import { FakeClock, SeededRandom, SequentialIds } from "@lmos/testing";
import type { CommandContext, Environment } from "../context.ts";

/** Nothing of this machine, but for what is given. */
export function fakeEnvironment(given: Partial<Environment> = {}): Environment {
  return {
    workingDirectory: "/nowhere",
    homeDirectory: "/nowhere",
    kubeconfig: undefined,
    inCluster: false,
    variables: {},
    nodePath: "/usr/bin/node",
    programPath: "/usr/bin/lmos",
    fromSource: true,
    compileCacheDirectory: undefined,
    ...given,
  };
}

/** A context whose terminal swallows all, whose clock stands still, and which nobody stops, but for what is given. */
export function fakeContext(given: Partial<CommandContext> = {}): CommandContext {
  return {
    terminal: {
      print: () => undefined,
      write: () => undefined,
      hint: () => undefined,
      paint: (_color, text) => text,
      interactive: false,
    },
    environment: fakeEnvironment(),
    clock: new FakeClock(),
    random: new SeededRandom(1),
    ids: new SequentialIds(),
    signal: new AbortController().signal,
    input: Readable.from([]),
    onCrash: () => undefined,
    keyboard: undefined,
    ...given,
  };
}
