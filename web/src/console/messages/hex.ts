/** Bytes as a dump: where they stand, sixteen in hexadecimal, and those that are printable beside them. */
const ROW = 16;

export function dump(raw: string): string {
  const bytes = raw.match(/../g) ?? [];
  const rows: string[] = [];
  for (let at = 0; at < bytes.length; at += ROW) {
    const row = bytes.slice(at, at + ROW);
    const shown = row.map((one) => {
      const sign = Number.parseInt(one, 16);
      return sign >= 0x20 && sign < 0x7f ? String.fromCodePoint(sign) : "·";
    });
    rows.push(`${at.toString(16).padStart(6, "0")}  ${row.join(" ").padEnd(ROW * 3 - 1)}  ${shown.join("")}`);
  }
  return rows.join("\n");
}
