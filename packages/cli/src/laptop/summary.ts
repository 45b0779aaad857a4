/** What runs where, in the words that a user needs to go on. */
import type { CommandContext } from "../context.ts";
import { renderTable } from "../output/table.ts";
import { systemNamespace } from "../runtime-address.ts";
import { formatPath } from "./format-path.ts";
import { kubectlCommand, type Laptop, preferredPorts } from "./start-laptop.ts";
import { waitForComponent } from "./wait.ts";

const readyTimeoutMs = 60_000;

/** The lines about a running laptop cluster; waits until operator and runtime are ready. */
export async function summarize(laptop: Laptop, context: CommandContext): Promise<readonly string[]> {
  const { cluster } = laptop;
  const wait = { clock: context.clock, signal: context.signal, timeoutMs: readyTimeoutMs };
  const operator = await waitForComponent(cluster.client, "lmos-operator", wait);
  const runtime = await waitForComponent(cluster.client, "lmos-runtime", wait);
  const rows = [
    {
      what: "API server",
      where: cluster.url,
      note: cluster.portReplaced ? taken(preferredPorts.apiServer) : "",
    },
    { what: "operator", where: operator, note: noteOn(operator, preferredPorts.operator) },
    { what: "runtime", where: runtime, note: noteOn(runtime, preferredPorts.runtime) },
    ...cluster
      .processes()
      .filter(({ deployment }) => deployment.namespace !== systemNamespace)
      .map(({ deployment, port, state }) => ({
        what: deployment.name,
        where: `http://127.0.0.1:${port}`,
        note: state.kind === "running" ? `process ${state.pid}` : state.kind,
      })),
  ];
  const columns = [
    { title: "WHAT", cell: (row: (typeof rows)[number]) => row.what },
    { title: "WHERE", cell: (row: (typeof rows)[number]) => row.where },
    { title: "NOTE", cell: (row: (typeof rows)[number]) => row.note },
  ];
  return [
    ...renderTable(columns, rows, { headers: true, wide: false }),
    "",
    `kubeconfig  ${formatPath(cluster.kubeconfigPath, context.environment.workingDirectory)}`,
    `kubectl     ${kubectlCommand(laptop, context.environment)} get agents,channels,channelroutings`,
  ];
}

function noteOn(url: string, preferred: number): string {
  return new URL(url).port === String(preferred) ? "" : taken(preferred);
}

function taken(port: number): string {
  return `port ${port} was taken, this one was free`;
}
