import { defineConfig } from 'vite'
import type { Plugin } from 'postcss'

import tabler from './frontend/styles/tabler.json' with { type: 'json' }

// Of the 3,800 classes of Tabler the product uses those that tabler.json names (tests/architecture/test_styles.py keeps the
// list); rules of the others would be parsed and looked through on every page for nothing. Rules without a class all stay.
function onlyUsed(folder: string, classes: readonly string[]): Plugin {
  const used = new Set(classes)
  const isUsed = (selector: string) =>
    [...selector.replace(/:not\([^)]*\)/g, '').matchAll(/\.([A-Za-z][\w-]*)/g)].every(([, name = '']) => used.has(name))
  return {
    postcssPlugin: 'only-used',
    OnceExit(root) {
      if (!root.source?.input.file?.includes(folder)) return
      root.walkRules((rule) => {
        const kept = rule.selectors.filter(isUsed)
        if (kept.length) rule.selectors = kept
        else rule.remove()
      })
      root.walkAtRules((rule) => {
        if (rule.nodes?.length === 0) rule.remove()
      })
    },
  }
}

// main.ts loads every folder of frontend/islands/ on demand, so a new island changes nothing here.
// The relative base makes the build independent of the address under which static files are served.
export default defineConfig({
  base: './',
  publicDir: false,
  css: { postcss: { plugins: [onlyUsed('@tabler', tabler)] } },
  build: {
    outDir: 'frontend/dist',
    emptyOutDir: true,
    manifest: true,
    target: 'es2022',
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 1400,
    rolldownOptions: { input: ['frontend/main.ts', 'frontend/workers/field.ts'] },
  },
  worker: { format: 'es' },
})
