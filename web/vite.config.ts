import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const entries = ["index", "sign-in"].filter((name) => existsSync(here(`./${name}.html`)));

export default defineConfig({
  plugins: [react()],
  resolve: { alias: { "@": here("./src") } },
  build: {
    outDir: "../src/orderloom/console",
    emptyOutDir: true,
    target: "es2022",
    chunkSizeWarningLimit: 2000,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    manifest: true,
    rollupOptions: { input: Object.fromEntries(entries.map((name) => [name, here(`./${name}.html`)])) },
  },
  server: { proxy: { "/api": process.env["ORDERLOOM"] ?? "http://127.0.0.1:8000" } },
  test: { include: ["src/**/*.test.{ts,tsx}"], setupFiles: ["src/testing.ts"], css: false },
});
