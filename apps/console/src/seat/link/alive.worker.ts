/**
 * Beats once a second. A page in the background has its own timers slowed down to one a minute, and the centre takes a
 * desk that is silent for five seconds as gone; a worker's timers go on.
 */
const EVERY_MS = 1_000;
setInterval(() => self.postMessage(null), EVERY_MS);
