import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { FakeClock } from "@lmos/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findKubeconfig } from "./connect.ts";
import type { Environment } from "./context.ts";
import { fakeEnvironment } from "./testing/fake-context.ts";
import { passing } from "./testing/passing.ts";
import { runUntil } from "./testing/run-with.ts";

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "lmos-connect-"));
  for (const name of ["project/.lmos", "bare", "home/.kube"])
    await mkdir(join(folder, name), { recursive: true });
  for (const name of ["project/.lmos/kubeconfig", "home/.kube/config", "one", "two"])
    await writeFile(join(folder, name), "");
});
afterAll(() => rm(folder, { recursive: true }));

function environment(more: Partial<Environment>): Environment {
  return fakeEnvironment({
    workingDirectory: join(folder, "bare"),
    homeDirectory: join(folder, "bare"),
    ...more,
  });
}

const at = (...parts: readonly string[]): string => join(folder, ...parts);

describe("the kubeconfig", () => {
  it.each([
    { name: "none where there is none", options: {}, given: () => ({}), expected: () => undefined },
    {
      name: "that of a laptop cluster of this folder",
      options: {},
      given: () => ({ workingDirectory: at("project"), kubeconfig: at("one") }),
      expected: () => at("project", ".lmos", "kubeconfig"),
    },
    {
      name: "that of another laptop cluster",
      options: { dir: "../project/.lmos" },
      given: () => ({}),
      expected: () => at("project", ".lmos", "kubeconfig"),
    },
    {
      name: "that which is named, before all others",
      options: { kubeconfig: "../two" },
      given: () => ({ workingDirectory: at("project"), kubeconfig: at("one") }),
      expected: () => at("two"),
    },
    {
      name: "that of the variable",
      options: {},
      given: () => ({ kubeconfig: at("one") }),
      expected: () => at("one"),
    },
    {
      name: "the only one of the variable that is there",
      options: {},
      given: () => ({ kubeconfig: [at("missing"), at("one"), ""].join(delimiter) }),
      expected: () => at("one"),
    },
    {
      name: "all of the variable that are there, each once, in their order",
      options: {},
      given: () => ({ kubeconfig: [at("two"), at("missing"), at("one"), at("two")].join(delimiter) }),
      expected: () => [at("two"), at("one")],
    },
    {
      name: "those of the variable from the current folder on",
      options: {},
      given: () => ({ workingDirectory: at("bare"), kubeconfig: `../one${delimiter}../two` }),
      expected: () => [at("one"), at("two")],
    },
    {
      name: "the one that is named where the variable has several",
      options: { kubeconfig: "../two" },
      given: () => ({ kubeconfig: [at("one"), at("two")].join(delimiter) }),
      expected: () => at("two"),
    },
    {
      name: "that of the user",
      options: {},
      given: () => ({ homeDirectory: at("home") }),
      expected: () => at("home", ".kube", "config"),
    },
  ])("is $name", ({ options, given, expected }) => {
    const path = expected();
    expect(findKubeconfig(options, environment(given()))).toEqual(path === undefined ? path : [path].flat());
  });

  it.each([
    {
      name: "a file that is not there",
      options: { kubeconfig: "missing" },
      given: () => ({}),
      says: "--kubeconfig names",
      code: "Unreachable",
    },
    {
      name: "a variable that leads nowhere",
      options: {},
      given: () => ({ kubeconfig: at("missing") }),
      says: "$KUBECONFIG names",
      code: "Unreachable",
    },
    {
      name: "a variable whose files all lead nowhere",
      options: {},
      given: () => ({ kubeconfig: [at("missing"), at("gone")].join(delimiter) }),
      says: `/missing, which does not exist`,
      code: "Unreachable",
    },
  ])("is refused: $name", ({ options, given, says, code }) => {
    expect(() => findKubeconfig(options, environment(given()))).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining(says) }),
    );
  });
});

it("a command takes its context of one file of the variable, and the cluster of the other", async () => {
  const cluster = { name: "far", cluster: { server: "http://127.0.0.1:1" } };
  const contexts = [{ name: "far", context: { cluster: "far", user: "me", namespace: "shop" } }];
  await writeFile(at("clusters"), JSON.stringify({ clusters: [cluster], users: [{ name: "me", user: {} }] }));
  await writeFile(at("contexts"), JSON.stringify({ contexts, "current-context": "far" }));
  const kubeconfig = [at("contexts"), at("clusters")].join(delimiter);
  const clock = new FakeClock();
  const { signal } = new AbortController();
  const running = runUntil({ environment: environment({ kubeconfig }), signal, clock }, "get", "agents");
  expect(await passing(clock, running)).toMatchObject({
    code: 3,
    hints: expect.stringContaining("127.0.0.1:1"),
  });
});
