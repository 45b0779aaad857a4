/** Which user of which runtime a command is about. */
import { type Command, Option } from "commander";
import { type ConnectionOptions, connect, withConnectionOptions } from "../../connect.ts";
import type { CommandContext } from "../../context.ts";
import { CliError } from "../../errors.ts";
import { parseHttpUrl } from "../../http-url.ts";
import type { UserAddress } from "../../management-client.ts";
import { runtimeAddress, runtimeUrl } from "../../runtime-address.ts";

/** The options, as commander gives them. */
export interface UserOptions extends ConnectionOptions {
  readonly management?: string;
  readonly issuer?: string;
}

/** The same with a format. */
export interface ShownUserOptions extends UserOptions {
  readonly output: "table" | "wide" | "json" | "yaml" | "ndjson";
}

/** Adds the argument and the options. */
export function withUserOptions(command: Command): Command {
  command
    .argument("<tenant/user>", "such as acme/ada: what clients call the user, or the subject of its token")
    .option(
      "--management <url>",
      "management address of the runtime (else the laptop cluster's runtime)",
      parseHttpUrl,
    )
    .option("--issuer <url>", "issuer of the user's tokens, where users prove who they are");
  return withConnectionOptions(command);
}

/** Adds the format. */
export function withOutputOption(command: Command): Command {
  return command.addOption(
    new Option("-o, --output <format>", "format")
      .choices(["table", "wide", "json", "yaml", "ndjson"])
      .default("table"),
  );
}

/** Reads them; without an address the laptop cluster is asked for its runtime. */
export async function userAddress(
  name: string,
  options: UserOptions,
  context: CommandContext,
): Promise<UserAddress> {
  const [, tenant, user] = /^([^/]+)\/(.+)$/.exec(name) ?? [];
  if (tenant === undefined || user === undefined) {
    throw new CliError("Usage", `${JSON.stringify(name)} is not TENANT/USER, such as acme/ada`);
  }
  const managementUrl = options.management ?? (await discover(options, context));
  return { managementUrl, tenant, user, issuer: options.issuer };
}

/** The runtime of a laptop has one port for all. */
async function discover(options: UserOptions, context: CommandContext): Promise<string> {
  await using target = connect(options, context);
  return await runtimeUrl(target.client, runtimeAddress.operators, { signal: context.signal });
}
