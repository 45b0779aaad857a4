import { X509Certificate } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FakeClock } from "@lmos/testing";
import { expect, test } from "vitest";
import { makeServerCertificate } from "./certificate.ts";
import { isAuthorized, loadIdentity } from "./identity.ts";

test("the certificate is for loopback, lasts ten years and is signed by the authority", async () => {
  const made = await makeServerCertificate(Date.UTC(2026, 0, 2));
  const [authority, certificate] = [
    new X509Certificate(made.certificateAuthority),
    new X509Certificate(made.certificate),
  ];
  expect(certificate.subjectAltName).toBe("DNS:localhost, DNS:kubernetes.default.svc, IP Address:127.0.0.1");
  expect(certificate.checkIssued(authority)).toBe(true);
  expect(certificate.verify(authority.publicKey)).toBe(true);
  expect(authority.ca).toBe(true);
  expect(certificate.ca).toBe(false);
  expect(Date.parse(certificate.validFrom)).toBe(Date.UTC(2026, 0, 1));
  expect(new Date(certificate.validTo).getUTCFullYear()).toBe(2035);
});

test("a certificate that is damaged or about to expire is made anew, the token stays", async () => {
  const directory = mkdtempSync(join(tmpdir(), "lmos-identity-"));
  const clock = new FakeClock();
  const first = await loadIdentity(directory, clock);
  expect(await loadIdentity(directory, clock)).toEqual(first);
  writeFileSync(join(directory, "server.crt"), "damaged");
  const second = await loadIdentity(directory, clock);
  expect(second.certificate).not.toBe(first.certificate);
  const late = await loadIdentity(directory, new FakeClock(Date.UTC(2035, 11, 20)));
  expect(late.certificate).not.toBe(second.certificate);
  expect(late.token).toBe(first.token);
  rmSync(directory, { recursive: true, force: true });
});

test.each([
  ["Bearer secret", true],
  ["bearer secret", true],
  ["Bearer Secret", false],
  ["Bearer secret2", false],
  ["", false],
  [undefined, false],
])("the header %j is authorized: %s", (header, authorized) => {
  expect(isAuthorized(header, "secret")).toBe(authorized);
});
