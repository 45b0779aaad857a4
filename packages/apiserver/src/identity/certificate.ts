/** Makes the certificate authority of a server and the server's certificate for loopback (X.509 v3, ECDSA P-256). */
import { generateKeyPairSync, type KeyObject, randomBytes, sign } from "node:crypto";
import {
  derBits,
  derInteger,
  derObjectIdentifier,
  derSequence,
  derSet,
  derText,
  derTime,
  derTrue,
  derValue,
} from "./der.ts";

/** What TLS needs, as PEM texts. The authority's key is thrown away: nothing else can ever be signed with it. */
export interface ServerCertificate {
  readonly certificateAuthority: string;
  readonly certificate: string;
  readonly key: string;
}

const dayMs = 86_400_000;
const validityMs = 3650 * dayMs;
const ecdsaWithSha256 = derSequence(derObjectIdentifier("1.2.840.10045.4.3.2"));

interface Subject {
  readonly commonName: string;
  readonly keys: { readonly publicKey: KeyObject; readonly privateKey: KeyObject };
  readonly extensions: readonly Buffer[];
}

/** Makes a new authority and, signed by it, a certificate for 127.0.0.1 and localhost; both last ten years. */
export function makeServerCertificate(nowMs: number): ServerCertificate {
  const authority: Subject = {
    commonName: "lmos local certificate authority",
    keys: generateKeyPairSync("ec", { namedCurve: "P-256" }),
    // key usage: keyCertSign, cRLSign
    extensions: [
      extension("2.5.29.19", derSequence(derTrue()), "critical"),
      extension("2.5.29.15", derBits(Buffer.from([0x06]), 1), "critical"),
    ],
  };
  const server: Subject = {
    commonName: "lmos local API server",
    keys: generateKeyPairSync("ec", { namedCurve: "P-256" }),
    extensions: [
      extension("2.5.29.15", derBits(Buffer.from([0x80]), 7), "critical"), // digitalSignature
      extension("2.5.29.37", derSequence(derObjectIdentifier("1.3.6.1.5.5.7.3.1"))), // serverAuth
      extension("2.5.29.17", loopbackNames()),
    ],
  };
  return {
    certificateAuthority: issue(authority, authority, nowMs),
    certificate: issue(server, authority, nowMs),
    key: server.keys.privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
  };
}

function issue(subject: Subject, issuer: Subject, nowMs: number): string {
  const content = derSequence(
    derValue(0xa0, derInteger(Buffer.from([2]))), // version 3
    derInteger(Buffer.concat([Buffer.from([1]), randomBytes(15)])),
    ecdsaWithSha256,
    distinguishedName(issuer),
    derSequence(derTime(nowMs - dayMs), derTime(nowMs + validityMs)),
    distinguishedName(subject),
    subject.keys.publicKey.export({ type: "spki", format: "der" }),
    derValue(0xa3, derSequence(...subject.extensions)),
  );
  const signature = sign("sha256", content, issuer.keys.privateKey);
  return pem(derSequence(content, ecdsaWithSha256, derBits(signature)));
}

function distinguishedName({ commonName }: Subject): Buffer {
  return derSequence(derSet(derSequence(derObjectIdentifier("2.5.4.3"), derText(commonName))));
}

function extension(identifier: string, content: Buffer, critical?: "critical"): Buffer {
  const flag = critical === undefined ? [] : [derTrue()];
  return derSequence(derObjectIdentifier(identifier), ...flag, derValue(0x04, content));
}

function loopbackNames(): Buffer {
  const dnsName = (name: string): Buffer => derValue(0x82, Buffer.from(name, "ascii"));
  const address = derValue(0x87, Buffer.from([127, 0, 0, 1]));
  return derSequence(dnsName("localhost"), dnsName("kubernetes.default.svc"), address);
}

function pem(der: Buffer): string {
  const lines = der.toString("base64").replaceAll(/(.{64})(?!$)/g, "$1\n");
  return `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`;
}
