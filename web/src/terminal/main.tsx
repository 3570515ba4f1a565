/** The hand terminal: an entry of its own for small screens and old browsers, with nothing of the console in it. */
import "@/shell/tokens.css";
import "@/shell/base.css";
import "./terminal.css";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./app";
import { openShelf } from "./shelf_kept";
import { Terminal } from "./terminal";

const HOME = "/terminal/";
if (window.location.pathname !== HOME) window.history.replaceState(null, "", HOME + window.location.search);

/** Two pages of one terminal would count in one another's numbers: the second says so. */
async function isFirst(): Promise<boolean> {
  if (!("locks" in navigator)) return true;
  return new Promise((resolve) => {
    void navigator.locks.request("orderloom-terminal", { ifAvailable: true }, (lock) => {
      resolve(lock !== null);
      return lock ? new Promise(() => undefined) : undefined;
    });
  });
}

/** The screen stays on while somebody works; where that cannot be, the device decides. */
function keepAwake(): void {
  if (document.visibilityState !== "visible" || !("wakeLock" in navigator)) return;
  void navigator.wakeLock.request("screen").catch(() => undefined);
}

async function start(root: HTMLElement): Promise<void> {
  const terminal = new Terminal(await openShelf());
  createRoot(root).render(<StrictMode><App terminal={terminal} /></StrictMode>);
  if (await isFirst()) await terminal.open();
  else terminal.stepBack();
  if ("serviceWorker" in navigator && import.meta.env.PROD) void navigator.serviceWorker.register(`${HOME}worker.js`, { scope: HOME }).catch(() => undefined);
  keepAwake();
  document.addEventListener("visibilitychange", keepAwake);
}

const root = document.getElementById("root");
if (root) void start(root);
