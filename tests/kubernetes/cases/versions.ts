import { type Area, absent, present } from "../conformance/case.ts";
import { configMap, configMaps, deployment, deployments, widget, widgets } from "../conformance/objects.ts";
import { get, jsonPatch, mergePatch, post, put, strategicPatch } from "../conformance/steps.ts";

const pristine = [post(widgets, widget("a", { size: 1 }), { save: { version: "metadata.resourceVersion" } })];

/** Resource versions, generations and conflicts. */
export const versionCases: Area = {
  title: "Versions and conflicts",
  cases: [
    {
      name: "an update with the current version changes the version",
      steps: [
        ...pristine,
        put(`${widgets}/a`, widget("a", { size: 2 }, { resourceVersion: "<version>" }), {
          holds: { "spec.size": 2, "metadata.generation": 2 },
          save: { later: "metadata.resourceVersion" },
        }),
        get(`${widgets}/a`, { holds: { "metadata.resourceVersion": "<later>" } }),
      ],
    },
    {
      name: "an update with an old version is a Conflict",
      steps: [
        ...pristine,
        mergePatch(`${widgets}/a`, { spec: { size: 2 } }),
        put(`${widgets}/a`, widget("a", { size: 3 }, { resourceVersion: "<version>" }), {
          status: 409,
          holds: { reason: "Conflict" },
        }),
      ],
    },
    {
      name: "a built-in object may be updated without a version, a custom one may not",
      steps: [
        post(configMaps, configMap("a", { k: "1" })),
        put(`${configMaps}/a`, configMap("a", { k: "2" })),
        ...pristine,
        put(`${widgets}/a`, widget("a", { size: 2 }), { status: 422 }),
      ],
    },
    {
      name: "an update that changes nothing keeps the version",
      steps: [
        ...pristine,
        put(`${widgets}/a`, widget("a", { size: 1 }, { resourceVersion: "<version>" }), {
          holds: { "metadata.resourceVersion": "<version>", "metadata.generation": 1 },
        }),
        mergePatch(
          `${widgets}/a`,
          { spec: { size: 1 } },
          { holds: { "metadata.resourceVersion": "<version>" } },
        ),
      ],
    },
    {
      name: "the generation counts changes of the spec, not of metadata",
      steps: [
        ...pristine,
        mergePatch(
          `${widgets}/a`,
          { metadata: { labels: { a: "b" } } },
          { holds: { "metadata.generation": 1 } },
        ),
        mergePatch(`${widgets}/a`, { spec: { size: 5 } }, { holds: { "metadata.generation": 2 } }),
      ],
    },
    {
      name: "a Deployment's generation counts changes of its spec",
      steps: [
        post(deployments, deployment("web"), { holds: { "metadata.generation": 1 } }),
        mergePatch(`${deployments}/web`, { spec: { replicas: 3 } }, { holds: { "metadata.generation": 2 } }),
        mergePatch(
          `${deployments}/web`,
          { metadata: { labels: { x: "y" } } },
          { holds: { "metadata.generation": 2 } },
        ),
      ],
    },
    {
      name: "uid, name and creation time of an object cannot be changed",
      steps: [
        post(configMaps, configMap("a", {}), { save: { created: "metadata.creationTimestamp" } }),
        put(`${configMaps}/a`, configMap("a", {}, { uid: "00000000-0000-4000-8000-000000000000" }), {
          status: 409,
          compare: "reason",
        }),
        mergePatch(`${configMaps}/a`, { metadata: { name: "b" } }, { status: 400 }),
        mergePatch(
          `${configMaps}/a`,
          { metadata: { creationTimestamp: "2001-01-01T00:00:00Z" } },
          { holds: { "metadata.creationTimestamp": "<created>" } },
        ),
      ],
    },
    {
      name: "an update of an object that is not there is NotFound",
      steps: [
        put(`${configMaps}/none`, configMap("none", {}), { status: 404 }),
        mergePatch(`${configMaps}/none`, { data: {} }, { status: 404 }),
      ],
    },
    {
      name: "an update that names a version creates nothing",
      steps: [
        put(`${configMaps}/none`, configMap("none", {}, { resourceVersion: "5" }), { status: 404 }),
        get(`${configMaps}/none`, { status: 404 }),
      ],
    },
    {
      name: "a version that is no number is refused",
      steps: [
        post(configMaps, configMap("a", {})),
        put(`${configMaps}/a`, configMap("a", {}, { resourceVersion: "abc" }), { status: 500 }),
      ],
    },
    {
      name: "a patch that names an old version is a Conflict",
      steps: [
        ...pristine,
        mergePatch(`${widgets}/a`, { spec: { size: 2 } }),
        mergePatch(
          `${widgets}/a`,
          { metadata: { resourceVersion: "<version>" }, spec: { size: 3 } },
          { status: 409 },
        ),
      ],
    },
    {
      name: "a read or list at version 0 answers",
      steps: [
        ...pristine,
        get(`${widgets}?resourceVersion=0`, { until: true, holds: { "items[].metadata.name": ["a"] } }),
        get(`${widgets}/a?resourceVersion=0`, { holds: { "metadata.name": "a" } }),
      ],
    },
    {
      name: "a list at an exact version shows the past",
      steps: [
        ...pristine,
        mergePatch(`${widgets}/a`, { spec: { size: 2 } }),
        get(`${widgets}?resourceVersion=<version>&resourceVersionMatch=Exact`, {
          holds: { "items[0].spec.size": 1, "metadata.resourceVersion": "<version>" },
        }),
      ],
    },
    {
      name: "a list not older than a version shows at least that",
      steps: [
        ...pristine,
        get(`${widgets}?resourceVersion=<version>&resourceVersionMatch=NotOlderThan`, {
          holds: { "items[0].spec.size": 1 },
        }),
      ],
    },
    {
      name: "a list at a version of the future does not answer with a list",
      steps: [
        get(`${configMaps}?resourceVersion=900000000&resourceVersionMatch=NotOlderThan`, {
          status: 504,
          compare: ["reason", "details.causes"],
        }),
      ],
    },
    {
      name: "resourceVersionMatch needs a version, and one that exists",
      steps: [
        get(`${configMaps}?resourceVersionMatch=Exact`, { status: 422 }),
        get(`${configMaps}?resourceVersion=0&resourceVersionMatch=Exact`, { status: 422 }),
        get(`${configMaps}?resourceVersion=1&resourceVersionMatch=Sometimes`, { status: 422 }),
      ],
    },
  ],
};

