/** Words that bash completes, by bash itself. */
import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'

const main = new URL('../../cli/main.ts', import.meta.url).pathname
const script = execFileSync(process.execPath, [main, 'completion', 'bash'], { encoding: 'utf8' })

function completed(...words: readonly string[]): string[] {
  const line = ['tocsin', ...words].map((word) => `'${word}'`).join(' ')
  const ask = `COMP_WORDS=(${line}); COMP_CWORD=${words.length}; _tocsin; printf '%s\\n' "\${COMPREPLY[@]}"`
  return execFileSync('bash', ['-c', `${script}\n${ask}`], { encoding: 'utf8' })
    .trim()
    .split('\n')
}

test.each([
  [['mon'], ['monitors']],
  [
    ['monitors', 'un'],
    ['unmute', 'unack'],
  ],
  [['monitors', 'mute', '12', '--s'], ['--scope']],
  [['import', 'p'], ['prometheus']],
  [['apply', '--dry'], ['--dry-run']],
  [['nothing', 'x'], ['']],
])('after %j', (words, expected) => {
  expect(completed(...words)).toEqual(expected)
})
