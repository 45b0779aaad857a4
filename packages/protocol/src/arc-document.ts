// The GraphQL documents that a caller sends to an agent. ARC before 0.127 knows neither `type` nor `toolCalls` of
// a result and refuses the whole document; the caller then asks once more with the fallback.

/** Selects every field of an `AgentResult`. */
export const arcDocument = subscription(
  "status type responseTime toolCalls{name arguments} context{key value} " +
    "anonymizationEntities{type value replacement} " +
    "messages{content format role turnId binaryData{mimeType dataAsBase64 source}}",
);

/** Selects what ARC 0.126 knows: no `type`, no `toolCalls`. */
export const arcFallbackDocument = subscription(
  "status responseTime context{key value} anonymizationEntities{type value replacement} " +
    "messages{content format role turnId binaryData{mimeType dataAsBase64 source}}",
);

/**
 * True when a server refused {@link arcDocument} for nothing but fields that {@link arcFallbackDocument} does
 * without. Recognises the wording of graphql-java (`FieldUndefined@[agent/type]`) and graphql-js
 * (`Cannot query field "type" on type "AgentResult"`).
 */
export function isUnknownFieldRefusal(errors: readonly string[]): boolean {
  return errors.length > 0 && errors.every((error) => unknownField.test(error));
}

const unknownField =
  /FieldUndefined@\[agent\/(type|toolCalls)(\/|\])|Cannot query field ["'](type|toolCalls)["'] on type ["']AgentResult["']/;

function subscription(selection: string): string {
  return (
    "subscription($request: AgentRequestInput!, $agentName: String)" +
    `{agent(agentName: $agentName, request: $request){${selection}}}`
  );
}
