/** Bodies that say that they are in other characters than UTF-8, at each door of the service. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type RunningService, startService } from "./testing/running-service.ts";

let service: RunningService;
beforeAll(async () => {
  service = await startService();
});
afterAll(() => service[Symbol.asyncDispose]());

const question = JSON.stringify({ model: "m", messages: [{ role: "user", content: "where is my parcel" }] });
const openAi = "/openai/acme/web/v1/chat/completions";

async function post(path: string, charset: string) {
  const headers = { "content-type": `application/json; charset=${charset}` };
  const response = await fetch(`${service.url}${path}`, { method: "POST", headers, body: question });
  return { status: response.status, body: await response.json() };
}

describe("a body in a charset", () => {
  it.each(["utf-8", "UTF-8", '"utf-8"'])("%s is read", async (charset) => {
    expect((await post(openAi, charset)).status).toBe(200);
  });

  it.each(["iso-8859-1", "utf-16", "latin1"])(
    "%s is refused in OpenAI's shape at its door",
    async (charset) => {
      expect(await post(openAi, charset)).toMatchObject({
        status: 415,
        body: { error: { message: expect.stringContaining("other characters than UTF-8") } },
      });
    },
  );

  it("that is another one is refused in the shape of the classifier at the others", async () => {
    const { status, body } = await post("/api/v1/routings/vector", "latin1");
    expect([status, JSON.stringify(body)]).toEqual([
      415,
      expect.stringContaining("other characters than UTF-8"),
    ]);
  });

  it("means nothing where there is no body", async () => {
    const headers = { "content-type": "application/json; charset=latin1" };
    expect((await fetch(`${service.url}/readyz`, { headers })).status).toBe(200);
  });
});
