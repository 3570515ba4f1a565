/** The way through keyset pages. Where one stands is in the address (`after`); the way back is remembered while the list is open. */
import { useState } from "react";

export interface Way {
  from: number;
  onPrevious?: (() => void) | undefined;
  onNext: () => void;
}

/** `after` is the cursor in the address; `go` puts another one there. Rows are counted from where the list was opened. */
export function usePages(after: string | undefined, next: string | null | undefined, shown: number, go: (after: string | undefined) => void): Way {
  const [passed, setPassed] = useState<readonly { after: string | undefined; from: number }[]>([]);
  const here = passed.at(-1);
  const start = after === undefined ? 1 : (here?.from ?? 1);
  return {
    from: start,
    onNext: () => {
      if (!next) return;
      setPassed((before) => [...before, { after, from: start + shown }]);
      go(next);
    },
    ...(after === undefined
      ? {}
      : {
          onPrevious: () => {
            const last = passed.at(-1);
            setPassed((before) => before.slice(0, -1));
            go(last?.after);
          },
        }),
  };
}
