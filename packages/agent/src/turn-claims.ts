// What a verified token says of the operation that it came with.
import { z } from "zod";

/** Who asks an agent, on whose behalf, and what it may do with that: from a token that was verified. */
export interface TurnClaims {
  readonly issuer: string;
  /** `tenant/agent`, one of those that this agent takes. */
  readonly audience: string;
  /** The user's pseudonym: the same for the same user of that tenant. Undefined where nobody has proved who the user is. */
  readonly subject: string | undefined;
  readonly tenant: string;
  readonly channel: string;
  /** `ask`: ask other capabilities of the channel. `memory`: use the turn's memory. */
  readonly scopes: ReadonlySet<string>;
  /** Of this token alone. */
  readonly id: string;
  /** Milliseconds since the Unix epoch. */
  readonly expiresAt: number;
}

const nameSchema = z.string().min(1).max(253);
const claimsSchema = z.object({
  iss: nameSchema,
  aud: z.string(), // a list would be for others, too
  sub: nameSchema.optional(),
  tenant: nameSchema,
  channel: nameSchema,
  scope: z.string().max(1000).optional(),
  jti: nameSchema,
  exp: z.number(),
});

/** Reads the claims; undefined where they are not those of a token for an agent. */
export function readTurnClaims(payload: Readonly<Record<string, unknown>>): TurnClaims | undefined {
  const { data } = claimsSchema.safeParse(payload);
  if (data === undefined) return undefined;
  const { iss: issuer, aud: audience, sub: subject, tenant, channel, scope = "", jti: id, exp } = data;
  const scopes = new Set(scope.split(" ").filter((each) => each !== ""));
  return { ...{ issuer, audience, subject, tenant, channel, scopes, id }, expiresAt: exp * 1000 };
}
