/** The address on a channel's card: as it was given, or else as the client has asked. */
import { request } from "node:http";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { routingOf } from "../testing/routings.ts";
import { type RunningRuntime, startTestRuntime } from "../testing/running-runtime.ts";
import { parsePublicUrl } from "./public-url.ts";

describe("a public URL", () => {
  test.each([
    { name: "of a host", text: "https://chat.example", is: "https://chat.example" },
    { name: "with a slash at its end", text: "https://chat.example/", is: "https://chat.example" },
    { name: "with a path", text: "https://gw.example/lmos/", is: "https://gw.example/lmos" },
    { name: "with several slashes", text: "https://gw.example/lmos///", is: "https://gw.example/lmos" },
    { name: "with a port", text: "http://10.0.0.1:8080", is: "http://10.0.0.1:8080" },
    { name: "of IPv6", text: "http://[::1]:8081", is: "http://[::1]:8081" },
    { name: "in capitals", text: "HTTPS://Chat.Example/Path", is: "https://chat.example/Path" },
    { name: "with the usual port", text: "https://chat.example:443", is: "https://chat.example" },
  ])("$name is taken", ({ text, is }) => {
    expect(parsePublicUrl(text)).toBe(is);
  });

  test.each([
    { name: "nothing", text: "" },
    { name: "a host alone", text: "chat.example" },
    { name: "another protocol", text: "ftp://chat.example" },
    { name: "a script", text: "javascript:alert(1)" },
    { name: "a query", text: "https://chat.example/?a=b" },
    { name: "an empty query", text: "https://chat.example?" },
    { name: "a fragment", text: "https://chat.example/#top" },
    { name: "no host", text: "https://" },
    { name: "a port that is none", text: "https://chat.example:99999" },
  ])("with $name is refused, with what to give", ({ text }) => {
    expect(() => parsePublicUrl(text)).toThrow(
      expect.objectContaining({
        code: "InvalidPublicUrl",
        message: expect.stringMatching(
          /^the public URL .* cannot be used: give an http:\/\/ or https:\/\/ address/,
        ),
      }),
    );
  });

  test("with a password is refused without repeating it", () => {
    expect(() => parsePublicUrl("https://user:secret@chat.example")).toThrow(/^((?!secret).)*$/);
  });

  test("is taken as it was made: a second time changes nothing", () => {
    fc.assert(
      fc.property(fc.webUrl(), (url) => {
        const once = parsePublicUrl(url);
        expect(parsePublicUrl(once)).toBe(once);
        expect(once.endsWith("/")).toBe(false);
      }),
    );
  });
});

const cardSchema = z.object({
  url: z.string(),
  supportedInterfaces: z.array(z.object({ url: z.string() })),
});

/** The addresses on the card of acme's web channel, for a request with these headers. */
async function addressesFor(
  { url }: RunningRuntime,
  headers: Record<string, string>,
): Promise<readonly string[]> {
  const body = await new Promise<string>((resolve, reject) => {
    const path = `${url}/a2a/acme/web/.well-known/agent-card.json`;
    request(path, { headers }, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (chunk: string) => {
        text += chunk;
      });
      response.on("end", () => resolve(text));
    })
      .on("error", reject)
      .end();
  });
  const card = cardSchema.parse(JSON.parse(body));
  return [...new Set([card.url, ...card.supportedInterfaces.map((each) => each.url)])];
}

const objects = [routingOf([{ name: "agent-0", host: "127.0.0.1:1" }])];
const forwarded = {
  "x-forwarded-host": "evil.example",
  "x-forwarded-proto": "https",
  "x-forwarded-port": "444",
  "x-forwarded-prefix": "/evil",
  forwarded: "host=evil.example;proto=https",
};

describe("the card of a runtime without a public URL", () => {
  let running: RunningRuntime;
  beforeAll(async () => {
    running = await startTestRuntime({ objects });
  });
  afterAll(() => running[Symbol.asyncDispose]());

  test("names the host that was asked", async () => {
    expect(await addressesFor(running, { host: "chat.example" })).toEqual([
      "http://chat.example/a2a/acme/web",
    ]);
  });

  test.each(Object.entries(forwarded))("does not believe %s: %s", async (name, value) => {
    expect(await addressesFor(running, { [name]: value })).toEqual([`${running.url}/a2a/acme/web`]);
  });
});

describe("the card of a runtime with a public URL", () => {
  let running: RunningRuntime;
  beforeAll(async () => {
    running = await startTestRuntime({ objects, publicUrl: "https://gw.example/lmos/" });
  });
  afterAll(() => running[Symbol.asyncDispose]());

  test.each([
    { name: "usual headers", headers: {} },
    { name: "another host", headers: { host: "internal:8081" } },
    { name: "headers of a gateway", headers: forwarded },
  ])("names it, asked with $name", async ({ headers }) => {
    expect(await addressesFor(running, headers)).toEqual(["https://gw.example/lmos/a2a/acme/web"]);
  });
});

test("a runtime does not start with a public URL that cannot be used", async () => {
  await expect(startTestRuntime({ objects, publicUrl: "chat.example" })).rejects.toMatchObject({
    code: "InvalidPublicUrl",
  });
});
