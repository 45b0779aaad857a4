/** `lmos rollback`: holds a channel's routing at an earlier revision, or lets it go again. */
import { type Channel, channelKind } from "@lmos/resources";
import { Command } from "commander";
import { type ConnectionOptions, connect, withConnectionOptions } from "../connect.ts";
import type { CommandContext } from "../context.ts";
import { CliError } from "../errors.ts";
import { rollbackTarget } from "../rollback.ts";

interface RollbackOptions extends ConnectionOptions {
  readonly namespace?: string;
  readonly release?: boolean;
}

/** The command `rollback`. */
export function rollbackCommand(context: CommandContext): Command {
  const command = new Command("rollback")
    .argument("<channel>", "a Channel's name")
    .argument("[revision]", "one of its status.revisions (else the one before the active)")
    .option("-n, --namespace <namespace>", "namespace (else that of the kubeconfig)")
    .option("--release", "let the routing go: it follows the agents again")
    .addHelpText(
      "after",
      "\nExamples:\n  lmos rollback acme-web-stable\n  lmos rollback acme-web-stable 3\n  lmos rollback acme-web-stable --release",
    );
  return withConnectionOptions(command).action(
    (name: string, revision: string | undefined, options: RollbackOptions) =>
      rollback({ name, revision, options }, context),
  );
}

async function rollback(
  wanted: { readonly name: string; readonly revision: string | undefined; readonly options: RollbackOptions },
  context: CommandContext,
): Promise<void> {
  const { name, options } = wanted;
  const { signal, terminal } = context;
  if (options.release === true && wanted.revision !== undefined) throw contradictory(name, wanted.revision);
  await using target = connect(options, context);
  const key = { namespace: options.namespace ?? target.connection.namespace, name };
  const channel: Channel | undefined = await target.client.get(channelKind, key, { signal });
  if (channel === undefined) {
    throw new CliError(
      "NotFound",
      `channel ${name} not found in ${key.namespace}: see \`lmos get channels -A\``,
    );
  }
  const pinnedRevision = options.release === true ? null : rollbackTarget(channel, wanted.revision);
  const body = { spec: { pinnedRevision } };
  await target.client.patch(channelKind, key, { kind: "merge", body }, { signal });
  terminal.print(
    pinnedRevision === null
      ? `${name} follows its agents again`
      : `${name} is held at revision ${pinnedRevision}; let it go with \`lmos rollback ${name} --release\``,
  );
}

function contradictory(name: string, revision: string): CliError {
  const hold = `\`lmos rollback ${name} ${revision}\` holds it there`;
  const release = `\`lmos rollback ${name} --release\` lets it go`;
  return new CliError(
    "Usage",
    `a revision (${revision}) and --release contradict each other: ${hold}, ${release}`,
  );
}
