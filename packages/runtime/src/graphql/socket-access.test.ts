/** S3: who speaks over a socket, and with which token. */
import { describe, expect, test } from "vitest";
import { createFakeAuthenticator, fakeTokens } from "../testing/fake-authenticator.ts";
import { SocketAccess } from "./socket-access.ts";

const init = (payload?: unknown): string => JSON.stringify({ type: "connection_init", payload });

function accessOf(upgrade?: string, revoked: ReadonlySet<string> = new Set()): SocketAccess {
  return new SocketAccess(createFakeAuthenticator(fakeTokens, revoked), upgrade);
}

async function subjectOf(access: SocketAccess): Promise<string> {
  const speaker = await access.caller();
  return speaker.kind === "allowed" ? (speaker.caller?.identity.subject ?? "anyone") : speaker.kind;
}

describe("where users prove who they are, a handshake", () => {
  const rows: readonly {
    readonly name: string;
    readonly upgrade?: string;
    readonly frame: string;
    readonly admitted: boolean;
    readonly subject: string;
  }[] = [
    {
      name: "with a token",
      frame: init({ authorization: "Bearer alice.token" }),
      admitted: true,
      subject: "alice",
    },
    {
      name: "with a capital",
      frame: init({ Authorization: "Bearer alice.token" }),
      admitted: true,
      subject: "alice",
    },
    {
      name: "with a token that does not count",
      frame: init({ authorization: "Bearer x" }),
      admitted: true,
      subject: "refused",
    },
    { name: "without a payload", frame: init(), admitted: false, subject: "refused" },
    { name: "with null", frame: init(null), admitted: false, subject: "refused" },
    { name: "with a list", frame: init(["Bearer alice.token"]), admitted: false, subject: "refused" },
    {
      name: "with a token that is a number",
      frame: init({ authorization: 7 }),
      admitted: false,
      subject: "refused",
    },
    {
      name: "after an upgrade with a token: that counts",
      upgrade: "Bearer bob.token",
      frame: init({ authorization: "Bearer alice.token" }),
      admitted: true,
      subject: "bob",
    },
    {
      name: "without one, after an upgrade with it",
      upgrade: "Bearer bob.token",
      frame: init(),
      admitted: true,
      subject: "bob",
    },
  ];
  test.each(rows)("$name", async ({ upgrade, frame, admitted, subject }) => {
    const access = accessOf(upgrade);
    expect(access.see(frame)).toBe(admitted);
    expect(await subjectOf(access)).toBe(subject);
  });

  test.each([
    "",
    "null",
    "[]",
    "{",
    '"connection_init"',
    '{"type":"subscribe","payload":{"authorization":"Bearer alice.token"}}',
  ])("is not %j, which brings no token and is somebody else's to refuse", async (frame) => {
    const access = accessOf();
    expect(access.see(frame)).toBe(true);
    expect(await subjectOf(access)).toBe("refused");
  });

  test("counts once: a second one changes nobody", async () => {
    const access = accessOf();
    access.see(init({ authorization: "Bearer alice.token" }));
    access.see(init({ authorization: "Bearer bob.token" }));
    expect(await subjectOf(access)).toBe("alice");
  });
});

test("a token is asked about again for each operation, as sockets outlive tokens", async () => {
  const revoked = new Set<string>();
  const access = accessOf("Bearer alice.token", revoked);
  expect(await subjectOf(access)).toBe("alice");
  revoked.add("alice.token");
  expect(await subjectOf(access)).toBe("refused");
});

test.each([init(), init({ authorization: "Bearer x" }), "nonsense"])(
  "where nobody has to prove anything, everyone is let in with %j",
  async (frame) => {
    const access = new SocketAccess(undefined, undefined);
    expect(access.see(frame)).toBe(true);
    expect(await subjectOf(access)).toBe("anyone");
  },
);
