/** Makes the certificate authority of a server and the server's certificate for loopback (X.509 v3, ECDSA P-256). */
import { webcrypto } from "node:crypto";

/** What TLS needs, as PEM texts. The authority's key is thrown away: nothing else can ever be signed with it. */
export interface ServerCertificate {
  readonly certificateAuthority: string;
  readonly certificate: string;
  readonly key: string;
}

const dayMs = 86_400_000;
const validityMs = 3650 * dayMs;
const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;
const authorityName = "CN=lmos local certificate authority";

/** Makes a new authority and, signed by it, a certificate for 127.0.0.1 and localhost; both last ten years. */
export async function makeServerCertificate(nowMs: number): Promise<ServerCertificate> {
  const x509 = await loadX509();
  const { subtle } = webcrypto;
  const authorityKeys = await subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const serverKeys = await subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const validity = { notBefore: new Date(nowMs - dayMs), notAfter: new Date(nowMs + validityMs) };
  const authority = await x509.X509CertificateGenerator.createSelfSigned({
    name: authorityName,
    keys: authorityKeys,
    signingAlgorithm: algorithm,
    extensions: [
      new x509.BasicConstraintsExtension(true, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
    ],
    ...validity,
  });
  const server = await x509.X509CertificateGenerator.create({
    subject: "CN=lmos local API server",
    issuer: authorityName,
    publicKey: serverKeys.publicKey,
    signingKey: authorityKeys.privateKey,
    signingAlgorithm: algorithm,
    extensions: [
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      new x509.SubjectAlternativeNameExtension([
        { type: "dns", value: "localhost" },
        { type: "dns", value: "kubernetes.default.svc" },
        { type: "ip", value: "127.0.0.1" },
      ]),
    ],
    ...validity,
  });
  return {
    certificateAuthority: authority.toString("pem"),
    certificate: server.toString("pem"),
    key: x509.PemConverter.encode(await subtle.exportKey("pkcs8", serverKeys.privateKey), "PRIVATE KEY"),
  };
}

/** Loaded only where a certificate is to be made, which is at the first start. */
async function loadX509() {
  await import("reflect-metadata"); // the library does not load without it
  return await import("@peculiar/x509");
}
