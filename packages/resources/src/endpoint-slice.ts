/** EndpointSlices, as far as they are read: the pods behind a Service and whether they are ready. */
import { z } from "zod";
import { objectMetaSchema } from "./metadata.ts";
import { readAs } from "./reading.ts";

/** Label that names a slice's Service. */
const sliceServiceLabel = "kubernetes.io/service-name";

const endpointSliceSchema = z.object({
  apiVersion: z.string(),
  kind: z.literal("EndpointSlice"),
  metadata: objectMetaSchema,
  addressType: z.string(),
  endpoints: z
    .array(
      z.object({
        addresses: z.array(z.string()),
        conditions: z
          .object({
            ready: z.boolean().nullish(),
            serving: z.boolean().nullish(),
            terminating: z.boolean().nullish(),
          })
          .nullish(),
      }),
    )
    .nullish()
    .transform((endpoints) => endpoints ?? []),
  ports: z
    .array(z.object({ name: z.string().nullish(), port: z.number().int().nullish() }))
    .nullish()
    .transform((ports) => ports ?? []),
});
/** An EndpointSlice, as far as it is read. */
export type EndpointSlice = z.infer<typeof endpointSliceSchema>;

/** discovery.k8s.io/v1 EndpointSlice. */
export const endpointSliceKind = {
  group: "discovery.k8s.io",
  version: "v1",
  kind: "EndpointSlice",
  plural: "endpointslices",
  namespaced: true,
  parse: (value: unknown): EndpointSlice => readAs(endpointSliceSchema, value),
} as const;

/** Names the Service of a slice, or a Service whose slices are looked for. */
export function keyOfSlice({
  namespace,
  service,
}: {
  readonly namespace: string;
  readonly service: string;
}): string {
  return `${namespace}/${service}`;
}

/** The Service of a slice; undefined where it is nobody's. */
export function serviceOfSlice({ metadata }: EndpointSlice): string | undefined {
  const service = metadata.labels?.[sliceServiceLabel];
  return service === undefined ? undefined : keyOfSlice({ namespace: metadata.namespace ?? "", service });
}
