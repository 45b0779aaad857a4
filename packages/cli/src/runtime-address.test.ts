import type { KubeClient, KubeObject } from "@lmos/kube";
import { formatLocalEndpoints, localEndpointsAnnotation } from "@lmos/resources";
import { describe, expect, it } from "vitest";
import { findComponentUrl, runtimeAddress, runtimeUrl } from "./runtime-address.ts";

const { signal } = new AbortController();

/** A cluster with one Service, whose annotation says where its processes listen. */
function clientWith(annotation: string | undefined): Pick<KubeClient, "get"> {
  return {
    get: async <T extends KubeObject>(
      type: { parse(value: unknown): T },
      { namespace = "", name }: { readonly namespace?: string | undefined; readonly name: string },
    ): Promise<T | undefined> => {
      if (`${namespace}/${name}` !== "lmos-system/lmos-runtime") return undefined;
      const annotations = annotation === undefined ? {} : { [localEndpointsAnnotation]: annotation };
      const metadata = { name, namespace, annotations };
      return type.parse({ apiVersion: "v1", kind: "Service", metadata, spec: {} });
    },
  };
}

const endpoint = (targetPort: number) => ({ address: "127.0.0.1", port: 8081, targetPort });

describe("a component of the laptop cluster", () => {
  it.each([
    {
      name: "where its process listens",
      annotation: formatLocalEndpoints([endpoint(4711)]),
      url: "http://127.0.0.1:4711",
    },
    {
      name: "at the first of several",
      annotation: formatLocalEndpoints([endpoint(4712), endpoint(4711)]),
      url: "http://127.0.0.1:4711",
    },
    { name: "nowhere while none is ready", annotation: "[]", url: undefined },
    { name: "nowhere before one was", annotation: undefined, url: undefined },
    { name: "nowhere where the annotation is none", annotation: "http://127.0.0.1", url: undefined },
  ])("is found $name", async ({ annotation, url }) => {
    expect(await findComponentUrl(clientWith(annotation), "lmos-runtime", { signal })).toBe(url);
  });

  it("is not found in a cluster without it", async () => {
    expect(await findComponentUrl(clientWith("[]"), "lmos-operator", { signal })).toBeUndefined();
  });
});

describe("the runtime", () => {
  it.each(Object.values(runtimeAddress))("is found for $option", async (address) => {
    const client = clientWith(formatLocalEndpoints([endpoint(4711)]));
    expect(await runtimeUrl(client, address, { signal })).toBe("http://127.0.0.1:4711");
  });

  it.each(Object.values(runtimeAddress))("is missed with what to do about it: $option", async (address) => {
    const { option, port } = address;
    await expect(runtimeUrl(clientWith("[]"), address, { signal })).rejects.toMatchObject({
      code: "Unreachable",
      message: expect.stringContaining(
        `service/lmos-runtime ${port}\` and add ${option} http://127.0.0.1:${port}`,
      ),
    });
  });
});
