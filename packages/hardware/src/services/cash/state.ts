/** What the parts of the cash service know together. */
export interface CashState {
  exchange: "active" | "inactive";
  /** Where the transport is jammed, if it is. */
  jam: "input" | "output" | null;
  safeDoorOpen: boolean;
  /** A note lies in escrow, as far as is known. */
  escrowed: boolean;
}

/** More items in one dispense would be a mistake rather than change. */
export const mostItems = 200;
