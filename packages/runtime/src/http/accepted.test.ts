import { expect, test } from "vitest";
import { acceptedFormat } from "./accepted.ts";

test.each([
  { accept: undefined, format: "json" },
  { accept: "", format: "json" },
  { accept: "*/*", format: "json" },
  { accept: "application/json", format: "json" },
  { accept: "application/*;q=0.2, text/plain", format: "json" },
  { accept: "text/event-stream", format: "stream" },
  { accept: "Text/Event-Stream", format: "stream" },
  { accept: "text/event-stream, */*", format: "stream" },
  { accept: "text/event-stream, application/json;q=0.5", format: "stream" },
  { accept: "application/json, text/event-stream", format: "stream" },
  { accept: "application/json, text/event-stream;q=0.5", format: "json" },
  { accept: "text/event-stream;q=0.5, */*", format: "json" },
  { accept: "text/event-stream;q=0, application/json", format: "json" },
  { accept: "text/event-stream;q=0", format: undefined },
  { accept: "application/json;q=0", format: undefined },
  { accept: "application/jsonl", format: undefined },
  { accept: "application/*+json", format: "json" },
  { accept: "application/vnd.x+json", format: "json" },
  { accept: "text/html, application/problem+json", format: "json" },
  { accept: "text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2", format: "json" },
  { accept: "text/*", format: undefined },
  { accept: "text/html", format: undefined },
])("“$accept” is answered as $format", ({ accept, format }) => {
  expect(acceptedFormat(accept)).toBe(format);
});
