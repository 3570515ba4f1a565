/** The console's way in, at the terminal: loaded only when somebody has to sign in. */
import "@/sign_in/sign_in.css";
import { setZone } from "@/shared/when";
import { Door } from "@/sign_in/door";

setZone(Intl.DateTimeFormat().resolvedOptions().timeZone);

export function WayIn({ home }: { home: string }) {
  return <Door home={home} />;
}
