/**
 * The pods behind an agent's Service, by its EndpointSlices: turns go to ready pods, to one that is ending but still
 * serves where none is ready, and each pod has its own breaker. A host that is no Service, or whose slices are not known,
 * is reached by its name.
 */
import type { Store } from "@lmos/kube";
import { type EndpointSlice, keyOfSlice, parseServiceHost, type ServiceAddress } from "@lmos/resources";
import { type AgentEndpoints, agentUrl, serviceNameEndpoints } from "./endpoints.ts";

/** Name of the store index by {@link keyOfSlice}. */
export const sliceIndex = "service";

/** Endpoints over a mirror that has the index {@link sliceIndex}. */
export function createSliceEndpoints(slices: Pick<Store<EndpointSlice>, "byIndex">): AgentEndpoints {
  return {
    urlsOf: (host) => {
      const address = parseServiceHost(host);
      if (address === undefined) return serviceNameEndpoints.urlsOf(host);
      const found = slices.byIndex(sliceIndex, keyOfSlice(address));
      return found.length === 0 ? serviceNameEndpoints.urlsOf(host) : podUrls(found, address);
    },
  };
}

type Endpoint = EndpointSlice["endpoints"][number];

function podUrls(slices: readonly EndpointSlice[], address: ServiceAddress): readonly string[] {
  const ready = urlsWhere(slices, address, ({ conditions }) => conditions?.ready !== false);
  return ready.length > 0
    ? ready
    : urlsWhere(slices, address, ({ conditions }) => conditions?.serving === true);
}

function urlsWhere(
  slices: readonly EndpointSlice[],
  address: ServiceAddress,
  accepts: (endpoint: Endpoint) => boolean,
): readonly string[] {
  const urls = slices.flatMap((slice) => {
    const port = portOf(slice, address);
    if (port === undefined || slice.addressType === "FQDN") return [];
    const hosts = slice.endpoints.filter(accepts).flatMap(({ addresses }) => addresses);
    return hosts.map((each) => agentUrl(`${each.includes(":") ? `[${each}]` : each}:${port}`));
  });
  return [...new Set(urls)];
}

/** Of several ports the one of the Service's number, else the one for HTTP. */
function portOf({ ports }: EndpointSlice, { port }: ServiceAddress): number | undefined {
  const [only, ...others] = ports;
  if (others.length === 0) return only?.port ?? undefined;
  const same = ports.find((each) => each.port === port);
  return (same ?? ports.find(({ name }) => name === "http"))?.port ?? undefined;
}
