/** In what our answers differ from the recorded ones, on purpose: by the names of the exchanges. */
import type { RecordedExchange } from "./recorded-exchanges.ts";

/** A difference. */
export interface RecordedDifference {
  /** First cell of its row in docs/compatibility.md. */
  readonly row: string;
  readonly names: RegExp;
  /** Only where this was the status. */
  readonly was?: number;
  /** What comes instead. */
  readonly status: number;
  /** Code of the error that comes instead. */
  readonly code?: string;
  /** The whole body that comes instead. */
  readonly body?: string;
}

const answered = (content: string): string => JSON.stringify({ content, anonymizationEntities: null });
const notFound = { status: 404, code: "NOT_FOUND" } as const;
const noAgent = { status: 404, code: "AGENT_NOT_FOUND" } as const;
const invalid = { status: 400, code: "INVALID_REQUEST" } as const;
const mediaType = { status: 415, code: "UNSUPPORTED_MEDIA_TYPE" } as const;
const notAcceptable = { status: 406, code: "NOT_ACCEPTABLE" } as const;
const agentFault = { status: 500, code: "AGENT_CLIENT_EXCEPTION" } as const;
const noAnswer = { status: 500, code: "INTERNAL_SERVER_ERROR" } as const;

const misdirected = "unknown path, wrong method, wrong media type";
const accept = "`Accept: application/xml`";
const digest = "a tenant, channel or agent whose name is none";
const encoded = "routings of an operator";
const lacking =
  "an operator's routing lacks its version label, namespace, descriptions or hosts; or, for turns, `apiVersion`, `kind`, groups";
const foreign =
  "an operator's routing has numbers where text is expected, or is of another tenant, channel or subset than was asked for";
const spoken = "an agent fails after it said something";
const unplaced = "an agent without an address";
const unnamed = "an agent's result is of an unknown type, or has no messages";
const partial =
  "an agent's result has no `role` or `content`, or has null for `content`, `format` or `responseTime`";
const bounds = "time-outs, limits of size";

