/** A scanner's Enter comes before the answer to what it typed: it is kept, and done once the answer is there. */
import { useEffect, useState } from "react";

/** Says that `act` is wished, or is no more; it is done once, as soon as `isAnswered`. */
export function useAwaited(isAnswered: boolean, act: () => void): (isAwaited: boolean) => void {
  const [isAwaited, setAwaited] = useState(false);
  useEffect(() => {
    if (!isAwaited || !isAnswered) return;
    setAwaited(false);
    act();
    // `act` is the one of the answer.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [isAwaited, isAnswered]);
  return setAwaited;
}
