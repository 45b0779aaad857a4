import { describe, expect, it } from "vitest";
import { objectMetaSchema } from "./metadata.ts";

const owner = { apiVersion: "apps/v1", kind: "Deployment", name: "billing", uid: "1f0c" };

describe("object metadata", () => {
  it("is read without what a control plane has no use for", () => {
    const managedFields = [{ manager: "kubectl", operation: "Apply" }];
    expect(objectMetaSchema.parse({ name: "a", managedFields, selfLink: "/x", clusterName: "c" })).toEqual({
      name: "a",
    });
  });

  it("keeps what deletion, ownership and retries depend on", () => {
    const kept = {
      name: "a",
      namespace: "shop",
      labels: { tenant: "acme" },
      annotations: { note: "" },
      creationTimestamp: "2026-01-01T00:00:00Z",
      deletionTimestamp: "2026-01-02T00:00:00Z",
      deletionGracePeriodSeconds: 0,
      generation: 3,
      resourceVersion: "00123",
      uid: "u",
      finalizers: ["lmos.eclipse/hold"],
      ownerReferences: [{ ...owner, controller: true, blockOwnerDeletion: false }],
    };
    expect(objectMetaSchema.parse(kept)).toEqual(kept);
  });

  it.each([
    { name: "no name", value: {}, path: "name" },
    {
      name: "a resourceVersion that was read as a number",
      value: { name: "a", resourceVersion: 123 },
      path: "resourceVersion",
    },
    {
      name: "an annotation that is no text",
      value: { name: "a", annotations: { on: true } },
      path: "annotations.on",
    },
    {
      name: "an owner without a uid",
      value: { name: "a", ownerReferences: [{ ...owner, uid: undefined }] },
      path: "ownerReferences.0.uid",
    },
    { name: "a generation with a fraction", value: { name: "a", generation: 1.5 }, path: "generation" },
  ])("is refused at the field: $name", ({ value, path }) => {
    const { error } = objectMetaSchema.safeParse(value);
    expect(error?.issues.map((issue) => issue.path.join("."))).toEqual([path]);
  });
});
