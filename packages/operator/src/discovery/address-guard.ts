/**
 * Keeps readings away from addresses that no agent's pod has: this machine, the link, cloud metadata, groups of machines.
 * The check is made on the address that is then connected to, so that a name which changes in between changes nothing.
 */
import { lookup as resolveName } from "node:dns/promises";
import { BlockList, isIP, type LookupFunction } from "node:net";

/** An address as the resolver gives it. */
export interface ResolvedAddress {
  readonly address: string;
  readonly family: number;
}

/** Finds the addresses of a host name. */
export type ResolveHost = (host: string) => Promise<readonly ResolvedAddress[]>;

/** The code of the error that stands for a refused address. */
export const forbiddenAddress = "ERR_LMOS_FORBIDDEN_ADDRESS";

const forbidden = new BlockList();
const networks: readonly (readonly [network: string, prefix: number, family: "ipv4" | "ipv6"])[] = [
  ["0.0.0.0", 8, "ipv4"], // this network
  ["127.0.0.0", 8, "ipv4"], // this machine
  ["169.254.0.0", 16, "ipv4"], // the link, and the metadata of clouds
  ["192.0.0.0", 24, "ipv4"], // protocol assignments, and the metadata of a cloud
  ["224.0.0.0", 4, "ipv4"], // groups
  ["240.0.0.0", 4, "ipv4"], // reserved, and everyone
  ["::", 128, "ipv6"],
  ["::1", 128, "ipv6"],
  ["::", 96, "ipv6"], // IPv4 as it was written once
  ["64:ff9b::", 96, "ipv6"], // IPv4 through a translator
  ["64:ff9b:1::", 48, "ipv6"],
  ["2002::", 16, "ipv6"], // IPv4 through a relay
  ["2001::", 32, "ipv6"], // IPv4 through a tunnel
  ["fd00:ec2::254", 128, "ipv6"], // the metadata of a cloud
  ["fe80::", 10, "ipv6"], // the link
  ["fec0::", 10, "ipv6"], // the site
  ["ff00::", 8, "ipv6"], // groups
];
for (const [network, prefix, family] of networks) forbidden.addSubnet(network, prefix, family);

/** True for an address that nothing is read from, and for what is none. IPv4 inside of IPv6 is seen through. */
export function isForbiddenAddress(address: string): boolean {
  const [bare = ""] = address.split("%");
  const family = isIP(bare);
  return family === 0 || forbidden.check(bare, family === 4 ? "ipv4" : "ipv6");
}

/** A lookup for sockets that gives allowed addresses only. One that is not allowed spoils the name as a whole. */
export function guardedLookup(resolve: ResolveHost = resolveAll): LookupFunction {
  return (host, options, callback) => {
    resolve(host).then(
      (addresses) => {
        const [first] = addresses;
        const isRefused = first === undefined || addresses.some(({ address }) => isForbiddenAddress(address));
        if (isRefused) callback(refusal(host), "", 0);
        else if (options.all === true) callback(null, [...addresses]);
        else callback(null, first.address, first.family);
      },
      (error: NodeJS.ErrnoException) => callback(error, "", 0),
    );
  };
}

function refusal(host: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`${host} leads to an address that is not followed`), {
    code: forbiddenAddress,
  });
}

async function resolveAll(host: string): Promise<readonly ResolvedAddress[]> {
  return await resolveName(host, { all: true });
}