/** The first one whose names fit counts. */
export const differences: readonly RecordedDifference[] = [
  {
    row: "a body that is nested deeper than 500, or has numbers of more than 1,000 digits or names of more than 50,000 characters, where nobody reads it",
    names: /^json: deeper unknown$/,
    status: 200,
    body: answered("agent-0: hello"),
  },
  { row: "a body with bytes that are no UTF-8", names: /^json: overlong/, ...invalid },
  {
    row: "a number where text is expected",
    names: /^number for text (1234567890123\d+|1e400|1\.5e300)$/,
    ...invalid,
  },
  { row: bounds, names: /^(turn id long|subset "x{20}"|path long)/, ...invalid },
  { row: "`Accept` with `q=0`", names: /^accept .*q=0$/, ...notAcceptable },
  {
    row: "`Accept` with a charset other than UTF-8",
    names: /^accept .*charset=(utf-16|iso)/,
    status: 200,
    body: answered("agent-0: hello"),
  },
  { row: "`Accept: text/event-stream`", names: /^accept text\/\*$/, ...notAcceptable },
  { row: accept, names: /^bad accept and bad body$/, ...invalid },
  { row: accept, names: /^unknown accept/, ...notFound },
  {
    row: accept,
    names: /accept:? (text|nonsense|application\/(xml|cbor|json;q=2)|image|a\/b)|^bad accept/,
    was: 406,
    ...notAcceptable,
  },
  { row: accept, names: /accept:? (nonsense|a\/b\/c|application\/json;q=2)$/, was: 500, ...notAcceptable },
  {
    row: accept,
    names: /^\/agents accept: nonsense$/,
    ...notAcceptable,
  },
  {
    row: misdirected,
    was: 500,
    names: /^bad body and bad type$|^no content-type$|^charset (nonsense)?$|^content-type |^accept3 415/,
    ...mediaType,
  },
  {
    row: "messages of exceptions",
    names: /^no turn id and bad body$|^no explicit agent, empty messages$/,
    ...invalid,
  },
  {
    row: digest,
    names:
      /^path tenant with (dots|question|hash|at)|^channel (with dots|percent)$|agents\?tenantId=acme(&tenantId=|,)other/,
    ...noAgent,
  },
  {
    row: encoded,
    was: 500,
    names:
      /^path (blank tenant|tenant (umlaut|with percent))|^channel |^agents\?tenantId=(a\+b|%20acme)|^GET \/agents\/(%C3%A4\/web|acme\/(w%00b|a%20b))$/,
    ...noAgent,
  },
  { row: encoded, names: /^GET \/tenants\/acme\/channels\/(a%20b|%C3%A4|w%00b|web%(3F|23)x)$/, status: 404 },
  {
    row: "a channel or tenant `.` or `..`",
    names: /^GET \/tenants\/acme\/channels\/(\.\.|%2e%2e)$/,
    status: 404,
  },
  { row: "a path whose bytes are no UTF-8", names: /^path invalid utf-8$/, ...invalid },
  {
    row: "a method that HTTP does not know; a path of more than 4,096 characters; a path that is not ASCII",
    names: /^path raw utf-8$|^GET root \/Ã/,
    ...invalid,
  },
  {
    row: misdirected,
    names: /^(method OPTIONS (unknown|root)|OPTIONS \*)$/,
    ...notFound,
  },
  { row: misdirected, names: /^mgmt (OPTIONS|GET) \/nope/, ...notFound },
  {
    row: "`/health` without Redis",
    names: /^mgmt GET \/health$/,
    status: 200,
    body: '{"groups":["liveness","readiness"],"status":"UP"}',
  },
  { row: misdirected, was: 500, names: /^method HEAD (unknown|root)$/, status: 404, body: "" },
  { row: misdirected, was: 500, names: /^method HEAD chat$/, status: 405, body: "" },
  {
    row: misdirected,
    was: 500,
    names:
      /^method (POST|DELETE) (unknown|root)$|^(path|GET|accept3 unknown path) (?!\/(agents|tenants)\/(broken|garbage|nobody|a%2Fb|ACME))/,
    ...notFound,
  },
  { row: misdirected, was: 500, names: /^method |^accept3 405/, status: 405, code: "METHOD_NOT_ALLOWED" },
  { row: "`x-subset` or `subset` that is empty or blank", names: /subset(: |=)$/, status: 200 },
  {
    row: "a header or its like given twice",
    names: /x-subset twice$|subset=canary&subset=stable$/,
    status: 200,
  },
  {
    row: "an agent sends a protocol `ping` or `pong`",
    names: /^agent !ping$/,
    status: 200,
    body: answered("agent-0: !ping"),
  },
  {
    row: "an agent sends a protocol `ping` or `pong`",
    names: /^frames pong$/,
    status: 200,
    body: answered("c"),
  },
  {
    row: "an agent says something on the way first",
    names: /^agent !(intermediate|untyped)$/,
    status: 200,
    body: answered("agent-0: done"),
  },
  {
    row: "an agent says something on the way first",
    names: /^frames two results$/,
    status: 200,
    body: answered("two"),
  },
  { row: "an agent's ERROR result", names: /^agent !errtype$|^result error type/, ...agentFault },
  {
    row: "several messages in one result",
    names: /^result two messages$/,
    status: 200,
    body: answered("one\n\ntwo"),
  },
  { row: partial, names: /^result (null|no) content$/, status: 200, body: answered("") },
  {
    row: partial,
    names: /^result (no role|null format|null responseTime)$/,
    status: 200,
    body: answered("c"),
  },
  {
    row: unnamed,
    names: /^result (unknown type|type lower|no messages field|messages null|empty object)$/,
    ...noAnswer,
  },
  { row: "an agent's result of type EVENT has a message", names: /^result event with message$/, ...noAnswer },
  { row: "an agent ends after what it said on the way", names: /^result intermediate only$/, ...noAnswer },
  { row: spoken, names: /^frames (result|intermediate), then error$/, ...agentFault },
  {
    row: "an agent's `error` or `complete` for another operation",
    names: /^frames (complete for other first|error other id)$/,
    status: 200,
    body: answered("c"),
  },
  { row: "an agent acknowledges a connection twice", names: /^frames second ack$/, ...agentFault },
  { row: "messages with other roles than user and assistant", names: /^role /, ...invalid },
  { row: "unknown explicit agent", names: /^explicit "/, ...noAgent },
  {
    row: unplaced,
    names:
      /^operator (no groups|groups null|groups missing|spec missing|no host|empty host|no capabilities): chat$|^agent at ""$/,
    ...noAgent,
  },
  {
    row: foreign,
    names:
      /^operator (((tenant|channel|subset) of another|numbers): chat|generation (numeric text|decimal): )/,
    ...noAnswer,
  },
  {
    row: lacking,
    names: /^operator (no (version label|group description|host|capability description|namespace)): routing$/,
    status: 200,
  },
  {
    row: lacking,
    names:
      /^operator (no (version label|group description|capability description|namespace)|null group id): chat$/,
    status: 200,
    body: answered("agent-0: hello"),
  },
  {
    row: "an agent cannot be reached, or is busy",
    names: /^agent at "/,
    status: 503,
    code: "AGENT_CLIENT_EXCEPTION",
  },
];

/** What is different for one; undefined where its answer is to be as it was. */
export function differenceOf({ name, response }: RecordedExchange): RecordedDifference | undefined {
  return differences.find(({ names, was = response.status }) => was === response.status && names.test(name));
}
