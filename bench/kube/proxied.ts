/** A kubeconfig that leads through a proxy, which counts connections and breaks them. */
import { readFile, writeFile } from "node:fs/promises";
import { systemClock } from "@lmos/primitives";
import { startTcpProxy, type TcpProxy } from "@lmos/testing";
import { parse } from "yaml";
import { z } from "zod";

const serverSchema = z.object({
  clusters: z.tuple([z.looseObject({ cluster: z.looseObject({ server: z.url() }) })]),
});

export interface ProxiedKubeconfig extends AsyncDisposable {
  readonly kubeconfigPath: string;
  readonly proxy: TcpProxy;
}

/** Starts a proxy before the server of a kubeconfig, and writes one that leads to it beside it. */
export async function proxied(kubeconfigPath: string, name: string): Promise<ProxiedKubeconfig> {
  const text = await readFile(kubeconfigPath, "utf8");
  const { server } = serverSchema.parse(parse(text)).clusters[0].cluster;
  const { hostname, port, host } = new URL(server);
  const target = { host: hostname, port: Number(port) };
  const proxy = await startTcpProxy({ target, clock: systemClock });
  const path = `${kubeconfigPath}-${name}`;
  await writeFile(path, text.replaceAll(host, `127.0.0.1:${proxy.port}`), { mode: 0o600 });
  return { kubeconfigPath: path, proxy, [Symbol.asyncDispose]: () => proxy[Symbol.asyncDispose]() };
}
