import { resolve } from "node:path";

const modules = resolve(import.meta.dirname, "../../../frontend/node_modules/@expressms");
const built = (name) => resolve(modules, `smartapp-${name}/build/module/index.js`);

export default {
  base: "./",
  resolve: { alias: { "@expressms/smartapp-sdk": built("sdk"), "@expressms/smartapp-bridge": built("bridge") } },
};
