import { config } from "zod";

/** Must be imported before any schema is made: the centre's CSP allows no eval, and zod would try one to find out. */
config({ jitless: true });
