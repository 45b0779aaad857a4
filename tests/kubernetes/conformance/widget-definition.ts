/** A custom resource with everything that the server does for one. */
export const widgetDefinition = {
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  metadata: { name: "widgets.conformance.example" },
  spec: {
    group: "conformance.example",
    scope: "Namespaced",
    names: { kind: "Widget", plural: "widgets", shortNames: ["wd"], categories: ["conformance"] },
    versions: [
      {
        name: "v1",
        served: true,
        storage: true,
        subresources: {
          status: {},
          scale: {
            specReplicasPath: ".spec.replicas",
            statusReplicasPath: ".status.replicas",
            labelSelectorPath: ".status.selector",
          },
        },
        selectableFields: [{ jsonPath: ".spec.colour" }],
        additionalPrinterColumns: [
          { name: "Size", type: "integer", jsonPath: ".spec.size", description: "How large it is." },
          { name: "Colour", type: "string", jsonPath: ".spec.colour", priority: 1 },
          { name: "Ready", type: "string", jsonPath: '.status.conditions[?(@.type=="Ready")].status' },
          { name: "Age", type: "date", jsonPath: ".metadata.creationTimestamp" },
        ],
        schema: {
          openAPIV3Schema: {
            type: "object",
            description: "A thing for tests.",
            required: ["spec"],
            properties: {
              spec: {
                type: "object",
                description: "What is wanted.",
                properties: {
                  size: { type: "integer", minimum: 0, maximum: 100, description: "How large it shall be." },
                  colour: { type: "string", enum: ["grey", "red", "blue"], default: "grey" },
                  code: { type: "string", pattern: "^[a-z]+$", maxLength: 8, minLength: 2 },
                  replicas: { type: "integer", format: "int32" },
                  ratio: { type: "number", multipleOf: 0.5 },
                  share: { type: "number", exclusiveMinimum: true, minimum: 0 },
                  address: { type: "string", format: "ipv4" },
                  port: { "x-kubernetes-int-or-string": true },
                  anything: { type: "object", "x-kubernetes-preserve-unknown-fields": true },
                  labels: { type: "object", additionalProperties: { type: "string" }, maxProperties: 3 },
                  optional: { type: "string", nullable: true },
                  tags: { type: "array", items: { type: "string" }, "x-kubernetes-list-type": "set" },
                  steps: { type: "array", maxItems: 4, items: { type: "string" } },
                  parts: {
                    type: "array",
                    "x-kubernetes-list-type": "map",
                    "x-kubernetes-list-map-keys": ["name"],
                    items: {
                      type: "object",
                      required: ["name"],
                      properties: {
                        name: { type: "string" },
                        count: { type: "integer", default: 1 },
                        note: { type: "string" },
                      },
                    },
                  },
                  whole: {
                    type: "object",
                    "x-kubernetes-map-type": "atomic",
                    additionalProperties: { type: "string" },
                  },
                },
              },
              status: {
                type: "object",
                properties: {
                  replicas: { type: "integer" },
                  selector: { type: "string" },
                  phase: { type: "string" },
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
                },
              },
            },
          },
        },
      },
    ],
  },
} as const;
