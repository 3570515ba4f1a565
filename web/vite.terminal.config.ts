import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import type { Plugin } from "vite";
import { defineConfig } from "vite";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const BASE = "/terminal/";

/** The service worker, which names every file of this build. */
function worker(): Plugin {
  return {
    name: "terminal-worker",
    generateBundle(_, bundle) {
      const files = Object.keys(bundle).filter((name) => name.startsWith("assets/")).map((name) => BASE + name);
      const all = [...files, `${BASE}icon-192.png`, `${BASE}first.js`];
      const version = createHash("sha256").update(all.join("\n")).digest("hex").slice(0, 12);
      const source = readFileSync(here("./tools/terminal_worker.js"), "utf8").replace("__VERSION__", version).replace("__FILES__", JSON.stringify(all));
      this.emitFile({ type: "asset", fileName: "worker.js", source });
    },
  };
}

/** Built after the console and into it, for browsers of 2021: a hand terminal's is seldom newer. */
export default defineConfig({
  base: BASE,
  publicDir: "public_terminal",
  plugins: [react(), worker()],
  resolve: { alias: { "@": here("./src") } },
  build: {
    outDir: "../src/orderloom/console/terminal",
    emptyOutDir: true,
    target: "chrome87",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    manifest: true,
    rollupOptions: { input: { terminal: here("./terminal.html") } },
  },
});
