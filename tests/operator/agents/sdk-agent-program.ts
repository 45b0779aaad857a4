/**
 * An agent of the SDK as its author starts it. Its environment says who it is: AGENT_NAME and AGENT_CAPABILITIES
 * (`bill@1.0.0,news@2.0.0`); PORT and HOST are the node's. It ends when it is told to "crash".
 */
import { defineAgent, serve } from "@lmos/agent";

const name = process.env["AGENT_NAME"] ?? "agent";
const capabilities = (process.env["AGENT_CAPABILITIES"] ?? "").split(",").map((text) => {
  const [capability = "", version = ""] = text.split("@");
  const description = `Does ${capability}`;
  return { name: capability, version, description, examples: [`please ${capability}`] };
});

await serve(
  defineAgent({
    name,
    description: `Agent ${name} ${process.env["AGENT_CAPABILITIES"]}`,
    capabilities,
    supportedChannels: ["web"],
    respond: ({ message }) => {
      if (message === "crash") process.exit(3);
      return `${name} (${process.pid}) heard: ${message}`;
    },
  }),
);
