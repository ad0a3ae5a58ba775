import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

export default defineConfig({
  root: fileURLToPath(new URL(".", import.meta.url)),
  base: "./",
  plugins: [react()],
  build: {
    outDir: "dist",
    emptyOutDir: true,
    // The page runs under a strict CSP and without a network: no inlined scripts, no preload polyfill.
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    // A terminal's built-in browser may be some years old.
    target: "chrome109",
  },
});
