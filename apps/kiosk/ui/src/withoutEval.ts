import { config } from "zod";

/** Must be imported before any schema is made: the terminal's CSP allows no eval, and zod would try one to find out. */
config({ jitless: true });
