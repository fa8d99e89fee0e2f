#!/usr/bin/env node
// `npx tocsin COMMAND …`: the command line on the Node that this package brings, whichever Node npx runs on.
// Plain JavaScript, for Node 20. Read next: main.ts.
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const node = fileURLToPath(new URL('../node_modules/.bin/node', import.meta.url))
const main = fileURLToPath(new URL('./main.ts', import.meta.url))
// What Node made of the TypeScript is kept beside the packages: commands start in half the time.
const compileCache = fileURLToPath(new URL('../node_modules/.cache/compile', import.meta.url))
const child = spawn(node, [main, ...process.argv.slice(2)], { stdio: 'inherit', env: { NODE_COMPILE_CACHE: compileCache, ...process.env } })
child.once('error', (error) => {
  console.error(`tocsin: ${error.message}. Are the packages installed? npm ci`)
  process.exitCode = 1
})
child.once('exit', (code) => {
  process.exitCode = code ?? 1
})
