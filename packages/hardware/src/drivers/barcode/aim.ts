/** AIM symbology identifiers (ISO/IEC 15424) and the names that XFS4IoT's BarcodeReader gives the same symbologies. */
const names: readonly (readonly [prefix: string, name: string])[] = [
  ["]Q", "qrCode"],
  ["]C1", "ean128"],
  ["]C", "code128"],
  ["]E4", "ean8"],
  ["]E", "ean13"],
  ["]A", "code39"],
  ["]d", "dataMatrix"],
  ["]L", "pdf417"],
  ["]z", "aztec"],
];

/** @returns the XFS4IoT name, or null for an identifier that we do not know. */
export const symbologyOf = (aimIdentifier: string): string | null =>
  names.find(([prefix]) => aimIdentifier.startsWith(prefix))?.[1] ?? null;
