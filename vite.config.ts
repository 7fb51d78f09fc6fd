import { defineConfig } from 'vite'

// main.ts loads every folder of frontend/islands/ on demand, so a new island changes nothing here.
// The relative base makes the build independent of the address under which static files are served.
export default defineConfig({
  base: './',
  publicDir: false,
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
