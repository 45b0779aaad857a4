import { inspect } from "node:util";
import { type KubeClient, KubeError, type KubeErrorCode, type KubeObject } from "@lmos/kube";
import { type LogFields, type Logger, silentLogger } from "@lmos/primitives";
import { FakeClock } from "@lmos/testing";
import { beforeEach, describe, expect, it } from "vitest";
import { createTokenReview } from "./token-review.ts";

const { signal } = new AbortController();

/** Plays the API server: says whose token it is. */
class FakeReviews {
  readonly asked: KubeObject[] = [];
  failure: KubeErrorCode | undefined;
  /** The audiences of the tokens, of which a server tells those that were asked for. */
  audiences: readonly string[] = ["lmos", "other"];
  readonly users: Readonly<Record<string, string>> = {
    good: "system:serviceaccount:shop:runtime",
    person: "jane@example.com",
    node: "system:node:worker",
  };

  readonly client: Pick<KubeClient, "create"> = {
    create: async (type, object) => {
      this.asked.push(object);
      if (this.failure !== undefined) throw new KubeError(this.failure, "no");
      const spec: unknown = "spec" in object ? object.spec : {};
      const username = Object.entries(this.users).find(([token]) =>
        JSON.stringify(spec).includes(token),
      )?.[1];
      const { audiences } = this;
      const status = username === undefined ? {} : { authenticated: true, user: { username }, audiences };
      return type.parse({ ...object, status });
    },
  };
}

let reviews: FakeReviews;
let clock: FakeClock;

beforeEach(() => {
  reviews = new FakeReviews();
  clock = new FakeClock();
});

function authenticate(audiences?: readonly string[]) {
  return createTokenReview({ client: reviews.client, audiences, clock, logger: silentLogger, signal });
}

describe("a token", () => {
  it.each([
    { name: "of a service account is a caller of its namespace", token: "good", kind: "caller" },
    { name: "of a person may not ask", token: "person", kind: "forbidden" },
    { name: "of a node may not ask", token: "node", kind: "forbidden" },
    { name: "that nobody knows is unknown", token: "forged", kind: "unknown" },
  ])("$name", async ({ token, kind }) => {
    expect(await authenticate()(token, { signal })).toMatchObject({ kind });
  });

  it("says which namespace and account", async () => {
    expect(await authenticate()("good", { signal })).toEqual({
      kind: "caller",
      namespace: "shop",
      name: "runtime",
    });
  });

  it("is asked about for the audiences that are wanted", async () => {
    await authenticate(["lmos"])("good", { signal });
    expect(reviews.asked[0]).toMatchObject({ spec: { token: "good", audiences: ["lmos"] } });
  });
});

describe("where audiences are wanted", () => {
  it.each([
    { name: "a token for one of them is taken", of: ["lmos"], kind: "caller" },
    { name: "so is one for several", of: ["other", "lmos"], kind: "caller" },
    { name: "one for somebody else is not", of: ["other"], kind: "unknown" },
    { name: "nor what a server says that knows no audiences", of: [], kind: "unknown" },
  ])("$name", async ({ of, kind }) => {
    reviews.audiences = of;
    expect(await authenticate(["lmos", "lmos-next"])("good", { signal })).toMatchObject({ kind });
  });

  it("a refusal says which they are", async () => {
    reviews.audiences = ["other"];
    const detail = "the token is for somebody else: send one for the audience lmos or lmos-next";
    expect(await authenticate(["lmos", "lmos-next"])("good", { signal })).toMatchObject({ detail });
  });

  it("none are asked about unless they are given", async () => {
    reviews.audiences = [];
    expect(await authenticate()("good", { signal })).toMatchObject({ kind: "caller" });
    expect(JSON.stringify(reviews.asked[0])).not.toContain('audiences":["');
  });
});

describe("answers are remembered", () => {
  it.each([
    { name: "a caller for a minute", token: "good", ms: 60_000 },
    { name: "a refusal for ten seconds", token: "forged", ms: 10_000 },
    { name: "one who may not ask for ten seconds", token: "person", ms: 10_000 },
  ])("$name", async ({ token, ms }) => {
    const look = authenticate();
    await look(token, { signal });
    await clock.advance(ms - 1);
    await look(token, { signal });
    expect(reviews.asked).toHaveLength(1);
    await clock.advance(1);
    await look(token, { signal });
    expect(reviews.asked).toHaveLength(2);
  });

  it("for each token by itself", async () => {
    const look = authenticate();
    expect(await look("good", { signal })).toMatchObject({ kind: "caller" });
    expect(await look("forged", { signal })).toMatchObject({ kind: "unknown" });
  });

  it("and many who ask at once make one question", async () => {
    const look = authenticate();
    await Promise.all(Array.from({ length: 20 }, () => look("good", { signal })));
    expect(reviews.asked).toHaveLength(1);
  });
});

describe("the token itself", () => {
  const canary = "canary-token-1f2e3d";

  it.each<{ name: string; failure: KubeErrorCode | undefined }>([
    { name: "that is unknown", failure: undefined },
    { name: "that can't be reviewed", failure: "Unreachable" },
    { name: "whose review is refused", failure: "Forbidden" },
  ])("$name is neither logged nor answered (S13)", async ({ failure }) => {
    const lines: string[] = [];
    const note = (message: string, fields: LogFields = {}): void => {
      lines.push(inspect([message, fields], { depth: 10 }));
    };
    const logger: Logger = { debug: note, info: note, warn: note, error: note, child: () => logger };
    reviews.failure = failure;
    const look = createTokenReview({ client: reviews.client, clock, logger, signal });
    const answer = await look(canary, { signal });
    expect(inspect([answer, lines], { depth: 10 })).not.toContain(canary);
    expect(lines).toHaveLength(failure === undefined ? 0 : 1);
  });
});

describe("a cluster that can't be asked", () => {
  it.each<{ failure: KubeErrorCode; detail: RegExp }>([
    { failure: "Unreachable", detail: /try again/ },
    { failure: "Forbidden", detail: /lacks the right to create tokenreviews/ },
  ])("$failure: nobody is let in, and the next request asks again", async ({ failure, detail }) => {
    const look = authenticate();
    reviews.failure = failure;
    expect(await look("good", { signal })).toMatchObject({
      kind: "unavailable",
      detail: expect.stringMatching(detail),
    });
    reviews.failure = undefined;
    expect(await look("good", { signal })).toMatchObject({ kind: "caller" });
  });

  it("in five seconds is one", async () => {
    const hanging: Pick<KubeClient, "create"> = {
      create: (_type, _object, options) =>
        new Promise((_resolve, reject) => {
          options.signal.addEventListener("abort", () => reject(options.signal.reason));
        }),
    };
    const look = createTokenReview({ client: hanging, clock, logger: silentLogger, signal });
    const answer = look("good", { signal });
    await clock.advance(5_000);
    expect(await answer).toMatchObject({ kind: "unavailable" });
  });
});
