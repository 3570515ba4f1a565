/** Lines that a rule gave: nobody ordered them, no channel is told of them, and they are not changed by hand. */
export function isGift(line: { external_id: string }): boolean {
  return /^gift!?:/.test(line.external_id);
}
