import fc from "fast-check";
import { expect, test } from "vitest";
import { expandReferences, processEnvironment } from "./environment.ts";

test("hands down only the listed variables of the parent", () => {
  const base = { PATH: "/bin", HOME: undefined, AWS_SECRET_ACCESS_KEY: "secret", NODE_OPTIONS: "--inspect" };
  expect(processEnvironment({ base, extra: {}, declared: [], port: 4000 })).toEqual({
    PATH: "/bin",
    PORT: "4000",
    HOST: "127.0.0.1",
  });
});

test("lets the container win over the cluster, and the port over both", () => {
  const declared = [
    { name: "MODE", value: "declared" },
    { name: "PORT", value: "8080" },
    { name: "HOST", value: "0.0.0.0" },
    { name: "URL", value: "http://$(HOST):$(PORT)/$(MODE)" },
  ];
  expect(
    processEnvironment({ base: {}, extra: { MODE: "extra", KUBECONFIG: "/k" }, declared, port: 4000 }),
  ).toEqual({
    MODE: "declared",
    KUBECONFIG: "/k",
    PORT: "4000",
    HOST: "127.0.0.1",
    URL: "http://127.0.0.1:4000/declared",
  });
});

test.each([
  { name: "replaces references", text: "--port=$(PORT) $(PORT)", expected: "--port=1 1" },
  { name: "leaves unknown names", text: "$(NOPE) $PORT $(", expected: "$(NOPE) $PORT $(" },
  {
    name: "leaves names of JavaScript's own",
    text: "$(constructor) $(toString)",
    expected: "$(constructor) $(toString)",
  },
  { name: "takes an empty value for a value", text: "a$(EMPTY)b", expected: "ab" },
  { name: "reads no name in what it has put in", text: "$(NESTED)", expected: "$(PORT)" },
  { name: "reads $$ as one dollar", text: "$$(PORT) $$5", expected: "$(PORT) $5" },
])("$name", ({ text, expected }) => {
  expect(expandReferences(text, { PORT: "1", EMPTY: "", NESTED: "$(PORT)" })).toBe(expected);
});

test("a value sees the variables before it, and its own earlier value, but none after it", () => {
  const declared = [
    { name: "FIRST", value: "$(SECOND)" },
    { name: "SECOND", value: "$(FIRST)" },
    { name: "PATH", value: "/own:$(PATH)" },
  ];
  expect(processEnvironment({ base: { PATH: "/bin" }, extra: {}, declared, port: 1 })).toMatchObject({
    FIRST: "$(SECOND)",
    SECOND: "$(SECOND)",
    PATH: "/own:/bin",
  });
});

test("a text whose dollars are doubled comes out as it was, whatever the variables", () => {
  const texts = fc.array(fc.constantFrom("$", "(", ")", "PORT", "$(PORT)", "a"), { maxLength: 8 });
  fc.assert(
    fc.property(texts, (parts) => {
      const text = parts.join("");
      expect(expandReferences(text.replaceAll("$", "$$$$"), { PORT: "1", a: "2" })).toBe(text);
    }),
  );
});
