/** Drops a share of packets in process, so that repair can be tested without privileges over the network. */
export class Loss {
  #up = 0;
  #down = 0;
  readonly #random: () => number;

  constructor(random: () => number) {
    this.#random = random;
  }

  set(up: number, down: number): void {
    this.#up = up;
    this.#down = down;
  }

  /** From a browser to us. */
  dropsUp(): boolean {
    return this.#up > 0 && this.#random() < this.#up;
  }

  dropsDown(): boolean {
    return this.#down > 0 && this.#random() < this.#down;
  }
}
