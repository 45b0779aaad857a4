import { describe, expect, test } from "vitest";
import { operatorChannelSchema, operatorRoutingSchema } from "./operator-documents.ts";

const labels = { channel: "web", tenant: "acme", version: "1.0.0" };
const wire = { name: "c", providedVersion: "1.0.0", description: "d", host: "h" };
const group = { name: "agent-0", description: "d", capabilities: [wire] };

const routing = (metadata: object = {}, groups: unknown = [group]): object => ({
  metadata: { name: "n", namespace: "default", labels, ...metadata },
  spec: { capabilityGroups: groups },
});
const channel = (parts: object = {}): object => ({
  apiVersion: "v",
  kind: "Channel",
  metadata: {},
  spec: {},
  ...parts,
});

/** As it goes out: what is undefined does not. */
function written(schema: typeof operatorChannelSchema | typeof operatorRoutingSchema, body: object): string {
  return JSON.stringify(schema.parse(body));
}

describe("a routing is shown without what it lacks", () => {
  const head = '{"metadata":{"name":"n","namespace":"default","labels":';
  const plain = '{"channel":"web","tenant":"acme","version":"1.0.0"}';
  const groups =
    '[{"name":"agent-0","description":"d","capabilities":[{"name":"c","providedVersion":"1.0.0","description":"d","host":"h"}]}]';
  const tail = `},"spec":{"capabilityGroups":${groups}}}`;
  const plainText = `${head}${plain}${tail}`;

  test.each([
    { name: "the least", body: routing(), text: plainText },
    { name: "nulls", body: { ...routing({ uid: null }), kind: null, apiVersion: null }, text: plainText },
    { name: "unknown members", body: { ...routing({ annotations: {} }), status: {} }, text: plainText },
    { name: "other labels", body: routing({ labels: { ...labels, extra: "x" } }), text: plainText },
    {
      name: "ids that are empty text",
      body: routing({}, [{ ...group, id: "", capabilities: [{ ...wire, id: "", requiredVersion: null }] }]),
      text: plainText,
    },
    {
      name: "a subset and a generation",
      body: routing({ generation: 3, labels: { ...labels, subset: "stable" } }),
      text: `${head}{"channel":"web","subset":"stable","tenant":"acme","version":"1.0.0"},"generation":3${tail}`,
    },
    {
      name: "a number where text is expected",
      body: routing({ labels: { ...labels, version: 1 } }),
      text: plainText.replace('"1.0.0"}', '"1"}'),
    },
    {
      name: "a version label that is missing",
      body: routing({ labels: { channel: "web", tenant: "acme" } }),
      text: plainText.replace('"version":"1.0.0"', '"version":""'),
    },
  ])("$name", ({ body, text }) => {
    expect(written(operatorRoutingSchema, body)).toBe(text);
  });

  test.each([
    { name: "an empty object", body: {} },
    { name: "no labels", body: routing({ labels: undefined }) },
    { name: "no tenant", body: routing({ labels: { channel: "web", version: "1" } }) },
    { name: "no groups", body: routing({}, null) },
    { name: "a group without a name", body: routing({}, [{ ...group, name: undefined }]) },
    { name: "a wire without a version", body: routing({}, [{ ...group, capabilities: [{ name: "c" }] }]) },
    { name: "a generation that is no number", body: routing({ generation: "x" }) },
  ])("and is none with $name", ({ body }) => {
    expect(operatorRoutingSchema.safeParse(body).success).toBe(false);
  });
});

describe("a Channel is shown with null for what it lacks", () => {
  const metadata = '"metadata":{"name":null,"namespace":null,"labels":null,"annotations":null}';
  const head = `{"apiVersion":"v","kind":"Channel",${metadata},"spec":{"requiredCapabilities":`;

  test.each([
    { name: "the least", parts: {}, text: `${head}[]},"status":null}` },
    { name: "a status that is null", parts: { status: null }, text: `${head}[]},"status":null}` },
    {
      name: "an empty status",
      parts: { status: {} },
      text: `${head}[]},"status":{"resolveStatus":null,"unresolvedRequiredCapabilities":null}}`,
    },
    {
      name: "a requirement",
      parts: { spec: { requiredCapabilities: [{ name: "c", version: "1" }] } },
      text: `${head}[{"id":null,"name":"c","version":"1","strategy":null}]},"status":null}`,
    },
    {
      name: "a strategy of its own",
      parts: { spec: { requiredCapabilities: [{ id: "", name: "c", version: "1", strategy: "OTHER" }] } },
      text: `${head}[{"id":"","name":"c","version":"1","strategy":"OTHER"}]},"status":null}`,
    },
  ])("$name", ({ parts, text }) => {
    expect(written(operatorChannelSchema, channel(parts))).toBe(text);
  });

  test.each([
    { name: "no kind", parts: { kind: undefined } },
    { name: "no metadata", parts: { metadata: undefined } },
    { name: "no spec", parts: { spec: undefined } },
    { name: "a label that is null", parts: { metadata: { labels: { a: null } } } },
    { name: "requirements that are null", parts: { spec: { requiredCapabilities: null } } },
    { name: "a requirement without a name", parts: { spec: { requiredCapabilities: [{ version: "1" }] } } },
  ])("and is none with $name", ({ parts }) => {
    expect(operatorChannelSchema.safeParse(channel(parts)).success).toBe(false);
  });
});
