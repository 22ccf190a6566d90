import { readFileSync } from "node:fs";
import { resolve } from "node:path";

import { defineConfig } from "vitest/config";

import { bootScript, compressed, sdkWithoutMaps, sizes } from "./build/plugins.ts";
import { fingerprint } from "./build/fingerprint.ts";

const root = import.meta.dirname;
const { version } = JSON.parse(readFileSync(resolve(root, "package.json"), "utf8")) as { version: string };

const sdk = (name: string) => resolve(root, `node_modules/@expressms/smartapp-${name}/build/module/index.js`);

/** Pages, never in one bundle: the employee's app, the local messenger, and the gallery of the app's states. */
const PAGES = {
  app: { page: "index.html", outDir: "../src/express_bot/gateway/spa" },
  emulator: { page: "emulator.html", outDir: "../src/express_bot/emulator/page" },
  gallery: { page: "gallery.html", outDir: "dist/gallery" },
};

/** What the app needs at once is one file, however many later files share it; charts have a budget of their own. */
const FILES = { groups: [{ name: "index", tags: ["$initial" as const] }, { name: "charts", test: /[\\/]ui[\\/]charts[\\/]/ }] };

export default defineConfig(({ mode }) => {
  const { page, outDir } = mode === "gallery" || mode === "emulator" ? PAGES[mode] : PAGES.app;
  return {
    base: "./",
    publicDir: false,
    define: { __BUILD__: JSON.stringify(`${version}+${fingerprint(resolve(root, "src"))}`) },
    oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
    build: {
      outDir,
      emptyOutDir: true,
      // iOS 15.4 and Android WebView 98: older ones get the sentence of src/boot/boot.js.
      target: ["es2022", "chrome98", "safari15.4", "firefox94"],
      modulePreload: false,
      cssCodeSplit: false,
      assetsInlineLimit: 4096,
      reportCompressedSize: false,
      rolldownOptions: { input: resolve(root, page), ...(outDir === PAGES.app.outDir ? { output: { codeSplitting: FILES } } : {}) },
    },
    plugins: [bootScript("src/boot/boot.js"), sdkWithoutMaps(), ...(page === "index.html" ? [compressed(), sizes()] : [])],
    test: {
      environment: "happy-dom",
      include: ["src/**/*.test.{ts,tsx}", "build/**/*.test.ts"],
      setupFiles: ["src/testing/setup.ts"],
      restoreMocks: true,
      // The files that the build bundles too; taken in, so that every page of a test has a bridge of its own.
      alias: { "@expressms/smartapp-sdk": sdk("sdk"), "@expressms/smartapp-bridge": sdk("bridge") },
      server: { deps: { inline: [/@expressms/, /@tma\.js/] } },
    },
  };
});
