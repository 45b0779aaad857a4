/** A conversation as a client holds it, and what of it did not go as written. */
import type { Runtime } from "@lmos/runtime";
import { type Answer, type Door, type Message, overRest } from "./doors.ts";
import type { Conversation } from "./script.ts";

/** Why an answer isn't the expected one; undefined when it is. */
function complaint(expected: string, answer: Answer, asked: Answer | undefined): string | undefined {
  const got = `${answer.status} ${answer.decision} ${answer.content.slice(0, 120)}`;
  return holds(expected, answer, asked) ? undefined : `expected ${expected}, got ${got}`;
}

/** `a|b`: either will do. */
function holds(expected: string, answer: Answer, asked: Answer | undefined): boolean {
  return expected.split("|").some((each) => holdsOne(each, answer, asked));
}

function holdsOne(expected: string, answer: Answer, asked: Answer | undefined): boolean {
  if (expected === "failed") return answer.status >= 500;
  if (answer.status !== 200) return false;
  if (expected === "ask" || expected === "none") return answer.decision === expected;
  if (expected === "not ask") return answer.decision !== "ask";
  const choice = /^choice (\d)$/.exec(expected)?.[1];
  const names = choice === undefined ? expected.split(/[+<>]/) : [asked?.choices[Number(choice) - 1] ?? "?"];
  const [first, second] = expected.split(">");
  if (second !== undefined) return answer.content.includes(`[${second}] heard [${first}]`);
  const named = new Set([...answer.content.matchAll(/\[([\w-]+)\]/g)].map(([, name]) => name));
  if (answer.content.includes("nobody is here")) return names.length === 1;
  return named.size === names.length && names.every((name) => named.has(name));
}

/** Holds a conversation; the first thing that didn't go as written, undefined when all did. */
export async function hold(
  runtime: Runtime,
  { name, turns }: Conversation,
  say: Door = overRest,
): Promise<string | undefined> {
  const messages: Message[] = [];
  let asked: Answer | undefined;
  for (const { user, expect: expected } of turns) {
    messages.push({ role: "user", content: user });
    const answer = await say(runtime, encodeURIComponent(name), messages);
    const fault = complaint(expected, answer, asked);
    if (fault !== undefined) return `${name}: “${user}”: ${fault}`;
    messages.push({ role: "assistant", content: answer.content });
    if (answer.decision === "ask") asked = answer;
  }
  return undefined;
}
