/** The few signs of a terminal, drawn here: its page loads no library of icons. */
const PATHS = {
  tick: "M3 8.5l3.2 3.2L13 5", cross: "M4 4l8 8M12 4l-8 8", scan: "M3 5.5V3h2.5M10.5 3H13v2.5M13 10.5V13h-2.5M5.5 13H3v-2.5M3 8h10", menu: "M2.5 4h11M2.5 8h11M2.5 12h11",
};

export function Glyph({ name }: { name: keyof typeof PATHS }) {
  return <svg className="glyph" viewBox="0 0 16 16" aria-hidden="true"><path d={PATHS[name]} /></svg>;
}
