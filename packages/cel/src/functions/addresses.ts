import { type CelFunction, cidr, globalFunction, ip, method, text, url } from "../function.ts";
import { boolType, intType, listOf, mapOf, stringType } from "../types.ts";
import { type CelFault, type CelTagged, type CelValue, fault, isFault, list } from "../values.ts";

/** URLs, IP addresses and ranges of them. */

type Address = Extract<CelTagged, { tag: "net.IP" }>;
type Range = Extract<CelTagged, { tag: "net.CIDR" }>;

/** Go accepts absolute URLs and absolute paths. */
function parseUrl(value: string): URL | undefined {
  const isAbsolute = /^[a-zA-Z][a-zA-Z0-9+.-]*:/.test(value) || value.startsWith("/");
  const base = value.startsWith("/") ? `path://${value}` : value;
  return isAbsolute && URL.canParse(base) ? new URL(base) : undefined;
}

const ofUrl = (name: string, part: (url: URL, text: string) => string): CelFunction =>
  method(name, {
    takes: [url],
    gives: stringType,
    run: ({ bits }) => {
      const parsed = parseUrl(bits);
      return parsed === undefined || parsed.protocol === "path:"
        ? relativePart(name, bits)
        : part(parsed, bits);
    },
  });

function relativePart(name: string, path: string): string {
  return name === "getEscapedPath" ? (path.split("?")[0] ?? "") : "";
}

