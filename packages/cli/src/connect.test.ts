import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findKubeconfig } from "./connect.ts";
import type { Environment } from "./context.ts";

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
  return {
    workingDirectory: join(folder, "bare"),
    homeDirectory: join(folder, "bare"),
    kubeconfig: undefined,
    inCluster: false,
    variables: {},
    nodePath: "/node",
    programPath: "/lmos",
    fromSource: true,
    compileCacheDirectory: undefined,
    ...more,
  };
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
      name: "that of the user",
      options: {},
      given: () => ({ homeDirectory: at("home") }),
      expected: () => at("home", ".kube", "config"),
    },
  ])("is $name", ({ options, given, expected }) => {
    expect(findKubeconfig(options, environment(given()))).toBe(expected());
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
      name: "a variable with several files",
      options: {},
      given: () => ({ kubeconfig: [at("one"), at("two")].join(delimiter) }),
      says: "name one of them with --kubeconfig",
      code: "Usage",
    },
  ])("is refused: $name", ({ options, given, says, code }) => {
    expect(() => findKubeconfig(options, environment(given()))).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining(says) }),
    );
  });
});
