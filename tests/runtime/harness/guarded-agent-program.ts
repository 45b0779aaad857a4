/**
 * An agent of the SDK that asks for tokens, in a process of its own. It says on whose behalf it works and what it remembers;
 * told a token (`!show`), it asks for that memory with it in place of its own.
 */
import { defineAgent, serve } from "@lmos/agent";
import { silentLogger } from "@lmos/primitives";
import { z } from "zod";

const [keys = ""] = process.argv.slice(2);
const tokenSchema = z.string().nullable();

const agent = defineAgent({
  name: "guarded",
  description: "Says on whose behalf it works.",
  capabilities: [{ name: "who", version: "1.0.0", description: "Says who", examples: ["who?"] }],
  supportedChannels: ["web"],
  async respond({ message, memory, claims, system }) {
    const [, shown] = /^!show (.*)$/.exec(message) ?? [];
    if (shown !== undefined) return show(system("lmos.memory"), tokenSchema.parse(JSON.parse(shown)));
    await memory.set("city", "Bonn");
    const city = await memory.get("city");
    const { subject, audience, tenant, channel, scopes } = claims ?? {};
    return JSON.stringify({
      subject,
      audience,
      tenant,
      channel,
      scopes: [...(scopes ?? [])],
      city: city?.value,
    });
  },
});

/** How the door to memory answers who has the address, and that token. */
async function show(url: string | undefined, token: string | null): Promise<string> {
  const headers = token === null ? {} : { authorization: `Bearer ${token}` };
  return String((await fetch(`${url}/short/channel/city`, { headers })).status);
}

const tokens = { issuer: "https://runtime.example", audience: "acme/guarded", keys };
const served = await serve(agent, { host: "127.0.0.1", port: 0, logger: silentLogger, tokens });
process.on("disconnect", () => process.exit());
process.send?.({ port: served.port });
