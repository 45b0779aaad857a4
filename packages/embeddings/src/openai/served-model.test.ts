import { describe, expect, it } from "vitest";
import { recognise, remember, type ServedModel } from "./served-model.ts";

const [north, east, south] = [
  [0, 1],
  [1, 0],
  [0, -1],
].map((numbers) => Float32Array.from(numbers));

function seenAt(probe: Float32Array = new Float32Array(2), servedBy: string | undefined = "small") {
  return { servedBy, probe };
}

function modelOf(id: string, probe?: Float32Array, servedBy?: string): ServedModel {
  return { id, ...seenAt(probe, servedBy) };
}

describe("a service's model", () => {
  it("has its name as id where none is known", () => {
    expect(recognise(seenAt(north), "name", [])).toEqual(modelOf("name", north));
  });

  it("is the one known with such a vector, whatever its name says now", () => {
    const known = [modelOf("a", north), modelOf("b", east)];
    expect(recognise(seenAt(Float32Array.of(0.99, 0.1)), "name", known)).toBe(known[1]);
  });

  it("has a fingerprint in its id where another one has its name", () => {
    const { id } = recognise(seenAt(east), "name", [modelOf("name", north)]);
    expect(id).toMatch(/^name:[0-9a-f]{12}$/);
    expect(recognise(seenAt(south), "name", [modelOf("name", north)]).id).not.toBe(id);
  });

  it("is another one under another name of the service, also with the same vector", () => {
    const known = [modelOf("name:v1", north, "v1")];
    expect(recognise(seenAt(north, "v2"), "name:v2", known).id).toBe("name:v2");
  });

  it("is another one with vectors of another length", () => {
    const known = [modelOf("name:2", north)];
    expect(recognise(seenAt(Float32Array.of(0, 1, 0)), "name:3", known).id).toBe("name:3");
  });
});

describe("models that are remembered", () => {
  it("are each there once, the last one seen at the end", () => {
    const known = ["a", "b", "c"].map((id) => modelOf(id, north));
    expect(remember(modelOf("a", north), known).map(({ id }) => id)).toEqual(["b", "c", "a"]);
  });

  it("are sixteen at most: of more, the longest unseen is forgotten", () => {
    let known: readonly ServedModel[] = [];
    for (let model = 0; model < 20; model++) known = remember(modelOf(`m${model}`, north), known);
    expect(known.map(({ id }) => id)).toEqual(Array.from({ length: 16 }, (_, i) => `m${i + 4}`));
  });
});
