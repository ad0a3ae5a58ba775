import { readFile } from "node:fs/promises";
import { z } from "zod";
import type { Acquirer } from "./acquirer.ts";
import { createAlipay } from "./alipay.ts";
import { createWechat } from "./wechat.ts";

const Pem = z.string().includes("-----BEGIN");
const AcquirersFile = z.object({
  wechat: z
    .object({
      baseUrl: z.url().default("https://api.mch.weixin.qq.com"),
      appId: z.string(),
      merchantId: z.string(),
      merchantSerial: z.string(),
      merchantKeyPem: Pem,
      apiV3Key: z.string().length(32, "the APIv3 key has 32 characters"),
      platformSerial: z.string(),
      platformPublicKeyPem: Pem,
      notifyUrl: z.url(),
      timeoutMs: z.number().int().positive().default(6_000),
    })
    .optional(),
  alipay: z
    .object({
      gateway: z.url().default("https://openapi.alipay.com/gateway.do"),
      appId: z.string(),
      appPrivateKeyPem: Pem,
      alipayPublicKeyPem: Pem,
      notifyUrl: z.url(),
      timeoutMs: z.number().int().positive().default(6_000),
    })
    .optional(),
});

/** The acquirers that the installation's file names; without a file there is cash alone. */
export async function openAcquirers(file: string | null, nowMs: () => number): Promise<ReadonlyMap<string, Acquirer>> {
  const acquirers = new Map<string, Acquirer>();
  if (!file) return acquirers;
  const parsed = AcquirersFile.safeParse(JSON.parse(await readFile(file, "utf8")));
  if (!parsed.success) throw new Error(`${file}:\n${z.prettifyError(parsed.error)}`);
  if (parsed.data.wechat) acquirers.set("wechat", createWechat(parsed.data.wechat, nowMs));
  if (parsed.data.alipay) acquirers.set("alipay", createAlipay(parsed.data.alipay));
  return acquirers;
}
