import type { KubeClient } from "@lmos/kube";
import { localEndpointsOf, serviceKind } from "@lmos/resources";
import { CliError } from "./errors.ts";

/** Namespace of the laptop's own components. */
export const systemNamespace = "lmos-system";

/** URL of a component (its Service's name) of the laptop cluster, or undefined while none of its processes is ready. */
export async function findComponentUrl(
  client: KubeClient,
  service: string,
  { signal }: { readonly signal: AbortSignal },
): Promise<string | undefined> {
  const found = await client.get(serviceKind, { namespace: systemNamespace, name: service }, { signal });
  const endpoint = found === undefined ? undefined : localEndpointsOf(found)[0];
  return endpoint === undefined ? undefined : `http://${endpoint.address}:${endpoint.targetPort}`;
}

/** URL of the laptop cluster's runtime; an error that says how to name another one where there is none. */
export async function runtimeUrl(
  client: KubeClient,
  options: { readonly signal: AbortSignal },
): Promise<string> {
  const url = await findComponentUrl(client, "lmos-runtime", options);
  if (url !== undefined) return url;
  throw new CliError(
    "Unreachable",
    "no runtime is ready here: in a cluster run `kubectl port-forward service/lmos-runtime 8081` and add --runtime http://127.0.0.1:8081",
  );
}
