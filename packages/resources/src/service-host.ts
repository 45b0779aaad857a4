/** Host names of agents: how a Service is written into a routing and read back, and where a laptop's processes listen. */
import { z } from "zod";
import type { ObjectMeta } from "./metadata.ts";

/** The port of an agent whose host names none. */
export const defaultAgentPort = 8080;
/** Annotation of a Service on a laptop: where its ready processes listen, as JSON. */
export const localEndpointsAnnotation = "lmos.dev/local-endpoints";

/** A port of a Service. */
export interface ServiceAddress {
  readonly service: string;
  readonly namespace: string;
  readonly port: number;
}

/** `service.namespace.svc.cluster.local`, followed by `:port` where that is not 8080 (as the Kotlin operator writes it). */
export function serviceHost({ service, namespace, port }: ServiceAddress): string {
  const host = `${service}.${namespace}.svc.cluster.local`;
  return port === defaultAgentPort ? host : `${host}:${port}`;
}

/** A hand-made Agent may have dots in its name, which is the host's first part where no Service is known. */
const serviceHostPattern =
  /^([a-z0-9-]+(?:\.[a-z0-9-]+)*)\.([a-z0-9-]+)\.svc\.cluster\.local(?::(\d{1,5}))?$/;

/** The Service behind a host, or undefined where the host is not written as one, or with a port that there is not. */
export function parseServiceHost(host: string): ServiceAddress | undefined {
  const match = serviceHostPattern.exec(host);
  if (match?.[1] === undefined || match[2] === undefined) return undefined;
  const port = match[3] === undefined ? defaultAgentPort : Number(match[3]);
  return isPort(port) ? { service: match[1], namespace: match[2], port } : undefined;
}

const highestPort = 65_535;

function isPort(number: number): boolean {
  return number >= 1 && number <= highestPort;
}

const localEndpointSchema = z.object({
  address: z.string().max(64),
  /** Port of the Service. */
  port: z.number().int().min(1).max(highestPort),
  /** Port that the process listens on. */
  targetPort: z.number().int().min(1).max(highestPort),
});
/** One ready process behind a Service's port. */
export type LocalEndpoint = z.infer<typeof localEndpointSchema>;

/** The endpoints that the process node published; none where the annotation is missing or cannot be read. */
export function localEndpointsOf(service: { readonly metadata: ObjectMeta }): readonly LocalEndpoint[] {
  const text = service.metadata.annotations?.[localEndpointsAnnotation];
  if (text === undefined) return [];
  try {
    return z.array(localEndpointSchema).max(1000).parse(JSON.parse(text));
  } catch {
    return []; // an unreadable annotation means the same as none: nothing is ready there
  }
}

/** The annotation's text for these endpoints; equal endpoints give equal text. */
export function formatLocalEndpoints(endpoints: readonly LocalEndpoint[]): string {
  const ordered = [...endpoints].sort(
    (a, b) => a.port - b.port || a.targetPort - b.targetPort || byAddress(a, b),
  );
  return JSON.stringify(ordered.map(({ address, port, targetPort }) => ({ address, port, targetPort })));
}

function byAddress(a: LocalEndpoint, b: LocalEndpoint): number {
  return a.address < b.address ? -1 : Number(a.address > b.address);
}
