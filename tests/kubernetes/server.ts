/**
 * The servers that suites run against: the embedded API server and a real kube-apiserver, behind one shape. The real one is
 * started by run.ts, which names its kubeconfig in LMOS_TEST_KUBECONFIG.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startApiServer } from "@lmos/apiserver";
import { silentLogger, systemClock, systemIds, systemRandom } from "@lmos/primitives";
import { parse } from "yaml";
import { z } from "zod";

/** A server that a suite can use. */
export interface Server extends AsyncDisposable {
  readonly url: string;
  readonly token: string;
  readonly certificateAuthority: string;
  readonly kubeconfigPath: string;
}

/** The servers by name, for `describe.each`. */
export const servers = [
  { name: "embedded", start: startEmbedded },
  { name: "real", start: connectReal },
] as const;

export type ServerName = (typeof servers)[number]["name"];

/** So little that the first versions are forgotten soon; run.ts sees to the same on the real server. */
const retention = { changes: 300, ageMs: 7_200_000 };

async function startEmbedded(): Promise<Server> {
  const directory = mkdtempSync(join(tmpdir(), "lmos-embedded-"));
  const { signal } = new AbortController();
  const runtime = { clock: systemClock, random: systemRandom, ids: systemIds, logger: silentLogger };
  const server = await startApiServer({ directory, port: 0, signal, retention, ...runtime });
  const kubeconfigPath = join(directory, "kubeconfig");
  writeFileSync(kubeconfigPath, server.kubeconfig, { mode: 0o600 });
  return {
    url: server.url,
    token: server.token,
    certificateAuthority: server.certificateAuthority,
    kubeconfigPath,
    [Symbol.asyncDispose]: async () => {
      await server[Symbol.asyncDispose]();
      rmSync(directory, { recursive: true });
    },
  };
}

const kubeconfigSchema = z.object({
  clusters: z.tuple([
    z.object({ cluster: z.object({ server: z.string(), "certificate-authority": z.string() }) }),
  ]),
  users: z.tuple([z.object({ user: z.object({ token: z.string() }) })]),
});

async function connectReal(): Promise<Server> {
  const kubeconfigPath = process.env["LMOS_TEST_KUBECONFIG"];
  if (kubeconfigPath === undefined)
    throw new Error("LMOS_TEST_KUBECONFIG is not set: use npm run test:kubernetes");
  const { clusters, users } = kubeconfigSchema.parse(parse(readFileSync(kubeconfigPath, "utf8")));
  const { server, "certificate-authority": authority } = clusters[0].cluster;
  return {
    url: server,
    token: users[0].user.token,
    certificateAuthority: readFileSync(authority, "utf8"),
    kubeconfigPath,
    [Symbol.asyncDispose]: async () => undefined,
  };
}
