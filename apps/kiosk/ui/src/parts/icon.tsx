const paths = {
  bolt: "M13 2 4 14h6l-1 8 9-12h-6z",
  back: "M15 4l-8 8 8 8",
  home: "M3 11l9-8 9 8M5 10v10h5v-6h4v6h5V10",
  leave: "M14 4H5v16h9M10 12h11M17 8l4 4-4 4",
  person: "M12 11a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4 21c0-4.5 3.5-7 8-7s8 2.5 8 7",
  language:
    "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM3 12h18M12 3c3 3 3.5 6 3.5 9s-.5 6-3.5 9c-3-3-3.500-6-3.500-9s.5-6 3.500-9z",
  text: "M3 19 8.500 5 14 19M5 14.500h7M15 19l3-8 3 8M16 16.500h4",
  contrast: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM12 3v18M12 7h5.500M12 11h8.500M12 15h7.500",
  voice: "M4 9v6h4l5 5V4L8 9zM16.500 8.500a5 5 0 0 1 0 7M19 6a9 9 0 0 1 0 12",
  online: "M2 8.500a15 15 0 0 1 20 0M5.500 12.500a10 10 0 0 1 13 0M9 16.200a5 5 0 0 1 6 0M12 20h.01",
  offline:
    "M3 3l18 18M2 8.500a15 15 0 0 1 4-2.500M10 5a15 15 0 0 1 12 3.500M5.500 12.500a10 10 0 0 1 4-2.300M9 16.200a5 5 0 0 1 6 0M12 20h.01",
  pay: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM8 7l4 5 4-5M12 12v6M8.500 12.500h7M8.500 15.500h7",
  bill: "M6 2h12v20l-3-2-3 2-3-2-3 2zM9 7h6M9 11h6M9 15h4",
  history: "M4 5v5h5M4.500 10A8.500 8.500 0 1 1 4 15M12 8v5l3.500 2",
  account: "M3 5h18v14H3zM6 9h5M6 13h5M6 16h3M15 9h3v6h-3z",
  phone: "M7 2h10v20H7zM10.500 18.500h3",
  idCard:
    "M3 5h18v14H3zM8.500 12a2 2 0 1 0 0-4 2 2 0 0 0 0 4zM5.500 16c0-2 1.300-3 3-3s3 1 3 3M14 9h4.500M14 12h4.500M14 15h3",
  qr: "M4 4h6v6H4zM14 4h6v6h-6zM4 14h6v6H4zM14 14h2.500v2.500H14zM18 18h2v2h-2zM19 14h1M14 19h1",
  cash: "M2 6h20v12H2zM12 15a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM5 9h.01M19 15h.01",
  scan: "M4 8V4h4M16 4h4v4M20 16v4h-4M8 20H4v-4M3 12h18",
  check: "M4 12.500l5 5L20 6.500",
  warning: "M12 3 2 21h20zM12 10v5M12 18h.01",
  printer: "M7 8V3h10v5M7 17H4V8h16v9h-3M7 14h10v7H7z",
  clock: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM12 7v5l3.500 2.500",
  up: "M5 15l7-7 7 7",
  down: "M5 9l7 7 7-7",
  right: "M9 4l8 8-8 8",
  erase: "M9 5h12v14H9l-6-7zM12.500 9.500l5 5M17.500 9.500l-5 5",
  box: "M4 4h16v16H4z",
  shield: "M12 2 4 5v6c0 5 3.500 9 8 11 4.500-2 8-6 8-11V5zM13 7l-4 6h3l-1 4 4-6h-3z",
  phoneCall: "M5 3h4l2 5-2.500 2a13 13 0 0 0 5.500 5.500l2-2.500 5 2v4c0 1-1 2-2 2C10 21 3 14 3 5c0-1 1-2 2-2z",
} as const;
export type IconName = keyof typeof paths;

/** A line drawing beside a word, never instead of one: hidden from screen readers. */
export function Icon({ name, className }: { name: IconName; className?: string }) {
  return (
    <svg className={className ? `icon ${className}` : "icon"} viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={paths[name]} />
    </svg>
  );
}

export function isIconName(name: string): name is IconName {
  return Object.hasOwn(paths, name);
}
