/**
 * `lmos why` names the command that mends a cause. Here it is taken at its word: what it says is run by a shell with kubectl, and
 * the channel is resolved.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { dirname } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { findParts, pathOf } from "../kubernetes/parts.ts";
import { OperatorWorld } from "./harness/operator-world.ts";
import { testServers } from "./operations/test-servers.ts";

const lmos = fileURLToPath(new URL("../../packages/cli/src/main.ts", import.meta.url));

interface Mishap {
  readonly cause: string;
  readonly arrange: (world: OperatorWorld) => Promise<unknown>;
}

/** Each a channel `acme` that requires bill, and why it does not get it. Grants are enforced. */
const mishaps: readonly Mishap[] = [
  {
    cause: "ChannelMismatch",
    arrange: async (world) => {
      await granted(world);
      await world.agent("billing", ["bill@1.0.0"], { supportedChannels: ["ivr"] });
    },
  },
  {
    cause: "TenantMismatch",
    arrange: async (world) => {
      await granted(world);
      await world.agent("billing", ["bill@1.0.0"], { supportedTenants: ["globex"] });
    },
  },
  {
    cause: "NotGranted",
    arrange: async (world) => {
      await world.tenant("acme");
      await world.agent("billing", ["bill@1.0.0"]);
    },
  },
  {
    cause: "TenantNotTrusted",
    arrange: async (world) => {
      await world.tenant("somebody");
      await world.grant("all", { capabilities: ["*"] });
      await world.agent("billing", ["bill@1.0.0"]);
    },
  },
];

const cases = testServers.flatMap((server) => mishaps.map((mishap) => ({ ...mishap, ...server })));

it.each(cases)("$cause on the $name API server is mended by the command that lmos why names", async (row) => {
  await using server = await row.start();
  await using world = await OperatorWorld.make(server, `why-${row.cause.toLowerCase().slice(0, 6)}`);
  await world.operate({ grants: "enforce" });
  await row.arrange(world);
  await world.channel("acme", ["bill@^1.0.0"]);
  await world.untilSaid("acme", "Resolved", `False ${row.cause}`);
  const why = [lmos, "why", "acme", "-n", world.namespace, "--kubeconfig", server.kubeconfigPath];
  const told = await run(process.execPath, ["--conditions=@lmos/source", ...why]);
  expect(told.status).toBe(1);
  const command = /^ +run: (.*)$/m.exec(told.output)?.[1];
  expect(command, told.output).toBeDefined();
  const kubectl = dirname(pathOf(await findParts(["kubectl"]), "kubectl"));
  const environment = { PATH: `${kubectl}:${process.env["PATH"]}`, KUBECONFIG: server.kubeconfigPath };
  const mended = await run("sh", ["-c", command ?? "false"], environment);
  expect(mended).toMatchObject({ status: 0, errors: "" });
  await world.untilWired("acme", ["billing/bill@1.0.0"]);
  // What it made belongs to no namespace, and the real server is shared.
  const undo = command?.replace("kubectl create", "kubectl delete") ?? "";
  if (undo !== command) await run("sh", ["-c", undo], environment);
});

async function granted(world: OperatorWorld): Promise<void> {
  await world.tenant("acme");
  await world.grant("all", { capabilities: ["*"] });
}

async function run(program: string, parameters: readonly string[], environment = {}) {
  const child = spawn(program, parameters, {
    stdio: ["ignore", "pipe", "pipe"],
    env: { PATH: process.env["PATH"], HOME: "/nonexistent", ...environment },
  });
  const reading = Promise.all([text(child.stdout), text(child.stderr)]);
  const [status] = await once(child, "close");
  const [output, errors] = await reading;
  return { status, output, errors };
}
