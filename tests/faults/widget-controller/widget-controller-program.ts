/** The controller as a process: one JSON argument says for which server and namespace; SIGTERM stops it. */
import { createKubeClient } from "@lmos/kube";
import { type LogFields, type Logger, systemClock, systemRandom } from "@lmos/primitives";
import { programOptionsSchema } from "./program-options.ts";
import { createWidgetController } from "./widget-controller.ts";

const { server, namespace, token, certificateAuthority } = programOptionsSchema.parse(
  JSON.parse(process.argv[2] ?? ""),
);
const stopped = new AbortController();
process.once("SIGTERM", () => stopped.abort());

/** One JSON text a line, for the test to read. */
function say(message: string, fields: LogFields = {}): void {
  const error = fields["error"] instanceof Error ? fields["error"].message : fields["error"];
  process.stdout.write(`${JSON.stringify({ message, ...fields, error })}\n`);
}
const logger: Logger = { debug: () => undefined, info: say, warn: say, error: say, child: () => logger };

const credentials = async () => ({
  certificateAuthority,
  headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
});
await using client = createKubeClient({
  connection: { server, namespace, credentials },
  clock: systemClock,
  userAgent: "widget-controller/1.0.0",
});
const { signal } = stopped;
const controller = createWidgetController({
  client,
  namespace,
  clock: systemClock,
  random: systemRandom,
  logger,
});
say("started");
await Promise.all([controller.watch({ signal }), controller.work(undefined, { signal })]);
say("stopped");
