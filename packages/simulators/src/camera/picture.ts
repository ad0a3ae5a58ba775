import jpeg from "jpeg-js";

const width = 320;
const height = 240;

type Colour = readonly [number, number, number];

/** Draws a small scene as a real JPEG: who or what lies before the camera, and a bar that moves from shot to shot. */
export const drawPicture = (position: "person" | "document", shot: number): Buffer => {
  const pixels = Buffer.alloc(width * height * 4, 0xff);
  const paint = (x: number, y: number, [r, g, b]: Colour): void => {
    const at = (y * width + x) * 4;
    pixels[at] = r;
    pixels[at + 1] = g;
    pixels[at + 2] = b;
  };
  const colourOf = position === "person" ? personAt : documentAt;
  const bar = (shot * 8) % width;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      paint(x, y, y > height - 8 && Math.abs(x - bar) < 10 ? [0, 110, 80] : colourOf(x, y));
    }
  }
  return jpeg.encode({ data: pixels, width, height }, 70).data;
};

const personAt = (x: number, y: number): Colour => {
  const head = (x - 160) ** 2 + ((y - 95) * 0.85) ** 2;
  if (head < 45 ** 2)
    return (x - 144) ** 2 + (y - 88) ** 2 < 25 || (x - 176) ** 2 + (y - 88) ** 2 < 25 ? [40, 30, 30] : [224, 184, 160];
  if ((x - 160) ** 2 + (y - 250) ** 2 < 105 ** 2) return [52, 84, 120];
  return [188 + (x >> 4), 200 + (y >> 4), 205];
};

const documentAt = (x: number, y: number): Colour => {
  const onPage = x > 70 && x < 250 && y > 10 && y < 230;
  if (!onPage) return [60, 64, 66];
  return y % 14 < 3 && x > 86 && x < 234 - ((y * 7) % 60) ? [90, 90, 95] : [248, 247, 242];
};

/** Decodes a whole JPEG; throws when it is not one. */
export const pictureSize = (picture: Uint8Array): { width: number; height: number } => {
  const { width, height } = jpeg.decode(picture);
  return { width, height };
};
