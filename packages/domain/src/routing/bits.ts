/** A set of small whole numbers, one bit each, growing as needed. */
export class Bits {
  words = new Uint32Array(4);

  has(index: number): boolean {
    return (((this.words[index >>> 5] ?? 0) >>> (index & 31)) & 1) === 1;
  }

  put(index: number, on: boolean): void {
    const at = index >>> 5;
    if (at >= this.words.length) {
      if (!on) return;
      this.#reach(at);
    }
    const word = this.words[at] ?? 0;
    const bit = 1 << (index & 31);
    this.words[at] = on ? word | bit : word & ~bit;
  }

  /** Adds up to 32 members at once: bit `i` of `word` is the number `32 · at + i`. */
  addWord(at: number, word: number): void {
    if (word === 0) return;
    this.#reach(at);
    this.words[at] = (this.words[at] ?? 0) | word;
  }

  #reach(at: number): void {
    if (at < this.words.length) return;
    const grown = new Uint32Array(Math.max(at + 1, this.words.length * 2));
    grown.set(this.words);
    this.words = grown;
  }

  meets(other: Bits): boolean {
    const length = Math.min(this.words.length, other.words.length);
    for (let at = 0; at < length; at += 1) if (((this.words[at] ?? 0) & (other.words[at] ?? 0)) !== 0) return true;
    return false;
  }

  count(and?: Bits): number {
    let count = 0;
    for (let at = 0; at < this.words.length; at += 1) {
      let word = this.words[at] ?? 0;
      if (and) word &= and.words[at] ?? 0;
      for (; word !== 0; word &= word - 1) count += 1;
    }
    return count;
  }

  /** Every member (that is also in `and`), in rising order. */
  each(visit: (index: number) => void, and?: Bits): void {
    for (let at = 0; at < this.words.length; at += 1) {
      let word = this.words[at] ?? 0;
      if (and) word &= and.words[at] ?? 0;
      for (; word !== 0; word &= word - 1) visit((at << 5) + (31 - Math.clz32(word & -word)));
    }
  }
}
