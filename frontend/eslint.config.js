import js from "@eslint/js";
import hooks from "eslint-plugin-react-hooks";
import tseslint from "typescript-eslint";

const CYRILLIC = "/[\\u0400-\\u04FF]/";
const noTextsInCode = "User texts live in src/i18n, in both languages.";

export default tseslint.config(
  { ignores: ["dist", "node_modules"] },
  js.configs.recommended,
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    plugins: { "react-hooks": hooks },
    rules: {
      "react-hooks/rules-of-hooks": "error",
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_" }],
      "@typescript-eslint/no-misused-promises": ["error", { checksVoidReturn: { attributes: false } }],
      "@typescript-eslint/no-confusing-void-expression": "off",
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "max-lines": ["error", { max: 250 }],
      eqeqeq: "error",
      "no-console": "error",
    },
  },
  {
    files: ["src/**/*.ts", "src/**/*.tsx"],
    ignores: ["src/i18n/**", "src/emulator/i18n/**", "src/testing/**", "**/*.test.*", "src/ui/location/**"],
    rules: {
      "no-restricted-syntax": [
        "error",
        { selector: `Literal[value=${CYRILLIC}]`, message: noTextsInCode },
        { selector: `TemplateElement[value.raw=${CYRILLIC}]`, message: noTextsInCode },
        { selector: `JSXText[value=${CYRILLIC}]`, message: noTextsInCode },
      ],
    },
  },
  { files: ["src/boot/**", "scripts/**", "eslint.config.js"], ...tseslint.configs.disableTypeChecked },
  {
    files: ["src/boot/**"],
    languageOptions: { ecmaVersion: 5, sourceType: "script" },
    rules: { "no-undef": "off", "no-var": "off", "@typescript-eslint/no-unused-expressions": "off" },
  },
  {
    files: ["scripts/**"],
    languageOptions: { globals: { console: "readonly", process: "readonly", URL: "readonly" } },
    rules: { "no-console": "off" },
  },
);
