import fc from "fast-check";
import { expect, test } from "vitest";
import { namedJson } from "./named-json.ts";

test.each([
  { accept: undefined, type: undefined },
  { accept: "*/*", type: undefined },
  { accept: "application/json", type: undefined },
  { accept: "application/json;q=0.5", type: undefined },
  { accept: "application/json, application/problem+json", type: undefined },
  { accept: "application/problem+json, application/json", type: "application/problem+json" },
  { accept: "application/vnd.a+json;q=0.2, application/json;q=0.3", type: undefined },
  { accept: "application/vnd.a+json;q=0.3, application/json;q=0.2", type: "application/vnd.a+json" },
  { accept: "application/json;charset=utf-8", type: "application/json;charset=utf-8" },
  { accept: "application/json ; charset=UTF-8", type: "application/json;charset=UTF-8" },
  { accept: 'application/JSON; Charset="utf-8"', type: 'application/json;Charset="utf-8"' },
  { accept: "application/json;charset=us-ascii", type: "application/json;charset=us-ascii" },
  { accept: "application/json;charset=utf-16", type: undefined },
  { accept: "application/json;charset=iso-8859-1", type: undefined },
  { accept: "application/json;v=1;q=0.2;ext=2", type: "application/json;v=1" },
  { accept: "application/json;a=b;c=d", type: "application/json;a=b;c=d" },
  { accept: "application/*+json", type: "application/json" },
  { accept: "application/hal+json,*/*", type: "application/hal+json" },
  { accept: "application/problem+json;q=0, */*", type: undefined },
  { accept: "application/problem+json;q=x, */*", type: undefined },
  { accept: "application/x-ndjson", type: "application/x-ndjson" },
  { accept: "application/jsonl", type: undefined },
  { accept: "text/json", type: undefined },
  { accept: "text/x+json", type: undefined },
])("the answer to “$accept” is said to be $type", ({ accept, type }) => {
  expect(namedJson(accept)).toBe(type);
});

test("whatever a header holds, nothing is said but a media type", () => {
  const header = fc.oneof(
    fc.string(),
    fc.string().map((text) => `application/json;${text}`),
  );
  fc.assert(
    fc.property(header, (accept) => {
      expect(namedJson(accept) ?? "application/json").toMatch(/^application\/[\w.+-]+(;[\w.-]+=[\w."-]+)*$/);
    }),
  );
});
