/** What Kubernetes accepts as names of various sorts, and its words for what it does not. */

/** Says what is wrong with a name; nothing if it is fine. */
export type NameRule = (name: string) => readonly string[];

const label = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
const qualified = "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]";

function example(examples: readonly string[], pattern: string): string {
  const shown = examples.map((each) => `'${each}'`).join(",  or ");
  return `(e.g. ${shown}, regex used for validation is '${pattern}')`;
}

interface Syntax {
  readonly pattern: string;
  readonly most: number;
  readonly rule: string;
  readonly examples: readonly string[];
}

function nameRule({ pattern, most, rule, examples }: Syntax): NameRule {
  const whole = new RegExp(`^${pattern}$`);
  return (name) => [
    ...(Buffer.byteLength(name) > most ? [`must be no more than ${most} characters`] : []),
    ...(whole.test(name) ? [] : [`${rule} ${example(examples, pattern)}`]),
  ];
}

const undottedLabel = nameRule({
  pattern: label,
  most: 63,
  rule: "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character",
  examples: ["my-name", "123-abc"],
});

/** What would do but for its dots is told so. */
export const dnsLabel: NameRule = (name) => {
  const faults = undottedLabel(name);
  const isDotted = name.includes(".") && new RegExp(`^${label}(\\.${label})*$`).test(name);
  return isDotted ? [...faults.slice(0, -1), "must not contain dots"] : faults;
};

export const dnsSubdomain = nameRule({
  pattern: `${label}(\\.${label})*`,
  most: 253,
  rule: "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character",
  examples: ["example.com"],
});

/** Names of Services. */
export const dns1035Label = nameRule({
  pattern: "[a-z]([-a-z0-9]*[a-z0-9])?",
  most: 63,
  rule: "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character",
  examples: ["my-name", "abc-123"],
});

export const labelValue = nameRule({
  pattern: `(${qualified})?`,
  most: 63,
  rule: "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character",
  examples: ["MyValue", "my_value", "12345"],
});

const configKeySyntax = nameRule({
  pattern: "[-._a-zA-Z0-9]+",
  most: 253,
  rule: "a valid config key must consist of alphanumeric characters, '-', '_' or '.'",
  examples: ["key.name", "KEY_NAME", "key-name"],
});

/** Keys of ConfigMaps and Secrets, which become names of files. */
export const configKey: NameRule = (key) => {
  if (key === ".") return [...configKeySyntax(key), "must not be '.'"];
  if (key === "..") return [...configKeySyntax(key), "must not be '..'"];
  return key.startsWith("..") ? [...configKeySyntax(key), "must not start with '..'"] : configKeySyntax(key);
};

const qualifiedPart = nameRule({
  pattern: qualified,
  most: 63,
  rule: "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character",
  examples: ["MyName", "my.name", "123-abc"],
});

/** Keys of labels and annotations: a name, with or without `prefix/` before it. */
export const qualifiedName: NameRule = (name) => {
  const parts = name.split("/");
  const [prefix, last] = parts.length === 2 ? parts : [undefined, parts[0]];
  if (parts.length > 2 || last === undefined) {
    const rule = `a qualified name must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character ${example(["MyName", "my.name", "123-abc"], qualified)}`;
    return [`${rule} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`];
  }
  return [...prefixFaults(prefix), ...partFaults(last)];
};

function prefixFaults(prefix: string | undefined): readonly string[] {
  if (prefix === undefined) return [];
  return prefix === ""
    ? ["prefix part must be non-empty"]
    : dnsSubdomain(prefix).map((each) => `prefix part ${each}`);
}

function partFaults(name: string): readonly string[] {
  const empty = name === "" ? ["name part must be non-empty"] : [];
  return [...empty, ...qualifiedPart(name).map((each) => `name part ${each}`)];
}

/** The same name with the fillers that make a prefix of it (`name-`) whole, as `generateName` is checked. */
export function prefixRule(rule: NameRule): NameRule {
  return (name) => rule(name.endsWith("-") ? `${name.slice(0, -1)}a` : name);
}
