import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

/** `npx vite` develops against a centre at this address; built, the centre itself serves the files. */
const centre = "http://127.0.0.1:7610";

export default defineConfig({
  root: fileURLToPath(new URL(".", import.meta.url)),
  base: "/",
  plugins: [react()],
  server: { proxy: { "/api": { target: centre, ws: true } } },
  build: {
    outDir: "dist",
    emptyOutDir: true,
    // The page runs under a strict CSP: no inlined scripts, no preload polyfill.
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 1600,
  },
});
