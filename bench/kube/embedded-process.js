/** The embedded API server in a process of its own: the built packages, as an installed server runs them, and no TypeScript. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { startApiServer } from "@lmos/apiserver";
import {
  keepHeapSmall,
  keepYoungGenerationSmall,
  silentLogger,
  systemClock,
  systemIds,
  systemRandom,
} from "@lmos/primitives";

keepHeapSmall(); // as `lmos dev` does
keepYoungGenerationSmall();
const [directory = ""] = process.argv.slice(2);
const { signal } = new AbortController();
const runtime = { clock: systemClock, random: systemRandom, ids: systemIds, logger: silentLogger };
const server = await startApiServer({ directory, port: 0, signal, ...runtime });
await writeFile(join(directory, "kubeconfig"), server.kubeconfig, { mode: 0o600 });
process.on("disconnect", () => process.exit());
process.send?.({ value: "ready" });
