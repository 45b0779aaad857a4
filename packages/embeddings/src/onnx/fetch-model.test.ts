import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemClock, systemIds, systemRandom } from "@lmos/primitives";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type JsonServer, startJsonServer } from "../testing/json-server.ts";
import { type FetchModelOptions, type FetchProgress, fetchModel } from "./fetch-model.ts";

const signal = new AbortController().signal;
const prefix = "/acme/small-en/resolve/main/";
let cacheDirectory = "";
let hub: JsonServer | undefined;
beforeEach(async () => {
  cacheDirectory = await mkdtemp(join(tmpdir(), "models-"));
});
afterEach(async () => {
  await hub?.[Symbol.asyncDispose]();
  await rm(cacheDirectory, { recursive: true, force: true });
});

async function startHub(files: Readonly<Record<string, string>>): Promise<JsonServer> {
  hub = await startJsonServer(({ path }) => {
    const text = files[path.replace(prefix, "")];
    return text === undefined ? { status: 404 } : { text };
  });
  return hub;
}

function options(hubUrl: string, more: Partial<FetchModelOptions> = {}): FetchModelOptions {
  const parts = { clock: systemClock, random: systemRandom, ids: systemIds, signal };
  return { model: "acme/small-en", cacheDirectory, hubUrl, ...parts, ...more };
}

describe("fetchModel", () => {
  it("gets network, tokenizer and settings, and tells how it gets on", async () => {
    const { url } = await startHub({
      "onnx/model.onnx": "network",
      "tokenizer.json": "{}",
      "1_Pooling/config.json": "{}",
    });
    const events: FetchProgress[] = [];
    const directory = await fetchModel(options(url, { onProgress: (event) => events.push(event) }));
    expect(directory).toBe(join(cacheDirectory, "acme--small-en@main"));
    expect(await readFile(join(directory, "onnx/model.onnx"), "utf8")).toBe("network");
    expect(await readdir(directory)).toEqual([".complete", "1_Pooling", "onnx", "tokenizer.json"]);
    expect(events).toContainEqual({ file: "onnx/model.onnx", bytes: 7 });
  });

  it("asks for nothing that it has, nor needs the hub then", async () => {
    const { url, seen } = await startHub({ "model.onnx": "network", "tokenizer.json": "{}" });
    await fetchModel(options(url));
    const asked = seen.length;
    await fetchModel(options(url));
    expect(seen).toHaveLength(asked);
    await fetchModel(options("http://127.0.0.1:9"));
  });

  it("takes the quantised network where there is one", async () => {
    const { url } = await startHub({
      "onnx/model_quantized.onnx": "small",
      "onnx/model.onnx": "large",
      "tokenizer.json": "{}",
    });
    const directory = await fetchModel(options(url));
    expect(await readdir(join(directory, "onnx"))).toEqual(["model_quantized.onnx"]);
  });

  it("goes on where an earlier try was cut off", async () => {
    const files: Record<string, string> = { "model.onnx": "network" };
    const { url, seen } = await startHub(files);
    await expect(fetchModel(options(url))).rejects.toMatchObject({ code: "ModelMissing" });
    files["tokenizer.json"] = "{}";
    const before = seen.length;
    await fetchModel(options(url));
    expect(seen.slice(before).map(({ path }) => path)).not.toContain(`${prefix}model.onnx`);
  });

  it("sends the token, and asks for the revision", async () => {
    const { url, seen } = await startHub({});
    const wanted = options(url, { token: "hf-1", revision: "a1b2" });
    await expect(fetchModel(wanted)).rejects.toMatchObject({ code: "ModelMissing" });
    expect(seen[0]?.headers.authorization).toBe("Bearer hf-1");
    expect(seen[0]?.path).toContain("/resolve/a1b2/");
  });

  it.each(["small-en", "a/b/c", "../etc/passwd", "a b/c", ""])("refuses the name %j", async (model) => {
    await expect(fetchModel(options("http://127.0.0.1:9", { model }))).rejects.toMatchObject({
      code: "InvalidSpecification",
      message: expect.stringContaining("OWNER/NAME"),
    });
  });
});
