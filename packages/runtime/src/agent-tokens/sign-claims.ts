import { agentTokenType } from "@lmos/protocol";
import type { AgentClaims } from "./agent-claims.ts";
import type { SigningKey } from "./signing-key.ts";

/** A JSON Web Token of these claims. Made at once, in place of by a library that would let every turn wait for it. */
export function signClaims(claims: AgentClaims, { algorithm, id, sign }: SigningKey): string {
  const header = encode({ alg: algorithm, typ: agentTokenType, kid: id });
  const signed = `${header}.${encode(claims)}`;
  return `${signed}.${sign(signed)}`;
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}
