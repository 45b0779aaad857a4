/** A real OpenID provider on loopback, with clients that get tokens for themselves. */
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import Provider from "oidc-provider";
import { z } from "zod";

/** A provider that runs. */
export interface RealProvider extends AsyncDisposable {
  readonly issuer: string;
  /** A token of a client, for that audience. */
  token(client: string, audience: string): Promise<string>;
  /** Takes no more connections, and none that are open. */
  stop(): Promise<void>;
}

const secret = "secret-of-the-client";
const tokenSchema = z.object({ access_token: z.string() });

/** Starts one; each client is of the tenant that it is mapped to. */
export async function startRealProvider(tenants: Readonly<Record<string, string>>): Promise<RealProvider> {
  const server = createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const provider = new Provider(issuer, {
    clients: Object.keys(tenants).map((client) => ({
      client_id: client,
      client_secret: secret,
      grant_types: ["client_credentials"],
      redirect_uris: [],
      response_types: [],
    })),
    extraTokenClaims: async (_context, token) => ({ tenant: tenants[token.clientId ?? ""] }),
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      resourceIndicators: {
        enabled: true,
        getResourceServerInfo: async (_context, resource) => ({
          scope: "",
          audience: resource,
          accessTokenFormat: "jwt",
          accessTokenTTL: 300,
        }),
      },
    },
  });
  const callback = provider.callback();
  server.on("request", (request, response) => void callback(request, response));
  const stop = async (): Promise<void> => {
    if (!server.listening) return;
    server.closeAllConnections();
    server.close();
    await once(server, "close");
  };
  return {
    issuer,
    token: async (client, audience) => {
      const credentials = Buffer.from(`${client}:${secret}`).toString("base64");
      const response = await fetch(`${issuer}/token`, {
        method: "POST",
        headers: { authorization: `Basic ${credentials}` },
        body: new URLSearchParams({ grant_type: "client_credentials", resource: audience }),
      });
      return tokenSchema.parse(await response.json()).access_token;
    },
    stop,
    [Symbol.asyncDispose]: stop,
  };
}
