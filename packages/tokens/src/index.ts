export { createFetchJson, type FetchJson } from "./fetch-json.ts";
export { isSafeUrl, type KeyLookup, KeySet, KeysUnavailableError } from "./key-set.ts";
export {
  type JwtLibrary,
  maxTokenLength,
  type TokenFault,
  type TokenRules,
  type TokenServices,
  verifyToken,
} from "./verify-token.ts";
