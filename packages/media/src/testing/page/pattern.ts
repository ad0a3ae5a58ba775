/**
 * A picture that says who paints it and when, in blocks that survive coding: 24 bits of the page's clock in milliseconds,
 * four of the painter, four of a check sum. Read back on the far side it proves that live pictures arrive.
 */
const COLUMNS = 8;
const ROWS = 4;
const BLOCK = 40;
export const WIDTH = COLUMNS * BLOCK;
export const HEIGHT = ROWS * BLOCK;

function checksum(stamp: number, painter: number): number {
  let sum = painter + 5;
  for (let shift = 0; shift < 24; shift += 4) sum = (sum * 3 + ((stamp >> shift) & 15)) & 15;
  return sum;
}

export function paintPattern(paint: CanvasRenderingContext2D, painter: number, nowMs: number): void {
  const stamp = Math.floor(nowMs) & 0xffffff;
  const word = stamp * 256 + painter * 16 + checksum(stamp, painter);
  const { width, height } = paint.canvas;
  for (let bit = 0; bit < 32; bit += 1) {
    paint.fillStyle = Math.floor(word / 2 ** (31 - bit)) % 2 === 1 ? "#fff" : "#000";
    const x = ((bit % COLUMNS) * width) / COLUMNS;
    const y = (Math.floor(bit / COLUMNS) * height) / ROWS;
    paint.fillRect(x, y, Math.ceil(width / COLUMNS), Math.ceil(height / ROWS));
  }
}

/** Null where no pattern is seen. */
export function readPattern(
  paint: CanvasRenderingContext2D,
  picture: CanvasImageSource,
): { painter: number; stamp: number } | null {
  paint.drawImage(picture, 0, 0, COLUMNS * 5, ROWS * 5);
  const { data } = paint.getImageData(0, 0, COLUMNS * 5, ROWS * 5);
  let word = 0;
  for (let bit = 0; bit < 32; bit += 1) {
    const x = (bit % COLUMNS) * 5 + 2;
    const y = Math.floor(bit / COLUMNS) * 5 + 2;
    word = word * 2 + ((data[(y * COLUMNS * 5 + x) * 4 + 1] ?? 0) > 127 ? 1 : 0);
  }
  const stamp = Math.floor(word / 256);
  const painter = Math.floor(word / 16) % 16;
  return word % 16 === checksum(stamp, painter) ? { painter, stamp } : null;
}
