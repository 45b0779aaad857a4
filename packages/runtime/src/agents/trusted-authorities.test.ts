import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type LogFields, type Logger, silentLogger } from "@lmos/primitives";
import { FakeClock } from "@lmos/testing";
import { expect, onTestFinished, test } from "vitest";
import { TrustedAuthorities } from "./trusted-authorities.ts";

const authority = (name: string): string =>
  readFileSync(new URL(`../testdata/authority-${name}.pem`, import.meta.url), "utf8");
const first = authority("first");
const second = authority("second");
const key = "-----BEGIN PRIVATE KEY-----\nMIGHAgEAMBMGByqGSM49\n-----END PRIVATE KEY-----";

async function setUp(text: string) {
  const folder = mkdtempSync(join(tmpdir(), "lmos-authorities-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, "ca.pem");
  writeFileSync(path, text);
  const clock = new FakeClock();
  const warnings: string[] = [];
  const warn = (message: string, _fields?: LogFields): void => void warnings.push(message);
  const logger: Logger = { ...silentLogger, warn };
  const trusted = new TrustedAuthorities({ path, clock, logger });
  return { trusted, clock, warnings, write: (next: string) => writeFileSync(path, next) };
}

/** Runs it until the test is over. */
function follow(trusted: TrustedAuthorities): void {
  const stopped = new AbortController();
  const running = trusted.run({ signal: stopped.signal });
  onTestFinished(async () => {
    stopped.abort();
    await running;
  });
}

test("nobody is trusted before the file is read", async () => {
  const { trusted } = await setUp(first);
  expect(trusted.authorities).toEqual([]);
});

test("every certificate of the file is trusted", async () => {
  const { trusted } = await setUp(`# two of them\n${first}\n\n${second}`);
  await trusted.open();
  expect(trusted.authorities).toHaveLength(2);
  expect(trusted.authorities[0]?.trim()).toBe(first.trim());
});

test.each([
  { name: "nothing", text: "" },
  { name: "no certificate", text: key },
  { name: "a broken one", text: "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----" },
])("a file of $name is refused at the start", async ({ text }) => {
  const { trusted } = await setUp(text);
  await expect(trusted.open()).rejects.toMatchObject({
    code: "InvalidAuthorities",
    message: expect.stringContaining("give a file of certificates in PEM"),
  });
});

test("a changed file counts a second later", async () => {
  const { trusted, clock, write } = await setUp(first);
  await trusted.open();
  follow(trusted);
  write(`${first}\n${second}`);
  await clock.advance(1000);
  await expect.poll(() => trusted.authorities).toHaveLength(2);
});

test("a file that is spoilt is told once, and those of before count on until it is mended", async () => {
  const { trusted, clock, write, warnings } = await setUp(first);
  await trusted.open();
  follow(trusted);
  write("");
  await clock.advance(1000);
  await expect.poll(() => warnings).toHaveLength(1);
  await clock.advance(5000);
  expect(warnings[0]).toContain("the authorities of before count on");
  expect(trusted.authorities).toHaveLength(1);
  write(second);
  const aSecondLater = async () => {
    await clock.advance(1000); // the file may still be looked at when a second passes: again, until it is not
    return trusted.authorities[0]?.trim();
  };
  await expect.poll(aSecondLater).toBe(second.trim());
  expect(warnings).toHaveLength(1);
});
