/** A program that starts a cluster on the directory it is given, says so, and runs until it is killed. */
import { silentLogger, systemClock, systemIds, systemRandom } from "@lmos/primitives";
import { startCluster } from "../cluster.ts";

const [, , directory = "", baseFolder = ""] = process.argv;

await startCluster({
  ...{ directory, baseFolder, port: 0, crds: [], system: [] },
  baseEnvironment: process.env,
  extraEnvironment: {},
  ...{ clock: systemClock, random: systemRandom, ids: systemIds, logger: silentLogger },
  signal: new AbortController().signal,
});
process.stdout.write("running\n");
