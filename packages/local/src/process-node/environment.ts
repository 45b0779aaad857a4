/**
 * What a process finds in its environment, and how `$(NAME)` in its command line and values is replaced. A process gets
 * only a few of its parent's variables, so that what works on a laptop does not depend on the shell it was started from.
 */

/** Variables by name. */
export type Environment = Readonly<Record<string, string>>;

/** The variables of the parent that are handed down: enough to find programs, folders, language, time zone and proxy. */
const inherited: ReadonlySet<string> = new Set([
  "PATH",
  "HOME",
  "USER",
  "LOGNAME",
  "SHELL",
  "TMPDIR",
  "TZ",
  "LANG",
  "LC_ALL",
  "NODE_EXTRA_CA_CERTS",
  "HTTP_PROXY",
  "HTTPS_PROXY",
  "NO_PROXY",
  "http_proxy",
  "https_proxy",
  "no_proxy",
]);

/** Where the variables of one process come from; a later source wins over an earlier one. */
export interface EnvironmentSources {
  /** The parent's variables; only a few are taken. */
  readonly base: Readonly<Record<string, string | undefined>>;
  /** What the cluster gives each of its processes. */
  readonly extra: Environment;
  /** What the container declares, in its order. */
  readonly declared: readonly { readonly name: string; readonly value: string }[];
  /** What the process must listen on. */
  readonly port: number;
}

/** The variables of one process: those above, then `PORT` and `HOST`, which nothing overrides. */
export function processEnvironment({ base, extra, declared, port }: EnvironmentSources): Environment {
  const listen = { PORT: String(port), HOST: "127.0.0.1" };
  const variables: Record<string, string> = { ...pickInherited(base), ...extra };
  for (const { name, value } of declared) {
    variables[name] = expandReferences(value, { ...variables, ...listen });
  }
  return { ...variables, ...listen };
}

/**
 * Replaces `$(NAME)` by that variable as Kubernetes does: unknown names stay as they are, `$$` stands for one `$`, so
 * `$$(NAME)` is the text `$(NAME)`.
 */
export function expandReferences(text: string, variables: Environment): string {
  return text.replace(/\$\$|\$\(([^()]+)\)/g, (whole: string, name: string | undefined) => {
    if (name === undefined) return "$";
    return Object.hasOwn(variables, name) ? (variables[name] ?? whole) : whole;
  });
}

function pickInherited(base: EnvironmentSources["base"]): Record<string, string> {
  const picked: Record<string, string> = {};
  for (const [name, value] of Object.entries(base)) {
    if (value !== undefined && inherited.has(name)) picked[name] = value;
  }
  return picked;
}
