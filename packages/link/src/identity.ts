import "reflect-metadata"; // @peculiar/x509 resolves its parts through it
import { webcrypto } from "node:crypto";
import * as x509 from "@peculiar/x509";

x509.cryptoProvider.set(webcrypto);
const ALGORITHM = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;

export interface KeyAndCertificate {
  keyPem: string;
  certificatePem: string;
}

async function privateKeyPem(key: webcrypto.CryptoKey): Promise<string> {
  return x509.PemConverter.encode(await webcrypto.subtle.exportKey("pkcs8", key), "PRIVATE KEY");
}

async function importPrivateKey(pem: string): Promise<webcrypto.CryptoKey> {
  const [der] = x509.PemConverter.decode(pem);
  if (!der) throw new Error("no private key in the PEM text");
  return await webcrypto.subtle.importKey("pkcs8", der, ALGORITHM, true, ["sign"]);
}

async function newKeyPair(): Promise<webcrypto.CryptoKeyPair> {
  return await webcrypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]);
}

/** A device's own key and the request to certify it. The private key never leaves the device. */
export async function createSigningRequest(deviceId: string): Promise<{ keyPem: string; requestPem: string }> {
  const keys = await newKeyPair();
  const request = await x509.Pkcs10CertificateRequestGenerator.create({
    name: `CN=${deviceId}`,
    keys,
    signingAlgorithm: ALGORITHM,
  });
  return { keyPem: await privateKeyPem(keys.privateKey), requestPem: request.toString("pem") };
}

const DAY_MS = 86_400_000;
// A device whose clock is a little behind must still accept a certificate that was made a moment ago.
const BACKDATE_MS = DAY_MS;

/** The installation's own certificate authority: signs devices and the link's server. */
export async function createAuthority(name: string, serial: string, nowMs: number): Promise<KeyAndCertificate> {
  const keys = await newKeyPair();
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: serial,
    name: `CN=${name}`,
    notBefore: new Date(nowMs - BACKDATE_MS),
    notAfter: new Date(nowMs + 3650 * DAY_MS),
    keys,
    signingAlgorithm: ALGORITHM,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return { keyPem: await privateKeyPem(keys.privateKey), certificatePem: certificate.toString("pem") };
}

export async function issueServerCertificate(
  authority: KeyAndCertificate,
  hosts: readonly string[],
  serial: string,
  nowMs: number,
): Promise<KeyAndCertificate> {
  const keys = await newKeyPair();
  const names = hosts.map((host) => ({
    type: /^[\d.]+$|:/.test(host) ? ("ip" as const) : ("dns" as const),
    value: host,
  }));
  const certificate = await issue(authority, `CN=${hosts[0] ?? "gridhall"}`, keys.publicKey, serial, nowMs, 825, [
    new x509.SubjectAlternativeNameExtension(names),
    new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
  ]);
  return { keyPem: await privateKeyPem(keys.privateKey), certificatePem: certificate };
}

/** Certifies a device's request for the device id that its enrolment code was made for; the request's own name is not trusted. */
export async function issueDeviceCertificate(
  authority: KeyAndCertificate,
  requestPem: string,
  deviceId: string,
  serial: string,
  nowMs: number,
  days = 365,
): Promise<{ certificatePem: string; expiresAt: Date }> {
  const request = new x509.Pkcs10CertificateRequest(requestPem);
  if (!(await request.verify())) throw new Error("the signing request's own signature is wrong");
  const key = await request.publicKey.export();
  const certificatePem = await issue(authority, `CN=${deviceId}`, key, serial, nowMs, days, [
    new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.clientAuth]),
  ]);
  return { certificatePem, expiresAt: new Date(nowMs + days * DAY_MS) };
}

async function issue(
  authority: KeyAndCertificate,
  subject: string,
  publicKey: webcrypto.CryptoKey,
  serial: string,
  nowMs: number,
  days: number,
  extensions: x509.Extension[],
): Promise<string> {
  const issuer = new x509.X509Certificate(authority.certificatePem);
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: serial,
    subject,
    issuer: issuer.subject,
    notBefore: new Date(nowMs - BACKDATE_MS),
    notAfter: new Date(nowMs + days * DAY_MS),
    publicKey,
    signingKey: await importPrivateKey(authority.keyPem),
    signingAlgorithm: ALGORITHM,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      await x509.AuthorityKeyIdentifierExtension.create(issuer.publicKey),
      ...extensions,
    ],
  });
  return certificate.toString("pem");
}

export function certificateSerial(certificatePem: string): string {
  return new x509.X509Certificate(certificatePem).serialNumber.toLowerCase().replace(/^0+/, "");
}
