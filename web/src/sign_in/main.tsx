/** The way in: an entry of its own, with nothing of the console in it. */
import "@/shell/tokens.css";
import "@/shell/base.css";
import "./sign_in.css";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { setZone } from "@/shared/when";
import { Door } from "./door";

setZone(Intl.DateTimeFormat().resolvedOptions().timeZone);

const root = document.getElementById("root");
if (root) {
  createRoot(root).render(
    <StrictMode>
      <Door />
    </StrictMode>,
  );
}
