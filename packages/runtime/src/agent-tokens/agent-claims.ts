/** What a token for an agent says: who asks it on whose behalf, what it may do with that, and until when. */
import type { TurnOwner } from "../turn/turn.ts";

/** What an agent may do while it answers: ask other capabilities of its channel, use the turn's memory. */
export type AgentScope = "ask" | "memory";

/** One operation of one agent. */
export interface AgentGrant {
  readonly tenant: string;
  readonly channel: string;
  /** The agent's name. */
  readonly agent: string;
  /** Who proved to be the user; undefined where users don't have to. */
  readonly owner?: TurnOwner | undefined;
  readonly scopes: readonly AgentScope[];
  /** Milliseconds that the operation may take. */
  readonly ttlMs: number;
}

/** The claims of a token (RFC 7519). Times are whole seconds since the Unix epoch. */
export interface AgentClaims {
  readonly iss: string;
  /** `tenant/agent`: no other agent takes it, nor the same one of another tenant. */
  readonly aud: string;
  /** The user's pseudonym; left out where nobody has proved who the user is. */
  readonly sub?: string;
  readonly tenant: string;
  readonly channel: string;
  /** Separated by spaces; left out where there is none. */
  readonly scope?: string;
  readonly iat: number;
  readonly nbf: number;
  readonly exp: number;
  readonly jti: string;
}

/** What of the claims comes from elsewhere. */
export interface ClaimFacts {
  readonly issuer: string;
  readonly subject: string | undefined;
  /** Milliseconds since the Unix epoch. */
  readonly now: number;
  readonly id: string;
}

/** The claims for one operation: nothing that the grant does not name. */
export function claimsOf(grant: AgentGrant, { issuer, subject, now, id }: ClaimFacts): AgentClaims {
  const { tenant, channel, agent, scopes, ttlMs } = grant;
  const issuedAt = Math.floor(now / 1000);
  return {
    iss: issuer,
    aud: `${tenant}/${agent}`,
    ...(subject !== undefined && { sub: subject }),
    ...{ tenant, channel },
    ...(scopes.length > 0 && { scope: scopes.join(" ") }),
    iat: issuedAt,
    nbf: issuedAt,
    exp: Math.ceil((now + ttlMs) / 1000),
    jti: id,
  };
}
