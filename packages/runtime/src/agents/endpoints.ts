/** Where an agent can be reached: by the name of its Service in a cluster, by the processes behind it on a laptop. */
import type { Store } from "@lmos/kube";
import { subscriptionsPath } from "@lmos/protocol";
import { defaultAgentPort, localEndpointsOf, parseServiceHost, type Service } from "@lmos/resources";

/** Finds the addresses behind a routing's host. */
export interface AgentEndpoints {
  /** `ws://` or `wss://` addresses, none when nothing is ready there. */
  urlsOf(host: string): readonly string[];
}

/** In a cluster the Service's name is the address; its proxy chooses a pod for each connection. */
export const serviceNameEndpoints: AgentEndpoints = {
  urlsOf: (host) => directUrls(host),
};

/** On a laptop a Service's annotation says where its ready processes listen; other hosts are taken as they are. */
export function createLocalEndpoints(services: Pick<Store<Service>, "get">): AgentEndpoints {
  return {
    urlsOf: (host) => {
      const address = parseServiceHost(host);
      if (address === undefined) return directUrls(host);
      const service = services.get({ namespace: address.namespace, name: address.service });
      if (service === undefined) return [];
      return localEndpointsOf(service)
        .filter(({ port }) => port === address.port)
        .map((endpoint) => agentUrl(`${endpoint.address}:${endpoint.targetPort}`));
    },
  };
}

const hostPattern = /^(?:(wss?):\/\/)?((?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\]))(?::(\d{1,5}))?$/;
const defaultTlsPort = 443;

/** A host that is more than a name, a port and perhaps `wss://` (a path, credentials, another scheme) is no address. */
function directUrls(host: string): readonly string[] {
  const match = hostPattern.exec(host);
  if (match === null) return [];
  const [, scheme = "ws", name, givenPort] = match;
  const port = givenPort ?? (scheme === "wss" ? defaultTlsPort : defaultAgentPort);
  const url = agentUrl(`${name}:${port}`, scheme);
  return URL.canParse(url) ? [url] : [];
}

/** The address of an agent's subscriptions. */
export function agentUrl(hostAndPort: string, scheme = "ws"): string {
  return `${scheme}://${hostAndPort}${subscriptionsPath}`;
}
