/** `lmos operator`: discovers agents, wires channels, serves the read API. */
import { createTelemetry, startOperator } from "@lmos/operator";
import { collectGarbage, keepHeapSmall } from "@lmos/primitives";
import { type GrantsMode, grantsModes } from "@lmos/resources";
import { Command, Option } from "commander";
import { connect } from "../connect.ts";
import type { CommandContext } from "../context.ts";
import { CliError } from "../errors.ts";
import {
  electionOf,
  namespacesOf,
  parseNamespace,
  parseNamespaces,
  type ScopeOptions,
} from "../operator-options.ts";
import {
  addressesOf,
  componentLogger,
  type ServerOptions,
  serveUntilStopped,
  withServerOptions,
} from "../server-options.ts";
import { startTracing } from "../tracing.ts";

interface OperatorCommandOptions extends ServerOptions, ScopeOptions {
  readonly auth: "none" | "kubernetes";
  readonly authAudience?: readonly string[];
  readonly grants: GrantsMode;
}

/** The command `operator`. */
export function operatorCommand(context: CommandContext): Command {
  const command = new Command("operator").addHelpText(
    "after",
    "\nExamples:\n  lmos operator                    # in a pod\n  lmos operator --kubeconfig ~/.kube/config --watch-namespaces shop,bank",
  );
  return withOperatorOptions(withServerOptions(command, 8080)).action(
    async (options: OperatorCommandOptions) => {
      refuseContradiction(options);
      keepHeapSmall();
      await using tracing = await startTracing("operator", context);
      const telemetry = createTelemetry({ ofProcess: true, tracer: tracing.tracer });
      await using target = connect(options, context, telemetry);
      const { clock, random, ids, signal } = context;
      const start = () =>
        startOperator({
          client: target.client,
          telemetry,
          logger: componentLogger("operator", options, context),
          local: options.local === true,
          namespaces: namespacesOf(options),
          grants: options.grants,
          election: electionOf(options, {
            host: context.environment.variables["HOSTNAME"],
            id: ids.next(),
            namespace: target.connection.namespace,
          }),
          authentication: options.auth,
          onSettled: collectGarbage,
          audiences: options.authAudience,
          ...addressesOf(options),
          ...{ clock, random, ids, signal },
        });
      await serveUntilStopped(start, context);
    },
  );
}

/** Whoever says whom tokens are for wants them to be looked at. */
function refuseContradiction({ auth, authAudience }: OperatorCommandOptions): void {
  if (authAudience === undefined || auth === "kubernetes") return;
  const names = authAudience.join(" ");
  throw new CliError("Usage", `--auth-audience ${names} says nothing without --auth=kubernetes: add that`);
}

function withOperatorOptions(command: Command): Command {
  return command
    .addOption(
      new Option("--grants <mode>", "how much Tenants and CapabilityGrants count (docs/grants.md)")
        .choices([...grantsModes])
        .default("off"),
    )
    .option("--watch-namespaces <names>", "watch these namespaces only, separated by commas", parseNamespaces)
    .addOption(
      new Option("--auth <kind>", "who may read: everybody, or service accounts what is in their namespace")
        .choices(["none", "kubernetes"])
        .default("none"),
    )
    .option(
      "--auth-audience <name...>",
      "with --auth=kubernetes: whom tokens have to be for, one of these (else the API server)",
    )
    .option("--leader-elect", "let one of several replicas write (else: unless --local)")
    .option("--no-leader-elect", "write at once: for a single replica only")
    .option(
      "--lease-namespace <namespace>",
      "namespace of the Lease (else the pod's or the kubeconfig's)",
      parseNamespace,
    )
    .option("--lease-name <name>", "name of the Lease, one for all replicas", "lmos-operator");
}
