/** W13: with authentication, who asks decides what is seen, and nothing that is sent along. */
import { FakeClock } from "@lmos/testing";
import { describe, expect, it } from "vitest";
import { FakeCluster } from "../../testing/fake-cluster.ts";
import { channelOf } from "../../testing/objects.ts";
import { createReadApi } from "../read-api.ts";
import { type Authenticate, bearerToken, callerOf } from "./caller.ts";

const { signal } = new AbortController();
const url = "/apis/v1/tenants/acme/channels";

const authenticate: Authenticate = async (token) => {
  if (token === "away") return { kind: "unavailable", detail: "try again" };
  if (token === "forged") return { kind: "unknown", detail: "not known" };
  return callerOf(token === "person" ? "jane" : `system:serviceaccount:${token}:runtime`);
};

function cluster(): FakeCluster {
  const made = new FakeCluster();
  const inNamespace = (namespace: string, name: string) => {
    const channel = channelOf(name, []);
    return { ...channel, metadata: { ...channel.metadata, namespace } };
  };
  made.channels.replaceAll([inNamespace("shop", "of-shop"), inNamespace("bank", "of-bank")]);
  made.sync();
  return made;
}

function ask(
  headers: Readonly<Record<string, string>>,
  options: { readonly authenticate?: Authenticate } = {},
) {
  const api = createReadApi({ stores: cluster().stores, clock: new FakeClock(), signal, ...options });
  return api.inject({ url, headers });
}

describe("without authentication", () => {
  it("the namespace is the one that is asked for, as in the original", async () => {
    const reply = await ask({ "x-namespace": "bank" });
    expect(reply.json()).toMatchObject([{ metadata: { name: "of-bank" } }]);
  });
});

describe("with authentication", () => {
  it.each([
    { name: "no header", headers: {} },
    { name: "another namespace", headers: { "x-namespace": "bank" } },
    { name: "another subset", headers: { "x-subset": "canary" } },
    { name: "a namespace that is none", headers: { "x-namespace": "a/b" } },
  ])("the namespace is the caller's, whatever is asked for: $name", async ({ headers }) => {
    const reply = await ask({ ...headers, authorization: "Bearer shop" }, { authenticate });
    expect(reply.json()).toMatchObject([{ metadata: { name: "of-shop", namespace: "shop" } }]);
    expect(reply.json()).toHaveLength(1);
  });

  it.each([
    { name: "nobody", headers: {}, status: 401 },
    { name: "somebody with a password", headers: { authorization: "Basic c2hvcA==" }, status: 401 },
    { name: "somebody with a forged token", headers: { authorization: "Bearer forged" }, status: 401 },
    { name: "a person", headers: { authorization: "Bearer person" }, status: 403 },
    { name: "anybody while the cluster is away", headers: { authorization: "Bearer away" }, status: 503 },
  ])("$name is not let in", async ({ headers, status }) => {
    const sent: Record<string, string> = { ...headers, accept: "application/problem+json" };
    const reply = await ask(sent, { authenticate });
    expect([reply.statusCode, reply.headers["content-type"]]).toEqual([status, "application/problem+json"]);
    expect(reply.body).not.toContain("of-shop");
    expect(reply.headers["www-authenticate"]).toBe(status === 401 ? "Bearer" : undefined);
  });

  it("no watch is opened for who is not let in", async () => {
    const api = createReadApi({ stores: cluster().stores, clock: new FakeClock(), signal, authenticate });
    expect((await api.inject(`${url}?watch=true`)).statusCode).toBe(401);
  });
});

describe("a user name", () => {
  it.each([
    { username: "system:serviceaccount:shop:runtime", kind: "caller" },
    { username: "system:serviceaccount:shop", kind: "forbidden" },
    { username: "system:serviceaccount:shop:a:b", kind: "forbidden" },
    { username: "system:serviceaccount:../x:runtime", kind: "forbidden" },
    { username: "xsystem:serviceaccount:shop:runtime", kind: "forbidden" },
    { username: "system:anonymous", kind: "forbidden" },
    { username: "", kind: "forbidden" },
  ])("$username is $kind", ({ username, kind }) => {
    expect(callerOf(username).kind).toBe(kind);
  });
});

describe("a header", () => {
  it.each([
    { header: "Bearer abc.DEF-_~+/=", token: "abc.DEF-_~+/=" },
    { header: "bearer abc", token: "abc" },
    { header: "Bearer", token: undefined },
    { header: "Bearer a b", token: undefined },
    { header: "Basic abc", token: undefined },
    { header: undefined, token: undefined },
  ])("$header carries $token", ({ header, token }) => {
    expect(bearerToken(header)).toBe(token);
  });
});
