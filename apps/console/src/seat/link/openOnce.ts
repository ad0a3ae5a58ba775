/**
 * One window of this browser has the desk. Others see that and ask before they take it over: without this, opening the
 * console a second time would cut the call in the first window. Where the browser has no locks (plain http), the centre
 * alone decides: the newest window wins.
 */
const LOCK = "gridhall.desk";
/** A page that is being reloaded may still hold the lock for a moment. */
const TRIES = 4;
const TRY_EVERY_MS = 150;

/** Resolves to false where another window has the desk; `lost` is called when another window takes it away. */
export async function claimDesk(steal: boolean, lost: () => void, released: Promise<void>): Promise<boolean> {
  if (!("locks" in navigator)) return true;
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    const claimed = await new Promise<boolean>((settle) => {
      navigator.locks
        .request(LOCK, steal ? { steal: true } : { ifAvailable: true }, async (lock) => {
          settle(lock !== null);
          if (lock) await released;
        })
        .catch(lost);
    });
    if (claimed) return true;
    await new Promise((done) => setTimeout(done, TRY_EVERY_MS));
  }
  return false;
}
