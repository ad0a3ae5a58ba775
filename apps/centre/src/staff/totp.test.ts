import { Secret, TOTP } from "otpauth";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readConfig } from "../config.ts";
import { seedSmall, seedStaff, startTestCentre, TEST_PASSWORD, type TestCentre } from "../testing/testCentre.ts";

const STEP_MS = 30_000;
let required: TestCentre;
let optional: TestCentre;

beforeAll(async () => {
  [required, optional] = await Promise.all([startTestCentre(), startTestCentre({ GRIDHALL_ADMIN_TOTP: "optional" })]);
  for (const town of [required, optional]) {
    await seedSmall(town.centre);
    await seedStaff(town.centre, "admin", "p", ["administrator"]);
    await seedStaff(town.centre, "finance", "p", ["finance"]);
  }
}, 120_000);
afterAll(async () => {
  await required[Symbol.asyncDispose]();
  await optional[Symbol.asyncDispose]();
});

const post = (town: TestCentre, path: string, body: unknown, cookie = "") =>
  fetch(`${town.centre.httpUrl}${path}`, {
    method: "POST",
    headers: { "content-type": "application/json", cookie },
    body: JSON.stringify(body),
  });
const signIn = (town: TestCentre, login: string, totp?: string) =>
  post(town, "/api/sign-in", { login, password: TEST_PASSWORD, ...(totp === undefined ? {} : { totp }) });
const cookieOf = (response: Response) => (response.headers.get("set-cookie") ?? "").split(";")[0] ?? "";
const kiosks = (town: TestCentre, cookie: string) =>
  fetch(`${town.centre.httpUrl}/api/kiosks`, { headers: { cookie } }).then(({ status }) => status);
const codeOf = async (response: Response) => ((await response.json()) as { code?: string }).code;

async function beginTotp(cookie: string, body: Record<string, string> = {}): Promise<TOTP> {
  const response = await post(required, "/api/me/totp", { password: TEST_PASSWORD, ...body }, cookie);
  expect(response.status).toBe(200);
  const { secret } = (await response.json()) as { secret: string };
  return new TOTP({ secret: Secret.fromBase32(secret) });
}
/** Not in the last moments of a step: what is "a step back" must still be one when it arrives. */
const earlyInAStep = async () => {
  const leftMs = STEP_MS - (Date.now() % STEP_MS);
  if (leftMs < 5_000) await new Promise((done) => setTimeout(done, leftMs + 100));
};
/** Figures that are surely not those of now. */
const wrong = (totp: TOTP) => totp.generate({ timestamp: Date.now() + 50 * STEP_MS });

describe("the second factor", () => {
  test("[S1] counts only after its figures have been confirmed, and then ends every other session", async () => {
    const other = cookieOf(await signIn(required, "finance"));
    const cookie = cookieOf(await signIn(required, "finance"));
    expect(await codeOf(await post(required, "/api/me/totp/confirm", { totp: "000000" }, cookie))).toBe(
      "auth.totp-not-begun",
    );
    const totp = await beginTotp(cookie);
    expect(await codeOf(await post(required, "/api/me/totp/confirm", { totp: wrong(totp) }, cookie))).toBe(
      "auth.totp-wrong",
    );
    expect((await signIn(required, "finance")).status).toBe(200);
    expect((await post(required, "/api/me/totp/confirm", { totp: totp.generate() }, cookie)).status).toBe(200);
    expect(await codeOf(await signIn(required, "finance"))).toBe("auth.totp-required");
    expect(await kiosks(required, other)).toBe(401);
    expect(await kiosks(required, cookie)).toBe(200);
  });

  test("[S1] takes the same figures once, and is replaced only by who holds it", async () => {
    await earlyInAStep();
    const cookie = cookieOf(await signIn(required, "admin"));
    const totp = await beginTotp(cookie);
    // A step back, so that the figures of now are still unused.
    const earlier = totp.generate({ timestamp: Date.now() - STEP_MS });
    expect((await post(required, "/api/me/totp/confirm", { totp: earlier }, cookie)).status).toBe(200);
    expect(await codeOf(await signIn(required, "admin", earlier))).toBe("auth.totp-wrong");
    const now = totp.generate();
    const signedIn = await signIn(required, "admin", now);
    expect(signedIn.status).toBe(200);
    expect(await kiosks(required, cookieOf(signedIn))).toBe(200);
    expect(await codeOf(await signIn(required, "admin", now))).toBe("auth.totp-wrong");
    expect(await codeOf(await post(required, "/api/me/totp", { password: TEST_PASSWORD }, cookieOf(signedIn)))).toBe(
      "auth.totp-required",
    );
    await beginTotp(cookieOf(signedIn), { totp: totp.generate({ timestamp: Date.now() + STEP_MS }) });
  });

  test("[S1] a centre that is told so lets administrators do without, and no other setting does", async () => {
    const signedIn = await signIn(optional, "admin");
    expect(await signedIn.json()).toMatchObject({ mustSetUpTotp: false, hasTotp: false });
    expect(await kiosks(optional, cookieOf(signedIn))).toBe(200);
    expect(readConfig({ GRIDHALL_DEMO_TOWN: "1" }).adminTotp).toBe("required");
    expect(() => readConfig({ GRIDHALL_ADMIN_TOTP: "off" })).toThrow(/GRIDHALL_ADMIN_TOTP/);
  });
});
