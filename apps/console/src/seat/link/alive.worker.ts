/**
 * Beats once a second. A page in the background has its own timers slowed down to one a minute, and the centre takes a
 * desk that is silent for five seconds as gone; a worker's timers go on.
 */
const EVERY_MS = 1_000;
// A worker speaks to its page only: there is no other origin.
// oxlint-disable-next-line unicorn/require-post-message-target-origin
setInterval(() => self.postMessage(null), EVERY_MS);
