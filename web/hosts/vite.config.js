// Builds the pages that stand around a call in tests, from the real packages: npx vite build hosts --outDir <folder>
import { defineConfig } from "vite";

const pages = ["current", "of-2023", "hooks", "component", "react-example"];

export default defineConfig({
  oxc: { jsx: { runtime: "automatic", importSource: "react" } },
  define: { "process.env.NODE_ENV": '"production"' },
  build: {
    minify: false,
    rolldownOptions: { input: pages.map((page) => new URL(`${page}.html`, import.meta.url).pathname) },
  },
});
