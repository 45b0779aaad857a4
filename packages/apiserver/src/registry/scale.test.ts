import { describe, expect, test } from "vitest";
import { scaleOf, scaleVersion, withReplicas } from "./scale.ts";

const paths = {
  specReplicasPath: ".spec.size.wanted",
  statusReplicasPath: ".status.size",
  labelSelectorPath: ".status.selector",
};
const widget = {
  metadata: { name: "a", namespace: "n", uid: "u", resourceVersion: "7", creationTimestamp: "t", labels: {} },
  spec: { size: { wanted: 3 }, colour: "red" },
  status: { size: 2, selector: "app=web" },
};

describe("the Scale of an object", () => {
  test("has its identity, its counts and its selector", () => {
    expect(scaleOf(paths, widget)).toEqual({
      kind: "Scale",
      apiVersion: "autoscaling/v1",
      metadata: { name: "a", namespace: "n", uid: "u", resourceVersion: "7", creationTimestamp: "t" },
      spec: { replicas: 3 },
      status: { replicas: 2, selector: "app=web" },
    });
  });

  test("counts none where the status says nothing, and leaves out a selector that is not there", () => {
    expect(scaleOf(paths, { ...widget, status: {} })["status"]).toEqual({ replicas: 0 });
  });

  test("writes the selector of a Deployment as kubectl does", () => {
    const deployment = { ...widget, status: { selector: { matchLabels: { b: "2", a: "1" } } } };
    expect(scaleOf(paths, deployment)["status"]).toMatchObject({ selector: "a=1,b=2" });
  });

  test("is none where the object has no count", () => {
    expect(() => scaleOf(paths, { metadata: {}, spec: {} })).toThrow(
      'the spec replicas field ".spec.size.wanted" does not exist',
    );
  });
});

describe("setting the scale", () => {
  test("changes the count alone", () => {
    expect(withReplicas(paths, widget, { spec: { replicas: 5 } })).toEqual({
      ...widget,
      spec: { size: { wanted: 5 }, colour: "red" },
    });
  });

  test("makes the way to the count, and no count is nothing", () => {
    expect(withReplicas(paths, { metadata: {} }, {})).toMatchObject({ spec: { size: { wanted: 0 } } });
  });

  test("tells the version that was read", () => {
    expect(scaleVersion({ metadata: { resourceVersion: "7" } })).toBe("7");
    expect(scaleVersion({})).toBeUndefined();
  });
});
