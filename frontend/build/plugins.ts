import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

import type { Plugin } from "vite";

/** The classic script that runs before the first paint. Vite leaves classic scripts alone, so it is named by its
 *  content here and can be cached for ever like the rest. */
export function bootScript(source: string): Plugin {
  let address = `/${source}`;
  return {
    name: "boot-script",
    configResolved({ command }) {
      if (command === "build") address = `./assets/boot-${hashOf(squeeze(readFileSync(source, "utf8")))}.js`;
    },
    buildStart() {
      if (!address.startsWith("./")) return;
      this.emitFile({ type: "asset", fileName: address.slice(2), source: squeeze(readFileSync(source, "utf8")) });
    },
    transformIndexHtml: {
      order: "post",
      handler: () => [{ tag: "script", attrs: { src: address }, injectTo: "head-prepend" }],
    },
  };
}

function hashOf(code: string): string {
  return createHash("sha256").update(code).digest("base64url").slice(0, 8);
}

/** Comments and indentation go; the script is too small to need a minifier. */
function squeeze(code: string): string {
  return code
    .replace(/^\s*(\/\/.*|\/\*[\s\S]*?\*\/)\s*$/gm, "")
    .replace(/^\s+/gm, "")
    .replace(/\n+/g, "\n");
}

/** The SDK's files name sources that its package does not bring: without this every test run says so thirty times. */
export function sdkWithoutMaps(): Plugin {
  return {
    name: "sdk-without-maps",
    apply: "serve",
    load: (id) => (/@expressms.*\.js$/.test(id) ? readFileSync(id, "utf8").replace(/^\/\/# sourceMappingURL.*$/m, "") : null),
  };
}

/** Writes `.br` and `.gz` beside every hashed asset: the gateway only picks one. The page itself stays plain, because
 *  the gateway fills in its configuration at start. */
export function compressed(): Plugin {
  return {
    name: "compressed",
    apply: "build",
    writeBundle(options) {
      const folder = join(options.dir ?? "", "assets");
      for (const name of readdirSync(folder)) {
        if (!/\.(js|css|svg|json)$/.test(name)) continue;
        const content = readFileSync(join(folder, name));
        const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: content.length };
        writeFileSync(join(folder, `${name}.br`), brotliCompressSync(content, { params }));
        writeFileSync(join(folder, `${name}.gz`), gzipSync(content, { level: 9 }));
      }
    },
  };
}

/** Leaves `dist/sizes.json`, what `npm run size` judges: bytes of each file, which of them the first load needs. */
export function sizes(): Plugin {
  return {
    name: "sizes",
    apply: "build",
    writeBundle(options) {
      const folder = options.dir ?? "";
      const names = ["index.html", ...readdirSync(join(folder, "assets")).map((name) => `assets/${name}`)];
      const first = fetchedAtOnce(folder);
      const files = names.filter((name) => !/\.(br|gz)$/.test(name)).map((name) => weigh(folder, name, first.has(name)));
      mkdirSync("dist", { recursive: true });
      writeFileSync(resolve("dist/sizes.json"), `${JSON.stringify(files, null, 2)}\n`);
    },
  };
}

/** The page, what it names, and what that imports before it runs. */
function fetchedAtOnce(folder: string): Set<string> {
  const found = new Set<string>();
  const look = (name: string) => {
    if (found.has(name)) return;
    found.add(name);
    const text = readFileSync(join(folder, name), "utf8");
    const named = name.endsWith(".html") ? /\.\/(assets\/[\w.-]+)/g : /(?:from|import)\s*"\.\/([\w.-]+\.js)"/g;
    for (const [, each = ""] of text.matchAll(named)) look(name.endsWith(".html") ? each : `assets/${each}`);
  };
  look("index.html");
  return found;
}

function weigh(folder: string, name: string, first: boolean) {
  const content = readFileSync(join(folder, name));
  return { name, bytes: content.length, gzip: gzipSync(content, { level: 9 }).length, first };
}
