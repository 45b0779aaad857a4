/** The embedded API server as a process, so that it can be killed: `DIRECTORY PORT`; says `ready` as JSON. */
import { startApiServer } from "@lmos/apiserver";
import { silentLogger, systemClock, systemIds, systemRandom } from "@lmos/primitives";

const [directory = "", port = "0"] = process.argv.slice(2);
const stopped = new AbortController();
process.once("SIGTERM", () => stopped.abort());
const server = await startApiServer({
  directory,
  port: Number(port),
  clock: systemClock,
  random: systemRandom,
  ids: systemIds,
  logger: silentLogger,
  signal: stopped.signal,
});
const { url, token, certificateAuthority } = server;
process.stdout.write(
  `${JSON.stringify({ message: "ready", url, port: server.port, token, certificateAuthority })}\n`,
);