/** The host as written: the URL class leaves out a port that is the scheme's own. */
function authority(value: string): string {
  return /^[^/]*\/\/(?:[^/?#@]*@)?([^/?#]*)/.exec(value)?.[1] ?? "";
}

const urls: readonly CelFunction[] = [
  globalFunction("isURL", { takes: [text], gives: boolType, run: (value) => parseUrl(value) !== undefined }),
  globalFunction("url", {
    takes: [text],
    gives: url.type,
    run: (value) =>
      parseUrl(value) === undefined
        ? fault(
            `URL parse error during conversion from string: parse ${JSON.stringify(value)}: invalid URI for request`,
          )
        : { tag: "kubernetes.URL", bits: value },
  }),
  ofUrl("getScheme", ({ protocol }) => protocol.slice(0, -1)),
  ofUrl("getHost", (_url, value) => authority(value)),
  ofUrl("getHostname", (_url, value) =>
    authority(value)
      .replace(/:\d*$/, "")
      .replace(/^\[|\]$/g, ""),
  ),
  ofUrl("getPort", (_url, value) => /:(\d+)$/.exec(authority(value))?.[1] ?? ""),
  ofUrl("getEscapedPath", ({ pathname }, value) =>
    pathname === "/" && !/\/\/[^/]*\//.test(value) ? "" : pathname,
  ),
  method("getQuery", {
    takes: [url],
    gives: mapOf(stringType, listOf(stringType)),
    run: ({ bits }) => {
      const query = parseUrl(bits)?.searchParams ?? new URLSearchParams();
      return new Map([...query.keys()].map((key) => [key, list(query.getAll(key))]));
    },
  }),
];

const decimalByte = "(?:0|[1-9]\\d?|1\\d\\d|2[0-4]\\d|25[0-5])";
const ipv4 = new RegExp(`^${decimalByte}(?:\\.${decimalByte}){3}$`);

/** The first 96 bits of an IPv4 address that is written as an IPv6 one, which Kubernetes takes for neither. */
const mappedIpv4 = 0xffffn;

function parseIp(value: string): Address | undefined {
  if (ipv4.test(value)) {
    return { tag: "net.IP", bits: joinBits(value.split(".").map(Number), 8n), width: 32 };
  }
  const isIpv6 = value.includes(":") && /^[\da-fA-F:.]+$/.test(value) && URL.canParse(`http://[${value}]`);
  if (!isIpv6) return undefined;
  const bits = joinBits(groupsOf(value), 16n);
  return bits >> 32n === mappedIpv4 ? undefined : { tag: "net.IP", bits, width: 128 };
}

function joinBits(parts: readonly number[], size: bigint): bigint {
  return parts.reduce((bits, part) => (bits << size) | BigInt(part), 0n);
}

/** The eight groups of an IPv6 address, which the URL class writes in short hexadecimal form. */
function groupsOf(value: string): readonly number[] {
  const { hostname } = new URL(`http://[${value}]`);
  const [head = "", tail] = hostname.slice(1, -1).split("::");
  const [before, after] = [head, tail ?? ""].map((half) => half.split(":").filter((group) => group !== ""));
  const missing = 8 - (before?.length ?? 0) - (after?.length ?? 0);
  const zeros = tail === undefined ? [] : Array.from({ length: missing }, () => "0");
  return [...(before ?? []), ...zeros, ...(after ?? [])].map((group) => Number.parseInt(group, 16));
}

function ipText({ bits, width }: Pick<Address, "bits" | "width">): string {
  const size = width === 32 ? 8n : 16n;
  const count = width === 32 ? 4 : 8;
  const parts = Array.from(
    { length: count },
    (_, index) => (bits >> (BigInt(count - 1 - index) * size)) & ((1n << size) - 1n),
  );
  if (width === 32) return parts.join(".");
  return new URL(`http://[${parts.map((part) => part.toString(16)).join(":")}]`).hostname.slice(1, -1);
}

function toIp(value: string): Address | CelFault {
  const why = `ParseAddr(${JSON.stringify(value)}): unable to parse IP`;
  return (
    parseIp(value) ??
    fault(`IP Address ${JSON.stringify(value)} parse error during conversion from string: ${why}`)
  );
}

/** True for the addresses in one of some ranges. */
function withinAny(...ranges: readonly string[]): (address: Address) => boolean {
  const parsed = ranges.map(parseCidr).filter((range) => range !== undefined);
  return (address) => parsed.some((range) => contains(range, address, address.width));
}

const isUnspecified = ({ bits }: Address) => bits === 0n;
const isLoopback = withinAny("127.0.0.0/8", "::1/128");
const isLinkLocalUnicast = withinAny("169.254.0.0/16", "fe80::/10");
const isLinkLocalMulticast = withinAny("224.0.0.0/24", "ff02::/16");
const isMulticast = withinAny("224.0.0.0/4", "ff00::/8", "255.255.255.255/32");

const ipTest = (name: string, run: (address: Address) => boolean): CelFunction =>
  method(name, { takes: [ip], gives: boolType, run });

const ips: readonly CelFunction[] = [
  globalFunction("ip", { takes: [text], gives: ip.type, run: toIp }),
  globalFunction("isIP", { takes: [text], gives: boolType, run: (value) => parseIp(value) !== undefined }),
  globalFunction("ip.isCanonical", {
    takes: [text],
    gives: boolType,
    run: (value) => {
      const address = toIp(value);
      return isFault(address) ? address : ipText(address) === value;
    },
  }),
  globalFunction("string", { takes: [ip], gives: stringType, run: ipText }),
  method("family", { takes: [ip], gives: intType, run: ({ width }) => (width === 32 ? 4n : 6n) }),
  ipTest("isUnspecified", isUnspecified),
  ipTest("isLoopback", isLoopback),
  ipTest("isLinkLocalUnicast", isLinkLocalUnicast),
  ipTest("isLinkLocalMulticast", isLinkLocalMulticast),
  ipTest("isGlobalUnicast", (address) =>
    [isUnspecified, isLoopback, isLinkLocalUnicast, isMulticast].every((test) => !test(address)),
  ),
];

function parseCidr(value: string): Range | undefined {
  const [network = "", prefix = "", ...rest] = value.split("/");
  const address = parseIp(network);
  const isPrefix = /^(0|[1-9]\d{0,2})$/.test(prefix) && rest.length === 0;
  if (address === undefined || !isPrefix || Number(prefix) > address.width) return undefined;
  return { ...address, tag: "net.CIDR", prefix: Number(prefix) };
}

function toCidr(value: string): Range | CelFault {
  const error = "network address parse error during conversion from string: ";
  const why = value.includes("/") ? "invalid CIDR address" : "no '/'";
  return parseCidr(value) ?? fault(`${error}${error}netip.ParsePrefix(${JSON.stringify(value)}): ${why}`);
}

function masked({ bits, width, prefix }: Range): bigint {
  const host = BigInt(width - prefix);
  return (bits >> host) << host;
}

function contains(range: Range, { bits, width }: Address | Range, prefix: number): boolean {
  return width === range.width && prefix >= range.prefix && masked({ ...range, bits }) === masked(range);
}

const unlessFault = <T extends CelValue>(
  value: T | CelFault,
  test: (value: T) => CelValue,
): CelValue | CelFault => (isFault(value) ? value : test(value));

const cidrs: readonly CelFunction[] = [
  globalFunction("cidr", { takes: [text], gives: cidr.type, run: toCidr }),
  globalFunction("isCIDR", {
    takes: [text],
    gives: boolType,
    run: (value) => parseCidr(value) !== undefined,
  }),
  globalFunction("string", {
    takes: [cidr],
    gives: stringType,
    run: (range) => `${ipText(range)}/${range.prefix}`,
  }),
  method("containsIP", {
    takes: [cidr, ip],
    gives: boolType,
    run: (range, one) => contains(range, one, one.width),
  }),
  method("containsIP", {
    takes: [cidr, text],
    gives: boolType,
    run: (range, value) => unlessFault(toIp(value), (one) => contains(range, one, one.width)),
  }),
  method("containsCIDR", {
    takes: [cidr, cidr],
    gives: boolType,
    run: (range, one) => contains(range, one, one.prefix),
  }),
  method("containsCIDR", {
    takes: [cidr, text],
    gives: boolType,
    run: (range, value) => unlessFault(toCidr(value), (one) => contains(range, one, one.prefix)),
  }),
  method("ip", { takes: [cidr], gives: ip.type, run: ({ bits, width }) => ({ tag: "net.IP", bits, width }) }),
  method("prefixLength", { takes: [cidr], gives: intType, run: ({ prefix }) => BigInt(prefix) }),
  method("masked", { takes: [cidr], gives: cidr.type, run: (range) => ({ ...range, bits: masked(range) }) }),
];

export const addresses: readonly CelFunction[] = [...urls, ...ips, ...cidrs];
