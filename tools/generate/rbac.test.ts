/** The roles hold what the tables say, and the tables ask for nothing that a control plane must not have (row S11). */
import { readFile } from "node:fs/promises";
import {
  authenticationPermissions,
  grantPermissions,
  ownPermissions,
  watchedPermissions,
} from "@lmos/operator";
import { runtimeGrantPermissions, runtimePermissions } from "@lmos/runtime";
import { describe, expect, it } from "vitest";
import { parseAllDocuments } from "yaml";
import { z } from "zod";
import { rbacFiles } from "./rbac-yaml.ts";

const files = Object.entries(rbacFiles());
const all = [
  ...watchedPermissions,
  ...grantPermissions,
  ...ownPermissions("lmos-operator"),
  ...authenticationPermissions,
  ...runtimePermissions,
  ...runtimeGrantPermissions,
];
const roleSchema = z.object({
  kind: z.string(),
  metadata: z.object({ name: z.string(), namespace: z.string().optional() }),
  roleRef: z.object({ kind: z.string(), name: z.string() }).optional(),
  subjects: z.array(z.object({ name: z.string(), namespace: z.string() })).optional(),
});

it.each(files)(
  "deploy/kubernetes/%s holds what the tables say (else: npm run generate)",
  async (path, text) => {
    const stored = await readFile(new URL(`../../deploy/kubernetes/${path}`, import.meta.url), "utf8");
    expect(stored).toBe(text);
  },
);

describe("no right", () => {
  it("is a wildcard", () => {
    expect(JSON.stringify(all)).not.toContain("*");
  });

  it.each(["secrets", "pods/exec", "pods", "customresourcedefinitions", "clusterroles", "roles"])(
    "is on %s",
    (resource) => {
      expect(all.filter((permission) => permission.resource === resource)).toEqual([]);
    },
  );

  it.each(["escalate", "bind", "impersonate", "deletecollection"])("is to %s", (verb) => {
    expect(all.filter(({ verbs }) => verbs.includes(verb))).toEqual([]);
  });

  it("changes workloads or Services", () => {
    const others = all.filter(({ group }) => ["", "apps", "argoproj.io"].includes(group));
    expect(new Set(others.flatMap(({ verbs }) => verbs))).toEqual(new Set(["list", "watch"]));
  });

  it("of the runtime changes anything", () => {
    expect(
      new Set([...runtimePermissions, ...runtimeGrantPermissions].flatMap(({ verbs }) => verbs)),
    ).toEqual(new Set(["list", "watch"]));
  });

  it("stands twice, and each says why", () => {
    const names = watchedPermissions.map(({ group, resource }) => `${group}/${resource}`);
    expect(new Set(names).size).toBe(names.length);
    expect(all.filter(({ why }) => why.length < 10)).toEqual([]);
  });
});

describe.each(files)("%s", (_path, text) => {
  const documents = parseAllDocuments(text).map((each) => roleSchema.parse(each.toJS()));

  it("says every right in full, without anchors to look up elsewhere", () => {
    expect(text).not.toMatch(/[:-] [&*]\w/);
  });

  it("binds each of its roles to an account of the system's namespace", () => {
    for (const { roleRef, subjects } of documents.filter(({ kind }) => kind.endsWith("Binding"))) {
      expect(
        documents.some(({ kind, metadata }) => kind === roleRef?.kind && metadata.name === roleRef.name),
      ).toBe(true);
      expect(subjects).toMatchObject([{ namespace: "lmos-system" }]);
    }
  });
});

it("in the namespaced form nothing of the operator or the runtime reaches beyond its namespaces", () => {
  const documents = ["base/rbac.yaml", "watched-namespace/rbac.yaml"].flatMap((path) =>
    parseAllDocuments(rbacFiles()[path] ?? "").map((each) => roleSchema.parse(each.toJS())),
  );
  const clusterWide = documents.filter(({ kind }) => kind === "ClusterRoleBinding");
  expect(clusterWide).toEqual([]);
});
