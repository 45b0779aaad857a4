import { expect, test } from "vitest";
import { openApiDocument } from "./openapi.ts";

const document = JSON.parse(JSON.stringify(openApiDocument("/apis/v1")));

test("describes the body of a message as it is validated", () => {
  const { inputContext, systemContext } = document.components.schemas.Message.properties;
  expect(document.components.schemas.Message.required).toEqual([
    "inputContext",
    "systemContext",
    "userContext",
  ]);
  expect(inputContext.required).toEqual(["messages"]);
  expect(inputContext.properties.messages).toMatchObject({
    maxItems: 200,
    items: { required: ["role", "content"], properties: { role: { enum: ["user", "assistant"] } } },
  });
  expect(systemContext.required).toEqual(["channelId"]);
});

test("refers to nothing that it does not have", () => {
  const names = [...JSON.stringify(document).matchAll(/#\/components\/schemas\/(\w+)/g)].map(
    ([, name]) => name,
  );
  expect(Object.keys(document.components.schemas)).toEqual(expect.arrayContaining(names));
  for (const [path, operations] of Object.entries<
    Record<string, { parameters?: { name: string; in: string }[] }>
  >(document.paths)) {
    const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
    for (const { parameters = [] } of Object.values(operations)) {
      expect(parameters.filter((each) => each.in === "path").map(({ name }) => name)).toEqual(inPath);
    }
  }
});

test.each([
  { path: "/apis/v1/{tenant}/chat/{conversation}/message", own: ["x-lmos-explain", "x-lmos-history"] },
  { path: "/a2a/{tenant}/{channel}", own: ["x-lmos-explain"] },
])("names the headers that $path reads", ({ path, own }) => {
  const { parameters } = document.paths[path].post;
  const headers = parameters.filter((each: { in: string }) => each.in === "header");
  const names = headers.map(({ name }: { name: string }) => name);
  expect(names).toEqual(expect.arrayContaining([...own, "x-correlation-id", "traceparent", "tracestate"]));
});

const described = Object.keys(document.paths).map((path) => path.replaceAll(/\{(\w+)\}/g, ":$1"));

test.each([
  "/apis/v1/:tenant/chat/:conversation/message",
  "/apis/v1/agents",
  "/apis/v1/agents/:tenant/:channel",
  "/apis/v1/tenants/:tenant/channels/:channel/routing",
  "/apis/v1/tenants/:tenant/users/me",
  "/apis/v1/tenants/:tenant/users/me/memory",
  "/a2a/:tenant/:channel",
  "/collaboration/asks/:ticket",
  "/collaboration/memory/:ticket/:term/:scope/:key",
  "/graphql",
  "/sdl",
  "/.well-known/jwks.json",
])("describes the door %s", (path) => {
  expect(described).toContain(path);
});