const container = { name: "main", image: "registry.example/main:1" };

/** Patches of the three older kinds. */
export const patchCases: Area = {
  title: "Patches",
  cases: [
    {
      name: "a merge patch sets, replaces lists and removes with null",
      steps: [
        post(widgets, widget("a", { size: 1, code: "abc", steps: ["x", "y"] })),
        mergePatch(
          `${widgets}/a`,
          { spec: { size: 2, code: null, steps: ["z"] } },
          {
            holds: { "spec.size": 2, "spec.code": absent, "spec.steps": ["z"] },
          },
        ),
      ],
    },
    {
      name: "a JSON patch tests, adds, replaces, moves, copies and removes",
      steps: [
        post(configMaps, configMap("a", { x: "1", y: "2" })),
        jsonPatch(
          `${configMaps}/a`,
          [
            { op: "test", path: "/data/x", value: "1" },
            { op: "add", path: "/data/z", value: "3" },
            { op: "replace", path: "/data/x", value: "9" },
            { op: "move", from: "/data/y", path: "/data/w" },
            { op: "copy", from: "/data/z", path: "/data/v" },
            { op: "remove", path: "/data/z" },
          ],
          { holds: { data: { x: "9", w: "2", v: "3" } } },
        ),
      ],
    },
    {
      name: "a JSON patch whose test fails changes nothing",
      steps: [
        post(configMaps, configMap("a", { x: "1" })),
        jsonPatch(`${configMaps}/a`, [{ op: "test", path: "/data/x", value: "2" }], {
          status: 422,
          holds: { reason: "Invalid" },
        }),
      ],
    },
    {
      name: "a JSON patch of a path that is not there is refused",
      steps: [
        post(configMaps, configMap("a", { x: "1" })),
        jsonPatch(`${configMaps}/a`, [{ op: "remove", path: "/data/none" }], { status: 422 }),
        jsonPatch(`${configMaps}/a`, [{ op: "add", path: "/none/none", value: 1 }], { status: 422 }),
      ],
    },
    {
      name: "a JSON patch appends to and inserts into lists, with escaped names",
      steps: [
        post(widgets, widget("a", { steps: ["x", "z"] }, { annotations: { "a/b": "1" } })),
        jsonPatch(
          `${widgets}/a`,
          [
            { op: "add", path: "/spec/steps/1", value: "y" },
            { op: "add", path: "/spec/steps/-", value: "end" },
            { op: "replace", path: "/metadata/annotations/a~1b", value: "2" },
          ],
          { holds: { "spec.steps": ["x", "y", "z", "end"], 'metadata.annotations["a/b"]': "2" } },
        ),
      ],
    },
    {
      name: "a JSON patch that is no list is refused",
      steps: [
        post(configMaps, configMap("a", {})),
        jsonPatch(`${configMaps}/a`, { op: "add" }, { status: 400, compare: "reason" }),
      ],
    },
    {
      name: "a strategic merge patch merges containers by name",
      steps: [
        post(deployments, deployment("web")),
        strategicPatch(
          `${deployments}/web`,
          {
            spec: {
              template: { spec: { containers: [{ name: "side", image: "registry.example/side:1" }] } },
            },
          },
          { holds: { "spec.template.spec.containers[].name": ["side", "main"] } },
        ),
        strategicPatch(
          `${deployments}/web`,
          {
            spec: {
              template: { spec: { containers: [{ name: "main", image: "registry.example/main:2" }] } },
            },
          },
          { holds: { "spec.template.spec.containers[1].image": "registry.example/main:2" } },
        ),
        strategicPatch(
          `${deployments}/web`,
          { spec: { template: { spec: { containers: [{ name: "side", $patch: "delete" }] } } } },
          { holds: { "spec.template.spec.containers[].name": ["main"] } },
        ),
      ],
    },
    {
      name: "a strategic merge patch replaces a map with its directive",
      steps: [
        post(configMaps, configMap("a", { x: "1", y: "2" })),
        strategicPatch(
          `${configMaps}/a`,
          { data: { $patch: "replace", z: "3" } },
          { holds: { data: { z: "3" } } },
        ),
      ],
    },
    {
      name: "a merge patch replaces containers as a whole",
      steps: [
        post(deployments, deployment("web")),
        mergePatch(
          `${deployments}/web`,
          { spec: { template: { spec: { containers: [{ ...container, name: "other" }] } } } },
          { holds: { "spec.template.spec.containers[].name": ["other"] } },
        ),
      ],
    },
    {
      name: "strategic merge patches of custom objects are refused",
      steps: [
        post(widgets, widget("a", { size: 1 })),
        strategicPatch(`${widgets}/a`, { spec: { size: 2 } }, { status: 415 }),
      ],
    },
    {
      name: "a patch without a type the server knows is refused",
      steps: [
        post(configMaps, configMap("a", {})),
        mergePatch(`${configMaps}/a`, {}, { status: 415, headers: { "Content-Type": "application/json" } }),
      ],
    },
    {
      name: "a patch whose result is invalid is refused with its fields",
      steps: [
        post(widgets, widget("a", { size: 1 })),
        mergePatch(
          `${widgets}/a`,
          { spec: { size: 1000 } },
          {
            status: 422,
            holds: { "details.causes[0].field": "spec.size", message: present },
          },
        ),
      ],
    },
    {
      name: "a merge patch that is no object is refused",
      steps: [
        post(configMaps, configMap("a", {})),
        mergePatch(`${configMaps}/a`, "[1, 2", { status: 400, compare: "reason" }),
      ],
    },
  ],
};
