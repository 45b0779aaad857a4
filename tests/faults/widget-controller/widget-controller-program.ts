/** The controller as a process: one JSON argument says for which server and namespace; SIGTERM stops it. */
import { createKubeClient, type KubeClient, runAsLeader } from "@lmos/kube";
import { type LogFields, type Logger, systemClock, systemIds, systemRandom } from "@lmos/primitives";
import { type ProgramOptions, programOptionsSchema } from "./program-options.ts";
import { widgets } from "./widget.ts";
import { createWidgetController } from "./widget-controller.ts";

const options = programOptionsSchema.parse(JSON.parse(process.argv[2] ?? ""));
const stopped = new AbortController();
process.once("SIGTERM", () => stopped.abort());
const { server, namespace } = options;
const shared = {
  connection: { server, namespace },
  clock: systemClock,
  userAgent: "widget-controller/1.0.0",
};
await using client = createKubeClient({ ...shared, rateLimit: options.rateLimit });
await using leaseClient = createKubeClient(shared); // the lease is not to wait behind the work
const logger: Logger = { debug: () => undefined, info: say, warn: say, error: say, child: () => logger };
const runtime = { clock: systemClock, random: systemRandom, logger };
let reconciles = 0;
say("started");
await run(options);
say("stopped", { reconciles });

async function run({ namespace, identity }: ProgramOptions): Promise<void> {
  const { signal } = stopped;
  const onReconcile = (): void => {
    reconciles += 1;
  };
  const controller = createWidgetController({ client, namespace, onReconcile, ...runtime });
  const work =
    identity === undefined
      ? controller.work(undefined, { signal })
      : runAsLeader(
          {
            client: leaseClient,
            lease: { namespace, name: "widget-controller" },
            identity: `${identity}-${systemIds.next()}`,
            highestTerm: (call) => highestTerm(leaseClient, namespace, call),
            signal,
            ...runtime,
          },
          ({ term, signal: leading }) => controller.work(term, { signal: leading }),
        );
  await Promise.all([controller.watch({ signal }), work]);
}

/** Of all terms that leaders have written, as the server has them now. */
async function highestTerm(
  client: KubeClient,
  namespace: string,
  call: { readonly signal: AbortSignal },
): Promise<number> {
  const { items } = await client.list(widgets, { namespace, ...call });
  return Math.max(0, ...items.map(({ status }) => status?.writerTerm ?? 0));
}

/** One JSON text a line, for the test to read. */
function say(message: string, fields: LogFields = {}): void {
  const error = fields["error"] instanceof Error ? fields["error"].message : fields["error"];
  process.stdout.write(`${JSON.stringify({ message, ...fields, error })}\n`);
}
