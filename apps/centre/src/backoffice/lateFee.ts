import type { LateFee } from "./reference.ts";

export const lateFee: LateFee = () => 0;
