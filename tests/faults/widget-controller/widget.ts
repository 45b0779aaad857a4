/** The custom resource of these tests: a Widget has parts, and the controller keeps a ConfigMap for each of them. */
import type { KubeObject, ResourceType } from "@lmos/kube";
import { z } from "zod";

const metadataSchema = z.looseObject({ name: z.string() });

const conditionSchema = z.object({
  type: z.string(),
  status: z.enum(["True", "False", "Unknown"]),
  reason: z.string(),
  message: z.string(),
  lastTransitionTime: z.string(),
  observedGeneration: z.number().optional(),
});

const statusSchema = z.object({
  observedGeneration: z.number().optional(),
  /** Term of the leader that wrote last; the server refuses a lower one. */
  writerTerm: z.number().optional(),
  parts: z.array(z.string()).optional(),
  conditions: z.array(conditionSchema).optional(),
});

const widgetSchema = z.object({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: metadataSchema,
  spec: z.object({ text: z.string(), parts: z.array(z.string()) }),
  status: statusSchema.optional(),
});

const configMapSchema = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: metadataSchema,
  data: z.record(z.string(), z.string()).optional(),
});

/** Parts and a text that all of them show. */
export interface Widget extends KubeObject {
  readonly spec: { readonly text: string; readonly parts: readonly string[] };
  readonly status?: WidgetStatus | undefined;
}

export type Condition = Readonly<z.infer<typeof conditionSchema>>;

export type WidgetStatus = Readonly<z.infer<typeof statusSchema>>;

export interface ConfigMap extends KubeObject {
  readonly data?: Readonly<Record<string, string>> | undefined;
}

export const group = "faults.test";

export const widgets: ResourceType<Widget> = {
  group,
  version: "v1",
  kind: "Widget",
  plural: "widgets",
  namespaced: true,
  parse: (value) => widgetSchema.parse(value),
};

export const configMaps: ResourceType<ConfigMap> = {
  group: "",
  version: "v1",
  kind: "ConfigMap",
  plural: "configmaps",
  namespaced: true,
  parse: (value) => configMapSchema.parse(value),
};

const statusProperties = {
  observedGeneration: { type: "integer", format: "int64" },
  writerTerm: { type: "integer", format: "int64", minimum: 0 },
  parts: { type: "array", items: { type: "string" } },
  conditions: {
    type: "array",
    "x-kubernetes-list-type": "map",
    "x-kubernetes-list-map-keys": ["type"],
    items: {
      type: "object",
      required: ["type", "status"],
      properties: {
        type: { type: "string" },
        status: { type: "string" },
        reason: { type: "string" },
        message: { type: "string" },
        lastTransitionTime: { type: "string", format: "date-time" },
        observedGeneration: { type: "integer", format: "int64" },
      },
    },
  },
};

/** A term may appear and grow; it neither shrinks nor goes away. */
const neverDecreases = {
  rule: "!has(oldSelf.writerTerm) || (has(self.writerTerm) && self.writerTerm >= oldSelf.writerTerm)",
  message: "writerTerm never decreases",
};

/** The definition of {@link widgets}, ready to be created. */
export const widgetDefinition = {
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  metadata: { name: `widgets.${group}` },
  spec: {
    group,
    scope: "Namespaced",
    names: { plural: "widgets", singular: "widget", kind: "Widget", listKind: "WidgetList" },
    versions: [
      {
        name: "v1",
        served: true,
        storage: true,
        subresources: { status: {} },
        schema: {
          openAPIV3Schema: {
            type: "object",
            required: ["spec"],
            properties: {
              spec: {
                type: "object",
                required: ["text", "parts"],
                properties: {
                  text: { type: "string" },
                  parts: {
                    type: "array",
                    "x-kubernetes-list-type": "set",
                    maxItems: 50,
                    items: { type: "string" },
                  },
                },
              },
              status: {
                type: "object",
                properties: statusProperties,
                "x-kubernetes-validations": [neverDecreases],
              },
            },
          },
        },
      },
    ],
  },
};
