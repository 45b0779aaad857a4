/** Who is asking, once that is proved. */
import type { TokenFault } from "@lmos/tokens";
import type { Secret } from "./secret.ts";

/** What a token says of its bearer. */
export interface Identity {
  readonly issuer: string;
  readonly subject: string;
  /** The one tenant that the bearer may use. */
  readonly tenant: string;
  readonly scopes: ReadonlySet<string>;
}

/** A bearer and its token: kept to find it where it must not go, and to ask again whether it still holds. */
export interface Caller {
  readonly identity: Identity;
  readonly token: Secret;
}

/** Lets a client choose a subset by header. */
export const subsetScope = "subset:write";

/** Why a token is refused. The words are labels of a metric: there are no others. */
export type RefusalReason = "missing" | TokenFault;

/** What became of a token. */
export type Authentication =
  | { readonly kind: "authenticated"; readonly caller: Caller }
  | { readonly kind: "refused"; readonly reason: RefusalReason };

/** Finds out who is asking. */
export interface Authenticator {
  /** `authorization` is the header of that name, or what stands for it. Never rejects. */
  authenticate(authorization: string | undefined): Promise<Authentication>;
}
