import { defineConfig } from "vitest/config";

export default defineConfig({
  build: {
    outDir: "../src/vestibule/static",
    emptyOutDir: true,
    assetsInlineLimit: 0, // the content security policy allows no data: addresses
    modulePreload: { polyfill: false },
    rolldownOptions: {
      input: {
        call: "call.html",
        join: "join.html",
        console: "console.html",
        invite: "invite.html",
        docs: "docs.html",
        missing: "missing.html",
        embed: "src/embed/vestibule-call.ts",
      },
      // Other sites name this one file in their pages.
      output: {
        entryFileNames: ({ name }) => (name === "embed" ? "embed.js" : "assets/[name]-[hash].js"),
        // One file of what pages have in common: each file more is a request before somebody can be called.
        codeSplitting: { groups: [{ name: "shared", minShareCount: 2 }] },
      },
    },
  },
  test: {
    include: ["src/**/*.test.{ts,tsx}"],
  },
});
