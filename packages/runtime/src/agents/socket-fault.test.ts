import { expect, test } from "vitest";
import { faultOfHandshake, faultOfSocketError } from "./socket-fault.ts";

test.each([
  { name: "503", statusCode: 503, headers: {}, fault: { kind: "busy", retryAfterSeconds: 1 } },
  {
    name: "429 with patience",
    statusCode: 429,
    headers: { "retry-after": "7" },
    fault: { kind: "limited", retryAfterSeconds: 7 },
  },
  { name: "429", statusCode: 429, headers: {}, fault: { kind: "limited", retryAfterSeconds: 1 } },
  {
    name: "429 with too much patience",
    statusCode: 429,
    headers: { "retry-after": "86400" },
    fault: { kind: "limited", retryAfterSeconds: 60 },
  },
  {
    name: "429 with patience below zero",
    statusCode: 429,
    headers: { "retry-after": "-5" },
    fault: { kind: "limited", retryAfterSeconds: 1 },
  },
  {
    name: "too much patience",
    statusCode: 503,
    headers: { "retry-after": "9999" },
    fault: { kind: "busy", retryAfterSeconds: 60 },
  },
  {
    name: "a date",
    statusCode: 503,
    headers: { "retry-after": "Sat, 21 Nov 2026" },
    fault: { kind: "busy", retryAfterSeconds: 1 },
  },
  { name: "anything else", statusCode: 400, headers: {}, fault: { kind: "unavailable" } },
  { name: "no status", statusCode: undefined, headers: {}, fault: { kind: "unavailable" } },
])("a handshake refused with $name", ({ statusCode, headers, fault }) => {
  expect(faultOfHandshake({ statusCode, headers })).toEqual(fault);
});

test.each([
  {
    name: "an oversized frame",
    code: "WS_ERR_UNSUPPORTED_MESSAGE_LENGTH",
    sent: true,
    fault: { kind: "tooLarge" },
  },
  {
    name: "bad UTF-8",
    code: "WS_ERR_INVALID_UTF8",
    sent: true,
    fault: { kind: "protocol", reason: "it broke" },
  },
  { name: "a refused connection", code: "ECONNREFUSED", sent: false, fault: { kind: "unavailable" } },
  {
    name: "a reset after sending",
    code: "ECONNRESET",
    sent: true,
    fault: { kind: "interrupted", closeCode: 1006 },
  },
])("$name", ({ code, sent, fault }) => {
  expect(faultOfSocketError(Object.assign(new Error("it broke"), { code }), sent)).toEqual(fault);
});
