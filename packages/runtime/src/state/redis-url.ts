/** Where a Redis is, as users write it: an URL for one server, or for the Sentinels that watch over several. */
import { RuntimeError } from "../errors.ts";

/** One server, or the Sentinels that know which server is the primary. */
export type RedisTarget =
  | { readonly kind: "server"; readonly url: string }
  | {
      readonly kind: "sentinel";
      /** Name of the group of servers. */
      readonly name: string;
      readonly nodes: readonly { readonly host: string; readonly port: number }[];
      readonly username: string | undefined;
      readonly password: string | undefined;
    };

const sentinelScheme = "redis+sentinel://";
const sentinelPort = 26_379;

/**
 * Reads `redis://[user:password@]host[:port][/database]`, `rediss://…` for TLS, and
 * `redis+sentinel://[user:password@]host[:port],host[:port]…/name`.
 *
 * @throws RuntimeError `InvalidState` that says what is expected, without the URL: it may hold a password.
 */
export function parseRedisUrl(text: string): RedisTarget {
  if (text.startsWith(sentinelScheme)) return parseSentinelUrl(text.slice(sentinelScheme.length));
  const url = URL.parse(text);
  if (url === null || !["redis:", "rediss:"].includes(url.protocol) || url.hostname === "") throw invalid();
  return { kind: "server", url: text };
}

function parseSentinelUrl(text: string): RedisTarget {
  const [, credentials, hosts = "", name = ""] = /^(?:(.*)@)?([^@/]+)\/([\w.-]+)$/.exec(text) ?? [];
  const nodes = hosts.split(",").map(parseNode);
  const [, username, password] = /^([^:]*)(?::(.*))?$/.exec(credentials ?? "")?.map(decode) ?? [];
  if (name === "") throw invalid();
  return { kind: "sentinel", name, nodes, username: username || undefined, password };
}

function parseNode(text: string): { readonly host: string; readonly port: number } {
  const url = URL.parse(`redis://${text}`);
  if (url === null || url.hostname === "") throw invalid();
  return {
    host: url.hostname.replace(/^\[|\]$/g, ""),
    port: url.port === "" ? sentinelPort : Number(url.port),
  };
}

function decode(text: string | undefined): string | undefined {
  try {
    return text === undefined ? undefined : decodeURIComponent(text);
  } catch {
    throw invalid();
  }
}

function invalid(): RuntimeError {
  return new RuntimeError(
    "InvalidState",
    "the address of Redis cannot be read: write redis://host:6379, rediss://user:password@host:6379/0, or redis+sentinel://host:26379,host:26379/name",
  );
}
