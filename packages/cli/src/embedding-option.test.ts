import { describe, expect, it } from "vitest";
import { parseEmbedding } from "./embedding-option.ts";

describe("parseEmbedding", () => {
  it.each([
    { text: "static", expected: { kind: "static" } },
    { text: "onnx:./models/bge", expected: { kind: "onnx", directory: "./models/bge" } },
    { text: "onnx:C:\\models", expected: { kind: "onnx", directory: "C:\\models" } },
    { text: "hub:BAAI/bge-small-en-v1.5", expected: { kind: "hub", model: "BAAI/bge-small-en-v1.5" } },
    { text: "hub:a/b@0123", expected: { kind: "hub", model: "a/b", revision: "0123" } },
    {
      text: "openai:nomic-embed-text:latest",
      expected: { kind: "openai", model: "nomic-embed-text:latest" },
    },
  ])("reads $text", ({ text, expected }) => {
    expect(parseEmbedding(text)).toEqual(expected);
  });

  it.each(["", "bge", "static:x", "onnx:", "hub:", "openai:", "ollama:nomic"])(
    "refuses %j and says what is possible",
    (text) => {
      expect(() => parseEmbedding(text)).toThrow(/write static, onnx:FOLDER, hub:OWNER\/NAME/);
    },
  );
});
