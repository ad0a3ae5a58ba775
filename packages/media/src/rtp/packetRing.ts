/** The last packets of a stream, to send again what got lost. `size` is a power of two. */
export class PacketRing {
  readonly #packets: (Buffer | undefined)[];
  readonly #mask: number;

  constructor(size: number) {
    this.#packets = Array.from({ length: size });
    this.#mask = size - 1;
  }

  /** Keeps the buffer itself: nobody may change it afterwards but for a moment. */
  put(sequence: number, packet: Buffer): void {
    this.#packets[sequence & this.#mask] = packet;
  }

  get(sequence: number): Buffer | undefined {
    const packet = this.#packets[sequence & this.#mask];
    return packet && packet.readUInt16BE(2) === sequence ? packet : undefined;
  }
}
