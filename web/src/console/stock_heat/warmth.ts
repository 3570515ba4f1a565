/** How warm a cell is drawn: by the square root, so that small figures differ beside a large one; text stays legible. */
const STEPS = 5;
const WARMEST = 60;

export const STEPS_SHOWN = [1, 2, 3, 4, 5].map((step) => (step * WARMEST) / STEPS);

export function warmth(units: number, most: number): number {
  if (units <= 0 || most <= 0) return 0;
  return (Math.ceil(Math.sqrt(units / most) * STEPS) * WARMEST) / STEPS;
}
