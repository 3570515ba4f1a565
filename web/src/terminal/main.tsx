/** The hand terminal, and the pack bench: an entry of their own for small screens and old browsers, with nothing of the console in it. */
import "@/shell/tokens.css";
import "@/shell/base.css";
import "./terminal.css";
import { lazy, StrictMode, Suspense } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./app";
import { openShelf } from "./shelf_kept";
import { Terminal } from "./terminal";

const Bench = lazy(() => import("./bench_page").then((found) => ({ default: found.BenchPage })));
const isBench = window.location.pathname.startsWith("/bench");
const HOME = isBench ? "/bench/" : "/terminal/";
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
  const terminal = new Terminal(await openShelf(), isBench);
  const page = isBench ? <Suspense fallback={null}><Bench terminal={terminal} /></Suspense> : undefined;
  createRoot(root).render(<StrictMode><App terminal={terminal} floor={page} home={HOME} /></StrictMode>);
  if (await isFirst()) await terminal.open();
  else terminal.stepBack();
  if (!isBench && "serviceWorker" in navigator && import.meta.env.PROD) void navigator.serviceWorker.register(`${HOME}worker.js`, { scope: HOME }).catch(() => undefined);
  keepAwake();
  document.addEventListener("visibilitychange", keepAwake);
}

const root = document.getElementById("root");
if (root) void start(root);
