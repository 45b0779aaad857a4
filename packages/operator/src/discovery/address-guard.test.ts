import { createServer } from "node:http";
import { systemClock } from "@lmos/primitives";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { isForbiddenAddress, type ResolvedAddress } from "./address-guard.ts";
import { createCapabilitiesReader } from "./capabilities-reader.ts";

const { signal } = new AbortController();

describe("S5 isForbiddenAddress", () => {
  it.each([
    ...["127.0.0.1", "127.1.2.3", "127.255.255.255", "0.0.0.0", "0.1.2.3"],
    ...["169.254.169.254", "169.254.0.1", "192.0.0.192", "224.0.0.1", "239.255.255.255", "240.0.0.1"],
    ...[
      "255.255.255.255",
      "::",
      "::1",
      "0:0:0:0:0:0:0:1",
      "::127.0.0.1",
      "::ffff:127.0.0.1",
      "::ffff:7f00:1",
    ],
    ...["::ffff:169.254.169.254", "::ffff:a9fe:a9fe", "64:ff9b::7f00:1", "64:ff9b::169.254.169.254"],
    ...[
      "64:ff9b:1::1",
      "2002:7f00:1::",
      "2001:0:1::1",
      "fe80::1",
      "fe80::1%eth0",
      "febf::1",
      "fec0::1",
      "ff02::1",
    ],
    ...[
      "fd00:ec2::254",
      "",
      "localhost",
      "127.1",
      "0x7f.1",
      "2130706433",
      "0177.0.0.1",
      "1.2.3",
      "::ffff:0:0:0:0:0:0:1",
    ],
  ])("%s", (address) => {
    expect(isForbiddenAddress(address)).toBe(true);
  });

  it.each([
    "10.96.0.1",
    "10.244.1.7",
    "172.20.3.4",
    "192.168.1.1",
    "100.64.0.1",
    "fd00::1",
    "fd00:10:96::1",
    "2a02::1",
  ])("%s is an address that a pod may have", (address) => {
    expect(isForbiddenAddress(address)).toBe(false);
  });
});

describe("S5 a reading in a cluster", () => {
  let hits: number;
  let port: number;
  let servers: AsyncDisposableStack;

  beforeEach(async () => {
    hits = 0;
    servers = new AsyncDisposableStack();
    const server = createServer((_, response) => {
      hits += 1;
      response.writeHead(200, { "content-type": "application/json" }).end('{"capabilities":[]}');
    });
    servers.defer(() => {
      server.closeAllConnections();
      server.close();
    });
    await new Promise<void>((resolve) => {
      server.listen(0, "127.0.0.1", resolve);
    });
    port = z.object({ port: z.number() }).parse(server.address()).port;
  });

  afterEach(() => servers.disposeAsync());

  function read(addresses: readonly ResolvedAddress[] | Error) {
    const resolve = async () => {
      if (addresses instanceof Error) throw addresses;
      return addresses;
    };
    const limits = { connectMs: 2000, totalMs: 5000, bytes: 2000 };
    const reader = servers.use(createCapabilitiesReader({ clock: systemClock, limits, guard: { resolve } }));
    return reader.read(`http://billing.default.svc.cluster.local:${port}`, { signal });
  }

  it.each([
    { name: "this machine", addresses: [{ address: "127.0.0.1", family: 4 }] },
    { name: "this machine in IPv6", addresses: [{ address: "::ffff:127.0.0.1", family: 6 }] },
    { name: "cloud metadata", addresses: [{ address: "169.254.169.254", family: 4 }] },
    {
      name: "a pod and this machine",
      addresses: [
        { address: "10.0.0.1", family: 4 },
        { address: "127.0.0.1", family: 4 },
      ],
    },
    { name: "nowhere", addresses: [] },
  ])("whose Service leads to $name reaches nothing", async ({ addresses }) => {
    expect(await read(addresses)).toEqual({
      kind: "failed",
      reason: "ForbiddenAddress",
      message: "leads to an address that is not followed",
    });
    expect(hits).toBe(0);
  });

  it("whose Service has no name yet is unreachable", async () => {
    const unknown = Object.assign(new Error("getaddrinfo ENOTFOUND"), { code: "ENOTFOUND" });
    expect(await read(unknown)).toMatchObject({
      reason: "Unreachable",
      message: "can't be reached (ENOTFOUND)",
    });
  });
});
