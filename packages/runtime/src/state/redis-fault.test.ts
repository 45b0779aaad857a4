import { describe, expect, test } from "vitest";
import { RuntimeError } from "../errors.ts";
import { canaries, canaryWord } from "../testing/canaries.ts";
import { redisFault } from "./redis-fault.ts";

/** As the client makes it of a reply. */
class ErrorReply extends Error {
  override readonly name = "ErrorReply";
}
const system = Object.assign(new Error("connect ECONNREFUSED 127.0.0.1:6379"), {
  ...{ syscall: "connect", errno: -111, code: "ECONNREFUSED" },
});

describe("what is told of Redis' fault", () => {
  test.each([
    {
      name: "a refusal",
      error: new ErrorReply("WRONGTYPE Operation against a key"),
      told: "it says WRONGTYPE",
    },
    { name: "a refusal of one word", error: new ErrorReply("OOM"), told: "it says OOM" },
    { name: "a refusal of two lines", error: new ErrorReply("NOPERM\nno key"), told: "it says NOPERM" },
    {
      name: "a command that it lacks",
      error: new ErrorReply(
        "ERR unknown command 'EVAL', with args beginning with: 'a secret,\nof two lines' ",
      ),
      told: "it says ERR",
    },
    { name: "a word that is not Redis' own", error: new ErrorReply("SECRET it is"), told: "ErrorReply" },
    { name: "a word in small letters", error: new ErrorReply("err it is"), told: "ErrorReply" },
    { name: "nothing said", error: new ErrorReply(""), told: "ErrorReply" },
    { name: "a fault of the system", error: system, told: "connect ECONNREFUSED 127.0.0.1:6379" },
    {
      name: "a fault of ours",
      error: new RuntimeError("StateUnavailable", "it is not connected"),
      told: "it is not connected",
    },
    { name: "a text that is thrown", error: "a secret", told: "thrown: string" },
  ])("$name: $told", ({ error, told }) => {
    expect(redisFault(error)).toBe(told);
  });

  test("S13 none of 25 canaries, wherever a reply quotes it", () => {
    const told = canaries.flatMap(({ text }) =>
      [text, `ERR ${text}`, `${text} ERR`, `NOPERM the key '${text}'`, `ERR\t${text}`].map((reply) =>
        redisFault(new ErrorReply(reply)),
      ),
    );
    expect(told.filter((each) => canaryWord.test(each))).toEqual([]);
    expect(new Set(told)).toEqual(new Set(["ErrorReply", "it says ERR", "it says NOPERM"]));
  });
});
