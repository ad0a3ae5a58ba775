import type { ScreenOf } from "./screenOf.ts";

type Tone = ScreenOf<"signage">["slides"][number]["tone"];

/** A quiet picture behind each kind of slide, drawn here so that the terminal needs nothing from a network. */
export function SignageArt({ tone }: { tone: Tone }) {
  return (
    <svg className="slide-art" viewBox="0 0 1000 1000" preserveAspectRatio="xMidYMax slice" aria-hidden="true">
      {art(tone)}
    </svg>
  );
}

function art(tone: Tone) {
  switch (tone) {
    case "info":
      return (
        <>
          <circle cx={760} cy={330} r={150} fill="#fff" opacity={0.1} />
          <path d="M0 800q250-140 500-60t500-60v320H0z" fill="#fff" opacity={0.08} />
          <path d="M0 880q300-120 560-40t440-50v210H0z" fill="#fff" opacity={0.1} />
          {[
            [170, 1],
            [520, 0.8],
            [810, 0.6],
          ].map(([x = 0, scale = 1]) => (
            <g key={x} transform={`translate(${x} ${930 - scale * 60}) scale(${scale})`} className="art-line">
              <path d="M-90 0 0-430 90 0M-62-130 44-220M62-130-44-220M-30-290h60M-150-330h300M-120-260h240M-150-330 0-400 150-330M-62-130h124" />
            </g>
          ))}
          <path className="art-line" d="M20 540q200 90 350 55t300-20 360-60M20 600q190 80 360 55t290-25 360-70" />
        </>
      );
    case "saving":
      return (
        <>
          <path d="M760 190a150 150 0 1 0 90 260 170 170 0 0 1-90-260z" fill="#fff" opacity={0.22} />
          {[
            [150, 420],
            [320, 330],
            [520, 460],
            [600, 280],
            [900, 600],
            [90, 600],
          ].map(([x, y]) => (
            <circle key={x} cx={x} cy={y} r={7} fill="#fff" opacity={0.5} />
          ))}
          <path d="M0 860h1000v140H0z" fill="#fff" opacity={0.08} />
          <g className="art-line">
            <path d="M120 860V620l130-110 130 110v240M210 860V730h80v130" />
            <path d="M520 820q0-60 60-70l60-70q20-20 50-20h110q30 0 50 25l45 65q65 10 65 70v20H520z" />
            <circle cx={620} cy={845} r={42} />
            <circle cx={850} cy={845} r={42} />
            <path d="M380 700h50q40 0 40 40v40q0 30 50 30" />
          </g>
        </>
      );
    case "safety":
      return (
        <>
          <path d="M500 300 250 390v190c0 160 110 280 250 340 140-60 250-180 250-340V390z" fill="#fff" opacity={0.12} />
          <path className="art-line" d="M500 340 288 416v164c0 135 92 240 212 292 120-52 212-157 212-292V416z" />
          <path d="M530 440 400 640h90l-30 150 140-210h-95z" fill="#fff" opacity={0.3} />
        </>
      );
    case "price":
      return (
        <>
          <path d="M80 940V800h280V640h280V460h280v480z" fill="#fff" opacity={0.12} />
          <path className="art-line" d="M80 940V800h280V640h280V460h280v480M40 940h920" />
          <path className="art-line" d="M120 700 400 520 640 360 900 250M900 250l-80 0M900 250l-30 70" />
        </>
      );
    default:
      return tone satisfies never;
  }
}
