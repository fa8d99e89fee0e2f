/**
 * How the console is built, and served while it is worked on: `npx vite console` shows it with the API of a running `npm start`.
 * Read next: README.md beside it, cli/console/build.ts.
 */
import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

const folder = fileURLToPath(new URL('.', import.meta.url))
/** What the API answers itself. */
const api = 'http://127.0.0.1:8080'

export default defineConfig({
  root: folder,
  plugins: [react()],
  // Nothing is loaded from elsewhere, and nothing is put into the document that its policy would refuse.
  build: { target: 'es2024', modulePreload: { polyfill: false }, assetsInlineLimit: 0, reportCompressedSize: false, manifest: true },
  server: { proxy: { '/api': api } },
})
