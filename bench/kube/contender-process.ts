/** A contender's process: does what the benchmark tells it, one thing after the other, and answers with figures. */
import { z } from "zod";
import type { Contender } from "./contender.ts";

const commandSchema = z.discriminatedUnion("do", [
  z.object({ do: z.literal("cache") }),
  z.object({ do: z.literal("whenSeen"), name: z.string() }),
  z.object({ do: z.literal("applyFor"), seconds: z.number(), inFlight: z.number() }),
  z.object({ do: z.literal("replay"), resourceVersion: z.string(), changes: z.number() }),
  z.object({ do: z.literal("memory") }),
]);

export type Command = z.infer<typeof commandSchema>;

/** Only the contender's own code is loaded: memory is compared. */
async function load(name: string | undefined, kubeconfigPath: string): Promise<Contender> {
  if (name === "ours") return (await import("./ours.ts")).createOurs(kubeconfigPath);
  const { createClientNode } = await import("./client-node.ts");
  return createClientNode(kubeconfigPath, { restarts: name === "client-node-restarted" });
}

async function obey(contender: Contender, command: Command): Promise<unknown> {
  switch (command.do) {
    case "cache":
      return contender.cache();
    case "whenSeen":
      return contender.whenSeen(command.name);
    case "applyFor":
      return contender.applyFor(command.seconds, command.inFlight);
    case "replay":
      return contender.replay(command.resourceVersion, command.changes);
    case "memory": {
      for (let times = 0; times < 3; times++) globalThis.gc?.();
      const { rss, heapUsed } = process.memoryUsage();
      return { rssMiB: rss / 2 ** 20, heapMiB: heapUsed / 2 ** 20 };
    }
    default:
      return command satisfies never;
  }
}

const [name, kubeconfigPath = ""] = process.argv.slice(2);
const contender = await load(name, kubeconfigPath);
process.on("unhandledRejection", (error) => process.stderr.write(`${name}: ${String(error)}\n`));
process.on("disconnect", () => process.exit());
process.on("message", (message) => {
  obey(contender, commandSchema.parse(message)).then(
    (value) => process.send?.({ value: value ?? null }),
    (error: unknown) => process.send?.({ failed: String(error) }),
  );
});
process.send?.({ value: "ready" });
