import { createSigningRequest } from "@gridhall/link/identity.ts";
import { z } from "zod";
import type { Journal } from "../store/journal.ts";

const Identity = z.object({
  deviceId: z.string(),
  keyPem: z.string(),
  certificatePem: z.string(),
  authorityPem: z.string(),
  linkUrl: z.string(),
});
export type TerminalIdentity = z.infer<typeof Identity>;

/**
 * The terminal's own key and certificate, kept in the encrypted store. The first start spends the enrolment code; until
 * that has worked the terminal keeps asking, for the centre may come up later than the hall.
 */
export async function loadIdentity(options: {
  journal: Journal;
  centreUrl: string;
  enrolmentCode: string | null;
  signal: AbortSignal;
  onError(cause: unknown): void;
}): Promise<TerminalIdentity> {
  const kept = options.journal.readFact("identity");
  if (kept) return Identity.parse(JSON.parse(kept));
  const code = options.enrolmentCode;
  if (!code)
    throw new Error(
      "this terminal is not enrolled: create an enrolment code at the centre and set GRIDHALL_ENROLMENT_CODE for one start",
    );
  // One key for all tries: if the answer is lost after the code was spent, a person must issue a new code.
  const { keyPem, requestPem } = await createSigningRequest("pending");
  for (;;) {
    options.signal.throwIfAborted();
    try {
      const response = await fetch(`${options.centreUrl}/api/enrol`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ code, requestPem }),
        signal: AbortSignal.any([options.signal, AbortSignal.timeout(10_000)]),
      });
      const body = (await response.json()) as Record<string, unknown>;
      if (response.ok) {
        const identity = Identity.parse({ ...body, keyPem });
        options.journal.writeFact("identity", JSON.stringify(identity));
        return identity;
      }
      options.onError(new Error(`enrolment refused: ${String(body["message"])}`));
    } catch (cause) {
      options.onError(cause);
    }
    await new Promise((done) => setTimeout(done, 2_000));
  }
}
