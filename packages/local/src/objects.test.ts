import { KubeError, type KubeObject, keyOf, keyText, type ResourceType } from "@lmos/kube";
import { FakeClock } from "@lmos/testing";
import { describe, expect, test } from "vitest";
import { applyObjects } from "./apply-objects.ts";
import { installDefinitions } from "./custom-definitions.ts";
import { deleteObjects } from "./delete-objects.ts";
import type { Refusal } from "./refusal.ts";

const { signal } = new AbortController();

const served: Readonly<Record<string, readonly string[]>> = {
  v1: ["ConfigMap", "Namespace"],
  "apps/v1": ["Deployment"],
  "apiextensions.k8s.io/v1": ["CustomResourceDefinition"],
};

/** A server that remembers what it was asked; `established` says from which `get` on definitions are in service. */
function fakeClient({
  established = 1,
  existing = ["a"],
}: {
  established?: number;
  existing?: readonly string[];
} = {}) {
  const calls: string[] = [];
  let gets = 0;
  const typeOf = (apiVersion: string, kind: string): ResourceType => {
    const [version = "", group = ""] = apiVersion.split("/").reverse();
    const parse = (value: unknown): KubeObject => objectIn(value);
    return {
      group,
      version,
      kind,
      plural: `${kind.toLowerCase()}s`,
      namespaced: kind !== "Namespace",
      parse,
    };
  };
  return {
    calls,
    discover: async (apiVersion: string) => {
      calls.push(`discover ${apiVersion}`);
      return (served[apiVersion] ?? []).map((kind) => typeOf(apiVersion, kind));
    },
    apply: async <T extends KubeObject>(
      type: ResourceType<T>,
      object: KubeObject,
      options: object,
    ): Promise<T> => {
      calls.push(
        `apply ${type.plural} ${keyText(keyOf(object))} ${"fieldManager" in options ? options.fieldManager : ""}`,
      );
      return type.parse(object);
    },
    delete: async (type: ResourceType, key: { readonly name: string }) => {
      calls.push(`delete ${type.plural} ${keyText(key)}`);
      return existing.includes(key.name) ? ("deleted" as const) : ("absent" as const);
    },
    get: async <T extends KubeObject>(type: ResourceType<T>, key: { readonly name: string }): Promise<T> => {
      gets += 1;
      const status = gets < established ? "False" : "True";
      const conditions = [{ type: "Established", status }];
      return type.parse({
        apiVersion: "x",
        kind: type.kind,
        metadata: { name: key.name },
        status: { conditions },
      });
    },
    gets: () => gets,
  };
}

function objectIn(value: unknown): KubeObject {
  if (isKubeObject(value)) return value;
  throw new Error("not an object");
}

function isKubeObject(value: unknown): value is KubeObject {
  return typeof value === "object" && value !== null && "metadata" in value;
}

const configMap = (name: string) => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name, namespace: "n" },
});
const deployment = { apiVersion: "apps/v1", kind: "Deployment", metadata: { name: "d", namespace: "n" } };
const definition = {
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  metadata: { name: "things.example.org" },
};

describe("applying", () => {
  test("goes through the objects in order and asks once for the types of each apiVersion", async () => {
    const client = fakeClient();
    const applied = await applyObjects(client, [configMap("a"), deployment, configMap("b")], { signal });
    expect(applied.map(({ metadata }) => metadata.name)).toEqual(["a", "d", "b"]);
    expect(client.calls).toEqual([
      "discover v1",
      "apply configmaps n/a lmos",
      "discover apps/v1",
      "apply deployments n/d lmos",
      "apply configmaps n/b lmos",
    ]);
  });

  test("stops at a kind that the server does not serve", async () => {
    const client = fakeClient();
    const unknown = { ...deployment, kind: "Deploymint" };
    await expect(applyObjects(client, [configMap("a"), unknown], { signal })).rejects.toMatchObject({
      code: "UnknownKind",
      message: "n/d: the API server serves no kind Deploymint in apps/v1",
    });
    expect(client.calls).toContain("apply configmaps n/a lmos");
  });

  test.each([{}, { kind: "ConfigMap", metadata: { name: "a" } }, { ...configMap("a"), metadata: {} }])(
    "refuses %j before anything is applied",
    async (broken) => {
      const client = fakeClient();
      const applying = applyObjects(client, [configMap("a"), broken], { signal });
      await expect(applying).rejects.toMatchObject({ code: "InvalidObject" });
      expect(client.calls).toEqual([]);
    },
  );
});

describe("an object that is refused", () => {
  const unknown = { ...deployment, kind: "Deploymint" };
  const refusalsOf = () => {
    const refused: string[] = [];
    const onRefused = ({ object, error }: Refusal) => void refused.push(`${object.kind}: ${error.message}`);
    return { refused, onRefused };
  };

  test("is told, and the others are applied", async () => {
    const { refused, onRefused } = refusalsOf();
    const objects = [unknown, configMap("a"), unknown, configMap("b")];
    const applied = await applyObjects(fakeClient(), objects, { onRefused, signal });
    expect(applied.map(({ metadata }) => metadata.name)).toEqual(["a", "b"]);
    const said = "Deploymint: n/d: the API server serves no kind Deploymint in apps/v1";
    expect(refused).toEqual([said, said]);
  });

  test("is told, and the others are deleted", async () => {
    const { refused, onRefused } = refusalsOf();
    const deleted = await deleteObjects(fakeClient(), [configMap("a"), unknown], { onRefused, signal });
    expect(deleted.map(({ outcome }) => outcome)).toEqual(["deleted"]);
    expect(refused).toHaveLength(1);
  });

  test("ends it where nobody asks for refusals", async () => {
    const deleting = deleteObjects(fakeClient(), [configMap("a"), unknown], { signal });
    await expect(deleting).rejects.toMatchObject({ code: "UnknownKind" });
  });

  test.each([
    { name: "a server that is away", error: new KubeError("Unreachable", "away") },
    { name: "a stop", error: new Error("stopped") },
  ])("is not $name: that ends it", async ({ error }) => {
    const { refused, onRefused } = refusalsOf();
    const client = { ...fakeClient(), discover: () => Promise.reject(error) };
    await expect(applyObjects(client, [configMap("a")], { onRefused, signal })).rejects.toBe(error);
    await expect(deleteObjects(client, [configMap("a")], { onRefused, signal })).rejects.toBe(error);
    expect(refused).toEqual([]);
  });
});

test("deleting goes backwards and says of each object whether there was one", async () => {
  const client = fakeClient({ existing: ["a"] });
  const deletions = await deleteObjects(client, [configMap("a"), configMap("b")], { signal });
  expect(deletions.map(({ object, outcome }) => `${object.metadata.name} ${outcome}`)).toEqual([
    "b absent",
    "a deleted",
  ]);
});

describe("installing definitions", () => {
  test("waits until all are established", async () => {
    const clock = new FakeClock();
    const client = fakeClient({ established: 3 });
    const installing = installDefinitions(client, [definition], { clock, signal });
    await clock.advance(100);
    await installing;
    expect(client.gets()).toBe(3);
  });

  test("gives up after half a minute", async () => {
    const clock = new FakeClock();
    const client = fakeClient({ established: Number.POSITIVE_INFINITY });
    const installing = installDefinitions(client, [definition], { clock, signal });
    const failed = expect(installing).rejects.toMatchObject({ code: "NotEstablished" });
    await clock.advance(30_000);
    await failed;
  });
});
