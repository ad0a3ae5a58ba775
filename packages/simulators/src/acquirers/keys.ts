import { generateKeyPairSync, randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

export interface AcquirerKeys {
  wechat: {
    appId: string;
    merchantId: string;
    merchantSerial: string;
    merchantKeyPem: string;
    merchantPublicPem: string;
    platformSerial: string;
    platformKeyPem: string;
    platformPublicPem: string;
    apiV3Key: string;
  };
  alipay: { appId: string; appKeyPem: string; appPublicPem: string; alipayKeyPem: string; alipayPublicPem: string };
}

function pair() {
  const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  return {
    key: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    pub: publicKey.export({ type: "spki", format: "pem" }).toString(),
  };
}

/** The simulator's own keys and those of its one merchant, made once per folder. Never those of anybody real. */
export function openKeys(dir: string): AcquirerKeys {
  mkdirSync(dir, { recursive: true });
  const file = join(dir, "acquirer-keys.json");
  if (existsSync(file)) return JSON.parse(readFileSync(file, "utf8")) as AcquirerKeys;
  const [merchant, platform, app, alipay] = [pair(), pair(), pair(), pair()];
  const keys: AcquirerKeys = {
    wechat: {
      appId: "wx0000gridhalldemo",
      merchantId: "1900000000",
      merchantSerial: randomBytes(20).toString("hex").toUpperCase(),
      merchantKeyPem: merchant.key,
      merchantPublicPem: merchant.pub,
      platformSerial: randomBytes(20).toString("hex").toUpperCase(),
      platformKeyPem: platform.key,
      platformPublicPem: platform.pub,
      apiV3Key: randomBytes(16).toString("hex"),
    },
    alipay: {
      appId: "2021000000000000",
      appKeyPem: app.key,
      appPublicPem: app.pub,
      alipayKeyPem: alipay.key,
      alipayPublicPem: alipay.pub,
    },
  };
  writeFileSync(file, JSON.stringify(keys), { mode: 0o600 });
  return keys;
}
