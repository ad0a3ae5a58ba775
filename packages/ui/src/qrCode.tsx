import newQrCode from "qrcode-generator";
import { useMemo } from "react";

/**
 * A QR code (ISO/IEC 18004) as one SVG path with the quiet zone of four modules, black on white whatever the theme is:
 * phones do not read inverted codes reliably. Level M, the smallest version that holds `text`.
 */
export function QrCode({ text, label }: { text: string; label: string }) {
  const { size, path } = useMemo(() => qrPath(text), [text]);
  return (
    <svg
      className="qr"
      viewBox={`-4 -4 ${size + 8} ${size + 8}`}
      role="img"
      aria-label={label}
      shapeRendering="crispEdges"
    >
      <rect x={-4} y={-4} width={size + 8} height={size + 8} fill="#fff" />
      <path d={path} fill="#000" />
    </svg>
  );
}

/** The dark modules as an SVG path in units of one module; `size` is the number of modules a side. */
export function qrPath(text: string): { size: number; path: string } {
  const code = newQrCode(0, "M");
  code.addData(text);
  code.make();
  const size = code.getModuleCount();
  let path = "";
  for (let row = 0; row < size; row += 1)
    for (let column = 0; column < size; column += 1)
      if (code.isDark(row, column)) {
        let end = column;
        while (end + 1 < size && code.isDark(row, end + 1)) end += 1;
        path += `M${column} ${row}h${end - column + 1}v1h-${end - column + 1}z`;
        column = end;
      }
  return { size, path };
}
