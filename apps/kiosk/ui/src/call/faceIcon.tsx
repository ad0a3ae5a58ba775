const MOUTHS = {
  1: "M7.500 17.500q4.500-5 9 0",
  2: "M8 16.800q4-2.600 8 0",
  3: "M8 16h8",
  4: "M8 15q4 3 8 0",
  5: "M7 14.200q5 6.500 10 0z",
} as const;

export function FaceIcon({ score }: { score: keyof typeof MOUTHS }) {
  return (
    <svg className="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={`M12 2a10 10 0 1 0 0 20 10 10 0 0 0 0-20zM8.500 9v1.200M15.500 9v1.200${MOUTHS[score]}`} />
    </svg>
  );
}
