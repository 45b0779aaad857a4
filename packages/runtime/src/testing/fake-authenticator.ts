/** An authenticator that knows its tokens by heart. */
import type { Authentication, Authenticator, Identity } from "../auth/identity.ts";
import { Secret } from "../auth/secret.ts";

/** Who has which token. */
export type FakeTokens = Readonly<Record<string, Pick<Identity, "subject" | "tenant"> & Partial<Identity>>>;

/** Alice and Bob of acme, Carol of globex, and one of acme who may choose subsets. */
export const fakeTokens: FakeTokens = {
  "alice.token": { subject: "alice", tenant: "acme" },
  "bob.token": { subject: "bob", tenant: "acme" },
  "carol.token": { subject: "carol", tenant: "globex" },
  "tester.token": { subject: "tester", tenant: "acme", scopes: new Set(["subset:write"]) },
};

/** Takes these tokens and no others, and of these none that is `revoked`. */
export function createFakeAuthenticator(
  tokens: FakeTokens = fakeTokens,
  revoked: ReadonlySet<string> = new Set(),
): Authenticator {
  return {
    authenticate: async (authorization): Promise<Authentication> => {
      if (authorization === undefined) return { kind: "refused", reason: "missing" };
      const token = authorization.replace(/^Bearer /, "");
      const known = Object.hasOwn(tokens, token) ? tokens[token] : undefined;
      if (known === undefined || revoked.has(token)) return { kind: "refused", reason: "signature" };
      const identity = { issuer: "https://issuer.example", scopes: new Set<string>(), ...known };
      return { kind: "authenticated", caller: { identity, token: new Secret(token) } };
    },
  };
}
