import { type Area, absent } from "../conformance/case.ts";
import { configMap, configMaps, widget, widgets } from "../conformance/objects.ts";
import { get, mergePatch, post, remove, watch } from "../conformance/steps.ts";

const labelled = (name: string, labels: Record<string, string>) => configMap(name, {}, { labels });
const first = post(configMaps, labelled("a", { app: "web" }), {
  save: { version: "metadata.resourceVersion" },
});

/** Watches. */
export const watchCases: Area = {
  title: "Watches",
  cases: [
    {
      name: "a watch from a version tells what comes after it",
      steps: [
        first,
        watch(`${configMaps}?watch=1&resourceVersion=<version>`, {
          during: [
            mergePatch(`${configMaps}/a`, { data: { k: "1" } }),
            post(configMaps, configMap("b", {})),
            remove(`${configMaps}/a`),
          ],
          take: 3,
          events: [
            { type: "MODIFIED", "object.data": { k: "1" } },
            { type: "ADDED", "object.metadata.name": "b" },
            { type: "DELETED", "object.metadata.name": "a", "object.data": { k: "1" } },
          ],
        }),
      ],
    },
    {
      name: "a watch catches up with what has happened since its version",
      steps: [
        first,
        mergePatch(`${configMaps}/a`, { data: { k: "1" } }),
        remove(`${configMaps}/a`),
        watch(`${configMaps}?watch=1&resourceVersion=<version>`, {
          take: 2,
          events: [{ type: "MODIFIED" }, { type: "DELETED" }],
        }),
      ],
    },
    {
      name: "a watch without a version begins with what is there",
      steps: [
        first,
        post(configMaps, configMap("b", {})),
        watch(`${configMaps}?watch=1`, {
          take: 2,
          events: [
            { type: "ADDED", "object.metadata.name": "a" },
            { type: "ADDED", "object.metadata.name": "b" },
          ],
        }),
      ],
    },
    {
      name: "a deleted object's event has a version of its own",
      steps: [
        first,
        watch(`${configMaps}?watch=1&resourceVersion=<version>`, {
          during: [remove(`${configMaps}/a`)],
          take: 1,
          events: [{ type: "DELETED", "object.metadata.resourceVersion": /^\d+$/ }],
        }),
      ],
    },
    {
      name: "a change that leaves a selection is DELETED, one that enters it ADDED",
      steps: [
        first,
        watch(`${configMaps}?watch=1&resourceVersion=<version>&labelSelector=app=web`, {
          during: [
            mergePatch(`${configMaps}/a`, { metadata: { labels: { app: "mail" } } }),
            mergePatch(`${configMaps}/a`, { data: { unseen: "x" } }),
            mergePatch(`${configMaps}/a`, { metadata: { labels: { app: "web" } } }),
            mergePatch(`${configMaps}/a`, { data: { seen: "x" } }),
          ],
          take: 3,
          events: [{ type: "DELETED" }, { type: "ADDED" }, { type: "MODIFIED" }],
        }),
      ],
    },
    {
      name: "a watch of one object by field selector",
      steps: [
        first,
        watch(`${configMaps}?watch=1&resourceVersion=<version>&fieldSelector=metadata.name=b`, {
          during: [mergePatch(`${configMaps}/a`, { data: { k: "1" } }), post(configMaps, configMap("b", {}))],
          take: 1,
          events: [{ type: "ADDED", "object.metadata.name": "b" }],
        }),
      ],
    },
    {
      name: "timeoutSeconds ends a watch cleanly",
      steps: [
        first,
        watch(`${configMaps}?watch=1&resourceVersion=<version>&timeoutSeconds=1`, {
          take: "end",
          events: [],
        }),
      ],
    },
    {
      name: "initial events end with a bookmark that says so",
      steps: [
        post(widgets, widget("a", { size: 1 })),
        watch(
          `${widgets}?watch=1&sendInitialEvents=true&allowWatchBookmarks=true&resourceVersionMatch=NotOlderThan`,
          {
            take: 2,
            events: [
              { type: "ADDED", "object.metadata.name": "a" },
              {
                type: "BOOKMARK",
                'object.metadata.annotations["k8s.io/initial-events-end"]': "true",
                "object.kind": "Widget",
                "object.spec": absent,
              },
            ],
          },
        ),
      ],
    },
    {
      name: "initial events need resourceVersionMatch",
      steps: [get(`${widgets}?watch=1&sendInitialEvents=true`, { status: 422 })],
    },
    {
      name: "bookmarks come where they are asked for",
      steps: [
        post(widgets, widget("a", { size: 1 }), { save: { version: "metadata.resourceVersion" } }),
        watch(`${widgets}?watch=1&allowWatchBookmarks=true&resourceVersion=<version>&timeoutSeconds=3`, {
          take: 1,
          events: [{ type: "BOOKMARK", "object.metadata.resourceVersion": /^\d+$/, "object.kind": "Widget" }],
          compare: ["type", "object.kind", "object.apiVersion"],
        }),
      ],
    },
    {
      name: "a watch of a version that cannot be read is refused",
      steps: [get(`${configMaps}?watch=1&resourceVersion=abc`, { status: 500 })],
    },
    {
      name: "a watch of a label selector that cannot be read is refused",
      steps: [get(`${configMaps}?watch=1&labelSelector=a in b`, { status: 400, compare: "reason" })],
    },
    {
      name: "a watch of objects as a Table",
      steps: [
        post(widgets, widget("a", { size: 1 }), { save: { version: "metadata.resourceVersion" } }),
        watch(`${widgets}?watch=1&resourceVersion=<version>`, {
          headers: { Accept: "application/json;as=Table;v=v1;g=meta.k8s.io" },
          during: [
            mergePatch(`${widgets}/a`, { spec: { size: 2 } }),
            mergePatch(`${widgets}/a`, { spec: { size: 3 } }),
          ],
          take: 2,
          events: [
            { type: "MODIFIED", "object.kind": "Table", "object.rows[0].cells[1]": 2 },
            { type: "MODIFIED", "object.columnDefinitions": null },
          ],
        }),
      ],
    },
    {
      name: "a watch of metadata only",
      steps: [
        post(widgets, widget("a", { size: 1 }), { save: { version: "metadata.resourceVersion" } }),
        watch(`${widgets}?watch=1&resourceVersion=<version>`, {
          headers: { Accept: "application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io" },
          during: [mergePatch(`${widgets}/a`, { spec: { size: 2 } })],
          take: 1,
          events: [{ "object.kind": "PartialObjectMetadata", "object.spec": absent }],
        }),
      ],
    },
    {
      name: "the old path for watches",
      steps: [
        first,
        watch("/api/v1/watch/namespaces/<ns>/configmaps?resourceVersion=<version>", {
          during: [mergePatch(`${configMaps}/a`, { data: { k: "1" } })],
          take: 1,
          events: [{ type: "MODIFIED" }],
        }),
      ],
    },
    {
      name: "objects deleted together are told one by one",
      steps: [
        first,
        post(configMaps, labelled("b", { app: "web" })),
        post(configMaps, labelled("c", { app: "mail" }), { save: { version: "metadata.resourceVersion" } }),
        watch(`${configMaps}?watch=1&resourceVersion=<version>`, {
          during: [remove(`${configMaps}?labelSelector=app=web`)],
          take: 2,
          events: [{ type: "DELETED" }, { type: "DELETED" }],
          compare: ["type"],
        }),
      ],
    },
    {
      name: "a version that is forgotten is Expired",
      steps: [
        first,
        watch(`${configMaps}?watch=1&resourceVersion=1`, {
          take: 1,
          events: [{ type: "ERROR", "object.code": 410, "object.reason": "Expired" }],
          compare: ["type", "object.code", "object.reason"],
        }),
      ],
    },
  ],
};
