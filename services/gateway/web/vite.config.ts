import { defineConfig } from "vite";
import react from "@vitejs/plugin-react";

// The gateway serves what this writes; names under assets/ change with their content.
export default defineConfig({
  plugins: [react()],
  build: {
    outDir: process.env.VEKHA_WEB_OUT ?? "dist",
    emptyOutDir: true,
    target: "es2020",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: { proxy: { "/api": process.env.VEKHA_ADDRESS ?? "http://127.0.0.1:8074" } },
});
