import { askAgent, createInProcessMemory } from "@lmos/agent";
import { expect, it } from "vitest";
import { helloAgent } from "./hello-agent.ts";

it.each([
  { name: "greets by name", says: "Hi, I am Ada", is: "Hello Ada!" },
  { name: "takes any letters for a name", says: "my name is Łukasz", is: "Hello Łukasz!" },
  { name: "asks whom it does not know", says: "do you know who I am?", is: "Who are you?" },
])("$name", async ({ says, is }) => {
  expect(await askAgent(helloAgent, says)).toMatchObject({ text: is, error: undefined });
});

it("knows a user again, in another conversation", async () => {
  const memory = createInProcessMemory();
  await askAgent(helloAgent, "I am Ada", { memory, userId: "ada", conversationId: "monday" });
  const asked = await askAgent(helloAgent, "good morning", {
    memory,
    userId: "ada",
    conversationId: "tuesday",
  });
  expect(asked.text).toBe("Good to see you again, Ada!");
  expect((await askAgent(helloAgent, "good morning", { memory, userId: "bob" })).text).toBe("Who are you?");
});

it("hands over to a person", async () => {
  expect(await askAgent(helloAgent, "a person, please")).toMatchObject({ status: "AGENT_HANDOVER" });
});
