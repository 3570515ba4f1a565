/** Whether the screen is a phone's: below 768 px tables are cards and filters one sheet. */
import { useSyncExternalStore } from "react";

const query = matchMedia("(max-width: 767px)");

export function useIsPhone(): boolean {
  return useSyncExternalStore(
    (listener) => {
      query.addEventListener("change", listener);
      return () => query.removeEventListener("change", listener);
    },
    () => query.matches,
  );
}
