/** Numbers of bytes as people read them: `812 B`, `3.1 MB`. */
const UNITS = ["B", "kB", "MB", "GB"] as const;

export function size(bytes: number): string {
  const step = bytes < 1000 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log10(bytes) / 3));
  const value = bytes / 1000 ** step;
  return `${step === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${UNITS[step]}`;
}
