/** The glyphs of the ten phases: colour is never alone. */
const PATHS: Record<string, string> = {
  new: "M8 3.2a4.8 4.8 0 1 0 0 9.6 4.8 4.8 0 0 0 0-9.6z",
  in_transit: "M3 8h9M8.5 4.5L12 8l-3.500 3.500",
  delivered: "M3.500 8.500l3 3 6-6.500",
  blocked: "M8 3v6M8 12.400v.2",
  held: "M5.500 4v8M10.500 4v8",
  amending: "M3.500 12.500l1-3 6-6 2 2-6 6z",
  failed: "M4 4l8 8M12 4l-8 8",
  returned: "M6.500 4L3.500 7l3 3M3.500 7h6a3 3 0 0 1 0 6H8",
  cancelled: "M3.500 8h9",
};

export function Glyph({ phase }: { phase: string }) {
  return (
    <svg viewBox="0 0 16 16" aria-hidden="true">
      {phase === "ready" ? (
        <>
          <circle cx="8" cy="8" r="5" />
          <path d="M8 3a5 5 0 0 1 0 10z" fill="currentColor" stroke="none" />
        </>
      ) : (
        <path d={PATHS[phase] ?? PATHS["new"]} />
      )}
    </svg>
  );
}
