export interface Figure {
  bench: string;
  figure: string;
  value: number;
  unit: string;
  peer: string;
  peerValue: number;
  ratio: number;
}

export function figure(
  bench: string,
  name: string,
  value: number,
  unit: string,
  peer: string,
  peerValue: number,
): Figure {
  const round = (number: number) => Math.round(number * 100) / 100;
  return {
    bench,
    figure: name,
    value: round(value),
    unit,
    peer,
    peerValue: round(peerValue),
    ratio: Math.round((value / peerValue) * 1000) / 1000,
  };
}

export function quantile(values: readonly number[], q: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? 0;
}
