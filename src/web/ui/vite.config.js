// How the page is built: into dist/web/ui, every file but index.html named after what is in it, nothing inlined, so that
// it works under a policy that lets in neither inline scripts nor inline styles.
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vite'

// Whatever the environment says: else the page would tell in which folder it was built.
process.env.NODE_ENV = 'production'

const here = (path) => fileURLToPath(new URL(path, import.meta.url))

export default defineConfig({
  root: here('.'),
  base: '/',
  publicDir: false,
  cacheDir: here('../../../node_modules/.vite-page'),
  logLevel: 'warn',
  clearScreen: false,
  envFile: false,
  esbuild: { jsx: 'automatic', jsxImportSource: 'preact', legalComments: 'none' },
  build: {
    outDir: here('../../../dist/web/ui'),
    emptyOutDir: true,
    target: 'es2022',
    assetsInlineLimit: 0,
    cssCodeSplit: false,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    sourcemap: false,
  },
})
