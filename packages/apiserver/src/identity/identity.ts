/** Who the server is and who may talk to it: certificate and bearer token, made at the first start and then kept. */
import { randomBytes, timingSafeEqual, X509Certificate } from "node:crypto";
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Clock } from "@lmos/primitives";
import { makeServerCertificate, type ServerCertificate } from "./certificate.ts";

/** The server's secrets. */
export interface Identity extends ServerCertificate {
  readonly token: string;
}

const renewBeforeMs = 30 * 86_400_000;
const files = {
  certificateAuthority: "ca.crt",
  certificate: "server.crt",
  key: "server.key",
  token: "token",
} as const;

/** Reads the identity kept in `directory`; makes what is missing, damaged or about to expire. */
export async function loadIdentity(directory: string, clock: Clock): Promise<Identity> {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const token = read(directory, files.token) ?? writeSecret(directory, files.token, newToken());
  const kept = readCertificate(directory);
  if (kept !== undefined && isFresh(kept, clock.now())) return { ...kept, token };
  const made = await makeServerCertificate(clock.now());
  writeSecret(directory, files.key, made.key);
  writeSecret(directory, files.certificate, made.certificate);
  writeSecret(directory, files.certificateAuthority, made.certificateAuthority);
  return { ...made, token };
}

/** True if an `Authorization` header carries the token; takes the same time whatever is wrong with it. */
export function isAuthorized(header: string | undefined, token: string): boolean {
  const given = Buffer.from(header?.replace(/^Bearer /i, "") ?? "");
  const expected = Buffer.from(token);
  return given.length === expected.length && timingSafeEqual(given, expected);
}

function newToken(): string {
  return randomBytes(32).toString("base64url"); // a secret: never from the injected randomness of tests
}

function readCertificate(directory: string): ServerCertificate | undefined {
  const certificateAuthority = read(directory, files.certificateAuthority);
  const certificate = read(directory, files.certificate);
  const key = read(directory, files.key);
  if (certificateAuthority === undefined || certificate === undefined || key === undefined) return undefined;
  return { certificateAuthority, certificate, key };
}

function isFresh(kept: ServerCertificate, nowMs: number): boolean {
  try {
    const certificate = new X509Certificate(kept.certificate);
    const signed = certificate.verify(new X509Certificate(kept.certificateAuthority).publicKey);
    return signed && Date.parse(certificate.validTo) - nowMs > renewBeforeMs;
  } catch {
    return false; // damaged: made anew
  }
}

function read(directory: string, file: string): string | undefined {
  try {
    return readFileSync(join(directory, file), "utf8") || undefined;
  } catch {
    return undefined; // not made yet
  }
}

function writeSecret(directory: string, file: string, text: string): string {
  const path = join(directory, file);
  writeFileSync(path, text, { mode: 0o600 });
  chmodSync(path, 0o600); // the mode above is only for a new file
  return text;
}
