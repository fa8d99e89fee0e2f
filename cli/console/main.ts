/** `npm run console [folder]`: builds the console for a container, or anew after a change. Prints where it is. Read next: build.ts. */
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildConsole, buildInto } from './build.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
const [, , into] = process.argv

if (into === undefined) console.log((await buildConsole(root)).folder)
else {
  await buildInto(root, resolve(into))
  console.log(resolve(into))
}
